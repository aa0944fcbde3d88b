// Each picture of a recording is shown once and at its time: pictures that AVI stores out of order, and both
// fields of interlaced ones. FFmpeg's command line makes the recordings from numbered pictures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "player/feed/profile.hpp"
#include "player/outlet/outlet.hpp"
#include "player/source/media.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;

constexpr int pictures = 60;

class MotionTest : public testing::Test {
  protected:
    /// Numbered from 0, `rate` a second.
    std::string made(const std::string& name, const std::string& options, int width = 1280, int height = 720,
                     const std::string& rate = "50") {
        const auto clip = folder_ / "clip.mp4";
        static_cast<void>(test::write_clip(clip, 0, pictures, width, height));
        const auto line = "ffmpeg -v error -nostdin -y -r " + rate + " -i " + clip +
                          " -an -fps_mode passthrough " + options + ' ' + (folder_ / name);
        EXPECT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): fixed words
        return folder_ / name;
    }
    static std::vector<Piece> pieces_of(const std::string& path, const Format& format) {
        SourceSpec spec;
        spec.media.picture = path;
        spec.format = format;
        const auto source = open_media(spec);
        std::vector<Piece> all;
        for (;;) {
            Piece piece;
            source->wait_unless_stuck();
            const auto taken = source->take(piece);
            if (taken == Source::Take::piece && piece.picture) {
                piece.picture = std::make_shared<Picture>(*piece.picture);
                all.push_back(std::move(piece));
                continue;
            }
            EXPECT_NE(taken, Source::Take::failed) << source->error();
            return all;
        }
    }
    static std::vector<int> from_0(int count) {
        std::vector<int> all(static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i) all[static_cast<std::size_t>(i)] = i;
        return all;
    }
    test::Folder folder_;
};

TEST_F(MotionTest, AviWithBPicturesLosesAndDoublesNone) {
    for (const auto* options : {"-c:v mpeg4 -bf 2 -q:v 3", "-c:v mpeg4 -q:v 3", "-c:v libx264 -bf 3 -g 20",
                                "-c:v libx264 -x264-params b-pyramid=normal:bframes=5",
                                "-c:v mpeg2video -bf 2 -q:v 3", "-c:v mjpeg -q:v 3"}) {
        const auto path = made("film.avi", options);
        std::vector<int> numbers;
        for (const auto& piece : pieces_of(path, {1280, 720, {50, 1}, 1})) {
            numbers.push_back(static_cast<int>(test::number_on(*piece.picture).value_or(9999)));
            EXPECT_FALSE(piece.repeated) << options << ": " << numbers.size();
            EXPECT_EQ(piece.skipped, 0) << options << ": " << numbers.size();
        }
        EXPECT_EQ(numbers, from_0(pictures)) << options;
    }
}

const std::vector<std::string> interlacers{
    "-vf tinterlace=interleave_top,setfield=tff -c:v mpeg2video -flags +ildct+ilme -q:v 3",
    "-vf tinterlace=interleave_bottom,setfield=bff -c:v mpeg2video -flags +ildct+ilme -q:v 3",
    "-vf tinterlace=interleave_top,setfield=tff -c:v libx264 -x264-params tff=1 -crf 18",
};

TEST_F(MotionTest, An50HzOutletShowsBothFieldsOfEachFrame) {
    for (const auto& options : interlacers)
        for (const auto* name : {"native.ts", "native.mkv"}) {
            const auto pieces = pieces_of(made(name, options), {1280, 720, {50, 1}, 1});
            ASSERT_EQ(pieces.size(), std::size_t{pictures}) << options;
            const bool bottom_first = options.find("bff") != std::string::npos;
            for (int i = 0; i < pictures; ++i) {
                const auto& picture = *pieces[static_cast<std::size_t>(i)].picture;
                EXPECT_EQ(test::number_on_field(picture, (i + bottom_first) % 2), i)
                    << name << ' ' << options;
            }
        }
}

TEST_F(MotionTest, AnInterlacedOutletHasBothFieldsInEachFrame) {
    for (const auto* profile : {"1080i25", "576i25"}) {
        const auto format = profile_named(profile).format;
        const auto& options = interlacers.front();
        const auto path = made("native.ts", options, format.width, format.height);
        const auto pieces = pieces_of(path, format);
        ASSERT_EQ(pieces.size(), std::size_t{pictures} / 2) << profile;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            EXPECT_EQ(test::number_on_field(*pieces[i].picture, 0), 2 * i) << profile;
            EXPECT_EQ(test::number_on_field(*pieces[i].picture, 1), 2 * i + 1) << profile;
            EXPECT_EQ(pieces[i].skipped, 0);
        }
    }
}

TEST_F(MotionTest, AnInterlacedFeedSendsRealFields) {
    for (const auto* profile : {"1080i25", "576i25", "1080i25-mpeg2", "576i25-mpeg2"}) {
        const auto format = profile_named(profile).format;
        const auto path = made("native.ts", interlacers.front(), format.width, format.height);
        const OutletOptions outlet{{"file:" + (folder_ / "out.ts")}, profile, "", Instant{}};
        const auto feed = make_outlet(outlet);
        std::int64_t frame = 0;
        for (const auto& piece : pieces_of(path, format)) feed->show(*piece.picture, piece.samples, frame++);
        feed->finish();
        const auto shown = pieces_of(folder_ / "out.ts", {format.width, format.height, {50, 1}, 1});
        ASSERT_EQ(shown.size(), std::size_t{pictures}) << profile;
        for (int i = 0; i < pictures; ++i)
            EXPECT_EQ(test::number_on_field(*shown[static_cast<std::size_t>(i)].picture, i % 2), i)
                << profile;
    }
}

TEST_F(MotionTest, ProgressivePicturesStayWholeOnAnInterlacedOutlet) {
    const auto format = profile_named("1080i25").format;
    for (const auto* rate : {"25", "30"}) {
        const auto path = made("film.mp4", "-c:v libx264", format.width, format.height, rate);
        const auto pieces = pieces_of(path, format);
        EXPECT_GE(pieces.size(), std::size_t{pictures} * 25 / 31) << rate;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            const auto top = test::number_on_field(*pieces[i].picture, 0);
            EXPECT_TRUE(top) << rate << ": " << i;
            EXPECT_EQ(test::number_on_field(*pieces[i].picture, 1), top) << rate << ": " << i;
        }
    }
}

TEST_F(MotionTest, FiftyPicturesASecondAreTheFieldsOfAnInterlacedOutlet) {
    for (const auto* profile : {"1080i25", "576i25"}) {
        const auto format = profile_named(profile).format;
        const auto path = made("film.mp4", "-c:v libx264 -crf 18", format.width, format.height);
        const auto pieces = pieces_of(path, format);
        ASSERT_EQ(pieces.size(), std::size_t{pictures} / 2) << profile;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            EXPECT_EQ(test::number_on_field(*pieces[i].picture, 0), 2 * i) << profile;
            EXPECT_EQ(test::number_on_field(*pieces[i].picture, 1), 2 * i + 1) << profile;
            EXPECT_EQ(pieces[i].skipped, 0) << profile;
        }
    }
}

}  // namespace
}  // namespace riverlight::player
