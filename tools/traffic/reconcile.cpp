#include "tools/traffic/reconcile.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <map>
#include <set>

#include "content/base/error.hpp"
#include "scheduler/calendar/calendar.hpp"

namespace riverlight::traffic {
namespace {

using namespace std::chrono;
using scheduler::PlannedAiring;

/// A spot without an id of the plan is paired with a booked one at most this far away.
constexpr auto farthest_pair = 15min;

microseconds length_of(const PlannedAiring& booked) {
    return std::max(booked.end - booked.start, microseconds{0});
}

/// What counts of a spot for its length: what was shown, where that is less than was booked; else how long it
/// was on air.
microseconds counted_length(const Spot& spot, microseconds booked) {
    const microseconds shown = shown_of(spot);
    return shown < booked ? shown : length_of(spot);
}

/// Of the records of one spot: those of an outlet add up, and the outlet that showed most counts.
milliseconds shown_together(const std::vector<const Spot*>& records, microseconds booked) {
    std::map<std::pair<std::string, std::string>, milliseconds> outlets;  // by board and outlet
    milliseconds most{};
    for (const auto* spot : records)
        most = std::max(most, outlets[{spot->board, spot->outlet}] += shown_of(*spot));
    return std::min(most, round<milliseconds>(booked));
}

/// How well a spot aired, to choose the best of its records: 4 whole, 3 in part or substituted, 2 started,
/// 1 failed or skipped, 0 not aired.
int rank(const Spot& spot) {
    if (spot.status == content::AiringStatus::aired) return 4;
    if (went_out(spot)) return 3;
    if (spot.started) return 2;
    return spot.status ? 1 : 0;
}

bool is_worse(const Spot* a, const Spot* b) {
    if (rank(*a) != rank(*b)) return rank(*a) < rank(*b);
    return shown_of(*a) < shown_of(*b);
}

bool is_other_segment(const Spot& spot, const PlannedAiring& booked) {
    return !spot.segment.empty() && spot.segment != booked.segment;
}

bool is_same_spot(const PlannedAiring& booked, const Spot& spot) {
    if (!spot.segment.empty()) return spot.segment == booked.segment;
    return !spot.code.empty() && spot.code == spot_code(booked.segment, booked.locale_asked);
}

class Pairing {
  public:
    Pairing(const std::vector<scheduler::Plan>& plans, const AsRun& list, Reconciliation& result)
        : list_(list), result_(result), used_(list.spots.size()) {
        for (const auto& plan : plans) {
            for (const auto& airing : plan.airings) {
                if (airing.kind == scheduler::BookingKind::filler) filler_bookings_.insert(airing.booking);
            }
            for (const auto& airing : plan.airings) known_ids_.insert(airing.id);
            for (const auto& airing : plan.airings) {
                if (airing.end <= result.until) due_.push_back(&airing);
            }
        }
        for (std::size_t i = 0; i < list.spots.size(); ++i) {
            const auto& spot = list.spots[i];
            by_id_[spot.airing].push_back(i);
            if (!known_ids_.contains(spot.airing)) unplanned_[start_of(spot)].push_back(i);
        }
    }

    /// Fills the result's entries. Call it once.
    void run() {
        assert(result_.entries.empty());
        for (const auto* booked : due_) pair(*booked);
        for (auto& entry : result_.entries) {
            if (entry.verdict == Verdict::booked_not_aired) find_substitute(entry);
        }
        for (auto& entry : result_.entries) {
            if (entry.verdict == Verdict::booked_not_aired) find_make_good(entry);
        }
        for (std::size_t i = 0; i < list_.spots.size(); ++i) {
            if (!used_[i]) add_unbooked(list_.spots[i]);
        }
        std::stable_sort(result_.entries.begin(), result_.entries.end(),
                         [](const Entry& a, const Entry& b) { return time_of(a) < time_of(b); });
    }

  private:
    static Instant start_of(const Spot& spot) {
        if (spot.started) return *spot.started;
        return spot.planned_start.value_or(Instant{});
    }
    static Instant time_of(const Entry& entry) {
        return entry.booked ? entry.booked->start : start_of(*entry.spot);
    }

    void pair(const PlannedAiring& booked) {
        Entry entry;
        entry.booked = booked;
        const auto records = find_records(booked);
        if (!records.empty()) entry.spot = **std::max_element(records.begin(), records.end(), is_worse);
        entry.shown = shown_together(records, length_of(booked));
        classify(entry);
        if (entry.spot && is_other_segment(*entry.spot, booked)) entry.shown = 0ms;
        result_.entries.push_back(std::move(entry));
    }

