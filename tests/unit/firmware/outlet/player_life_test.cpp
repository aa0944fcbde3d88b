// When an outlet's player is started, killed and started again.
#include "firmware/outlet/player_life.hpp"

#include <gtest/gtest.h>

#include <set>

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using Due = PlayerLife::Due;

TEST(PlayerStateTest, EachStateExpectsAnEventAtMostOnce) {
    std::set<std::pair<PlayerState, PlayerEvent>> seen;
    for (const auto& t : player_transitions()) {
        EXPECT_TRUE(seen.insert({t.from, t.event}).second) << to_text(t.from) << ' ' << to_text(t.event);
        EXPECT_EQ(next_state(t.from, t.event), t.to);
    }
}

TEST(PlayerStateTest, EveryStateWithAProcessExpectsItsEndAndEveryStateAStop) {
    for (auto s = PlayerState::none; s <= PlayerState::stopped;
         s = static_cast<PlayerState>(static_cast<int>(s) + 1)) {
        EXPECT_EQ(next_state(s, PlayerEvent::end).has_value(), has_process(s)) << to_text(s);
        EXPECT_EQ(next_state(s, PlayerEvent::report).has_value(), has_process(s)) << to_text(s);
        ASSERT_TRUE(next_state(s, PlayerEvent::stop)) << to_text(s);
    }
}

TEST(PlayerStateTest, AfterAStopNoPlayerIsStarted) {
    for (const auto& t : player_transitions()) {
        if (t.from != PlayerState::stopping && t.from != PlayerState::stopped) continue;
        EXPECT_TRUE(t.to == PlayerState::stopping || t.to == PlayerState::stopped) << to_text(t.event);
    }
}

class PlayerLifeTest : public testing::Test {
  protected:
    /// Polls until `end` as a runner does; what was due first, if anything.
    Due poll_for(std::chrono::milliseconds time) {
        for (const auto end = now_ + time; now_ < end;) {
            now_ += PlayerLife::poll_interval;
            if (const auto due = life_.poll(now_); due != Due::nothing) return due;
        }
        return Due::nothing;
    }
    void start() {
        static_cast<void>(life_.poll(now_));
        life_.start(now_);
    }
    /// The player ends so long after its start.
    PlayerLife::End end_after(std::chrono::milliseconds time) {
        start();
        now_ += time;
        return life_.ended(now_).value();
    }
    MonotonicTime now_{100s};
    PlayerLife life_{UnexpectedEvent::abort};
};

TEST_F(PlayerLifeTest, KillsAPlayerThatIsSilentForMoreThanItsPatience) {
    start();
    life_.heard(now_, true);
    EXPECT_EQ(poll_for(PlayerLife::playing_patience), Due::nothing);
    EXPECT_EQ(poll_for(PlayerLife::poll_interval), Due::kill);
    EXPECT_EQ(life_.state(), PlayerState::hung);
    const auto end = life_.ended(now_);
    ASSERT_TRUE(end);
    EXPECT_TRUE(end->hung);
    EXPECT_TRUE(life_.is_start_due(now_)) << "at once";
}

TEST_F(PlayerLifeTest, WordsWithoutFramesAreNoSignOfLife) {
    start();
    life_.heard(now_, false);
    EXPECT_EQ(life_.state(), PlayerState::playing);
    for (int i = 0; i < 6; ++i) {
        ASSERT_EQ(poll_for(PlayerLife::poll_interval), Due::nothing);
        life_.heard(now_, false);
    }
    EXPECT_EQ(poll_for(PlayerLife::poll_interval), Due::kill);
}

TEST_F(PlayerLifeTest, APlayerThatWaitsForAProcessorIsNotHung) {
    start();
    life_.heard(now_, true);
    auto waited = 300ms;  // before
    const auto starve = [&](std::chrono::milliseconds time, std::chrono::milliseconds each) {
        for (const auto end = now_ + time; now_ < end;) {
            now_ += PlayerLife::poll_interval;
            waited += each;
            if (const auto due = life_.poll(now_, waited); due != Due::nothing) return due;
        }
        return Due::nothing;
    };
    EXPECT_EQ(starve(10s, 190ms), Due::nothing) << "it ran for half a second of ten";
    life_.heard(now_, true);
    EXPECT_EQ(starve(PlayerLife::playing_patience, 0ms), Due::nothing) << "what was before does not count";
    EXPECT_EQ(starve(200ms, 0ms), Due::kill);
}

TEST_F(PlayerLifeTest, AStarvedPlayerIsKilledInTheEnd) {
    start();
    life_.heard(now_, true);
    std::chrono::milliseconds waited{0};
    auto due = Due::nothing;
    const auto begun = now_;
    while (due == Due::nothing && now_ - begun < 60s) {
        now_ += PlayerLife::poll_interval;
        due = life_.poll(now_, waited += PlayerLife::poll_interval);
    }
    EXPECT_EQ(due, Due::kill);
    EXPECT_GE(now_ - begun, PlayerLife::playing_patience * PlayerLife::starved_factor);
}

TEST_F(PlayerLifeTest, APlayerThatWasKilledAndDoesNotEndIsKilledAgain) {
    start();
    life_.heard(now_, true);
    ASSERT_EQ(poll_for(2s), Due::kill);
    life_.heard(now_, true);  // an event sent before
    EXPECT_EQ(life_.state(), PlayerState::hung);
    EXPECT_EQ(poll_for(2s), Due::kill);
}

