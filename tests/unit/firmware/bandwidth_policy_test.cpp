#include "firmware/follow/bandwidth_policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TEST(BandwidthPolicy, WithoutRulesDownloadsAreAllowed) {
    const auto decision = decide_bandwidth({}, at("2026-11-24T06:00:00Z"), zone, 0);
    EXPECT_EQ(decision.limit, content::BandwidthLimit{});
    EXPECT_EQ(describe_deferred(decision, {}, {}, zone), "");
}

TEST(BandwidthPolicy, AWindowIsOfThePlacesOwnClockAndCrossesMidnight) {
    const auto open = [](const char* instant) {
        return decide_bandwidth(night(), at(instant), zone, 0).limit.open;
    };
    EXPECT_FALSE(open("2026-11-24T15:29:59Z"));  // 22:29:59 at the place
    EXPECT_TRUE(open("2026-11-24T15:30:00Z"));
    EXPECT_TRUE(open("2026-11-24T17:00:00Z"));  // midnight
    EXPECT_TRUE(open("2026-11-24T21:59:59Z"));  // 04:59:59
    EXPECT_FALSE(open("2026-11-24T22:00:00Z"));
    const auto closed = decide_bandwidth(night(), at("2026-11-24T06:00:00Z"), zone, 0);
    EXPECT_EQ(closed.opens, from_rfc3339("2026-11-24T15:30:00Z"));
    EXPECT_EQ(describe_deferred(closed, {12, 340ULL << 20}, *from_rfc3339("2026-11-24T06:00:00Z"), zone),
              "Waits for 22:30 to fetch 12 files (340 MiB).");
}

TEST(BandwidthPolicy, DaylightSavingMovesTheInstantNotTheTime) {
    SyncConfig rules;
    rules.windows = {{1h, 5h}};
    const auto decision = decide_bandwidth(rules, at("2026-03-29T10:00:00Z"), "Europe/Berlin", 0);
    EXPECT_EQ(decision.opens, from_rfc3339("2026-03-29T23:00:00Z")) << "01:00 in summer time";
}

