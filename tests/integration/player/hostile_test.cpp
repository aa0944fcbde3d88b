// Hostile files: cases 44 to 46 of what a player must refuse, within limits and with an error message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "content/base/files.hpp"
#include "player/av/reader.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"

namespace riverlight::player {
namespace {

using testing::HasSubstr;

class HostileTest : public testing::Test {
  protected:
    static std::string refusal(const std::string& path, const MediaLimits& limits = {}) {
        try {
            Reader reader(path, Reader::Want::both, 1280, 720, {}, limits);
            while (reader.next_picture()) {
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

}  // namespace
}  // namespace riverlight::player
