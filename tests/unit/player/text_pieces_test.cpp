// What lies over the picture, frame by frame.
#include "player/source/text_pieces.hpp"

#include <gtest/gtest.h>

#include "tests/support/folder.hpp"

namespace riverlight::player {
namespace {

class TextPiecesTest : public testing::Test {
  protected:
    TextPiecesTest() {
        spec_.format = {640, 360, {25, 1}};
        spec_.media.locale = "en";
    }
    void subtitles(const std::string& text) {
        spec_.media.subtitles = folder_.write("subtitles.vtt", "WEBVTT\n\n" + text);
    }
    static Piece at(TextPieces& pieces, std::int64_t frame) {
        Piece piece;
        pieces.lay(frame, piece);
        return piece;
    }
    test::Folder folder_;
    SourceSpec spec_;
};

TEST_F(TextPiecesTest, ASubtitleIsOnFromItsFirstFrameToItsLast) {
    subtitles("00:01.000 --> 00:02.000\none\n\n00:02.000 --> 00:03.000\ntwo\n");
    TextPieces pieces(spec_);
    EXPECT_FALSE(at(pieces, 24).subtitle);
    const auto one = at(pieces, 25).subtitle;
    ASSERT_TRUE(one);
    EXPECT_EQ(at(pieces, 26).subtitle, one) << "drawn once";
    EXPECT_EQ(at(pieces, 49).subtitle, one);
    const auto two = at(pieces, 50).subtitle;
    ASSERT_TRUE(two);
    EXPECT_NE(two, one);
    EXPECT_EQ(at(pieces, 74).subtitle, two);
    EXPECT_FALSE(at(pieces, 75).subtitle);
}

TEST_F(TextPiecesTest, AnItemJoinedLateShowsWhatIsOnThen) {
    subtitles("00:00.000 --> 00:01.000\nover\n\n00:01.000 --> 00:09.000\non\n");
    TextPieces from_start(spec_), late(spec_);
    static_cast<void>(at(from_start, 0));
    const auto expected = at(from_start, 100).subtitle, joined = at(late, 100).subtitle;
    ASSERT_TRUE(joined);
    EXPECT_EQ(joined->bgra, expected->bgra);
}

TEST_F(TextPiecesTest, ALongSubtitleIsShownInTurn) {
    std::string flood;
    for (int i = 0; i < 60; ++i) flood += "word ";
    subtitles("00:00.000 --> 00:08.000\n" + flood + "\n");
    TextPieces pieces(spec_);
    std::shared_ptr<const Overlay> last;
    int changes = 0;
    for (int frame = 0; frame < 200; ++frame) {
        const auto now = at(pieces, frame).subtitle;
        ASSERT_TRUE(now) << frame << ": no gap between the parts";
        changes += now != last;
        last = now;
    }
    EXPECT_GE(changes, 2);
    EXPECT_LE(changes, 6);
    EXPECT_FALSE(at(pieces, 200).subtitle);
}

TEST_F(TextPiecesTest, TheStrapIsBelowTheSubtitle) {
    subtitles("00:00.000 --> 00:01.000\nwords\n");
    spec_.media.strap = Strap{"Call", "000"};
    TextPieces pieces(spec_);
    const auto piece = at(pieces, 0);
    ASSERT_TRUE(piece.strap);
    ASSERT_TRUE(piece.subtitle);
    EXPECT_LE(piece.subtitle->y + piece.subtitle->height, piece.strap->y);
    EXPECT_EQ(at(pieces, 10).strap, piece.strap);
}

TEST_F(TextPiecesTest, SubtitlesThatCannotBeReadAreTold) {
    spec_.media.subtitles = folder_.write("bad.vtt", "WEBVTT\n\n00:xx --> 1\nx\n");
    EXPECT_THROW(TextPieces{spec_}, Error);
}

}  // namespace
}  // namespace riverlight::player
