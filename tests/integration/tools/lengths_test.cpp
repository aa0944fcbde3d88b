// How long a video is, whether its sound is in step, and whether its end is there. FFmpeg's command line
// writes the videos: white from the third second on, with a tone that begins at the same moment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "content/base/files.hpp"
#include "tests/support/folder.hpp"
#include "tools/author/film.hpp"
#include "tools/author/sound.hpp"
#include "tools/author/torn.hpp"
#include "tools/author/watch.hpp"

namespace riverlight::author {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

class LengthsTest : public testing::Test {
  protected:
    static void run(const std::string& words) {
        const auto line = "ffmpeg -v error -nostdin -y " + words;
        ASSERT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): fixed words
    }
    /// White and a tone from 3 s on, six seconds, at `rate` pictures a second.
    static std::string sources(const std::string& rate) {
        return "-f lavfi -i \"color=black:s=320x180:r=" + rate +
               ":d=6,drawbox=color=white:t=fill:enable='gte(t,3)'\" "
               "-f lavfi -i \"sine=frequency=1000:sample_rate=48000:duration=6,volume=0:enable='lt(t,3)'\" ";
    }
    std::string video(const std::string& name, const std::string& rate, const std::string& options) {
        const auto path = folder_ / name;
        run(sources(rate) + options + " -t 6 " + path);
        return path;
    }
    /// The moments at which the film becomes white and its sound begins.
    struct Moments {
        std::int64_t frames = 0;
        milliseconds white{}, tone{};
    };
    static Moments moments(const std::string& path) {
        Moments found{};
        std::int64_t at = 0;
        found.frames = film_video(path, [&](const player::Picture& picture) {
            const auto middle = picture.y.size() / 2 + static_cast<std::size_t>(picture.width) / 2;
            if (picture.y[middle] > 128 && found.white == 0ms) found.white = milliseconds(at * 40);
            ++at;
        });
        const auto samples = decode_sound(path);
        for (std::size_t i = 0; i < samples.size() && found.tone == 0ms; i += 2)
            if (samples[i] > 0.02F) found.tone = milliseconds(i / 2 * 1000 / player::sample_rate);
        return found;
    }
    static std::vector<quality::SegmentFinding> torn_of(const std::string& path) {
        auto watched = watch_video(path);
        auto all = std::move(watched.picture_findings);
        std::erase_if(all, [](const auto& finding) { return finding.defect != quality::Defect::torn; });
        return all;
    }
    test::Folder folder_;
};

TEST_F(LengthsTest, AVideoOfAnyRateIsAsLongAsItIs) {
    const auto expect_six_seconds = [&](const char* name, const char* rate) {
        const auto path = video(name, rate, "-c:v libx264 -preset ultrafast -c:a aac");
        EXPECT_EQ(watch_video(path).duration, 6000ms) << rate << ' ' << name;
        const auto found = moments(path);
        EXPECT_EQ(found.frames, 150) << rate << ' ' << name;
        EXPECT_NEAR(static_cast<double>(found.white.count()), 3000, 40) << rate << ' ' << name;
    };
    for (const auto* rate : {"24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60", "120"})
        expect_six_seconds("film.mp4", rate);
    // Matroska rounds times to a millisecond: as much for every rate that does not divide a second.
    for (const auto* rate : {"25", "60000/1001", "120"}) expect_six_seconds("film.mkv", rate);
}

TEST_F(LengthsTest, PicturesThatBeginAfterTheirSoundAreInStep) {
    for (const auto* late : {"0.08", "0.6", "1.2", "2.6"})
        for (const auto* name : {"late.mp4", "late.mkv", "late.ts"}) {
            const auto from = "select='gte(t," + std::string(late) + ")'";
            const auto path =
                video(name, "25", "-vf \"" + from + "\" -fps_mode passthrough -c:v libx264 -bf 0 -c:a aac");
            const auto found = moments(path);
            EXPECT_NEAR(static_cast<double>((found.tone - found.white).count()), 0, 41)
                << late << ' ' << name;
            EXPECT_TRUE(torn_of(path).empty()) << late << ' ' << name;
        }
    const auto path =
        video("whole.mp4", "25", "-vf \"select='gte(t,1.2)'\" -fps_mode passthrough -c:v libx264 -c:a aac");
    EXPECT_EQ(moments(path).frames, 150) << "its first second of sound has the first picture";
}

