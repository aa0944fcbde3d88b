// Hostile files: cases 44 to 46 of what a player must refuse, within limits and with an error message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <limits>

#include "content/base/files.hpp"
#include "player/av/reader.hpp"
#include "player/av/still.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"

namespace riverlight::player {
namespace {

using testing::HasSubstr;

class HostileTest : public testing::Test {
  protected:
    static std::string refusal(const std::string& path, const MediaLimits& limits = {},
                               const FrameSelection& selection = {}) {
        try {
            Reader reader(path, Reader::Want::both, 1280, 720, selection, limits);
            while (reader.next_picture()) {
            }
            while (!reader.next_samples().empty()) {
            }
        } catch (const Error& e) {
            return e.what();
        }
        return "";
    }
    test::Folder folder_;
};

TEST_F(HostileTest, Case44APlaylistNamedAsVideoIsRefused) {
    const auto good = test::write_clip(folder_ / "good.mp4", 1, 3, 640, 360);
    ASSERT_EQ(refusal(good), "");
    const std::vector<std::string> lists{
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:" + good + "\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile " + good + "\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n",
        "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\"></MPD>",
    };
    for (const auto& text : lists)
        EXPECT_THAT(refusal(folder_.write("list.mp4", text)), HasSubstr("list.mp4")) << text;
}

TEST_F(HostileTest, Case45TooManyPixelsOrStreamsAreRefused) {
    const auto clip = test::write_clip(folder_ / "wide.mp4", 1, 3, 640, 360);
    MediaLimits small;
    small.max_pixels = 640 * 359;
    EXPECT_THAT(refusal(clip, small), testing::AllOf(HasSubstr("wide.mp4"), HasSubstr("640×360")));
    small = {};
    small.max_streams = 1;
    EXPECT_THAT(refusal(clip, small), HasSubstr("wide.mp4"));
    EXPECT_EQ(refusal(clip), "");
}

/// Falsifies the four bytes of a picture's width in an MP4's sample entry and track header.
TEST_F(HostileTest, Case45AFalseSizeIsRefusedOrDecodedAsCoded) {
    const auto clip = test::write_clip(folder_ / "lies.mp4", 1, 3, 640, 360);
    auto bytes = read_file(clip, 8U << 20);
    const auto entry = bytes.find("avc1", bytes.find("stsd"));
    ASSERT_NE(entry, std::string::npos);
    // ISO/IEC 14496-12, 12.1.3: width and height stand 28 bytes behind the type of the visual sample entry.
    for (const std::size_t i : {28U, 29U, 30U, 31U}) bytes[entry + i] = '\xff';
    EXPECT_THAT(refusal(folder_.write("lies.mp4", bytes)), testing::AnyOf("", HasSubstr("lies.mp4")));
}

TEST_F(HostileTest, Case46EveryCutAndManyFlippedBytesEndInErrorsOrPictures) {
    const auto whole = read_file(test::write_clip(folder_ / "whole.mp4", 1, 12, 640, 360), 8U << 20);
    for (int i = 0; i < 24; ++i) {
        const auto cut = whole.substr(0, whole.size() * static_cast<std::size_t>(i) / 24);
        EXPECT_THAT(refusal(folder_.write("cut.mp4", cut)), testing::AnyOf("", HasSubstr("cut.mp4"))) << i;
    }
    std::uint64_t seed = 20261124;
    const auto next = [&] {
        return seed = seed * 6364136223846793005ULL + 1442695040888963407ULL, seed >> 33;
    };
    for (int i = 0; i < 60; ++i) {
        auto torn = whole;
        for (int n = 0; n < 40; ++n) torn[next() % torn.size()] = static_cast<char>(next());
        EXPECT_THAT(refusal(folder_.write("torn.mp4", torn)), testing::AnyOf("", HasSubstr("torn.mp4"))) << i;
    }
}

/// A fragmented MP4 of a second of pictures and sound, each fragment of which says when it begins (tfdt,
/// ISO/IEC 14496-12, 8.8.12), as live recordings do.
class LiveRecordingTest : public HostileTest {
  protected:
    static constexpr std::int64_t ticks_a_second = 10'000'000, sound_rate = 48'000;

    void SetUp() override {
        const auto path = folder_ / "live.mp4";
        const auto line =
            "ffmpeg -v error -nostdin -y -f lavfi -i testsrc2=s=64x36:r=25:d=1 -f lavfi -i "
            "sine=r=48000:d=1 -c:v mpeg4 -g 100 -c:a flac -strict -2 -video_track_timescale " +
            std::to_string(ticks_a_second) + " -movflags frag_keyframe+empty_moov " + path;
        ASSERT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): fixed words
        bytes_ = read_file(path, 8U << 20);
    }
    /// The recording with its first fragments' times: of the pictures, then of the sound.
    std::string begun_at(const std::array<std::int64_t, 2>& ticks) {
        auto bytes = bytes_;
        std::size_t at = 0;
        for (const auto value : ticks) {
            at = bytes.find("tfdt", at + 1);
            EXPECT_NE(at, std::string::npos);
            EXPECT_EQ(bytes.at(at + 4), 1) << "times of 64 bits";
            for (std::size_t i = 0; i < 8; ++i)
                bytes[at + 8 + i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (56 - 8 * i));
        }
        return folder_.write("begun.mp4", bytes);
    }

