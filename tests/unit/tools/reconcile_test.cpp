#include "tools/traffic/reconcile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "content/base/error.hpp"
#include "content/base/json.hpp"
#include "tests/unit/tools/traffic_day.hpp"
#include "tools/traffic/csv.hpp"

namespace riverlight::traffic {
namespace {

using testing::Contains;
using testing::HasSubstr;

boost::json::value json_of(const Reconciliation& result) {
    return parse_json(reconciliation_json(result), "reconciliation");
}
/// The cells of the first entry's row.
std::vector<std::string> first_row(const Reconciliation& result) {
    return read_csv_rows(reconciliation_csv(result), "reconciliation").at(1).cells;
}

TEST(ReconcileProperty, APlanAiredAsBookedIsClean) {
    EXPECT_TRUE(rc::check("every airing played as planned", [] {
        std::vector<PlannedAiring> airings;
        auto at = morning;
        const auto count = *rc::gen::inRange(1, 30);
        for (int i = 0; i < count; ++i) {
            at += seconds{*rc::gen::inRange(0, 600)};
            airings.push_back(planned(i, at, seconds{*rc::gen::inRange(1, 90)},
                                      *rc::gen::element<std::string>("fair-work", "free-movement"),
                                      *rc::gen::element(BookingKind::rotation, BookingKind::filler)));
            at = airings.back().end;
        }
        const auto plan = plan_of(airings);
        AsRun list{day, {}};
        for (const auto& airing : airings) list.spots.push_back(played(airing));
        for (const auto write : writers) {
            const auto result = reconcile({plan}, read_as_run(write(list), "list", {}), {0us, 0us});
            RC_ASSERT(result.is_clean());
            RC_ASSERT(result.count(Verdict::aired) == count);
        }
    }));
}

/// Three spots, one every 20 minutes, each with a filler after it.
Plan small_plan() {
    std::vector<PlannedAiring> airings;
    for (int i = 0; i < 3; ++i) {
        airings.push_back(planned(10 + i, morning + i * 20min, 30s));
        airings.push_back(planned(20 + i, morning + i * 20min + 30s, 60s, "filler", BookingKind::filler));
    }
    return plan_of(airings);
}

AsRun all_played(const Plan& plan) {
    AsRun list{day, {}};
    for (const auto& airing : plan.airings) list.spots.push_back(played(airing));
    return list;
}

TEST(Reconcile, ReportsEachKindOfDifference) {
    const auto plan = small_plan();
    auto list = all_played(plan);
    list.spots[0].status = content::AiringStatus::failed;
    list.spots[0].reason = "file is broken";
    list.spots[0].started.reset();
    list.spots[2].segment = "free-movement";
    list.spots[4].locale_aired = "en";
    auto extra = played(planned(99, morning + 10min, 30s, "surprise"));
    list.spots.push_back(extra);
    const auto result = reconcile({plan}, list, {});
    EXPECT_FALSE(result.is_clean());
    EXPECT_EQ(result.count(Verdict::aired), 3);
    EXPECT_EQ(result.count(Verdict::booked_not_aired), 1);
    EXPECT_EQ(result.count(Verdict::substituted), 2);
    EXPECT_EQ(result.count(Verdict::aired_not_booked), 1);
    EXPECT_EQ(result.entries[0].remark, "file is broken");
    EXPECT_EQ(result.entries[2].verdict, Verdict::aired_not_booked);
    EXPECT_EQ(result.entries[2].spot->segment, "surprise");
    EXPECT_EQ(result.entries[3].verdict, Verdict::substituted);
    EXPECT_EQ(result.entries[3].spot->segment, "free-movement");
    EXPECT_EQ(result.entries[3].remark, "'free-movement' aired in its place");
    EXPECT_EQ(result.entries[5].verdict, Verdict::substituted);
    EXPECT_EQ(result.entries[5].remark, "aired in en, booked in km");
    EXPECT_THAT(reconciliation_text(result, false),
                HasSubstr("booked-not-aired  fair-work  mekong  file is broken"));
    EXPECT_THAT(first_row(result), Contains("file is broken"));
    EXPECT_EQ(json_of(result).at("sums").at("booked-not-aired"), 1);
}

TEST(Reconcile, AnUnbookedSpotAtTheTimeOfAMissedOneIsItsSubstitute) {
    const auto plan = small_plan();
    auto list = all_played(plan);
    list.spots.erase(list.spots.begin());
    list.spots.push_back(played(planned(99, morning + 1s, 29s, "surprise")));
    const auto result = reconcile({plan}, list, {});
    EXPECT_EQ(result.entries[0].verdict, Verdict::substituted);
    EXPECT_EQ(result.entries[0].spot->segment, "surprise");
    EXPECT_EQ(result.entries[0].remark, "'surprise' aired in its place; not in the as-run list");
    EXPECT_EQ(result.count(Verdict::aired_not_booked), 0);
}

TEST(Reconcile, ARescheduledSpotMakesItselfGood) {
    const auto plan = small_plan();
    auto list = all_played(plan);
    auto& late = list.spots[2];
    for (auto* at : {&late.planned_start, &late.planned_end, &late.started, &late.ended}) **at += 2h;
    const auto& booked = plan.airings[2];
    const auto made = make_as_run(day, list_booked_spots(plan), list.spots);
    const auto found = std::find_if(made.spots.begin(), made.spots.end(),
                                    [&](const Spot& s) { return s.airing == booked.id; });
    EXPECT_EQ(found->makes_good, booked.id);
    EXPECT_EQ(std::count_if(made.spots.begin(), made.spots.end(),
                            [](const Spot& s) { return !s.makes_good.empty(); }),
              1);
    for (const auto& reported : {list, made}) {  // by its planned start, and by `makes_good`
        const auto result = reconcile({plan}, reported, {});
        EXPECT_EQ(result.count(Verdict::made_good), 1);
        EXPECT_EQ(result.count_out_of_tolerance(), 0);
        EXPECT_FALSE(result.is_clean()) << "it did not air at the booked time";
        EXPECT_THAT(reconciliation_text(result, false),
                    HasSubstr("made-good  fair-work  mekong  made good "));
        EXPECT_EQ(json_of(result).at("sums").at("made-good"), 1);
    }
}

TEST(Reconcile, ALaterUnbookedSpotMakesTheFirstMissedOneGood) {
    const auto plan = small_plan();
    auto list = all_played(plan);
    list.spots[0].status = content::AiringStatus::failed;
    list.spots[0].reason = "file is broken";
    list.spots[0].started.reset();
    auto extra = played(planned(99, morning + 20h, 30s, "fair-work"));
    extra.booking = "by-hand";
    list.spots.push_back(extra);
    const auto made = make_as_run(day, list_booked_spots(plan), list.spots);
    EXPECT_EQ(made.spots.back().makes_good, plan.airings[0].id);
    EXPECT_EQ(made.spots.front().makes_good, "");
    for (const auto& reported : {list, made}) {
        const auto result = reconcile({plan}, reported, {});
        EXPECT_EQ(result.entries[0].verdict, Verdict::made_good);
        EXPECT_EQ(result.entries[0].spot->airing, hex_id(99));
        EXPECT_THAT(result.entries[0].remark, testing::EndsWith("; missed: file is broken"));
        EXPECT_EQ(result.count(Verdict::aired_not_booked), 0);
        EXPECT_FALSE(result.entries[0].make_good) << "no proposal for a spot that was made good";
        EXPECT_EQ(json_of(result).at("entries").at(0).at("made_good").at("airing").as_string(), hex_id(99));
        EXPECT_THAT(first_row(result), Contains("made-good"));
    }
}

TEST(Reconcile, FillersEarlierSpotsAndOtherSegmentsMakeNothingGood) {
    const auto plan = small_plan();
    const auto count_made_good = [&](const PlannedAiring& aired, const char* booking) {
        auto list = all_played(plan);
        list.spots[4].status = content::AiringStatus::failed;
        list.spots[4].started.reset();
        auto extra = played(aired);
        extra.booking = booking;
        list.spots.push_back(extra);
        const auto made = make_as_run(day, list_booked_spots(plan), list.spots);
        for (const auto& s : made.spots) EXPECT_EQ(s.makes_good, "");
        return reconcile({plan}, list, {}).count(Verdict::made_good);
    };
    const auto segment = plan.airings[4].segment;
    EXPECT_EQ(count_made_good(planned(99, morning + 20h, 30s, "surprise"), "by-hand"), 0);
    EXPECT_EQ(count_made_good(planned(99, morning + 20h, 30s, segment), "always-on"), 0) << "a filler";
    EXPECT_EQ(count_made_good(planned(99, morning + 10min, 30s, segment), "by-hand"), 0);
}

TEST(Reconcile, OnlyDeviationsBeyondTheTolerancesCount) {
    const auto plan = small_plan();
    auto list = all_played(plan);
    *list.spots[0].started += 2s;
    *list.spots[0].ended += 2s;
    EXPECT_TRUE(reconcile({plan}, list, {}).is_clean()) << "exactly the tolerance is within it";
    *list.spots[0].started += 1ms;
    *list.spots[0].ended += 1ms;
    const auto late = reconcile({plan}, list, {});
    EXPECT_EQ(late.count_out_of_tolerance(), 1);
    EXPECT_EQ(late.entries[0].remark, "2.001 s late");
    EXPECT_EQ(late.entries[0].verdict, Verdict::aired);
    *list.spots[2].ended -= 1s + 1ms;
    list.spots[2].status = content::AiringStatus::truncated;
    EXPECT_EQ(reconcile({plan}, list, {}).count_out_of_tolerance(), 2);
    EXPECT_EQ(reconcile({plan}, list, {5s, 5s}).count_out_of_tolerance(), 0);
}

TEST(Reconcile, AnInterruptedSpotDidNotAir) {
    const auto plan = small_plan();
    auto list = all_played(plan);
    list.spots[0].status = content::AiringStatus::interrupted;
    list.spots[0].ended = *list.spots[0].started + 4s;
    const auto result = reconcile({plan}, list, {});
    EXPECT_EQ(result.entries[0].verdict, Verdict::booked_not_aired);
    EXPECT_EQ(result.entries[0].remark, "interrupted after 4.000 s of 30.000 s");
    list.spots.push_back(played(plan.airings[0]));  // it aired whole after a restart
    EXPECT_TRUE(reconcile({plan}, list, {}).is_clean()) << "the best record of a spot counts";
}

TEST(Reconcile, SpotsThatAreNotYetDueAreNotMissed) {
    const auto plan = small_plan();
    auto list = all_played(plan);
    list.spots.resize(2);
    EXPECT_TRUE(reconcile({plan}, list, {}, morning + 5min).is_clean());
    EXPECT_EQ(reconcile({plan}, list, {}).count(Verdict::booked_not_aired), 4) << "the whole day is due";
    auto elsewhere = list;
    elsewhere.spots[0].place = "th-1";
    EXPECT_THROW(static_cast<void>(reconcile({plan}, elsewhere, {})), Error);
}

TEST(MakeGood, ReplacesAFillerFarEnoughFromTheSegmentsOtherAirings) {
    std::vector<PlannedAiring> airings;
    for (int i = 0; i < 12; ++i) {  // a spot every 10 minutes, fillers in between
        airings.push_back(planned(100 + i, morning + i * 10min, 30s));
        for (int f = 0; f < 19; ++f)
            airings.push_back(planned(1000 + i * 19 + f, morning + i * 10min + 30s + f * 30s, 30s, "filler",
                                      BookingKind::filler));
    }
    auto plan = plan_of(airings);
    AsRun list{day, {}};
    for (const auto& airing : airings) {
        if (airing.end <= morning + 1h && airing.id != hex_id(101)) list.spots.push_back(played(airing));
    }
    // The later spots are 10 minutes apart, so no time between two of them is 10 minutes from both.
    auto none = reconcile({plan}, list, {}, morning + 1h);
    ASSERT_EQ(none.count(Verdict::booked_not_aired), 1);
    const auto missed = [](const Reconciliation& r) {
        for (const auto& entry : r.entries) {
            if (entry.verdict == Verdict::booked_not_aired) return entry;
        }
        return Entry{};
    };
    ASSERT_TRUE(missed(none).make_good) << missed(none).no_make_good;
    EXPECT_GE(missed(none).make_good->start, morning + 1h + 50min + 10min) << "after the day's last spot";
    // A closed place airs no make-good.
    auto closing = plan;
    closing.gaps.push_back({morning + 2h, plan.until, scheduler::GapCause::closed});
    EXPECT_FALSE(missed(reconcile({closing}, list, {}, morning + 1h)).make_good);
    // Without one of the later spots, its time is free.
    std::erase_if(plan.airings, [](const auto& a) { return a.id == hex_id(108); });
    const auto room = reconcile({plan}, list, {}, morning + 1h);
    ASSERT_TRUE(missed(room).make_good);
    EXPECT_EQ(missed(room).make_good->start, morning + 1h + 20min);
    // On a day that reached the booking's cap a make-good may only replace a play missed on that day.
    plan.shortfalls.push_back(
        {"mekong", "spots", "", morning, 1, scheduler::Obstacle::daily_cap, "cap", "", morning});
    EXPECT_TRUE(missed(reconcile({plan}, list, {}, morning + 1h)).make_good);
    auto next = plan;
    next.from += 24h;
    next.until += 24h;
    for (auto& a : next.airings) {
        a.start += 24h;
        a.end += 24h;
        a.id[0] = 'b';
    }
    std::erase_if(plan.airings, [&](const auto& a) { return a.start >= morning + 1h; });
    plan.until = morning + 1h;
    EXPECT_FALSE(missed(reconcile({plan, next}, list, {}, morning + 1h)).make_good)
        << "tomorrow has reached the cap";
    next.shortfalls.clear();
    EXPECT_TRUE(missed(reconcile({plan, next}, list, {}, morning + 1h)).make_good);
}

}  // namespace
}  // namespace riverlight::traffic