    /// The records with the airing's id; if there is none, the nearest unplanned spot of its segment.
    std::vector<const Spot*> find_records(const PlannedAiring& booked) {
        std::vector<const Spot*> records;
        if (const auto found = by_id_.find(booked.id); found != by_id_.end()) {
            for (const auto i : found->second) {
                used_[i] = true;
                records.push_back(&list_.spots[i]);
            }
            return records;
        }
        const Spot* best = nullptr;
        std::size_t nearest = 0;
        const auto near = [&](std::size_t i) {
            const auto& spot = list_.spots[i];
            return abs(spot.planned_start.value_or(start_of(spot)) - booked.start);
        };
        const auto end = unplanned_.upper_bound(booked.start + farthest_pair);
        for (auto at = unplanned_.lower_bound(booked.start - farthest_pair); at != end; ++at) {
            for (const auto i : at->second) {
                if (used_[i] || !is_same_spot(booked, list_.spots[i]) || near(i) > farthest_pair) continue;
                if (!best || near(i) < near(nearest)) {
                    nearest = i;
                    best = &list_.spots[i];
                }
            }
        }
        if (!best) return {};
        used_[nearest] = true;
        return {best};
    }

    void classify(Entry& entry) const {
        entry.verdict = Verdict::booked_not_aired;
        if (!entry.spot) {
            entry.remark = "not in the as-run list";
            return;
        }
        const auto& spot = *entry.spot;
        const auto& booked = *entry.booked;
        entry.remark = spot.reason;
        if (!spot.started) {
            if (entry.remark.empty()) entry.remark = status_text(spot);
            return;
        }
        const auto booked_length = length_of(booked), length = counted_length(spot, booked_length);
        if (!went_out(spot) && booked_length - length > result_.tolerance.length) {
            entry.remark = status_text(spot) + " after " + seconds_text(length) + " of " +
                           seconds_text(booked_length) + (spot.reason.empty() ? "" : ": " + spot.reason);
            return;
        }
        entry.start_deviation = *spot.started - booked.start;
        entry.length_deviation = length - booked_length;
        compare(entry);
    }

    /// Compares a spot that was on air with its booking: segment, language, start, length and revision.
    void compare(Entry& entry) const {
        assert(entry.booked && entry.spot && entry.spot->started);
        const auto& spot = *entry.spot;
        const auto& booked = *entry.booked;
        const bool other_segment = is_other_segment(spot, booked);
        const bool other_locale = !spot.locale_aired.empty() && spot.locale_aired != booked.locale;
        entry.verdict = other_segment || other_locale ? Verdict::substituted : Verdict::aired;
        if (entry.verdict == Verdict::aired && was_rescheduled(booked, spot)) return set_made_good(entry, "");
        entry.out_of_tolerance = abs(entry.start_deviation) > result_.tolerance.start ||
                                 abs(entry.length_deviation) > result_.tolerance.length;
        std::string remark;
        const auto add = [&](const std::string& what) { remark += (remark.empty() ? "" : "; ") + what; };
        if (other_segment) add("'" + spot.segment + "' aired in its place");
        if (!other_segment && other_locale)
            add("aired in " + spot.locale_aired + ", booked in " + booked.locale);
        if (abs(entry.start_deviation) > result_.tolerance.start)
            add(seconds_text(abs(entry.start_deviation)) +
                (entry.start_deviation > 0us ? " late" : " early"));
        if (abs(entry.length_deviation) > result_.tolerance.length)
            add(seconds_text(abs(entry.length_deviation)) +
                (entry.length_deviation > 0us ? " too long" : " short"));
        if (is_partial(spot) && !other_segment) add(shown_text(spot));
        if (spot.revision > 0 && spot.revision != booked.revision)
            add("revision " + std::to_string(spot.revision) + ", booked was " +
                std::to_string(booked.revision));
        if (!spot.reason.empty() && (entry.out_of_tolerance || entry.verdict == Verdict::substituted))
            add(spot.reason);
        entry.remark = remark;
    }

    /// Looks for an unbooked spot that was on air at the time of this missed one.
    void find_substitute(Entry& entry) {
        const auto& booked = *entry.booked;
        const auto end = unplanned_.lower_bound(booked.end);
        for (auto at = unplanned_.lower_bound(booked.start - result_.tolerance.start); at != end; ++at) {
            for (const auto i : at->second) {
                const auto& spot = list_.spots[i];
                if (used_[i] || !spot.started || !went_out(spot)) continue;
                if (spot.segment.empty() && spot.code.empty()) continue;  // the slate is no substitute
                if (!spot.makes_good.empty()) continue;                   // it makes another spot good
                used_[i] = true;
                const auto why = entry.remark;
                entry.spot = spot;
                entry.verdict = Verdict::substituted;
                entry.start_deviation = *spot.started - booked.start;
                entry.length_deviation = counted_length(spot, length_of(booked)) - length_of(booked);
                entry.out_of_tolerance = abs(entry.start_deviation) > result_.tolerance.start ||
                                         abs(entry.length_deviation) > result_.tolerance.length;
                entry.remark = "'" + (spot.segment.empty() ? spot.code : spot.segment) +
                               "' aired in its place" + (why.empty() ? "" : "; " + why);
                return;
            }
        }
    }

