#pragma once
// A broadcast day of a place in Phnom Penh for the tests of tools/traffic: its plan and its as-run list.
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "tools/traffic/as_run.hpp"

namespace riverlight::traffic {

using namespace std::chrono;
using scheduler::BookingKind;
using scheduler::Plan;
using scheduler::PlannedAiring;

inline const std::string zone = "Asia/Phnom_Penh";
inline const Instant morning = *from_rfc3339("2026-11-23T17:00:00Z");  // midnight there, of the 24th
inline const AsRunDay day{"kh-1", zone, *date_from_iso("2026-11-24"), morning, morning + 24h};

inline std::string hex_id(int number) {
    const auto digits = std::to_string(number);
    return std::string(32 - digits.size(), 'a') + digits;
}

inline PlannedAiring planned(int number, Instant start, seconds length,
                             const std::string& segment = "fair-work",
                             BookingKind kind = BookingKind::rotation) {
    PlannedAiring a;
    a.id = hex_id(number);
    a.start = start;
    a.end = start + length;
    a.kind = kind;
    a.campaign = kind == BookingKind::filler ? "always" : "mekong";
    a.booking = kind == BookingKind::filler ? "always-on" : "spots";
    a.segment = segment;
    a.locale_asked = a.locale = "km";
    return a;
}

inline Plan plan_of(std::vector<PlannedAiring> airings) {
    Plan plan;
    plan.place = day.place;
    plan.day = day.day;
    plan.zone = day.zone;
    plan.from = day.from;
    plan.until = day.until;
    plan.airings = std::move(airings);
    return plan;
}

/// The spot that a board reports if the airing goes as planned.
inline Spot played(const PlannedAiring& a) {
    auto s = spot_of(a, "kh-1");
    s.board = "kh-pp-01";
    s.outlet = "feed";
    s.status = content::AiringStatus::aired;
    s.reason = "";
    s.locale_aired = a.locale;
    s.started = a.start;
    s.ended = a.end;
    return s;
}

using Writer = std::string (*)(const AsRun&);
inline constexpr Writer writers[] = {write_csv, write_ccms, [](const AsRun& list) {
                                         return write_bxf(list, {25, morning});
                                     }};

}  // namespace riverlight::traffic
