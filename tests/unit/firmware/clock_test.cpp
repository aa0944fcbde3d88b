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
    [[nodiscard]] SystemTime now() const { return {says, up.count(), synchronised, synchronised ? 12 : -1}; }
};

TEST(Clock, case_52_a_boot_in_1970_goes_on_from_the_floor_and_says_so) {
    Clock clock(noon);
    System system{Instant{} + 20s};
    const auto first = clock.read(system.now());
    EXPECT_EQ(first.now, noon);
    EXPECT_EQ(first.state, ClockState::floor) << "as every airing is noted until the clock is set";
    EXPECT_EQ(first.error_ms, -1);
    EXPECT_THAT(first.fault, HasSubstr("says 1970-01-01, but 2026-11-23T05:00Z has passed"));
    system.pass(90s);
    EXPECT_EQ(clock.read(system.now()).now, noon + 90s) << "time does not stand still meanwhile";
    system.says = noon + 40min;
    system.synchronised = true;
    const auto set = clock.read(system.now());
    EXPECT_EQ(set.now, noon + 40min);
    EXPECT_EQ(set.state, ClockState::synchronised);
    EXPECT_EQ(set.error_ms, 12);
    EXPECT_EQ(set.fault, "");
}

TEST(Clock, case_53_a_time_server_ten_years_ahead_is_not_followed_and_recovers) {
    Clock clock(noon);
    System system{noon + 1min, 5s, true};
    EXPECT_EQ(clock.read(system.now()).now, noon + 1min);
    system.pass(10s);
    system.says += days(3652);
    const auto ahead = clock.read(system.now());
    EXPECT_EQ(ahead.now, noon + 70s);
    EXPECT_EQ(ahead.state, ClockState::floor);
    EXPECT_THAT(ahead.fault, HasSubstr("says 2036-11-22, more than 35 days after all that is known"));
    EXPECT_EQ(clock.mark(system.now()), noon + 70s) << "the floor over a restart is not poisoned";
    Clock restarted(noon + 70s);
    EXPECT_EQ(restarted.read(system.now()).now, noon + 70s) << "nor is a boot into it";
    system.pass(50s);
    system.says -= days(3652);
    const auto right = clock.read(system.now());
    EXPECT_EQ(right.now, noon + 120s);
    EXPECT_EQ(right.state, ClockState::synchronised);
    EXPECT_EQ(restarted.read(system.now()).state, ClockState::synchronised);
}

TEST(Clock, case_53_the_limit_lies_beyond_what_is_known_and_signed) {
    Clock clock(noon);
    System system{noon + Clock::furthest_ahead};
    EXPECT_EQ(clock.read(system.now()).fault, "");
    Clock unplugged(noon);
    system.says = noon + days(400);
    EXPECT_NE(unplugged.read(system.now()).fault, "");
    unplugged.signed_until(noon + days(380));
    EXPECT_EQ(unplugged.read(system.now()).now, noon + days(400))
        << "the channel's signatures say that so much time has passed";
    Clock fresh(Instant{});
    EXPECT_EQ(fresh.read(system.now()).now, system.says) << "a new board knows nothing better";
}

TEST(Clock, case_41_an_image_says_what_is_past_and_nothing_of_what_is_far_ahead) {
    Clock clock(Instant{});
    clock.not_before(noon);
    System system{Instant{} + 20s};
    EXPECT_EQ(clock.read(system.now()).now, noon);
    EXPECT_EQ(clock.read(system.now()).state, ClockState::floor);
    system.says = noon + days(900);
    EXPECT_EQ(clock.read(system.now()).now, noon + days(900)) << "an image may be years old";
}

TEST(Clock, case_54_a_clock_set_back_past_the_floor_is_flagged) {
    Clock clock(noon);
    System system{noon + 2h, 5s, true};
    EXPECT_EQ(clock.mark(system.now()), noon + 2h);
    system.pass(30s);
    system.says -= 24h;
    const auto back = clock.read(system.now());
    EXPECT_EQ(back.state, ClockState::floor);
    EXPECT_EQ(back.now, noon + 2h + 30s) << "and never runs backwards";
    EXPECT_THAT(back.fault, HasSubstr("has passed for certain"));
    EXPECT_EQ(clock.mark(system.now()), noon + 2h + 30s);
    system.says += 24h;
    EXPECT_EQ(clock.read(system.now()).state, ClockState::synchronised);
}

TEST(Clock, ThisSystemsTimeIsRead) {
    const auto before = std::chrono::system_clock::now();
    const auto reading = read_clock(Instant{});
    EXPECT_GE(reading.now, std::chrono::floor<microseconds>(before));
    EXPECT_NE(reading.state, ClockState::floor);
    EXPECT_GT(reading.monotonic_us, 0);
    EXPECT_EQ(read_clock(reading.now + 24h).state, ClockState::floor);
}

}  // namespace
}  // namespace riverlight::firmware
