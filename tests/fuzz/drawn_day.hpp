#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "scheduler/plan/plan.hpp"
#include "scheduler/plan/planner.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/unit/scheduler/fixture.hpp"

/// Generates a schedule and a day from bytes; the same bytes give the same result with every compiler. Small
/// enough to plan thousands in a minute, large enough that all kinds of booking conflict with each other.
namespace riverlight::fuzz {

using namespace std::chrono;

inline content::Catalogue catalogue_from(Input& in, int shortest_s) {
    static const char* const zones[] = {"Asia/Bangkok",        "Europe/Berlin",  "Asia/Yangon",
                                        "Australia/Lord_Howe", "America/Havana", "Pacific/Apia"};
    std::vector<content::Manifest> segments;
    const int count = 1 + in.upto(4);
    for (int n = 0; n < count; ++n) {
        const auto rating =
            static_cast<content::Rating>(in.upto(2));  // one by one: compilers order arguments
        const auto topics = in.flag() ? std::vector<std::string>{"a"} : std::vector<std::string>{};
        auto m = test::segment("s" + std::to_string(n), 1, {"km", "en"}, rating, topics);
        m.duration = milliseconds{40 * (25 * shortest_s + in.upto(20'000))};
        m.for_children = in.upto(7) == 0;
        segments.push_back(std::move(m));
    }
    auto c = test::catalogue(std::move(segments), zones[in.upto(5)]);
    c.countries["KH"].hours.from_children = minutes{in.upto(3) * 5};
    return c;
}

inline void own_keys(scheduler::Booking& b, Input& in) {
    using scheduler::BookingKind;
    switch (b.kind) {
        case BookingKind::rotation:
            if (const int how = in.upto(2); how == 0) {
                b.plays_per_hour = 1 + in.upto(11);
            } else if (how == 1) {
                b.plays_per_day = 1 + in.upto(95);
            } else {
                b.share_percent = 1 + in.upto(59);
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
            if (in.flag()) b.takeover_from = local_seconds{test::date("2024-10-27") + minutes{in.upto(1439)}};
            if (in.flag())
                b.takeover_until = local_seconds{test::date("2024-10-27") + minutes{in.upto(1439)}};
            break;
        case BookingKind::filler:
            break;
    }
}

inline scheduler::Booking booking_from(Input& in, const content::Catalogue& c, int number) {
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

inline scheduler::Schedule schedule_from(Input& in, const content::Catalogue& c) {
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

struct DrawnDay {
    content::Catalogue catalogue;
    scheduler::Schedule schedule;
    local_days day;  ///< a clock change, or the day that Samoa skipped
    minutes later;   ///< offset into the day

    [[nodiscard]] const content::Place& place() const { return catalogue.countries.at("KH").places[0]; }
    [[nodiscard]] scheduler::Plan plan() const {
        return scheduler::plan_day(schedule, catalogue, place(), day, 0);
    }
};

/// `shortest_s`: no segment is shorter, in seconds; the cost of a day depends on it.
inline DrawnDay drawn_day(Input& in, int shortest_s) {
    DrawnDay out{catalogue_from(in, shortest_s), {}, {}, {}};
    out.day = test::date(in.flag() ? "2024-10-27" : "2011-12-29");
    out.day += days{in.upto(2)};
    out.later = minutes{in.upto(1439)};
    out.schedule = schedule_from(in, out.catalogue);
    return out;
}

}  // namespace riverlight::fuzz
