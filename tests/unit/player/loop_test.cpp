// A filler that is shorter than its time.
#include "player/source/loop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace riverlight::player {
namespace {

using testing::ElementsAre;

/// Keeps the number of each piece; wants no more than `most`.
struct NumberSink final : PieceSink {
    bool wait_for_room() override { return static_cast<int>(numbers.size()) < most; }
    bool push(Piece piece) override {
        if (static_cast<int>(numbers.size()) == most) return false;
        numbers.push_back(piece.skipped);
        return true;
    }
    void step() override {}
    void note(const std::string& what) override { noted = what; }
    void report(const MediaDamage& damage) override { reported = damage; }
    std::vector<int> numbers;
    std::string noted;
    std::optional<MediaDamage> reported;
    int most = 100;
};

class LoopTest : public testing::Test {
  protected:
    LoopTest() {
        spec_.frames = 8;
        spec_.loop_frames = 3;
    }
    void play(int gives = 100) {
        play_looped(spec_, sink_, [&](const SourceSpec& spec, PieceSink& sink) {
            ++runs_;
            for (auto n = spec.first_frame; n < spec.frames.value_or(5) && n < gives; ++n) {
                Piece piece;
                piece.skipped = static_cast<int>(n);
                if (!sink.push(std::move(piece))) return;
            }
            sink.note("run " + std::to_string(runs_));
        });
    }
    SourceSpec spec_;
    NumberSink sink_;
    int runs_ = 0;
};

TEST_F(LoopTest, RepeatsUntilItsTimeIsFull) {
    play();
    EXPECT_THAT(sink_.numbers, ElementsAre(0, 1, 2, 0, 1, 2, 0, 1));
    EXPECT_EQ(sink_.noted, "run 3");
}

TEST_F(LoopTest, CanBeginWithinARepetition) {
    spec_.first_frame = 4;
    play();
    EXPECT_THAT(sink_.numbers, ElementsAre(1, 2, 0, 1));
}

TEST_F(LoopTest, WithoutALoopItIsPlayedOnce) {
    spec_.loop_frames.reset();
    play();
    EXPECT_EQ(runs_, 1);
    EXPECT_EQ(sink_.numbers.size(), 8U);
    spec_.loop_frames = 3;
    spec_.frames.reset();
    play();
    EXPECT_EQ(runs_, 2);
}

TEST_F(LoopTest, ARunWithoutPiecesEndsTheLoop) {
    play(0);
    EXPECT_EQ(runs_, 1);
}

TEST_F(LoopTest, EndsWhenTheSinkIsClosed) {
    sink_.most = 4;
    play();
    EXPECT_EQ(runs_, 2);
}

}  // namespace
}  // namespace riverlight::player