TEST_F(PlayerLifeTest, APlayerMayTakeTwelveSecondsToStart) {
    start();
    EXPECT_EQ(poll_for(12s), Due::nothing);
    EXPECT_EQ(poll_for(200ms), Due::kill);
}

TEST_F(PlayerLifeTest, TimeInWhichNobodyPolledIsNotThePlayersSilence) {
    start();
    life_.heard(now_, true);
    now_ += 1h;  // the machine was suspended
    EXPECT_EQ(life_.poll(now_), Due::nothing);
    EXPECT_EQ(poll_for(1s), Due::nothing);
    EXPECT_EQ(poll_for(1s), Due::kill);
}

TEST_F(PlayerLifeTest, APollThatComesLateCountsAsOneIntervalOfSilence) {
    start();
    life_.heard(now_, true);
    ASSERT_EQ(poll_for(800ms), Due::nothing);
    now_ += 1s;  // others had the processor
    EXPECT_EQ(life_.poll(now_), Due::nothing);
    EXPECT_EQ(poll_for(400ms), Due::kill) << "the silence before counts";
}

TEST_F(PlayerLifeTest, DelaysTheRestartOfAPlayerThatKeepsEnding) {
    const auto delay = [&] {
        end_after(1s);
        const auto ended = now_;
        for (static_cast<void>(life_.poll(now_)); !life_.is_start_due(now_); now_ += 100ms)
            if (now_ - ended > 10s) return -1ms;
        return std::chrono::duration_cast<std::chrono::milliseconds>(now_ - ended);
    };
    EXPECT_EQ(delay(), 0ms);
    EXPECT_EQ(delay(), 0ms);
    for (int i = 3; i < 10; ++i) EXPECT_EQ(delay(), 500ms) << i;
    EXPECT_EQ(delay(), 5s);
    end_after(3s);
    EXPECT_TRUE(life_.is_start_due(now_)) << "it lasted";
    EXPECT_EQ(life_.restarts().restarts(), 11);
}

TEST_F(PlayerLifeTest, TwoQuickEndsInARowFailTheItem) {
    EXPECT_FALSE(end_after(1s).item_failed);
    EXPECT_TRUE(end_after(2999ms).item_failed);
    EXPECT_FALSE(end_after(3s).item_failed);
    EXPECT_FALSE(end_after(1s).item_failed);
    start();
    life_.heard(now_, true);
    life_.aired();
    EXPECT_FALSE(life_.ended(now_ + 1s)->item_failed) << "an item was on air";
}

TEST_F(PlayerLifeTest, AfterAnEndHardwareDecodersAreNotUsedForAnHour) {
    EXPECT_TRUE(life_.restarts().may_use_hardware_decoder(now_));
    end_after(1h);
    EXPECT_FALSE(life_.restarts().may_use_hardware_decoder(now_));
    EXPECT_FALSE(life_.restarts().may_use_hardware_decoder(now_ + 1h - 1us));
    EXPECT_TRUE(life_.restarts().may_use_hardware_decoder(now_ + 1h));
}

TEST_F(PlayerLifeTest, APlayerThatCannotBeStartedIsTriedAgainTwoSecondsLater) {
    start();
    life_.start_failed(now_);
    EXPECT_EQ(poll_for(1800ms), Due::nothing);
    EXPECT_EQ(poll_for(200ms), Due::start);
    EXPECT_EQ(life_.restarts().restarts(), 0) << "none ended";
}

TEST_F(PlayerLifeTest, AStartCancelsTheOneThatWasDue) {
    end_after(1s);
    end_after(1s);
    end_after(1s);
    ASSERT_EQ(life_.state(), PlayerState::waiting);
    start();  // a release arrived meanwhile
    life_.heard(now_, true);
    EXPECT_EQ(poll_for(1s), Due::nothing);
    EXPECT_EQ(life_.state(), PlayerState::playing);
}

TEST_F(PlayerLifeTest, AStoppedPlayerIsNeitherWatchedNorStartedAgain) {
    start();
    life_.heard(now_, true);
    life_.stop();
    EXPECT_TRUE(life_.is_stopping());
    EXPECT_EQ(poll_for(5s), Due::nothing);
    EXPECT_FALSE(life_.ended(now_)->item_failed);
    EXPECT_EQ(life_.state(), PlayerState::stopped);
    EXPECT_EQ(poll_for(10s), Due::nothing);
}

TEST_F(PlayerLifeTest, AnUnexpectedEventAbortsInTestsAndKeepsTheStateInTheField) {
    EXPECT_DEATH(static_cast<void>(life_.ended(now_)), "does not expect");
    PlayerLife field(UnexpectedEvent::ignore);
    EXPECT_FALSE(field.ended(now_));
    EXPECT_EQ(field.state(), PlayerState::none);
    field.start(now_);
    field.heard(now_, true);
    field.start_failed(now_);
    EXPECT_EQ(field.state(), PlayerState::playing);
    EXPECT_EQ(field.restarts().restarts(), 0);
}

}  // namespace
}  // namespace riverlight::firmware
