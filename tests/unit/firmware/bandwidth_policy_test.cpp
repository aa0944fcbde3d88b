#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "firmware/follow/ration.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;

const std::string zone = "Asia/Phnom_Penh";  // UTC+7 the year round

ClockReading at(const std::string& text, content::ClockState state = content::ClockState::synchronised,
                std::chrono::hours up = 1h) {
    return {*from_rfc3339(text), state, 5ms, MonotonicTime(up), {}, {}};
}

SyncConfig night() {
    SyncConfig rules;
    rules.windows = {{22h + 30min, 5h}};
    return rules;
}

TEST(Ration, WithoutRulesTheLineIsOpen) {
    const auto ration = ration_at({}, at("2026-11-24T06:00:00Z"), zone, 0);
    EXPECT_EQ(ration.pace, content::BandwidthLimit{});
    EXPECT_EQ(waiting_words(ration, {}, {}, zone), "");
}

TEST(Ration, AWindowIsOfThePlacesOwnClockAndCrossesMidnight) {
    const auto open = [](const char* instant) { return ration_at(night(), at(instant), zone, 0).pace.open; };
    EXPECT_FALSE(open("2026-11-24T15:29:59Z"));  // 22:29:59 at the place
    EXPECT_TRUE(open("2026-11-24T15:30:00Z"));
    EXPECT_TRUE(open("2026-11-24T17:00:00Z"));  // midnight
    EXPECT_TRUE(open("2026-11-24T21:59:59Z"));  // 04:59:59
    EXPECT_FALSE(open("2026-11-24T22:00:00Z"));
    const auto closed = ration_at(night(), at("2026-11-24T06:00:00Z"), zone, 0);
    EXPECT_EQ(closed.opens, from_rfc3339("2026-11-24T15:30:00Z"));
    EXPECT_EQ(waiting_words(closed, {12, 340ULL << 20}, *from_rfc3339("2026-11-24T06:00:00Z"), zone),
              "Waits for 22:30 to fetch 12 files (340 MiB).");
}

TEST(Ration, DaylightSavingMovesTheInstantNotTheTime) {
    SyncConfig rules;
    rules.windows = {{1h, 5h}};
    const auto ration = ration_at(rules, at("2026-03-29T10:00:00Z"), "Europe/Berlin", 0);
    EXPECT_EQ(ration.opens, from_rfc3339("2026-03-29T23:00:00Z")) << "01:00 in summer time";
}

