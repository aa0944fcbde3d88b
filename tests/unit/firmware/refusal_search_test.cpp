// Which record an office refuses a batch for: halving, names, old offices and offices that refuse everything.
#include "firmware/report/refusal_search.hpp"

#include <gtest/gtest.h>

#include <set>

namespace riverlight::firmware {
namespace {

using Kind = BatchPlan::Kind;
using Verdict = RefusalSearch::Verdict;

/// An office that does not accept some records, and the board that reports to it.
struct Report {
    std::int64_t last = 1000;
    std::set<std::int64_t> bad{};
    bool names = false;           ///< whether its answers name the record
    bool knows_set_aside = true;  ///< whether it is of today
    bool refuses_all = false;

    RefusalSearch search{};
    std::int64_t held = 0;
    std::set<std::int64_t> set_aside{}, epochs_behind{};
    int messages = 0;

    /// Sends until the office holds all, or the search waits. True: it holds all.
    bool run() {
        while (held < last && ++messages < 10'000) {
            auto plan = search.next(held, 500);
            const auto end = std::min(last, plan.first + static_cast<std::int64_t>(plan.count) - 1);
            const auto refused = bad.lower_bound(plan.first);
            const bool is_bad = refused != bad.end() && *refused <= end;
            const bool fits = plan.kind == Kind::set_aside ? knows_set_aside : !is_bad;
            if (refuses_all || !fits) {
                const auto named = names && plan.kind != Kind::set_aside && is_bad ? *refused : 0;
                if (search.refused(plan, end, named, last > end, "no") == Verdict::all_refused) return false;
                continue;
            }
            if (plan.kind != Kind::trial) held = end;
            if (plan.kind == Kind::set_aside) set_aside.insert(plan.first);
            if (search.accepted(plan, held) == Verdict::new_epoch) {
                epochs_behind.insert(search.suspect());
                held = search.suspect();  // the new epoch begins behind it
            }
        }
        return held == last;
    }
};

TEST(RefusalSearch, WithoutRefusalsBatchesAreWhole) {
    Report report;
    EXPECT_TRUE(report.run());
    EXPECT_EQ(report.messages, 2);
    EXPECT_TRUE(report.set_aside.empty());
}

TEST(RefusalSearch, case_65_a_poison_batch_is_halved_down_to_its_record_and_the_rest_proceeds) {
    Report report{.bad = {333, 334, 1000}};
    EXPECT_TRUE(report.run());
    EXPECT_EQ(report.set_aside, report.bad);
    EXPECT_LT(report.messages, 60);
}

TEST(RefusalSearch, ANamedRecordNeedsNoHalving) {
    Report report{.bad = {333}, .names = true};
    EXPECT_TRUE(report.run());
    EXPECT_EQ(report.set_aside, report.bad);
    EXPECT_LE(report.messages, 6);
}

TEST(RefusalSearch, AnOldOfficeGetsTheRestInANewEpoch) {
    Report report{.last = 20, .bad = {7, 8}, .knows_set_aside = false};
    EXPECT_FALSE(report.run()) << "two in a row: the trial of the next is refused, too";
    report.bad = {7};
    EXPECT_TRUE(report.run());
    EXPECT_EQ(report.epochs_behind, (std::set<std::int64_t>{7}));
    EXPECT_TRUE(report.set_aside.empty());
}

TEST(RefusalSearch, AnOldOfficeAndTheLastRecordWait) {
    Report report{.last = 7, .bad = {7}, .knows_set_aside = false};
    EXPECT_FALSE(report.run());
    EXPECT_EQ(report.held, 6);
    report.last = 9;
    EXPECT_TRUE(report.run()) << "once there is another";
}

TEST(RefusalSearch, AnOfficeThatRefusesEverythingLosesNothing) {
    Report report{.refuses_all = true};
    for (int n = 0; n < 5; ++n) EXPECT_FALSE(report.run());
    EXPECT_TRUE(report.set_aside.empty());
    EXPECT_TRUE(report.epochs_behind.empty());
    report.refuses_all = false;
    EXPECT_TRUE(report.run());
}

TEST(RefusalSearch, AnOfficeThatTakesHashesOnlyDoesNotGetAllOfThem) {
    Report report;
    for (std::int64_t n = 1; n <= report.last; ++n) report.bad.insert(n);
    EXPECT_FALSE(report.run());
    EXPECT_EQ(report.set_aside.size(), std::size_t{RefusalSearch::most_in_a_row});
}

TEST(RefusalSearch, ARefusalThatPassesSetsNothingAside) {
    Report report{.bad = {333}};
    const auto plan = report.search.next(0, 500);
    EXPECT_EQ(report.search.refused(plan, 500, 0, true, "no"), Verdict::search_on);
    report.bad.clear();
    EXPECT_TRUE(report.run());
    EXPECT_TRUE(report.set_aside.empty());
    EXPECT_EQ(report.search.next(report.held, 500).count, 500U) << "and batches are whole again";
}

}  // namespace
}  // namespace riverlight::firmware
