// A board's time when its clock starts in 1970, is set years ahead or back, and comes right again.
#include "firmware/clock/clock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::microseconds;
using testing::HasSubstr;

const Instant noon = *from_rfc3339("2026-11-23T05:00:00Z");

/// A system whose clock may say anything while its seconds pass.
struct System {
    Instant says{};
    microseconds up{5s};
    bool synchronised = false;

    void pass(microseconds time) {
        says += time;
        up += time;
    }
    [[nodiscard]] SystemTime now() const {
        return {says, MonotonicTime(up), synchronised, synchronised ? std::optional(12ms) : std::nullopt};
    }
};

TEST(Clock, case_52_a_boot_in_1970_goes_on_from_the_floor_and_says_so) {
    System system{Instant{} + 20s};
    Clock clock(noon, system.now());
    const auto first = clock.read(system.now());
    EXPECT_EQ(first.now, noon);
    EXPECT_EQ(first.state, content::ClockState::floor) << "as every airing is noted until the clock is set";
    EXPECT_EQ(first.error, std::nullopt);
    EXPECT_THAT(first.fault, HasSubstr("says 1970-01-01, but 2026-11-23T05:00Z has certainly passed"));
    system.pass(90s);
    EXPECT_EQ(clock.read(system.now()).now, noon + 90s) << "time does not stand still meanwhile";
    system.says = noon + 40min;
    system.synchronised = true;
    clock.advance(system.now());
    const auto set = clock.read(system.now());
    EXPECT_EQ(set.now, noon + 40min);
    EXPECT_EQ(set.state, content::ClockState::synchronised);
    EXPECT_EQ(set.error, 12ms);
    EXPECT_EQ(set.fault, "");
}

TEST(Clock, case_53_a_time_server_ten_years_ahead_is_not_followed_and_recovers) {
    System system{noon + 1min, 5s, true};
    Clock clock(noon, system.now());
    EXPECT_EQ(clock.read(system.now()).now, noon + 1min);
    system.pass(10s);
    system.says += days(3652);
    const auto ahead = clock.read(system.now());
    EXPECT_EQ(ahead.now, noon + 70s);
    EXPECT_EQ(ahead.state, content::ClockState::floor);
    EXPECT_THAT(ahead.fault, HasSubstr("says 2036-11-22, more than 35 days after everything that is known"));
    EXPECT_EQ(clock.mark_sure(system.now()), noon + 70s) << "the floor over a restart is not poisoned";
    Clock restarted(noon + 70s, system.now());
    EXPECT_EQ(restarted.read(system.now()).now, noon + 70s) << "nor is a boot into it";
    system.pass(50s);
    system.says -= days(3652);
    const auto right = clock.read(system.now());
    EXPECT_EQ(right.now, noon + 120s);
    EXPECT_EQ(right.state, content::ClockState::synchronised);
    EXPECT_EQ(restarted.read(system.now()).state, content::ClockState::synchronised);
}

TEST(Clock, case_53_the_limit_lies_beyond_what_is_known_and_signed) {
    System system{noon + Clock::furthest_ahead, 5s, true};
    EXPECT_EQ(Clock(noon, system.now()).read(system.now()).fault, "");
    system.says = noon + days(400);
    Clock unplugged(noon, system.now());
    EXPECT_NE(unplugged.read(system.now()).fault, "");
    unplugged.set_signed_until(noon + days(380));
    EXPECT_EQ(unplugged.read(system.now()).now, noon + days(400))
        << "the channel's signatures say that so much time has passed";
    const Clock fresh(Instant{}, system.now());
    EXPECT_EQ(fresh.read(system.now()).now, system.says) << "a new board knows nothing better";
}

