// A filler that fills more time than it lasts.
#include "player/source/rounds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace riverlight::player {
namespace {

using testing::ElementsAre;

/// Notes the repeats of what it is given; wants no more than `most`.
struct Taker final : Receiver {
    bool room() override { return static_cast<int>(numbers.size()) < most; }
    bool push(Piece piece) override {
        if (static_cast<int>(numbers.size()) == most) return false;
        numbers.push_back(piece.passed_over);
        return true;
    }
    void note(const std::string& what) override { noted = what; }
    std::vector<int> numbers;
    std::string noted;
    int most = 100;
};

class RoundsTest : public testing::Test {
  protected:
    RoundsTest() {
        spec_.frames = 8;
        spec_.round = 3;
    }
    void play(int gives = 100) {
        play_rounds(spec_, taker_, [&](const SourceSpec& spec, Receiver& receiver) {
            ++runs_;
            for (auto n = spec.first_frame; n < spec.frames.value_or(5) && n < gives; ++n) {
                Piece piece;
                piece.passed_over = static_cast<int>(n);
                if (!receiver.push(std::move(piece))) return;
            }
            receiver.note("run " + std::to_string(runs_));
        });
    }
    SourceSpec spec_;
    Taker taker_;
    int runs_ = 0;
};

TEST_F(RoundsTest, BeginsAnewUntilItsTimeIsFull) {
    play();
    EXPECT_THAT(taker_.numbers, ElementsAre(0, 1, 2, 0, 1, 2, 0, 1));
    EXPECT_EQ(taker_.noted, "run 3");
}

TEST_F(RoundsTest, BeginsInTheMidstOfARound) {
    spec_.first_frame = 4;
    play();
    EXPECT_THAT(taker_.numbers, ElementsAre(1, 2, 0, 1));
}

TEST_F(RoundsTest, WithoutARoundItIsPlayedOnce) {
    spec_.round = 0;
    play();
    EXPECT_EQ(runs_, 1);
    EXPECT_EQ(taker_.numbers.size(), 8U);
    spec_.round = 3;
    spec_.frames.reset();
    play();
    EXPECT_EQ(runs_, 2);
}

TEST_F(RoundsTest, WhatGivesNothingIsNotAskedForEver) {
    play(0);
    EXPECT_EQ(runs_, 1);
}

TEST_F(RoundsTest, EndsWhereNobodyWantsMore) {
    taker_.most = 4;
    play();
    EXPECT_EQ(runs_, 2);
}

}  // namespace
}  // namespace riverlight::player
