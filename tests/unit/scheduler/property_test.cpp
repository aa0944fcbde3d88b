#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <map>

#include "scheduler/campaign/read.hpp"
#include "scheduler/campaign/write.hpp"
#include "scheduler/plan/plan_json.hpp"
#include "scheduler/plan/planner.hpp"
#include "tests/unit/scheduler/fixture.hpp"
#include "tests/unit/scheduler/plan_rules.hpp"

/// Random schedules: the same 2,000 of each property (under sanitizers, some twenty times slower, the first
/// 100), or as many new ones as RIVERLIGHT_CASES says. What fails is shrunk, and RC_PARAMS="reproduce=…" of
/// its message runs it again.
namespace riverlight {
namespace {

using namespace std::chrono;
using content::Rating;
using scheduler::BookingKind;
using test::segment;

#ifdef RIVERLIGHT_SANITIZED
constexpr auto cases_of_short_run = "100";
#else
constexpr auto cases_of_short_run = "2000";
#endif

const bool cases_are_set = [] {
    const auto* cases = std::getenv("RIVERLIGHT_CASES");
    // The short run tries the same days each time; the long run new ones.
    const auto params = cases ? "max_success=" + std::string(cases)
                              : std::string("max_success=") + cases_of_short_run + " seed=20261124";
    return ::setenv("RC_PARAMS", params.c_str(), 0) == 0;
}();

content::Catalogue random_catalogue() {
    std::vector<content::Manifest> segments;
    const auto count = *rc::gen::inRange(1, 7);
    for (int i = 0; i < count; ++i) {
        auto m = segment("s" + std::to_string(i), 1, {"km", "en"},
                         *rc::gen::element(Rating::general, Rating::general, Rating::guidance, Rating::late),
                         *rc::gen::element(std::vector<std::string>{}, std::vector<std::string>{"a"},
                                           std::vector<std::string>{"a", "b"}));
        m.duration = milliseconds{40 * *rc::gen::inRange(250, 20'000)};
        m.for_children = m.rating == Rating::general && *rc::gen::inRange(0, 4) == 0;
        segments.push_back(std::move(m));
    }
    auto c = test::catalogue(std::move(segments),
                             *rc::gen::element<std::string>("Asia/Bangkok", "Europe/Berlin", "Asia/Yangon",
                                                            "Australia/Lord_Howe"));
    auto& country = c.countries.at("KH");
    country.hours.from_children = minutes{*rc::gen::element(0, 0, 30)};
    for (auto& one : country.clearances) {
        if (*rc::gen::inRange(0, 5) == 0) one.locales = {"en"};
        if (*rc::gen::inRange(0, 6) == 0) one.embargo = *from_rfc3339("2026-03-28T09:30:15Z");
        if (*rc::gen::inRange(0, 6) == 0) one.expiry = *from_rfc3339("2026-03-29T14:00:07Z");
    }
    return c;
}

std::vector<std::string> some_segments(const content::Catalogue& c) {
    std::vector<std::string> out;
    for (const auto& [id, unused] : c.segments) {
        if (*rc::gen::arbitrary<bool>()) out.push_back(id);
    }
    if (out.empty()) out.push_back(c.segments.begin()->first);
    return out;
}

void random_rotation(scheduler::Booking& b) {
    switch (*rc::gen::inRange(0, 4)) {
        case 0:
            b.plays_per_day = *rc::gen::inRange(1, 60);
            break;
        case 1:
            b.share_percent = *rc::gen::inRange(1, 60);
            break;
        default:
            b.plays_per_hour = *rc::gen::inRange(1, 12);
    }
    b.pacing = *rc::gen::element(scheduler::Pacing::even, scheduler::Pacing::even, scheduler::Pacing::early);
}

scheduler::Booking random_booking(const content::Catalogue& c, int number, bool all_kinds) {
    scheduler::Booking b;
    b.id = "b" + std::to_string(number);
    b.kind = *rc::gen::element(BookingKind::fixed, BookingKind::fixed, BookingKind::rotation,
                               BookingKind::rotation, BookingKind::filler, BookingKind::block,
                               BookingKind::takeover);
    if (!all_kinds && b.kind == BookingKind::takeover) b.kind = BookingKind::filler;
    b.segments = some_segments(c);
    b.at = seconds{*rc::gen::inRange(0, 86'400)};
    b.hard = b.kind == BookingKind::block || b.kind == BookingKind::takeover || *rc::gen::arbitrary<bool>();
    if (b.kind == BookingKind::takeover) {
        const auto from = *from_rfc3339("2026-03-27T00:00:00Z") + seconds{*rc::gen::inRange(0, 5 * 86'400)};
        b.takeover_from = from;
        b.takeover_until = Instant{from + seconds{*rc::gen::inRange(1, 20'000)}};
        return b;
    }
    if (*rc::gen::inRange(0, 3) == 0) b.dayparts = {"part"};
    b.separation = seconds{*rc::gen::element(0, 0, 300, 3600)};
    b.topic_separation = seconds{*rc::gen::element(0, 0, 120)};
    b.late = *rc::gen::element(scheduler::LateRule::join, scheduler::LateRule::skip,
                               scheduler::LateRule::make_good);
    b.late_limit = seconds{*rc::gen::element(0, 60, 600)};
    if (b.kind != BookingKind::block) b.daily_cap = *rc::gen::element(0, 0, 5);
    if (b.kind == BookingKind::rotation) random_rotation(b);
    if (b.kind == BookingKind::block) {
        b.block_until = seconds{*rc::gen::inRange(0, 86'400)};
        b.padding = *rc::gen::element(scheduler::Padding::end, scheduler::Padding::between);
        b.trimming = *rc::gen::element(scheduler::Trimming::drop, scheduler::Trimming::cut);
        b.rejoin = *rc::gen::element(scheduler::Rejoin::resume, scheduler::Rejoin::in_progress,
                                     scheduler::Rejoin::leave);
        if (*rc::gen::arbitrary<bool>()) b.filler = some_segments(c);
    } else if (b.kind != BookingKind::fixed && *rc::gen::arbitrary<bool>()) {
        for (std::size_t i = 0; i < b.segments.size(); ++i) b.weights.push_back(*rc::gen::inRange(1, 5));
    }
    return b;
}

scheduler::Schedule random_schedule(const content::Catalogue& c, bool all_kinds = true) {
    scheduler::Schedule s;
    s.name = "s";
    s.day_start = minutes{*rc::gen::element(0, 0, 360)};
    s.dayparts["part"] = {"part",
                          static_cast<unsigned>(*rc::gen::inRange(1, 128)),
                          minutes{*rc::gen::inRange(0, 1440)},
                          minutes{*rc::gen::inRange(0, 1440)},
                          {}};
    const auto bookings = *rc::gen::inRange(1, 8);
    for (int i = 0; i < bookings; ++i) {
        scheduler::Campaign campaign;
        campaign.id = "c" + std::to_string(i);
        campaign.priority = *rc::gen::inRange(0, 101);
        if (*rc::gen::inRange(0, 6) == 0)
            campaign.embargo = local_days{year{2026} / 3 / 28} + seconds{*rc::gen::inRange(0, 86'400)};
        if (*rc::gen::inRange(0, 6) == 0) campaign.expiry = *from_rfc3339("2026-03-29T11:11:11Z");
        campaign.bookings.push_back(random_booking(c, i, all_kinds));
        s.campaigns.push_back(std::move(campaign));
    }
    return s;
}

local_days random_day() {
    return test::date("2026-03-27") + days{*rc::gen::inRange(0, 5)};
}

void expect_no_violations(const std::vector<std::string>& broken) {
    for (const auto& one : broken) RC_LOG() << one << '\n';
    RC_ASSERT(broken.empty());
}

void log_day(const content::Catalogue& c, const scheduler::Schedule& s) {
    const auto& country = c.countries.at("KH");
    RC_LOG() << country.places[0].zone << ", children " << country.hours.from_children.count() << " min\n";
    for (const auto& [id, m] : c.segments) {
        RC_LOG() << id << ' ' << m.duration.count() << " ms, " << content::to_text(m.rating)
                 << (m.for_children ? ", for children" : "");
        for (const auto& topic : m.topics) RC_LOG() << ", topic " << topic;
        RC_LOG() << '\n';
    }
    for (const auto& one : country.clearances) {
        RC_LOG() << one.segment << " cleared in " << one.locales.front()
                 << (one.embargo ? " from " + to_rfc3339(*one.embargo) : "")
                 << (one.expiry ? " until " + to_rfc3339(*one.expiry) : "") << '\n';
    }
    RC_LOG() << scheduler::write_schedule_json(s);
}

void log_airings(const std::vector<scheduler::PlannedAiring>& airings) {
    for (const auto& a : airings)
        RC_LOG() << to_rfc3339(a.start) << ' ' << to_rfc3339(a.end) << ' ' << a.booking << ' ' << a.segment
                 << '\n';
}

TEST(PlanProperty, RandomSchedulesViolateNoRule) {
    EXPECT_TRUE(rc::check("no overlap, no violation, no unexplained gap", [] {
        const auto c = random_catalogue();
        const auto s = random_schedule(c);
        log_day(c, s);
        const auto plan = scheduler::plan_day(s, c, c.countries.at("KH").places[0], random_day(), 0);
        const auto broken = test::find_violations(s, c, plan);
        if (!broken.empty()) log_airings(plan.airings);
        expect_no_violations(broken);
    }));
}

/// No boundary is near a clock change of the zones of random_day: PlanChecker uses wall-clock times.
std::vector<content::OpenHours> random_hours() {
    std::vector<content::OpenHours> open;
    const auto count = *rc::gen::inRange(1, 4);
    for (int i = 0; i < count; ++i)
        open.push_back({static_cast<unsigned>(*rc::gen::inRange(1, 128)),
                        {minutes{*rc::gen::inRange(5 * 60, 24 * 60)},
                         minutes{*rc::gen::element(0, 60, 14 * 60, 20 * 60 + 17, 23 * 60)}}});
    std::erase_if(open, [](const auto& h) { return h.window.from == h.window.until; });
    return open;
}

TEST(PlanProperty, NoRuleIsViolatedAtAPlaceWithOpenHours) {
    EXPECT_TRUE(rc::check("nothing while it is closed, no unexplained gap", [] {
        auto c = random_catalogue();
        const auto s = random_schedule(c);
        auto& place = c.countries.at("KH").places[0];
        place.open = random_hours();
        log_day(c, s);
        for (const auto& h : place.open)
            RC_LOG() << "open on " << h.weekdays << " from " << h.window.from.count() << " until "
                     << h.window.until.count() << " min\n";
        const auto plan = scheduler::plan_day(s, c, place, random_day(), 0);
        const auto broken = test::find_violations(s, c, plan);
        if (!broken.empty()) log_airings(plan.airings);
        expect_no_violations(broken);
    }));
}

TEST(PlanProperty, SeparationsHoldAcrossMidnight) {
    EXPECT_TRUE(rc::check("two days in a row", [] {
        const auto c = random_catalogue();
        const auto s = random_schedule(c);
        log_day(c, s);
        const auto day = random_day();
        const auto& place = c.countries.at("KH").places[0];
        auto airings = scheduler::plan_day(s, c, place, day, 0).airings;
        const auto next = scheduler::plan_day(s, c, place, day + days{1}, 0).airings;
        airings.insert(airings.end(), next.begin(), next.end());
        expect_no_violations(test::find_distance_violations(s, c, airings));
    }));
}

TEST(PlanProperty, PlanFromIsTheTailOfPlanDay) {
    EXPECT_TRUE(rc::check("start instant", [] {
        const auto c = random_catalogue();
        const auto s = random_schedule(c);
        const auto& place = c.countries.at("KH").places[0];
        const auto whole = scheduler::plan_day(s, c, place, random_day(), 0);
        const auto now = whole.from + seconds{*rc::gen::inRange<int>(0, 82'000)};
        const auto later = scheduler::plan_from(s, c, place, now, 0);
        auto tail = whole;
        std::erase_if(tail.airings, [&](const auto& a) { return a.end <= now; });
        std::erase_if(tail.shortfalls, [&](const auto& f) { return std::max(f.when, f.until) <= now; });
        std::erase_if(tail.gaps, [&](const auto& gap) { return gap.until <= now; });
        tail.from = now;
        RC_ASSERT(write_plan(later) == write_plan(tail));
        std::vector<scheduler::Aired> aired;
        for (const auto& a : whole.airings) {
            if (a.start < now) aired.push_back({a.id, a.booking, a.segment, a.start, a.end});
        }
        RC_ASSERT(write_plan(scheduler::plan_rest(s, c, place, whole.day, 0, aired, now)) ==
                  write_plan(tail));
    }));
}

TEST(PlanProperty, TheRestOfADayAfterAPowerCutViolatesNoRule) {
    EXPECT_TRUE(rc::check("power cut", [] {
        const auto c = random_catalogue();
        const auto s = random_schedule(c);
        log_day(c, s);
        const auto& place = c.countries.at("KH").places[0];
        const auto whole = scheduler::plan_day(s, c, place, random_day(), 0);
        const auto cut = whole.from + seconds{*rc::gen::inRange<int>(0, 40'000)};
        const auto now = cut + seconds{*rc::gen::inRange<int>(1, 40'000)};
        std::vector<scheduler::Aired> aired;
        std::vector<scheduler::PlannedAiring> all;
        for (const auto& a : whole.airings) {
            if (a.end > cut) break;
            aired.push_back({a.id, a.booking, a.segment, a.start, a.end});
            all.push_back(a);
        }
        const auto rest = scheduler::plan_rest(s, c, place, whole.day, 0, aired, now);
        auto at = now;
        for (const auto& a : rest.airings) {
            // Where nothing but fillers was missed, the one that is planned to be on now stays.
            const bool stays = &a == &rest.airings.front() && a.end > now &&
                               (a.kind == BookingKind::filler || a.kind == BookingKind::block ||
                                a.kind == BookingKind::takeover);
            RC_ASSERT(a.start >= at || stays);
            at = a.end;
        }
        all.insert(all.end(), rest.airings.begin(), rest.airings.end());
        std::map<std::string, int> plays;
        std::map<std::string, int> ids;
        for (const auto& a : all) {
            ++plays[a.booking];
            RC_ASSERT(++ids[a.id] == 1);
        }
        for (const auto& campaign : s.campaigns) {
            const auto& b = campaign.bookings[0];
            if (b.daily_cap > 0) RC_ASSERT(plays[b.id] <= b.daily_cap);
        }
        const auto broken = test::find_distance_violations(s, c, all);
        if (!broken.empty()) {
            RC_LOG() << "cut " << to_rfc3339(cut) << " now " << to_rfc3339(now) << '\n';
            log_airings(all);
        }
        expect_no_violations(broken);
    }));
}

TEST(ScheduleProperty, WrittenAndReadAgainIsTheSame) {
    EXPECT_TRUE(rc::check("JSON round trip", [] {
        const auto c = random_catalogue();
        const auto once = scheduler::write_schedule_json(random_schedule(c));
        RC_ASSERT(scheduler::write_schedule_json(scheduler::read_schedule_json(once, "s")) == once);
    }));
}

}  // namespace
}  // namespace riverlight