TEST(Clock, case_41_an_image_says_what_is_past_and_nothing_of_what_is_far_ahead) {
    System system{Instant{} + 20s};
    const Clock clock(Instant{}, system.now(), noon);
    EXPECT_EQ(clock.read(system.now()).now, noon);
    EXPECT_EQ(clock.read(system.now()).state, content::ClockState::floor);
    system.says = noon + days(900);
    EXPECT_EQ(clock.read(system.now()).now, noon + days(900)) << "an image may be years old";
}

TEST(Clock, case_53_a_jump_that_nobody_confirms_is_not_believed) {
    System system{noon};
    Clock clock(noon, system.now());
    system.pass(60s);
    system.says += days(30);
    clock.advance(system.now());
    EXPECT_EQ(clock.read(system.now()).now, noon + 60s);
    EXPECT_EQ(clock.read(system.now()).state, content::ClockState::floor);
    EXPECT_FALSE(clock.take_jump());
    EXPECT_EQ(clock.mark_sure(system.now()), noon + 60s);
    system.pass(10s);
    system.says -= days(30);
    EXPECT_EQ(clock.read(system.now()).fault, "") << "set right, it is trusted again";
    EXPECT_FALSE(clock.take_jump());
    EXPECT_NE(Clock(noon, System{noon + days(30)}.now()).read(System{noon + days(30)}.now()).fault, "")
        << "nor is a boot into it";
}

TEST(Clock, case_53_a_clock_that_runs_too_fast_is_followed_for_a_day_at_most) {
    System system{noon};
    Clock clock(noon, system.now());
    for (int step = 1; step <= 60; ++step) {
        system.pass(2min);
        system.says += 58min;  // thirty times too fast
        clock.advance(system.now());
        EXPECT_LE(clock.read(system.now()).now, noon + step * 2min + Clock::furthest_alone);
    }
    EXPECT_EQ(clock.read(system.now()).state, content::ClockState::floor);
}

/// Everything that may confirm a jump of thirty days.
TEST(Clock, case_53_a_jump_that_a_witness_confirms_is_believed_and_leaves_one_gap) {
    const auto jump = [](const auto& confirm) {
        System system{noon};
        Clock clock(noon, system.now());
        system.pass(60s);
        system.says += days(30);
        confirm(clock, system);
        clock.advance(system.now());
        system.pass(5s);
        clock.advance(system.now());
        return clock.take_jump();
    };
    const ClockJump expected{noon + 60s, noon + days(30) + 60s};
    EXPECT_EQ(jump([](Clock&, System& system) { system.synchronised = true; }), expected);
    for (const auto witness : {TimeWitness::office, TimeWitness::hardware_clock}) {
        EXPECT_EQ(jump([&](Clock& clock, System& system) {
                      clock.hear(witness, system.says + 5min, system.now().monotonic);
                  }),
                  expected);
        EXPECT_EQ(jump([&](Clock& clock, System& system) {
                      clock.hear(witness, system.says - days(30), system.now().monotonic);
                  }),
                  std::nullopt)
            << "it contradicts";
    }
    EXPECT_EQ(jump([](Clock& clock, System& system) {
                  clock.hear(TimeWitness::channel, system.says - 20h, system.now().monotonic);
              }),
              expected)
        << "signed yesterday";
    EXPECT_EQ(jump([](Clock& clock, System& system) {
                  clock.hear(TimeWitness::channel, system.says - days(10), system.now().monotonic);
              }),
              std::nullopt);
}

TEST(Clock, case_53_two_witnesses_are_believed_however_far_and_also_backwards) {
    System system{noon, 5s, true};
    Clock clock(noon, system.now());
    system.says += days(400);
    EXPECT_NE(clock.read(system.now()).fault, "");
    clock.hear(TimeWitness::office, system.says, system.now().monotonic);
    clock.advance(system.now());
    EXPECT_EQ(clock.mark_sure(system.now()), noon + days(400));
    system.says -= days(400);  // both were wrong
    EXPECT_NE(clock.read(system.now()).fault, "") << "one alone does not turn time back";
    clock.hear(TimeWitness::office, system.says, system.now().monotonic);
    EXPECT_EQ(clock.read(system.now()).now, noon);
    EXPECT_EQ(clock.mark_sure(system.now()), noon);
}

