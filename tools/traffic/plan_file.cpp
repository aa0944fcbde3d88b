#include <algorithm>

#include "content/base/json.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "scheduler/plan/plan_json.hpp"
#include "tools/traffic/as_run.hpp"

namespace riverlight::traffic {
namespace {

using namespace scheduler;

constexpr std::size_t most_days = 400, most_airings = 200'000;
constexpr std::int64_t day_ms = 86'400'000;

Instant read_instant(JsonFields& f, std::string_view key) {
    const auto text = f.text(key, 64);
    const auto at = from_rfc3339(text);
    if (!at) f.refuse(key, ReadFault::malformed, "is '" + text + "', not an RFC 3339 instant");
    return *at;
}

template <class Value>
Value read_enum(JsonFields& f, std::string_view key, std::optional<Value> (*from_text)(std::string_view)) {
    const auto text = f.text(key, 64);
    const auto value = from_text(text);
    if (!value) f.refuse(key, ReadFault::malformed, "is '" + text + "', which is unknown");
    return *value;
}

std::optional<GapCause> gap_cause_from_text(std::string_view text) {
    for (const auto cause : {GapCause::nothing_booked, GapCause::closed}) {
        if (to_text(cause) == text) return cause;
    }
    return std::nullopt;
}

std::optional<Obstacle> obstacle_from_text(std::string_view text) {
    for (int i = 0; i <= static_cast<int>(Obstacle::lesser); ++i) {
        if (to_text(static_cast<Obstacle>(i)) == text) return static_cast<Obstacle>(i);
    }
    return std::nullopt;
}

PlannedAiring read_airing(const boost::json::value& value, const std::string& what) {
    JsonFields f(value, what);
    PlannedAiring a;
    a.id = f.text("id", 128);
    a.start = read_instant(f, "start");
    a.end = read_instant(f, "end");
    a.kind = read_enum(f, "kind", &kind_from_text);
    a.hard = f.boolean_or("hard", false);
    a.late = read_enum(f, "late", &late_rule_from_text);
    a.cut = f.boolean_or("cut", false);
    a.into = std::chrono::milliseconds{f.integer_or("into_ms", 0, 0, day_ms)};
    a.campaign = f.text("campaign", 64);
    a.booking = f.text("booking", 64);
    a.segment = f.text("segment", 64);
    a.revision = static_cast<int>(f.integer("revision", 0, 1'000'000'000));
    a.locale_asked = f.text("locale_asked", 64);
    a.locale = f.text("locale", 64);
    if (a.end < a.start)
        throw ReadError(ReadFault::misplaced, f.where(), "ends before it starts; make the plan again");
    return a;
}

/// Reads an entry of `shortfalls`. One without a campaign is a gap (scheduler/plan/plan_json.hpp).
void read_shortfall(const boost::json::value& value, const std::string& what, Plan& plan) {
    JsonFields f(value, what);
    Shortfall s;
    s.campaign = f.text("campaign", 64);
    s.booking = f.text("booking", 64);
    s.segment = f.text("segment", 64);
    s.when = s.until = read_instant(f, "when");
    s.plays = static_cast<int>(f.integer("plays", 0, 1'000'000));
    if (f.optional("until")) s.until = read_instant(f, "until");
    if (s.campaign.empty()) {
        if (s.booking != gap_booking)
            f.refuse("campaign", ReadFault::missing, "is empty; make the plan again");
        plan.gaps.push_back({s.when, s.until, read_enum(f, "why", &gap_cause_from_text)});
        return;
    }
    s.why = read_enum(f, "why", &obstacle_from_text);
    s.reason = f.text("reason", 4000);
    s.instead = f.text_or("instead", "", 64);
    plan.shortfalls.push_back(std::move(s));
}

Plan read_plan(const boost::json::value& value, const std::string& what) {
    JsonFields f(value, what);
    f.format(1);
    Plan plan;
    plan.place = f.text("place", 64);
    plan.zone = f.text("zone", 64);
    if (!zone_exists(plan.zone))
        f.refuse("zone", ReadFault::unresolved, "is '" + plan.zone + "', not a known time zone");
    const auto day = date_from_iso(f.text("day", 16));
    if (!day) f.refuse("day", ReadFault::malformed, "is not a date like 2026-11-24");
    plan.day = *day;
    plan.from = read_instant(f, "from");
    plan.until = read_instant(f, "until");
    for (const auto& item : f.array("airings", most_airings))
        plan.airings.push_back(
            read_airing(item, what + ": airings[" + std::to_string(plan.airings.size()) + "]"));
    for (std::size_t n = 0; const auto& item : f.array("shortfalls", most_airings))
        read_shortfall(item, what + ": shortfalls[" + std::to_string(n++) + "]", plan);
    return plan;
}

}  // namespace

std::vector<Plan> read_plans(std::string_view text, const std::string& file) {
    const auto value = parse_json(text, file, {file_cap, 8, 8'000'000});
    std::vector<Plan> plans;
    const auto* object = value.if_object();
    if (object && object->contains("plans")) {
        JsonFields f(value, file);
        f.format(1);
        for (const auto& item : f.array("plans", most_days))
            plans.push_back(read_plan(item, file + ": plans[" + std::to_string(plans.size()) + "]"));
    } else {
        plans.push_back(read_plan(value, file));
    }
    if (plans.empty())
        throw ReadError(ReadFault::missing, file,
                        "has no plan; write one with `riverlight schedule preview --json`");
    std::sort(plans.begin(), plans.end(), [](const Plan& a, const Plan& b) { return a.from < b.from; });
    for (const auto& plan : plans) {
        if (plan.place != plans[0].place)
            throw ReadError(ReadFault::misplaced, file,
                            "holds plans of '" + plans[0].place + "' and of '" + plan.place +
                                "'; reconcile one place at a time");
    }
    return plans;
}

}  // namespace riverlight::traffic
