// How many pictures a second a segment has: those of a 50i or 50p video keep all their motions, on outlets of
// 50 Hz and as the fields of interlaced ones. FFmpeg's command line makes the videos from numbered pictures.
#include "tools/author/film_rate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "content/base/files.hpp"
#include "player/source/media.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"
#include "tools/author/build.hpp"
#include "tools/author/build_cache.hpp"
#include "tools/author/sound.hpp"
#include "tools/author/watch.hpp"

namespace riverlight::author {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr unsigned pictures = 30;

FilmRate rate_of(int num, int den, int count, bool interlaced = false) {
    MotionMeter meter;
    for (int i = 0; i < count; ++i) meter.add(player::reduced(std::int64_t{i} * den, num), interlaced);
    return meter.rate();
}

TEST(MotionMeterTest, FortyMotionsASecondNeedFifty) {
    for (const int seconds : {1, 3, 20}) {
        EXPECT_EQ(rate_of(24, 1, 24 * seconds), FilmRate::hz25);
        EXPECT_EQ(rate_of(25, 1, 25 * seconds), FilmRate::hz25);
        EXPECT_EQ(rate_of(30'000, 1001, 30 * seconds), FilmRate::hz25);
        EXPECT_EQ(rate_of(50, 1, 50 * seconds), FilmRate::hz50);
        EXPECT_EQ(rate_of(60'000, 1001, 60 * seconds), FilmRate::hz50);
        EXPECT_EQ(rate_of(120, 1, 120 * seconds), FilmRate::hz50);
        EXPECT_EQ(rate_of(25, 1, 25 * seconds, true), FilmRate::hz50);
        EXPECT_EQ(rate_of(30'000, 1001, 30 * seconds, true), FilmRate::hz50);
    }
    EXPECT_EQ(rate_of(50, 1, 20), FilmRate::hz50) << "less than a second";
    EXPECT_EQ(rate_of(25, 1, 10), FilmRate::hz25);
    EXPECT_EQ(rate_of(25, 1, 10, true), FilmRate::hz50);
    EXPECT_EQ(rate_of(25, 1, 1), FilmRate::hz25);
    EXPECT_EQ(rate_of(25, 1, 0), FilmRate::hz25);
}

TEST(MotionMeterTest, ABurstIsNoRate) {
    MotionMeter meter;
    for (std::int64_t second = 0; second < 30; ++second)
        for (std::int64_t i = 0; i < (second == 7 ? 60 : 24); ++i) meter.add({second * 60 + i, 60}, false);
    EXPECT_EQ(meter.rate(), FilmRate::hz25);
    for (std::int64_t second = 30; second < 40; ++second)
        for (std::int64_t i = 0; i < 50; ++i) meter.add({second * 50 + i, 50}, false);
    EXPECT_EQ(meter.rate(), FilmRate::hz50) << "an edit of films and of recordings";
}

class FilmRateTest : public testing::Test {
  protected:
    static constexpr const char* interlaced =
        "-vf tinterlace=interleave_top,setfield=tff -c:v mpeg2video -flags +ildct+ilme -q:v 3";
    static void run(const std::string& words) {
        const auto line = "ffmpeg -v error -nostdin -y " + words;
        ASSERT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): fixed words
    }
    /// A segment whose video is `name`, in `folder_ / "source"`.
    void segment_of(const std::string& name) const {
        fs::create_directories(folder_ / "source/en");
        folder_.write(
            "source/segment.toml",
            "format = 1\nid = \"spot\"\nrevision = 1\nrating = \"general\"\ntopics = []\nfallback = "
            "\"en\"\npicture = \"" +
                name + "\"\n");
        folder_.write("source/en/strings.toml", "title = \"T\"\n");
    }
    /// Its video shows the numbers from 0, `rate` a second, encoded as `options` say.
    void segment(const std::string& name, const std::string& options, const std::string& rate = "50") const {
        segment_of(name);
        static_cast<void>(test::write_clip(folder_ / "clip.mp4", 0, pictures));
        run("-r " + rate + " -i " + (folder_ / "clip.mp4") + " -an -fps_mode passthrough " + options + ' ' +
            (folder_ / ("source/" + name)));
    }
    content::Manifest build(const BuildOptions& options = {}) {
        reported_.clear();
        return build_segment(
            read_segment(folder_ / "source"), folder_ / "out",
            [&](const std::string& what) {
                if (what.find(": ") != std::string::npos) reported_.push_back(what);
            },
            options);
    }
    [[nodiscard]] std::string path_of(const content::Manifest& made, const std::string& sha256) const {
        return folder_ / ("out/media/" + made.files.at(sha256).name());
    }
    static std::vector<player::Piece> shown(const std::string& path, const player::Format& format) {
        player::SourceSpec spec;
        spec.media.picture = path;
        spec.format = format;
        const auto source = player::open_media(spec);
        std::vector<player::Piece> all;
        for (;;) {
            player::Piece piece;
            source->wait_unless_stuck();
            const auto taken = source->take(piece);
            EXPECT_NE(taken, player::Source::Take::failed) << source->error();
            if (taken != player::Source::Take::piece || !piece.picture) return all;
            piece.picture = std::make_shared<player::Picture>(*piece.picture);
            all.push_back(std::move(piece));
        }
    }
    test::Folder folder_;
    std::vector<std::string> reported_;
};

// Segmented frames: a film of 25 pictures a second on a tape or in a stream of 50 fields.
TEST_F(FilmRateTest, ProgressivePicturesThatAreSentAsFieldsMove25TimesASecond) {
    const std::vector<std::string> codings{"-c:v mpeg2video -flags +ildct+ilme -q:v 3",
                                           "-c:v prores_ks -flags +ildct -pix_fmt yuv422p10le"};
    const std::string moving = "-f lavfi -i \"testsrc2=s=480x384:r=50:d=1,noise=alls=12:allf=t\" ";
    for (const auto& coding : codings) {
        const auto film = folder_ / "film.mkv", native = folder_ / "native.mkv";
        run(moving + "-vf fps=25,setfield=tff " + coding + ' ' + film);
        run(moving + "-vf tinterlace=interleave_top,setfield=tff " + coding + ' ' + native);
        EXPECT_EQ(watch_video(film).rate, FilmRate::hz25) << coding;
        EXPECT_EQ(watch_video(native).rate, FilmRate::hz50) << coding;
    }
}

// A camera that records 25 pictures a second in a stream of 50 fields.
TEST_F(FilmRateTest, SegmentedFramesKeepAllTheirLines) {
    const std::string moving =
        "-f lavfi -i \"testsrc2=s=1280x720:r=25:d=0.2,noise=alls=30:allf=t\" -c:v ffv1 -vf setfield=";
    const auto made_of = [&](const std::string& fields) {
        segment_of("film.mkv");
        run(moving + fields + ' ' + (folder_ / "source/film.mkv"));
        return build({{"720p25", "576i25"}, {"540p"}, true});
    };
    const auto progressive = made_of("prog"), segmented = made_of("tff");
    const auto& words = segmented.locales.at("en");
    EXPECT_TRUE(watch_video(folder_ / "source/film.mkv").segmented);
    EXPECT_EQ(words.picture, progressive.locales.at("en").picture) << "the same pictures, to the byte";
    EXPECT_EQ(words.ladder, progressive.locales.at("en").ladder);
    EXPECT_EQ(words.renditions, progressive.locales.at("en").renditions);
    const BuildCache cache(folder_ / "out");
    const auto video = hash_of_file(folder_ / "source/film.mkv");
    ASSERT_TRUE(cache.film(video));
    EXPECT_TRUE(cache.film(video)->segmented) << "the next build knows it";
}

TEST_F(FilmRateTest, ASegmentOf50iAnd50pKeepsItsFiftyMotions) {
    for (const std::string& options : {std::string(interlaced), std::string("-c:v libx264 -crf 18")}) {
        const bool fields = options == interlaced;
        segment(fields ? "native.ts" : "native.mp4", options);
        const auto made = build({{}, {"540p"}, true});
        EXPECT_EQ(made.duration, 600ms) << options;
        const auto& words = made.locales.at("en");
        EXPECT_EQ(made.files.at(words.picture).frame_rate, "50/1") << options;
        EXPECT_EQ(made.files.at(words.ladder.at(0)).frame_rate, "25/1") << options;
        const auto path = path_of(made, words.picture);
        const auto each = shown(path, {1280, 720, {50, 1}, 1});
        ASSERT_EQ(each.size(), pictures) << options;
        for (unsigned i = 0; i < pictures; ++i) {
            // What deinterlacing makes up lies between the lines of a field.
            const auto& picture = *each[i].picture;
            EXPECT_EQ(
                fields ? test::number_on_field(picture, static_cast<int>(i % 2)) : test::number_on(picture),
                i)
                << options;
        }
        const auto woven = shown(path, {1280, 720, {25, 1}, 1, true});
        ASSERT_EQ(woven.size(), pictures / 2) << options;
        for (unsigned i = 0; i < pictures / 2; ++i)
            for (const int parity : {0, 1})
                EXPECT_EQ(test::number_on_field(*woven[i].picture, parity),
                          2 * i + static_cast<unsigned>(parity))
                    << options;
        EXPECT_EQ(shown(path, {1280, 720, {25, 1}, 1}).size(), pictures / 2) << options;
    }
}

TEST_F(FilmRateTest, AVideoOf25StaysAt25) {
    segment("film.mp4", "-c:v libx264", "25");
    const auto made = build();
    EXPECT_EQ(made.files.at(made.locales.at("en").picture).frame_rate, "25/1");
    EXPECT_EQ(made.duration, 1200ms);
    EXPECT_THAT(reported_, testing::Not(testing::Contains(testing::HasSubstr("50 pictures"))));
}

TEST_F(FilmRateTest, AnyRateHasTheLengthThatItHas) {
    for (const auto* rate : {"60000/1001", "120"}) {
        segment_of("film.mp4");
        run("-f lavfi -i testsrc2=s=320x180:d=1:r=" + std::string(rate) + " -c:v libx264 -preset ultrafast " +
            (folder_ / "source/film.mp4"));
        const auto made = build({{}, {}, true});
        EXPECT_EQ(made.duration, 1s) << rate;
        player::Reader film(path_of(made, made.locales.at("en").picture), player::Reader::Want::picture, 0,
                            0);
        int count = 0;
        while (film.next_picture()) ++count;
        EXPECT_EQ(count, 50) << rate;
    }
}

TEST_F(FilmRateTest, WhatAnEarlierVersionBuiltOf50iIsMadeAgain) {
    segment("native.ts", interlaced);
    const auto made = build({{"1080i25"}, {}, false});
    EXPECT_THAT(reported_, testing::Contains(testing::HasSubstr("50 pictures a second")));
    EXPECT_THAT(reported_, testing::Contains(testing::HasSubstr("rendition for 1080i25")));
    static_cast<void>(build({{"1080i25"}, {}, false}));
    EXPECT_THAT(reported_, testing::Not(testing::Contains(testing::HasSubstr("50 pictures a second"))))
        << "nothing has changed";
    EXPECT_THAT(reported_, testing::Not(testing::Contains(testing::HasSubstr("rendition for 1080i25"))));
    // Earlier versions kept only the length, and the renditions of a video by its hash alone.
    const auto video = hash_of_file(folder_ / "source/native.ts");
    auto text = read_file(folder_ / "out/build.json", 1U << 20);
    const auto at = text.find(video);
    ASSERT_NE(at, std::string::npos);
    const auto from = text.find('{', at), until = text.find('}', at);
    folder_.write("out/build.json", text.replace(from, until + 1 - from, "600"));
    EXPECT_EQ(content::write_manifest(build({{"1080i25"}, {}, false})), content::write_manifest(made))
        << "the rate is found out again";
    EXPECT_NE(film_key(video, {600ms, FilmRate::hz50}), film_key(video, {600ms, FilmRate::hz25}));
    EXPECT_NE(video_key(video, {600ms, FilmRate::hz50}), video);
    EXPECT_EQ(video_key(video, {600ms, FilmRate::hz25}), video) << "renditions of films are kept";
}

TEST_F(FilmRateTest, ARenditionIsMadeOfWhateverABuildTakes) {
    segment_of("tape.dv");
    run("-f lavfi -i testsrc2=s=720x576:d=1:r=25 -f lavfi -i sine=d=1:r=48000 -ac 2 -target pal-dv " +
        (folder_ / "source/tape.dv"));
    const auto made = build({{"576i25"}, {}, false});
    EXPECT_EQ(made.locales.at("en").renditions.size(), 1U);
    EXPECT_EQ(made.files.at(made.locales.at("en").picture).frame_rate, "25/1") << "a film in fields";
}

TEST_F(FilmRateTest, OnePictureStandsAsLongAsItsSound) {
    for (const auto* name : {"still.mp4", "still.mkv"}) {
        segment_of(name);
        run("-f lavfi -i testsrc2=s=640x360:d=0.04:r=25 -f lavfi -i sine=d=3:r=44100 -c:v libx264 -c:a aac " +
            (folder_ / ("source/" + std::string(name))));
        const auto examined = examine(read_segment(folder_ / "source"), {});
        EXPECT_FALSE(examined.refused()) << name;
        EXPECT_NEAR(static_cast<double>(examined.duration.count()), 3000, 100)
            << name;  // an encoder's padding
        const auto standing =
            std::find_if(examined.findings.begin(), examined.findings.end(),
                         [](const auto& finding) { return finding.defect == Defect::still; });
        ASSERT_NE(standing, examined.findings.end()) << name;
        EXPECT_EQ(standing->when, (quality::Stretch{0ms, examined.duration})) << name;
        const auto made = build({{"720p25"}, {}, true});
        EXPECT_EQ(made.duration, examined.duration) << name;
        const auto& words = made.locales.at("en");
        EXPECT_EQ(shown(path_of(made, words.picture), {1280, 720, {25, 1}, 1}).size(),
                  static_cast<std::size_t>(made.duration / 40ms))
            << name;
        EXPECT_NEAR(static_cast<double>(decode_sound(path_of(made, words.sound)).size()) / 2 / 48,
                    static_cast<double>(made.duration.count()), 25)
            << name;
    }
    segment_of("short.mp4");
    run("-f lavfi -i testsrc2=s=640x360:d=0.04:r=25 -c:v libx264 " + (folder_ / "source/short.mp4"));
    EXPECT_TRUE(examine(read_segment(folder_ / "source"), {}).refused()) << "without sound it is no video";
}

}  // namespace
}  // namespace riverlight::author