TEST(Ration, TheFirstRateThatHoldsCounts) {
    SyncConfig rules;
    rules.rates = {{DayWindow{6h, 22h}, 64'000}, {{}, 500'000}};
    EXPECT_EQ(ration_at(rules, at("2026-11-24T06:00:00Z"), zone, 0).pace.bytes_per_second, 64'000U);
    EXPECT_EQ(ration_at(rules, at("2026-11-24T18:00:00Z"), zone, 0).pace.bytes_per_second, 500'000U);
    rules.rates.pop_back();
    EXPECT_EQ(ration_at(rules, at("2026-11-24T18:00:00Z"), zone, 0).pace.bytes_per_second, 0U);
}

TEST(Ration, ABudgetThatIsUsedUpWaitsForTheMonthAndKeepsATenth) {
    SyncConfig rules;
    rules.budget = 1000;
    EXPECT_TRUE(ration_at(rules, at("2026-11-24T06:00:00Z"), zone, 899).pace.open);
    const auto spent = ration_at(rules, at("2026-11-24T06:00:00Z"), zone, 900);
    EXPECT_FALSE(spent.pace.open);
    EXPECT_EQ(spent.opens, from_rfc3339("2026-11-30T17:00:00Z"));
    EXPECT_EQ(waiting_words(spent, {1, 5}, *from_rfc3339("2026-11-24T06:00:00Z"), zone),
              "This month's budget is used up: waits for 2026-12-01 to fetch 1 file (1 KiB).");
}

TEST(Ration, WithoutAClockAWindowWaitsADayAndThenGoesGently) {
    auto rules = night();
    rules.rates = {{DayWindow{6h, 22h}, 64'000}, {{}, 500'000}};
    const auto first = ration_at(rules, at("2026-11-24T06:00:00Z", content::ClockState::floor), zone, 0);
    EXPECT_TRUE(first.clockless);
    EXPECT_FALSE(first.pace.open);
    EXPECT_EQ(waiting_words(first, {2, 5}, {}, zone),
              "Waits for the clock to be set, at most a day, to fetch 2 files (1 KiB).");
    const auto later = ration_at(rules, at("2026-11-24T06:00:00Z", content::ClockState::floor, 25h), zone, 0);
    EXPECT_EQ(later.pace, (content::BandwidthLimit{true, 64'000}));
    EXPECT_TRUE(ration_at(night(), at("2026-11-24T16:00:00Z", content::ClockState::unsynchronised), zone, 0)
                    .pace.open)
        << "a clock that runs is gone by";
}

class BudgetTest : public testing::Test {
  protected:
    test::Folder folder_;
    std::string file_ = folder_ / "traffic.json";
};

TEST_F(BudgetTest, IsKeptOverRestarts) {
    {
        Budget budget(file_);
        budget.received(5U << 20, at("2026-11-24T06:00:00Z"), zone);
    }
    Budget budget(file_);
    EXPECT_EQ(budget.used(at("2026-11-24T06:00:00Z"), zone), 5U << 20);
}

TEST_F(BudgetTest, IsThereEvenWhereThePowerIsCut) {
    Budget budget(file_);
    budget.received(5U << 20, at("2026-11-24T06:00:00Z"), zone);
    budget.received(1000, at("2026-11-24T06:00:00Z"), zone);
    Budget after_the_cut(file_);
    EXPECT_EQ(after_the_cut.used(at("2026-11-24T06:00:00Z"), zone), 5U << 20) << "but for the last 4 MiB";
}

TEST_F(BudgetTest, AMonthEndsByThePlacesClock) {
    Budget budget(file_);
    budget.received(100, at("2026-11-30T16:59:59Z"), zone);
    EXPECT_EQ(budget.used(at("2026-11-30T16:59:59Z"), zone), 100U);
    EXPECT_EQ(budget.used(at("2026-11-30T17:00:00Z"), zone), 0U);
}

TEST_F(BudgetTest, AClockMovesTheMonthAsFarAsItIsTrusted) {
    Budget budget(file_);
    budget.received(100, at("2026-11-24T06:00:00Z"), zone);
    EXPECT_EQ(budget.used(at("2027-01-01T00:00:00Z", content::ClockState::floor), zone), 100U)
        << "a floor moves nothing";
    EXPECT_EQ(budget.used(at("2026-10-01T00:00:00Z", content::ClockState::unsynchronised), zone), 100U);
    // case 53: a clock ten years ahead, which nobody had checked, begins a month of its own …
    EXPECT_EQ(budget.used(at("2036-11-24T06:00:00Z", content::ClockState::unsynchronised), zone), 0U);
    budget.received(7, at("2036-11-24T06:00:00Z", content::ClockState::unsynchronised), zone);
    // … and once it is right again, what was counted stays counted.
    EXPECT_EQ(budget.used(at("2026-11-24T06:00:00Z"), zone), 7U);
    EXPECT_EQ(budget.used(at("2026-12-24T06:00:00Z"), zone), 0U);
}

TEST_F(BudgetTest, ASpoiledFileIsNoReasonToStop) {
    for (const auto* text : {"", "{", "{\"format\":1,\"month\":\"2026-13\",\"received\":5}",
                             "{\"format\":1,\"month\":\"2026-11\",\"received\":-5}"}) {
        static_cast<void>(folder_.write("traffic.json", text));
        Budget budget(file_);
        EXPECT_EQ(budget.used(at("2026-11-24T06:00:00Z"), zone), 0U) << text;
    }
}

}  // namespace
}  // namespace riverlight::firmware
