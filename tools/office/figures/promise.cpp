#include "tools/office/figures/promise.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <map>

#include "content/base/json.hpp"

namespace riverlight::office {
namespace {

namespace json = boost::json;
using scheduler::Booking;
using scheduler::BookingKind;

constexpr std::array every_cause{WaiveCause::planned_again, WaiveCause::board_retired,
                                 WaiveCause::place_removed};
constexpr std::size_t texts_of_old = 6, texts = 8, texts_with_changes = 11;

bool is_promised(BookingKind kind) {
    switch (kind) {
        case BookingKind::fixed:
        case BookingKind::rotation:
        case BookingKind::block:
            return true;
        case BookingKind::takeover:
        case BookingKind::filler:
            return false;
    }
    assert(false && "a kind of the enumeration");
    return false;
}

json::array row_of(const Promise& p, bool knows_kinds) {
    json::array row;
    for (const auto& text : {p.id, to_rfc3339(p.start), to_rfc3339(p.end), p.campaign, p.segment, p.locale})
        row.emplace_back(text);
    if (!knows_kinds) return row;
    row.emplace_back(p.booking);
    row.emplace_back(to_text(p.kind));
    if (!p.made && !p.waived) return row;
    row.emplace_back(p.made ? to_rfc3339(*p.made) : "");
    row.emplace_back(p.waived ? to_rfc3339(p.waived->at) : "");
    row.emplace_back(p.waived ? to_text(p.waived->cause) : "");
    return row;
}

Promise promise_of(const json::value& item, bool knows_kinds) {
    const auto* row = item.if_array();
    const bool fits = row && (knows_kinds ? row->size() == texts || row->size() == texts_with_changes
                                          : row->size() == texts_of_old);
    if (!fits || !std::all_of(row->begin(), row->end(), [](const auto& v) { return v.is_string(); }))
        throw Error("kept plan: holds an airing that is not a row of texts");
    const auto at = [&](std::size_t i) { return std::string((*row)[i].get_string()); };
    Promise p{
        at(0), from_rfc3339(at(1)).value_or(Instant{}), from_rfc3339(at(2)).value_or(Instant{}), at(3), at(4),
        at(5)};
    if (!knows_kinds) return p;
    p.booking = at(6);
    const auto kind = scheduler::kind_from_text(at(7));
    if (!kind) throw Error("kept plan: '" + at(7) + "' is no kind of booking");
    p.kind = *kind;
    if (row->size() == texts) return p;
    p.made = from_rfc3339(at(8));
    const auto waived = from_rfc3339(at(9));
    if (const auto cause = parse_waive_cause(at(10)); cause && waived) p.waived = Waiver{*waived, *cause};
    return p;
}

std::map<std::string, const Promise*> by_id(const KeptPlan& plan) {
    std::map<std::string, const Promise*> out;
    for (const auto& p : plan.promises) out.emplace(p.id, &p);
    return out;
}

bool books(const Booking& booking, const std::string& segment) {
    const auto has = [&](const std::vector<std::string>& list) {
        return std::find(list.begin(), list.end(), segment) != list.end();
    };
    return has(booking.segments) || has(booking.filler);
}

/// True if the schedule has the campaign's segment in fillers and takeovers alone.
bool is_air_time(const Promise& p, const scheduler::Schedule& schedule) {
    bool found = false;
    for (const auto& campaign : schedule.campaigns) {
        if (campaign.id != p.campaign) continue;
        for (const auto& booking : campaign.bookings) {
            if (!books(booking, p.segment)) continue;
            if (is_promised(booking.kind)) return false;
            found = true;
        }
    }
    return found;
}

std::set<std::string> air_time_of(const scheduler::Schedule& schedule) {
    std::set<std::string> out;
    for (const auto& campaign : schedule.campaigns)
        for (const auto& booking : campaign.bookings)
            if (!is_promised(booking.kind) || booking.kind == BookingKind::block) out.insert(booking.id);
    return out;
}

}  // namespace

std::string_view to_text(WaiveCause cause) {
    switch (cause) {
        case WaiveCause::planned_again:
            return "planned-again";
        case WaiveCause::board_retired:
            return "board-retired";
        case WaiveCause::place_removed:
            return "place-removed";
    }
    assert(false && "a cause of the enumeration");
    return "";
}

std::optional<WaiveCause> parse_waive_cause(std::string_view text) {
    const auto* const found =
        std::find_if(every_cause.begin(), every_cause.end(), [&](auto one) { return to_text(one) == text; });
    if (found == every_cause.end()) return std::nullopt;
    return *found;
}

std::string_view describe(WaiveCause cause) {
    switch (cause) {
        case WaiveCause::planned_again:
            return "a later release planned the rest of the day without it";
        case WaiveCause::board_retired:
            return "the board was retired before it began";
        case WaiveCause::place_removed:
            return "the place was removed from the channel before it began";
    }
    assert(false && "a cause of the enumeration");
    return "";
}

std::chrono::milliseconds length_of(const Promise& promise) {
    using std::chrono::milliseconds;
    return std::max(std::chrono::round<milliseconds>(promise.end - promise.start), milliseconds{0});
}

std::string write_kept_plan(const KeptPlan& plan) {
    json::array rows;
    for (const auto& p : plan.promises) rows.push_back(row_of(p, plan.knows_kinds));
    if (!plan.knows_kinds)
        return canonical_json(
            json::object{{"format", 1}, {"release", plan.release}, {"airings", std::move(rows)}});
    json::array air_time;
    for (const auto& booking : plan.air_time) air_time.emplace_back(booking);
    return canonical_json(json::object{{"format", 2},
                                       {"release", plan.release},
                                       {"air_time", std::move(air_time)},
                                       {"promises", std::move(rows)}});
}

KeptPlan read_kept_plan(const std::string& text) {
    const auto value = parse_json(text, "kept plan", {64U << 20, 4, 2'000'000});
    JsonFields f(value, "kept plan");
    KeptPlan plan;
    plan.knows_kinds = f.integer("format", 1, 2) == 2;
    plan.release = f.text("release");
    for (const auto& item : f.array(plan.knows_kinds ? "promises" : "airings"))
        plan.promises.push_back(promise_of(item, plan.knows_kinds));
    if (plan.knows_kinds)
        for (auto& booking : f.texts_or_none("air_time")) plan.air_time.insert(std::move(booking));
    return plan;
}

KeptPlan kept_plan_of(const scheduler::Plan& plan, const scheduler::Schedule& schedule,
                      const std::string& release) {
    KeptPlan kept{release, {}, air_time_of(schedule)};
    for (const auto& a : plan.airings) {
        if (!is_promised(a.kind) || a.padding) continue;
        kept.promises.push_back(
            {a.id, a.start, a.end, a.campaign, a.segment, a.locale, a.booking, a.kind, {}, {}});
    }
    return kept;
}

KeptPlan without_fillers(KeptPlan old, const scheduler::Schedule& schedule) {
    assert(!old.knows_kinds);
    std::erase_if(old.promises, [&](const Promise& p) { return is_air_time(p, schedule); });
    old.air_time = air_time_of(schedule);
    old.knows_kinds = true;
    return old;
}

KeptPlan planned_again(KeptPlan old, const KeptPlan& fresh, Instant now) {
    const auto planned = by_id(fresh);
    std::set<std::string> known;
    for (auto& p : old.promises) {
        known.insert(p.id);
        if (p.start < now) continue;  // by its plan it has begun: it stays as it was
        const auto found = planned.find(p.id);
        if (found == planned.end()) {
            if (!p.waived) p.waived = Waiver{now, WaiveCause::planned_again};
        } else if (found->second->start >= now) {
            const auto made = p.waived ? std::optional(now) : p.made;
            p = *found->second;
            p.made = made;
        } else if (!p.waived) {  // for a time that is over: nobody could have kept it
            p.waived = Waiver{now, WaiveCause::planned_again};
        }
    }
    for (const auto& p : fresh.promises) {
        if (!known.insert(p.id).second) continue;
        old.promises.push_back(p);
        old.promises.back().made = now;
    }
    old.release = fresh.release;
    old.air_time.insert(fresh.air_time.begin(), fresh.air_time.end());
    std::stable_sort(old.promises.begin(), old.promises.end(),
                     [](const Promise& a, const Promise& b) { return a.start < b.start; });
    return old;
}

KeptPlan waive_rest(KeptPlan plan, Instant now, WaiveCause cause) {
    for (auto& p : plan.promises)
        if (p.start >= now && !p.waived) p.waived = Waiver{now, cause};
    return plan;
}

}  // namespace riverlight::office