    /// True if the board missed the spot and aired it later under the same id.
    [[nodiscard]] bool was_rescheduled(const PlannedAiring& booked, const Spot& spot) const {
        if (booked.kind == scheduler::BookingKind::filler || !went_out(spot)) return false;
        return spot.makes_good == booked.id ||
               (spot.planned_start && *spot.planned_start - booked.start > result_.tolerance.start);
    }

    /// Looks for a later spot that makes this missed one good. A spot that names it goes before the first
    /// that could.
    void find_make_good(Entry& entry) {
        const auto& booked = *entry.booked;
        if (booked.kind == scheduler::BookingKind::filler) return;
        const Spot* found = nullptr;
        std::size_t which = 0;
        for (auto at = unplanned_.upper_bound(booked.start); at != unplanned_.end(); ++at) {
            for (const auto i : at->second) {
                const auto& spot = list_.spots[i];
                if (used_[i] || !spot.started || !went_out(spot)) continue;
                const bool names_it = spot.makes_good == booked.id;
                const bool could = spot.makes_good.empty() && spot.status == content::AiringStatus::aired &&
                                   !spot.filler && !filler_bookings_.contains(spot.booking) &&
                                   is_same_spot(booked, spot) && *spot.started < result_.until;
                if (!names_it && (!could || found)) continue;
                found = &spot;
                which = i;
                if (names_it) at = std::prev(unplanned_.end());
                if (names_it) break;
            }
        }
        if (!found) return;
        used_[which] = true;
        const auto why = entry.remark;
        entry.spot = *found;
        set_made_good(entry, why);
    }

    void set_made_good(Entry& entry, const std::string& why) const {
        assert(entry.booked && entry.spot && entry.spot->started);
        const auto& spot = *entry.spot;
        entry.verdict = Verdict::made_good;
        entry.start_deviation = *spot.started - entry.booked->start;
        const auto booked_length = length_of(*entry.booked);
        entry.length_deviation = counted_length(spot, booked_length) - booked_length;
        if (spot.airing != entry.booked->id)
            entry.shown = std::min(entry.shown + shown_of(spot), round<milliseconds>(booked_length));
        entry.out_of_tolerance = abs(entry.length_deviation) > result_.tolerance.length;
        entry.remark =
            "made good " + scheduler::local_text(*spot.started, result_.zone) +
            (spot.airing == entry.booked->id || spot.airing.empty() ? "" : " by airing " + spot.airing) +
            (why.empty() ? "" : "; missed: " + why);
    }

    void add_unbooked(const Spot& spot) {
        if (!spot.started || !went_out(spot) || known_ids_.contains(spot.airing)) return;
        if (*spot.started >= result_.until || *spot.started < result_.from) return;
        Entry entry;
        entry.verdict = Verdict::aired_not_booked;
        entry.spot = spot;
        entry.shown = shown_of(spot);
        entry.remark = spot.reason.empty() ? "not in the plan" : "not in the plan: " + spot.reason;
        result_.entries.push_back(std::move(entry));
    }

    const AsRun& list_;
    Reconciliation& result_;
    std::vector<const PlannedAiring*> due_;  ///< booked spots that end by `until`
    std::vector<bool> used_;                 ///< spots of the list that an entry holds
    std::set<std::string> filler_bookings_;
    std::set<std::string> known_ids_;  ///< of the plan's airings
    std::map<std::string, std::vector<std::size_t>> by_id_;
    std::map<Instant, std::vector<std::size_t>> unplanned_;  ///< spots with no id of the plan, by start
};

/// The end of the last planned day on which the list has a spot; of the first day if it has none.
Instant end_of_list(const std::vector<scheduler::Plan>& plans, const AsRun& list) {
    auto last = plans.front().from;
    for (const auto& spot : list.spots)
        last = std::max(last, spot.planned_start.value_or(spot.started.value_or(last)));
    auto end = plans.front().until;
    for (const auto& plan : plans) {
        if (plan.from <= last) end = plan.until;
    }
    return end;
}

}  // namespace

Reconciliation reconcile(const std::vector<scheduler::Plan>& plans, const AsRun& list,
                         const Tolerance& tolerance, std::optional<Instant> until) {
    if (plans.empty()) throw Error("there is no plan to reconcile; give one or more days");
    for (const auto& spot : list.spots) {
        if (!spot.place.empty() && spot.place != plans[0].place)
            throw Error("the as-run list is of '" + spot.place + "', the plan of '" + plans[0].place +
                        "'; give both of the same place");
    }
    Reconciliation result;
    result.place = plans[0].place;
    result.zone = plans[0].zone;
    result.from = plans[0].from;
    result.until = until.value_or(end_of_list(plans, list));
    result.tolerance = tolerance;
    Pairing(plans, list, result).run();
    propose_make_goods(plans, result);
    return result;
}

}  // namespace riverlight::traffic