TEST(BandwidthPolicy, TheFirstRateThatHoldsCounts) {
    SyncConfig rules;
    rules.rates = {{DayWindow{6h, 22h}, 64'000}, {{}, 500'000}};
    EXPECT_EQ(decide_bandwidth(rules, at("2026-11-24T06:00:00Z"), zone, 0).limit.bytes_per_second, 64'000U);
    EXPECT_EQ(decide_bandwidth(rules, at("2026-11-24T18:00:00Z"), zone, 0).limit.bytes_per_second, 500'000U);
    rules.rates.pop_back();
    EXPECT_EQ(decide_bandwidth(rules, at("2026-11-24T18:00:00Z"), zone, 0).limit.bytes_per_second, 0U);
}

TEST(BandwidthPolicy, ABudgetThatIsUsedUpWaitsForTheMonthAndKeepsATenth) {
    SyncConfig rules;
    rules.budget = 1000;
    EXPECT_TRUE(decide_bandwidth(rules, at("2026-11-24T06:00:00Z"), zone, 899).limit.open);
    const auto spent = decide_bandwidth(rules, at("2026-11-24T06:00:00Z"), zone, 900);
    EXPECT_FALSE(spent.limit.open);
    EXPECT_EQ(spent.closed, ClosedReason::budget_spent);
    EXPECT_EQ(spent.opens, from_rfc3339("2026-11-30T17:00:00Z"));
    EXPECT_EQ(describe_deferred(spent, {1, 5}, *from_rfc3339("2026-11-24T06:00:00Z"), zone),
              "This month's budget is used up: waits for 2026-12-01 to fetch 1 file (1 KiB).");
}

TEST(BandwidthPolicy, WithoutAClockAWindowWaitsADayAndThenUsesTheLowestRate) {
    auto rules = night();
    rules.rates = {{DayWindow{6h, 22h}, 64'000}, {{}, 500'000}};
    const auto first =
        decide_bandwidth(rules, at("2026-11-24T06:00:00Z", content::ClockState::floor), zone, 0);
    EXPECT_TRUE(first.closed == ClosedReason::clock_not_set);
    EXPECT_FALSE(first.limit.open);
    EXPECT_EQ(describe_deferred(first, {2, 5}, {}, zone),
              "Waits for the clock to be set, at most a day, to fetch 2 files (1 KiB).");
    const auto later =
        decide_bandwidth(rules, at("2026-11-24T06:00:00Z", content::ClockState::floor, 25h), zone, 0);
    EXPECT_EQ(later.limit, (content::BandwidthLimit{true, 64'000}));
    EXPECT_TRUE(
        decide_bandwidth(night(), at("2026-11-24T16:00:00Z", content::ClockState::unsynchronised), zone, 0)
            .limit.open)
        << "a clock that runs is used";
}

class BudgetTest : public testing::Test {
  protected:
    test::Folder folder_;
    std::string file_ = folder_ / "traffic.json";
};

TEST_F(BudgetTest, IsKeptOverRestarts) {
    {
        MonthlyBudget budget(file_);
        budget.count_received(5U << 20, at("2026-11-24T06:00:00Z"), zone);
    }
    MonthlyBudget budget(file_);
    EXPECT_EQ(budget.used(at("2026-11-24T06:00:00Z"), zone), 5U << 20);
}

TEST_F(BudgetTest, IsKeptOverAPowerCut) {
    MonthlyBudget budget(file_);
    budget.count_received(5U << 20, at("2026-11-24T06:00:00Z"), zone);
    budget.count_received(1000, at("2026-11-24T06:00:00Z"), zone);
    MonthlyBudget after_the_cut(file_);
    EXPECT_EQ(after_the_cut.used(at("2026-11-24T06:00:00Z"), zone), 5U << 20) << "but for the last 4 MiB";
}

TEST_F(BudgetTest, AMonthEndsByThePlacesClock) {
    MonthlyBudget budget(file_);
    budget.count_received(100, at("2026-11-30T16:59:59Z"), zone);
    EXPECT_EQ(budget.used(at("2026-11-30T16:59:59Z"), zone), 100U);
    EXPECT_EQ(budget.used(at("2026-11-30T17:00:00Z"), zone), 0U);
}

/// A board at UTC+7 that starts in the first seven hours of a month knows its zone once it has read the
/// channel.
TEST_F(BudgetTest, AStartBeforeTheZoneIsKnownChangesNoMonth) {
    const auto first_hour = at("2026-11-30T17:10:00Z");
    {
        MonthlyBudget budget(file_);
        budget.count_received(100, first_hour, "");
        budget.count_received(20, first_hour, zone);
        EXPECT_EQ(budget.used(first_hour, zone), 120U) << "what told the zone is counted too";
    }
    for (unsigned start = 0; start < 2; ++start) {
        MonthlyBudget budget(file_);
        budget.count_received(1, first_hour, "");
        EXPECT_EQ(budget.used(first_hour, zone), 121U + start);
    }
    MonthlyBudget budget(file_);
    EXPECT_EQ(budget.used(at("2026-12-31T16:59:59Z"), ""), 122U);
    EXPECT_EQ(budget.used(at("2026-12-31T17:00:00Z"), ""), 0U) << "the zone is known since the first visit";
}

TEST_F(BudgetTest, AMonthEndsWhereNoZoneIsEverKnown) {
    MonthlyBudget budget(file_);
    budget.count_received(100, at("2026-11-30T23:59:59Z"), "");
    EXPECT_EQ(budget.used(at("2026-11-30T23:59:59Z"), ""), 100U);
    EXPECT_EQ(budget.used(at("2026-12-01T00:00:00Z"), ""), 0U);
    budget.count_received(5, at("2026-12-01T00:00:00Z"), "");
    EXPECT_EQ(budget.used(at("2027-01-01T00:00:00Z"), ""), 0U);
}

/// A board that was off over the end of a month, with a file of before zones were kept.
TEST_F(BudgetTest, AFileWithoutAZoneIsRead) {
    static_cast<void>(folder_.write("traffic.json", R"({"format":1,"month":"2026-11","received":5})"));
    MonthlyBudget budget(file_);
    EXPECT_EQ(budget.used(at("2026-11-24T06:00:00Z"), ""), 5U);
    EXPECT_EQ(budget.used(at("2026-11-30T17:00:00Z"), zone), 0U);
}

TEST_F(BudgetTest, AClockChangesTheMonthAsFarAsItIsTrusted) {
    MonthlyBudget budget(file_);
    budget.count_received(100, at("2026-11-24T06:00:00Z"), zone);
    EXPECT_EQ(budget.used(at("2027-01-01T00:00:00Z", content::ClockState::floor), zone), 100U)
        << "a floor moves nothing";
    EXPECT_EQ(budget.used(at("2026-10-01T00:00:00Z", content::ClockState::unsynchronised), zone), 100U);
    // case 53: a clock ten years ahead, which nobody had checked, begins a month of its own …
    EXPECT_EQ(budget.used(at("2036-11-24T06:00:00Z", content::ClockState::unsynchronised), zone), 0U);
    budget.count_received(7, at("2036-11-24T06:00:00Z", content::ClockState::unsynchronised), zone);
    // … and once it is right again, what was counted stays counted.
    EXPECT_EQ(budget.used(at("2026-11-24T06:00:00Z"), zone), 7U);
    EXPECT_EQ(budget.used(at("2026-12-24T06:00:00Z"), zone), 0U);
}

TEST_F(BudgetTest, ADamagedFileCountsAsEmpty) {
    for (const auto* text : {"", "{", "{\"format\":1,\"month\":\"2026-13\",\"received\":5}",
                             "{\"format\":1,\"month\":\"2026-11\",\"received\":-5}",
                             R"({"format":1,"month":"2026-11","received":5,"zone":"Asia/Nowhere"})"}) {
        static_cast<void>(folder_.write("traffic.json", text));
        MonthlyBudget budget(file_);
        EXPECT_EQ(budget.used(at("2026-11-24T06:00:00Z"), zone), 0U) << text;
    }
}

}  // namespace
}  // namespace riverlight::firmware
