// Subtitles and strap, frame by frame.
#include "player/source/text_overlays.hpp"

#include <gtest/gtest.h>

#include "tests/support/folder.hpp"

namespace riverlight::player {
namespace {

class TextOverlaysTest : public testing::Test {
  protected:
    TextOverlaysTest() {
        spec_.format = {640, 360, {25, 1}};
        spec_.media.locale = "en";
    }
    void subtitles(const std::string& text) {
        spec_.media.subtitles = folder_.write("subtitles.vtt", "WEBVTT\n\n" + text);
    }
    static Piece at(TextOverlays& overlays, std::int64_t frame) {
        Piece piece;
        overlays.add_to(frame, piece);
        return piece;
    }
    test::Folder folder_;
    SourceSpec spec_;
};

TEST_F(TextOverlaysTest, ASubtitleIsOnFromItsFirstFrameToItsLast) {
    subtitles("00:01.000 --> 00:02.000\none\n\n00:02.000 --> 00:03.000\ntwo\n");
    TextOverlays overlays(spec_);
    EXPECT_FALSE(at(overlays, 24).subtitle);
    const auto one = at(overlays, 25).subtitle;
    ASSERT_TRUE(one);
    EXPECT_EQ(at(overlays, 26).subtitle, one) << "drawn once";
    EXPECT_EQ(at(overlays, 49).subtitle, one);
    const auto two = at(overlays, 50).subtitle;
    ASSERT_TRUE(two);
    EXPECT_NE(two, one);
    EXPECT_EQ(at(overlays, 74).subtitle, two);
    EXPECT_FALSE(at(overlays, 75).subtitle);
}

TEST_F(TextOverlaysTest, AnItemJoinedLateShowsWhatIsOnThen) {
    subtitles("00:00.000 --> 00:01.000\nover\n\n00:01.000 --> 00:09.000\non\n");
    TextOverlays from_start(spec_), late(spec_);
    static_cast<void>(at(from_start, 0));
    const auto expected = at(from_start, 100).subtitle, joined = at(late, 100).subtitle;
    ASSERT_TRUE(joined);
    EXPECT_EQ(joined->bgra, expected->bgra);
}

TEST_F(TextOverlaysTest, ALongSubtitleIsShownPageByPage) {
    std::string flood;
    for (int i = 0; i < 60; ++i) flood += "word ";
    subtitles("00:00.000 --> 00:08.000\n" + flood + "\n");
    TextOverlays overlays(spec_);
    std::shared_ptr<const Overlay> last;
    int changes = 0;
    for (int frame = 0; frame < 200; ++frame) {
        const auto now = at(overlays, frame).subtitle;
        ASSERT_TRUE(now) << frame << ": no gap between the parts";
        changes += now != last;
        last = now;
    }
    EXPECT_GE(changes, 2);
    EXPECT_LE(changes, 6);
    EXPECT_FALSE(at(overlays, 200).subtitle);
}

TEST_F(TextOverlaysTest, TheStrapIsBelowTheSubtitle) {
    subtitles("00:00.000 --> 00:01.000\nwords\n");
    spec_.media.strap = Strap{"Call", "000"};
    TextOverlays overlays(spec_);
    const auto piece = at(overlays, 0);
    ASSERT_TRUE(piece.strap);
    ASSERT_TRUE(piece.subtitle);
    EXPECT_LE(piece.subtitle->y + piece.subtitle->height, piece.strap->y);
    EXPECT_EQ(at(overlays, 10).strap, piece.strap);
}

TEST_F(TextOverlaysTest, SubtitlesThatCannotBeReadThrow) {
    spec_.media.subtitles = folder_.write("bad.vtt", "WEBVTT\n\n00:xx --> 1\nx\n");
    EXPECT_THROW(TextOverlays{spec_}, Error);
}

}  // namespace
}  // namespace riverlight::player