TEST(Clock, a_clock_that_no_time_daemon_keeps_is_not_sure) {
    System system{noon};
    Clock clock(noon - 2h, system.now());
    system.pass(60s);
    EXPECT_EQ(clock.mark_sure(system.now()), noon - 2h + 60s) << "only what passed by the monotonic clock";
    Clock fresh(Instant{}, system.now());
    EXPECT_EQ(fresh.mark_sure(system.now()), Instant{}) << "nothing is";
}

TEST(Clock, small_steps_and_a_time_without_power_leave_no_gap) {
    System system{noon + 3h};
    Clock clock(noon, system.now());
    EXPECT_FALSE(clock.take_jump()) << "the board was off";
    system.pass(60s);
    system.says += Clock::longest_step;
    clock.advance(system.now());
    EXPECT_FALSE(clock.take_jump());
    system.says -= 1h;
    clock.advance(system.now());
    EXPECT_FALSE(clock.take_jump()) << "set back: nothing is unknown";
    system.says += 1h;
    clock.advance(system.now());
    EXPECT_EQ(clock.take_jump()->until, system.says);
    System first{Instant{} + 20s};
    Clock unset(Instant{}, first.now());
    first.says = noon;
    unset.advance(first.now());
    EXPECT_EQ(unset.read(first.now()).now, noon) << "a clock that was never set takes every better time";
    EXPECT_FALSE(unset.take_jump());
}

TEST(Clock, case_54_a_clock_set_back_past_the_floor_is_flagged) {
    System system{noon + 2h, 5s, true};
    Clock clock(noon, system.now());
    EXPECT_EQ(clock.mark_sure(system.now()), noon + 2h);
    system.pass(30s);
    system.says -= 24h;
    const auto back = clock.read(system.now());
    EXPECT_EQ(back.state, content::ClockState::floor);
    EXPECT_EQ(back.now, noon + 2h + 30s) << "and never runs backwards";
    EXPECT_THAT(back.fault, HasSubstr("has certainly passed"));
    EXPECT_EQ(clock.mark_sure(system.now()), noon + 2h + 30s);
    system.says += 24h;
    EXPECT_EQ(clock.read(system.now()).state, content::ClockState::synchronised);
}

TEST(Clock, reading_changes_nothing_and_advancing_moves_the_base) {
    System system{noon + 1h};
    Clock clock(noon, system.now());
    system.pass(10s);
    system.says += 30min;  // set right by hand
    EXPECT_EQ(clock.read(system.now()).now, noon + 1h + 30min + 10s) << "a trusted clock is read as it is";
    auto lost = system;
    lost.says = {};
    EXPECT_EQ(clock.read(lost.now()).now, noon + 1h + 10s) << "without an advance the old base counts";
    clock.advance(system.now());
    lost.pass(5s);
    EXPECT_EQ(clock.read(lost.now()).now, noon + 1h + 30min + 15s);
    clock.advance(lost.now());
    EXPECT_EQ(clock.read(lost.now()).now, noon + 1h + 30min + 15s)
        << "a clock that is not trusted is no base";
    EXPECT_EQ(clock.read(lost.now()).ahead, (noon + 1h + 30min + 15s) - lost.says);
}

TEST(Clock, ThisSystemsTimeIsRead) {
    const auto before = std::chrono::system_clock::now();
    const auto reading = read_clock(Instant{});
    EXPECT_GE(reading.now, std::chrono::floor<microseconds>(before));
    EXPECT_NE(reading.state, content::ClockState::floor);
    EXPECT_GT(reading.monotonic, MonotonicTime{});
    EXPECT_EQ(read_clock(reading.now + 24h).state, content::ClockState::floor);
}

}  // namespace
}  // namespace riverlight::firmware