TEST_F(LengthsTest, SoundThatBeginsAfterItsPicturesIsInStep) {
    for (const auto* name : {"late.mp4", "late.mkv", "late.ts"}) {
        const auto path = video(name, "25", "-af \"aselect='gte(t,1.2)'\" -c:v libx264 -bf 0 -c:a aac");
        const auto found = moments(path);
        EXPECT_EQ(found.white, 3000ms) << name;
        EXPECT_NEAR(static_cast<double>(found.tone.count()), 3000, 25) << name;
        EXPECT_TRUE(torn_of(path).empty()) << name;
    }
}

struct Torn {
    const char* name;  ///< its ending selects the container
    const char* options;
};

TEST_F(LengthsTest, AWholeFileIsNotTornAndATornOneIsNoted) {
    for (const auto& [name, options] :
         {Torn{"whole.mkv", "-c:v libx264 -c:a aac"},
          Torn{"live.mkv", "-c:v libx264 -c:a aac -f matroska -live 1"},
          Torn{"whole.webm", "-c:v libvpx -b:v 200k -c:a libopus"}, Torn{"whole.ts", "-c:v libx264 -c:a mp2"},
          Torn{"whole.m2ts", "-c:v libx264 -c:a ac3 -mpegts_m2ts_mode 1 -f mpegts"},
          Torn{"whole.avi", "-c:v mpeg4 -c:a mp3"}}) {
        const auto path = video(name, "25", options);
        EXPECT_EQ(missing_bytes(path), std::nullopt) << name;
        EXPECT_TRUE(torn_of(path).empty()) << name;
        const auto size = std::filesystem::file_size(path);
        std::filesystem::resize_file(path, size - size / 20 - 1);
        EXPECT_NE(missing_bytes(path), std::nullopt) << name;
        try {
            const auto found = torn_of(path);
            ASSERT_EQ(found.size(), 1U) << name;
            EXPECT_FALSE(found[0].refused) << name;
        } catch (const Error&) {
            ADD_FAILURE() << name << " is refused for less than a second";
        }
    }
}

