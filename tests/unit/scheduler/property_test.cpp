#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "tests/unit/scheduler/fixture.hpp"

namespace riverlight {
namespace {

using namespace std::chrono;
using content::Rating;
using test::segment;

content::Catalogue random_catalogue() {
    std::vector<content::Manifest> segments;
    const auto count = *rc::gen::inRange(1, 7);
    for (int i = 0; i < count; ++i) {
        auto m = segment("s" + std::to_string(i), 1, {"km", "en"},
                         *rc::gen::element(Rating::general, Rating::general, Rating::guidance, Rating::late),
                         *rc::gen::element(std::vector<std::string>{}, std::vector<std::string>{"a"},
                                           std::vector<std::string>{"a", "b"}));
        m.duration = milliseconds{40 * *rc::gen::inRange(50, 20'000)};
        segments.push_back(std::move(m));
    }
    return test::catalogue(std::move(segments),
                           *rc::gen::element<std::string>("Asia/Bangkok", "Europe/Berlin", "Asia/Yangon"));
}

std::vector<std::string> some_segments(const content::Catalogue& c) {
    std::vector<std::string> out;
    for (const auto& [id, unused] : c.segments) {
        if (*rc::gen::arbitrary<bool>()) out.push_back(id);
    }
    if (out.empty()) out.push_back(c.segments.begin()->first);
    return out;
}

scheduler::Booking random_booking(const content::Catalogue& c, int number) {
    using scheduler::BookingKind;
    scheduler::Booking b;
    b.id = "b" + std::to_string(number);
    b.kind = *rc::gen::element(BookingKind::fixed, BookingKind::rotation, BookingKind::filler);
    b.segments = some_segments(c);
    if (*rc::gen::arbitrary<bool>()) b.dayparts = {"part"};
    b.separation = seconds{*rc::gen::element(0, 0, 300, 3600)};
    b.topic_separation = seconds{*rc::gen::element(0, 0, 120)};
    b.at = seconds{*rc::gen::inRange(0, 86'400)};
    b.hard = *rc::gen::arbitrary<bool>();
    b.late = *rc::gen::element(scheduler::LateRule::join, scheduler::LateRule::make_good);
    b.daily_cap = *rc::gen::element(0, 0, 5);
    if (b.kind == BookingKind::rotation) b.plays_per_hour = *rc::gen::inRange(1, 20);
    return b;
}

scheduler::Schedule random_schedule(const content::Catalogue& c) {
    scheduler::Schedule s;
    s.name = "s";
    s.dayparts["part"] = {"part", static_cast<unsigned>(*rc::gen::inRange(1, 128)),
                          minutes{*rc::gen::inRange(0, 1440)}, minutes{*rc::gen::inRange(0, 1440)}};
    const auto bookings = *rc::gen::inRange(1, 8);
    for (int i = 0; i < bookings; ++i) {
        scheduler::Campaign campaign;
        campaign.id = "c" + std::to_string(i);
        campaign.priority = *rc::gen::inRange(0, 101);
        campaign.bookings.push_back(random_booking(c, i));
        s.campaigns.push_back(std::move(campaign));
    }
    return s;
}

bool share_topic(const content::Manifest& a, const content::Manifest& b) {
    for (const auto& t : a.topics) {
        if (std::find(b.topics.begin(), b.topics.end(), t) != b.topics.end()) return true;
    }
    return false;
}

/// Throws through rapidcheck at the first promise that a plan breaks.
void keeps_its_promises(const scheduler::Plan& plan, const scheduler::Schedule& schedule,
                        const content::Catalogue& c) {
    std::map<std::string, const scheduler::Booking*> bookings;
    for (const auto& campaign : schedule.campaigns) bookings[campaign.bookings[0].id] = &campaign.bookings[0];
    std::map<std::string, int> plays;
    auto at = plan.from;
    for (const auto& a : plan.airings) {
        const auto& b = *bookings.at(a.booking);
        RC_ASSERT(a.start >= at && a.end > a.start && a.end <= plan.until);
        if (a.start > at) {
            RC_ASSERT(std::any_of(plan.shortfalls.begin(), plan.shortfalls.end(), [&](const auto& s) {
                return s.booking == "slate" && s.when >= at && s.when < a.start;
            }));
        }
        at = a.end;
        const auto& m = c.segments.at(a.segment);
        if (b.kind != scheduler::BookingKind::filler) RC_ASSERT(a.end - a.start == m.duration);
        if (a.hard && a.segment == b.segments[0] &&
            a.start == scheduler::instant_of(plan.day, b.at, plan.zone))
            ++plays[b.id + " hard"];
        const auto& hours = c.countries.at("KH").hours;
        if (m.rating != Rating::general) {
            std::vector<scheduler::Span> spans;
            for (const auto& w : m.rating == Rating::late ? hours.late : hours.guidance) {
                for (const auto& span : scheduler::window_on(plan.day, 0x7f, w.from, w.until, plan.zone))
                    spans.push_back(span);
            }
            RC_ASSERT(scheduler::covers(scheduler::merged(spans), a.start, a.end));
        }
        RC_ASSERT(!a.locale.empty());
        if (b.kind != scheduler::BookingKind::fixed && b.daily_cap) RC_ASSERT(++plays[b.id] <= b.daily_cap);
    }
    if (at < plan.until) RC_ASSERT(!plan.shortfalls.empty());
    for (auto one = plan.airings.begin(); one != plan.airings.end(); ++one) {
        const auto& first = *bookings.at(one->booking);
        for (auto two = std::next(one); two != plan.airings.end() && two->start - one->start < 3600s; ++two) {
            const auto& second = *bookings.at(two->booking);
            const auto apart = two->start - one->start;
            if (one->booking == two->booking && first.kind == scheduler::BookingKind::fixed)
                continue;  // its own run
            if (one->segment == two->segment)
                RC_ASSERT(apart >= std::max(first.separation, second.separation));
            if (share_topic(c.segments.at(one->segment), c.segments.at(two->segment)))
                RC_ASSERT(apart >= std::max(first.topic_separation, second.topic_separation));
        }
    }
}

TEST(PlanProperty, RandomSchedulesKeepEveryPromise) {
    EXPECT_TRUE(rc::check("no overlap, no broken promise, no unexplained hole", [] {
        const auto c = random_catalogue();
        const auto s = random_schedule(c);
        const auto day = test::date("2026-03-27") + days{*rc::gen::inRange(0, 5)};
        const auto plan = scheduler::plan_day(s, c, c.countries.at("KH").places[0], day, 0);
        keeps_its_promises(plan, s, c);
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
