#include <algorithm>
#include <set>

#include "scheduler/plan/plan.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/unit/scheduler/fixture.hpp"

using namespace riverlight;
using namespace std::chrono;

namespace {

content::Catalogue catalogue_from(fuzz::Input& in) {
    static const char* const zones[] = {"Asia/Bangkok",        "Europe/Berlin",  "Asia/Yangon",
                                        "Australia/Lord_Howe", "America/Havana", "Pacific/Apia"};
    std::vector<content::Manifest> segments;
    const int count = 1 + in.upto(4);
    for (int n = 0; n < count; ++n) {
        const auto rating =
            static_cast<content::Rating>(in.upto(2));  // one by one: compilers order arguments
        const auto topics = in.flag() ? std::vector<std::string>{"a"} : std::vector<std::string>{};
        auto m = test::segment("s" + std::to_string(n), 1, {"km", "en"}, rating, topics);
        m.duration = milliseconds{40 * (250 + in.upto(20'000))};
        m.for_children = in.upto(7) == 0;
        segments.push_back(std::move(m));
    }
    auto c = test::catalogue(std::move(segments), zones[in.upto(5)]);
    c.countries["KH"].hours.from_children = minutes{in.upto(3) * 5};
    return c;
}

void own_keys(scheduler::Booking& b, fuzz::Input& in) {
    using scheduler::BookingKind;
    switch (b.kind) {
        case BookingKind::rotation:
            if (const int how = in.upto(2); how == 0) {
                b.plays_per_hour = 1 + in.upto(40);
            } else if (how == 1) {
                b.plays_per_day = 1 + in.upto(300);
            } else {
                b.share_percent = 1 + in.upto(99);
            }
            b.pacing = static_cast<scheduler::Pacing>(in.upto(1));
            break;
        case BookingKind::fixed:
            b.hard = in.flag();
            b.late = static_cast<scheduler::LateRule>(in.upto(2));
            b.late_limit = seconds{in.upto(7200)};
            break;
        case BookingKind::block:
            b.hard = true;
            b.block_until = minutes{in.upto(1439)};
            b.padding = static_cast<scheduler::Padding>(in.upto(1));
            b.trimming = static_cast<scheduler::Trimming>(in.upto(1));
            b.rejoin = static_cast<scheduler::Rejoin>(in.upto(2));
            break;
        case BookingKind::takeover:
            b.hard = true;
            if (in.flag()) b.takeover_from = local_seconds{test::date("2026-10-25") + minutes{in.upto(1439)}};
            if (in.flag())
                b.takeover_until = local_seconds{test::date("2026-10-25") + minutes{in.upto(1439)}};
            break;
        case BookingKind::filler:
            break;
    }
}

scheduler::Booking booking_from(fuzz::Input& in, const content::Catalogue& c, int number) {
    scheduler::Booking b;
    b.id = "b" + std::to_string(number);
    b.kind = static_cast<scheduler::BookingKind>(in.upto(4));
    for (const auto& [id, unused] : c.segments) {
        if (b.segments.empty() || in.flag()) b.segments.push_back(id);
    }
    b.at = minutes{in.upto(1439)};
    b.at += seconds{in.upto(59)};
    own_keys(b, in);
    if (b.kind == scheduler::BookingKind::takeover) return b;
    if (in.flag()) b.dayparts = {"part"};
    b.separation = seconds{in.upto(3) * 300};
    b.topic_separation = seconds{in.upto(2) * 60};
    b.daily_cap = in.flag() ? 0 : 1 + in.upto(20);
    return b;
}

scheduler::Schedule schedule_from(fuzz::Input& in, const content::Catalogue& c) {
    scheduler::Schedule s;
    s.name = "s";
    s.day_start = minutes{in.flag() ? 0 : in.upto(1439)};
    s.dayparts["part"] = {"part", static_cast<unsigned>(1 + in.upto(126)), minutes{in.upto(1439)},
                          minutes{in.upto(1439)}};
    for (int n = 0; n < 6 && !in.empty(); ++n) {
        scheduler::Campaign campaign;
        campaign.id = "c" + std::to_string(n);
        campaign.priority = in.upto(100);
        campaign.bookings.push_back(booking_from(in, c, n));
        s.campaigns.push_back(std::move(campaign));
    }
    return s;
}

void expect_whole(const scheduler::Plan& plan) {
    std::set<std::string> ids;
    std::vector<scheduler::Span> accounted;
    auto at = plan.from;
    for (const auto& a : plan.airings) {
        fuzz::promise(a.start >= at && a.end > a.start && a.end <= plan.until,
                      "airings in order, inside the day");
        fuzz::promise(ids.insert(a.id).second, "no id twice");
        fuzz::promise(!a.locale.empty(), "a locale for each");
        accounted.push_back({a.start, a.end});
        at = a.end;
    }
    for (const auto& s : plan.shortfalls) {
        if (s.booking == "slate") accounted.push_back({s.when, s.until});
    }
    if (plan.from < plan.until)
        fuzz::promise(scheduler::covers(scheduler::merged(accounted), plan.from, plan.until),
                      "no unexplained hole");
}

}  // namespace

/// Any schedule, on the days of a clock change and the day that Samoa left out: a whole day, and its tail is
/// the same whenever it is asked for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input in(data, std::min<std::size_t>(size, 512));
    const auto c = catalogue_from(in);
    auto day = test::date(in.flag() ? "2026-10-25" : "2011-12-29");
    day += days{in.upto(2)};
    const auto minute = in.upto(1439);
    const auto s = schedule_from(in, c);
    const auto& place = c.countries.at("KH").places[0];
    const auto plan = scheduler::plan_day(s, c, place, day, 0);
    expect_whole(plan);
    const auto from = plan.from + minutes{minute};
    if (from >= plan.until) return 0;
    const auto rest = scheduler::plan_from(s, c, place, from, 0);
    const auto first =
        std::find_if(plan.airings.begin(), plan.airings.end(), [&](const auto& a) { return a.end > from; });
    fuzz::promise(std::equal(first, plan.airings.end(), rest.airings.begin(), rest.airings.end(),
                             [](const auto& a, const auto& b) {
                                 return a.id == b.id && a.start == b.start && a.end == b.end;
                             }),
                  "the rest of a day is its tail");
    return 0;
}