/// Its size is that of a 64-bit box (ISO/IEC 14496-12, 4.2). Added to its place it begins again at zero.
TEST_F(LengthsTest, ABoxThatWouldEndBeyond64BitsIsMissing) {
    using namespace std::string_literals;
    const auto path = folder_.write("box.mp4",
                                    "\0\0\0\x08"
                                    "ftyp\0\0\0\x01moov\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xF8"s);
    EXPECT_EQ(missing_bytes(path), 0xFFFF'FFFF'FFFF'FFF8U - 16);
}

/// The findings' sentences about a torn end.
struct Tail {
    double picture = 0, sound = 0;  ///< seconds that are missing
};

TEST_F(LengthsTest, ATornMp4SaysHowMuchOfItsPictureAndItsSoundIsMissing) {
    // Pictures of much the same size, and an index in front: each cut loses as much of both.
    const auto path = video("whole.mp4", "25",
                            "-vf noise=alls=40:allf=t -c:v libx264 -g 25 -b:v 400k -c:a aac -b:a 64k "
                            "-movflags +faststart");
    ASSERT_TRUE(torn_of(path).empty());
    const auto whole = read_file(path, 64U << 20);
    const auto of = [&](std::size_t bytes) {
        const auto torn = folder_.write("torn.mp4", whole.substr(0, whole.size() - bytes));
        Tail tail;
        for (const auto& finding : torn_of(torn)) {
            EXPECT_FALSE(finding.refused) << finding.what;
            if (!finding.when) continue;
            const auto missing =
                std::chrono::duration<double>(finding.when->until - finding.when->from).count();
            EXPECT_EQ(finding.when->until, 6000ms) << finding.what;
            (finding.what.find("picture") != std::string::npos ? tail.picture : tail.sound) = missing;
        }
        return tail;
    };
    for (const std::size_t bytes : {1U, 100U, 1'000U, 3'000U, 10'000U, 30'000U}) {
        const auto tail = of(bytes);
        EXPECT_GT(tail.picture + tail.sound, 0.003) << bytes << ": a byte less is a picture or a sound less";
        EXPECT_LT(tail.picture + tail.sound, 2.2) << bytes;
        if (bytes >= 10'000) {
            EXPECT_GT(std::min(tail.picture, tail.sound), 0.03) << bytes;
        }
        if (bytes >= 3'000) {  // what is left builds, and no damaged picture is in it
            const auto frames = moments(folder_ / "torn.mp4").frames;
            EXPECT_NEAR(static_cast<double>(frames), 150 - tail.picture * 25, 1) << bytes;
        }
    }
    EXPECT_THROW(static_cast<void>(of(100'000)), Error);
    const auto fragments =
        video("fragments.mp4", "25", "-c:v libx264 -g 25 -c:a aac -movflags +frag_keyframe+empty_moov");
    ASSERT_TRUE(torn_of(fragments).empty());
    std::filesystem::resize_file(fragments, std::filesystem::file_size(fragments) - 900);
    EXPECT_FALSE(torn_of(fragments).empty());
}

TEST_F(LengthsTest, AnMp4WhoseIndexIsMissingIsSaidToBeCutOff) {
    const auto path = video("index-at-end.mp4", "25", "-c:v libx264 -c:a aac");
    std::filesystem::resize_file(path, std::filesystem::file_size(path) - 900);
    const auto refused = [&](auto watch) {
        try {
            static_cast<void>(watch(path));
        } catch (const Error& e) {
            return std::string(e.what());
        }
        return std::string("taken");
    };
    EXPECT_THAT(refused([](const auto& p) { return watch_video(p); }), testing::HasSubstr("is cut off"));
    EXPECT_THAT(refused([](const auto& p) { return watch_sound(p); }), testing::HasSubstr("is cut off"));
}

TEST_F(LengthsTest, AFileThatLacksMoreThanASecondIsRefused) {
    const auto path = video("torn.mkv", "25", "-c:v libx264 -g 25 -c:a aac");
    std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
    EXPECT_THROW(static_cast<void>(watch_video(path)), Error);
}

TEST_F(LengthsTest, ClippingIsSaidOfTheSourceAndNotOfItsDownmix) {
    const auto clipped = [&](const std::string& name, double peak, const std::string& layout,
                             const std::string& options) {
        const auto path = folder_ / name;
        // As many equal channels as the layout has: a downmix adds them up.
        run("-f lavfi -i \"aevalsrc='clip(" + std::to_string(peak) +
            "*sin(2*PI*997*t),-1,1)':s=44100:d=4:c=mono,pan=" + layout + "\" " + options + ' ' + path);
        const auto found = watch_sound(path).sound_findings;
        return std::any_of(found.begin(), found.end(),
                           [](const auto& finding) { return finding.defect == quality::Defect::clipping; });
    };
    const std::string surround = "5.1|FL=c0|FR=c0|FC=c0|LFE=c0|BL=c0|BR=c0",
                      stereo = "stereo|c0=c0|c1=0.1*c0", mono = "mono|c0=c0";
    for (const auto* name : {"sound.wav", "sound.flac", "sound.mkv"}) {
        EXPECT_FALSE(clipped(name, 0.9, surround,
                             "-c:a " + std::string(name == std::string("sound.flac") ? "flac" : "pcm_s16le")))
            << name;
        EXPECT_TRUE(clipped(name, 1.5, surround, "")) << name;
        EXPECT_TRUE(clipped(name, 1.5, stereo, "")) << name;
        EXPECT_TRUE(clipped(name, 1.5, mono, "")) << name << ": which a mix into two channels lowers";
        EXPECT_FALSE(clipped(name, 0.9, mono, "")) << name;
    }
    EXPECT_TRUE(clipped("eight.wav", 1.5, mono, "-c:a pcm_u8"));
    EXPECT_TRUE(clipped("float.wav", 1.5, mono, "-c:a pcm_f32le"));
}

TEST_F(LengthsTest, ATornSoundIsNoted) {
    run("-f lavfi -i sine=frequency=300:duration=6 " + (folder_ / "sound.wav"));
    const auto path = folder_ / "sound.wav";
    EXPECT_TRUE(watch_sound(path).sound_findings.empty());
    std::filesystem::resize_file(path, std::filesystem::file_size(path) * 95 / 100);
    const auto found = watch_sound(path).sound_findings;
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].defect, quality::Defect::torn);
}

}  // namespace
}  // namespace riverlight::author