    std::string bytes_;
};

TEST_F(LiveRecordingTest, OneThatCountsFrom1970IsPlayedInStep) {
    constexpr std::int64_t now = 1'790'000'000;
    Reader reader(begun_at({now * ticks_a_second + 1, now * sound_rate}), Reader::Want::both, 64, 36);
    int pictures = 0;
    for (; const auto frame = reader.next_picture(); ++pictures) {
        EXPECT_EQ(frame->pts.num * 25, frame->pts.den * pictures);
    }
    EXPECT_EQ(pictures, 25);
    std::size_t samples = 0;
    for (auto some = reader.next_samples(); !some.empty(); some = reader.next_samples())
        samples += some.size() / 2;
    EXPECT_NEAR(static_cast<double>(samples), sample_rate, 1);
}

TEST_F(LiveRecordingTest, Case46TimesThatNoRecordingHasAreLeftOut) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    for (const auto ticks : {most, most - 1, most / 2, most / 100, -most, -most / 3}) {
        const auto path = begun_at({ticks, -ticks});
        EXPECT_THAT(refusal(path), testing::AnyOf("", HasSubstr("begun.mp4"))) << ticks;
        EXPECT_THAT(refusal(path, {}, {{60, 1}, 30}), testing::AnyOf("", HasSubstr("begun.mp4"))) << ticks;
    }
}

TEST_F(HostileTest, SilenceOfMinutesComesInPieces) {
    const auto path = folder_ / "gap.mkv";
    const auto line =
        "ffmpeg -v error -nostdin -y -f lavfi -i sine=f=500:r=8000:d=1 -af "
        "'asetpts=if(gte(N\\,4096)\\,PTS+540/TB\\,PTS)' -c:a pcm_s16le " +
        path;
    ASSERT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): fixed words
    Reader reader(path, Reader::Want::sound, 0, 0);
    std::size_t samples = 0, longest = 0;
    for (auto some = reader.next_samples(); !some.empty(); some = reader.next_samples()) {
        longest = std::max(longest, some.size() / 2);
        samples += some.size() / 2;
    }
    EXPECT_NEAR(static_cast<double>(samples), 541.0 * sample_rate, sample_rate / 100.0);
    EXPECT_LE(longest, 10'000U);
}

/// Scaled until it fills a screen it would take gigabytes.
TEST_F(HostileTest, APictureThatIsLongAndNarrowIsRefused) {
    for (const std::string size : {"4x17896", "17896x4", "16x30000", "2x12000"}) {
        const auto path = folder_ / "narrow.png";
        const auto line =
            "ffmpeg -v error -nostdin -y -f lavfi -i color=red:s=" + size + " -frames:v 1 " + path;
        ASSERT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): fixed words
        auto shown = size;
        shown.replace(shown.find('x'), 1, "×");
        try {
            static_cast<void>(load_image(path, 1920, 1080));
            ADD_FAILURE() << size;
        } catch (const Error& e) {
            EXPECT_THAT(e.what(), testing::AllOf(HasSubstr("narrow.png"), HasSubstr(shown)));
        }
    }
}

TEST_F(HostileTest, SoundOfAnImpossibleRateIsLeftOut) {
    const auto path = folder_ / "tone.wav";
    const auto line = "ffmpeg -v error -nostdin -y -f lavfi -i sine=r=48000:d=0.5 " + path;
    ASSERT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): fixed words
    const auto samples_at = [&](std::uint32_t rate) {
        auto bytes = read_file(path, 1U << 20);
        const auto at = bytes.find("fmt ") + 12;  // of nSamplesPerSec
        for (std::size_t i = 0; i < 4; ++i) bytes.at(at + i) = static_cast<char>(rate >> 8 * i);
        std::size_t samples = 0;
        try {
            Reader reader(folder_.write("rate.wav", bytes), Reader::Want::sound, 0, 0);
            for (auto some = reader.next_samples(); !some.empty(); some = reader.next_samples())
                samples += some.size() / 2;
        } catch (const Error& e) {
            EXPECT_THAT(e.what(), HasSubstr("rate.wav"));
        }
        return samples;
    };
    EXPECT_EQ(samples_at(48'000), 24'000U);
    EXPECT_NEAR(static_cast<double>(samples_at(1'000)), 24.0 * sample_rate, 100);
    for (const auto rate : {1U, 999U, 768'001U, 2'147'483'647U}) EXPECT_EQ(samples_at(rate), 0U) << rate;
}

}  // namespace
}  // namespace riverlight::player
