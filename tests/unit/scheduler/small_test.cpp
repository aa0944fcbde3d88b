#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/unit/scheduler/fixture.hpp"
#include "tests/unit/scheduler/promises.hpp"

/// Small days against an exhaustive search: two hours of minutes, a handful of plays. The search and the
/// greedy below share nothing with the planner.
namespace riverlight {
namespace {

using namespace std::chrono;
using scheduler::BookingKind;
using test::segment;

constexpr int slots = 40;  ///< of a minute, from 10:00

/// A play that must start in one of its slots.
struct Play {
    std::string booking;
    int segment = 0, length = 0;  ///< minutes
    int first = 0, last = 0;      ///< start slots
    int separation = 0;           ///< minutes
    int priority = 0;
    int after = -1;  ///< an earlier play of the same rotation, which starts before it
};

struct Put {
    int play = 0, start = 0;
};

bool goes(const std::vector<Play>& plays, const std::vector<Put>& put, int play, int start) {
    const auto& p = plays[static_cast<std::size_t>(play)];
    if (start + p.length > slots) return false;
    return std::all_of(put.begin(), put.end(), [&](const Put& other) {
        const auto& o = plays[static_cast<std::size_t>(other.play)];
        if (start < other.start + o.length && other.start < start + p.length) return false;
        return o.segment != p.segment ||
               std::abs(start - other.start) >= std::max(p.separation, o.separation);
    });
}

/// Whether all plays from `index` on can be put down on whole minutes.
bool search(const std::vector<Play>& plays, std::vector<Put>& put, std::size_t index, int& nodes) {
    if (index == plays.size()) return true;
    const auto& p = plays[index];
    auto first = p.first;
    if (p.after >= 0) first = std::max(first, put[static_cast<std::size_t>(p.after)].start + 1);
    for (int start = first; start <= p.last; ++start) {
        if (--nodes <= 0) return false;
        if (!goes(plays, put, static_cast<int>(index), start)) continue;
        put.push_back({static_cast<int>(index), start});
        if (search(plays, put, index + 1, nodes)) return true;
        put.pop_back();
    }
    return false;
}

/// What the best of simple greedies by priority misses: first fit in order of priority, with ties broken by
/// window, by deadline, or by length.
int misses_of_greedy(const std::vector<Play>& plays) {
    int best = static_cast<int>(plays.size());
    for (const int rule : {0, 1, 2}) {
        std::vector<int> order(plays.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
        std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
            const auto& x = plays[static_cast<std::size_t>(a)];
            const auto& y = plays[static_cast<std::size_t>(b)];
            if (x.priority != y.priority) return x.priority > y.priority;
            if (rule == 0) return x.first < y.first;
            return rule == 1 ? x.last < y.last : x.length < y.length;
        });
        std::vector<Put> put;
        for (const int play : order) {
            const auto& p = plays[static_cast<std::size_t>(play)];
            for (int start = p.first; start <= p.last; ++start) {
                if (!goes(plays, put, play, start)) continue;
                put.push_back({play, start});
                break;
            }
        }
        best = std::min(best, static_cast<int>(plays.size() - put.size()));
    }
    return best;
}

struct SmallDay {
    content::Catalogue catalogue;
    scheduler::Schedule schedule;
    std::vector<Play> plays;
};

SmallDay random_small_day() {
    SmallDay out;
    std::vector<content::Manifest> segments;
    std::vector<int> lengths;
    for (int i = 0; i < 4; ++i) {
        lengths.push_back(*rc::gen::inRange(1, 9));
        segments.push_back(segment("s" + std::to_string(i), 60 * lengths.back()));
    }
    out.catalogue = test::catalogue(std::move(segments));
    out.schedule.name = "s";
    out.schedule.dayparts["part"] = {"part", 0x7f, minutes{600}, minutes{600 + slots}, {}};
    const auto bookings = *rc::gen::inRange(2, 6);
    for (int i = 0; i < bookings && out.plays.size() < 7; ++i) {
        scheduler::Campaign campaign;
        campaign.id = "c" + std::to_string(i);
        campaign.priority = 10 * *rc::gen::inRange(0, 4);
        scheduler::Booking b;
        b.id = "b" + std::to_string(i);
        const int seg = *rc::gen::inRange(0, 4);
        b.segments = {"s" + std::to_string(seg)};
        b.dayparts = {"part"};
        const int separation = *rc::gen::element(0, 0, 10);
        b.separation = minutes{separation};
        const auto length = lengths[static_cast<std::size_t>(seg)];
        if (*rc::gen::arbitrary<bool>()) {
            b.kind = BookingKind::fixed;
            const int at = *rc::gen::inRange(0, slots - length);
            const int limit = *rc::gen::inRange(0, 15);
            b.at = minutes{600 + at};
            b.hard = false;
            b.late_limit = minutes{limit};
            out.plays.push_back({b.id, seg, length, at, std::min(at + limit, slots - length), separation,
                                 campaign.priority, -1});
        } else {
            b.kind = BookingKind::rotation;
            b.plays_per_day = *rc::gen::inRange(1, 4);
            for (int n = 0; n < b.plays_per_day; ++n) {
                const int after = n == 0 ? -1 : static_cast<int>(out.plays.size()) - 1;
                out.plays.push_back(
                    {b.id, seg, length, 0, slots - length, separation, campaign.priority, after});
            }
        }
        campaign.bookings.push_back(std::move(b));
        out.schedule.campaigns.push_back(std::move(campaign));
    }
    return out;
}

int missed(const scheduler::Plan& plan) {
    return static_cast<int>(std::count_if(plan.shortfalls.begin(), plan.shortfalls.end(),
                                          [](const auto& s) { return s.booking != "slate"; }));
}

TEST(SmallDay, WhereASearchKeepsEveryPromiseThePlanDoesAndElseNoGreedyMissesLess) {
    int possible = 0, overbooked = 0;
    EXPECT_TRUE(rc::check("exhaustive", [&] {
        const auto day = random_small_day();
        RC_LOG() << scheduler::write_schedule_json(day.schedule);
        const auto plan =
            scheduler::plan_day(day.schedule, day.catalogue, day.catalogue.countries.at("KH").places[0],
                                test::date("2026-11-23"), 0);
        const auto broken = test::broken_promises(day.schedule, day.catalogue, plan);
        for (const auto& one : broken) RC_LOG() << one << '\n';
        RC_ASSERT(broken.empty());
        int planned = 0;
        for (const auto& a : plan.airings) planned += a.kind != BookingKind::filler;
        RC_ASSERT(planned + missed(plan) == static_cast<int>(day.plays.size()));
        for (const auto& m : day.catalogue.segments)
            RC_LOG() << m.first << ' ' << m.second.duration.count() / 60000 << '\n';
        for (const auto& a : plan.airings)
            RC_LOG() << a.booking << ' ' << scheduler::local_text(a.start, plan.zone) << '\n';
        std::vector<Put> put;
        int nodes = 2'000'000;
        if (search(day.plays, put, 0, nodes)) {
            ++possible;
            for (const auto& p : put)
                RC_LOG() << "found " << day.plays[static_cast<std::size_t>(p.play)].booking << " at minute "
                         << p.start << '\n';
            RC_ASSERT(missed(plan) == 0);
        } else {
            ++overbooked;
            RC_LOG() << "greedy misses " << misses_of_greedy(day.plays) << '\n';
            RC_ASSERT(missed(plan) <= misses_of_greedy(day.plays));
        }
    }));
    RecordProperty("possible", possible);
    RecordProperty("overbooked", overbooked);
    if (possible + overbooked > 500) {
        EXPECT_GT(possible, 100) << "the cases say nothing";
        EXPECT_GT(overbooked, 50) << "the cases say nothing";
    }
}

}  // namespace
}  // namespace riverlight
