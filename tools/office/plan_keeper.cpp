#include "tools/office/plan_keeper.hpp"

#include <algorithm>
#include <utility>

#include "scheduler/plan/broadcast_day.hpp"

namespace riverlight::office {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::local_days;

constexpr days most_missed{31};    ///< days that an office that was down makes up for
constexpr days listed_silence{3};  ///< by then a day has ended everywhere

DayFacts facts_of(const Release& release, const content::Place& place, local_days day, Instant since) {
    const auto bounds = scheduler::broadcast_day(release.day_start(place), place.zone, day);
    return {place.id, day, place.country, place.name, place.zone, bounds.from, bounds.until, since};
}

local_days utc_day_of(Instant now) {
    return local_days{std::chrono::floor<days>(now.time_since_epoch())};
}

template <class T>
T take_first(std::deque<T>& queue) {
    auto first = std::move(queue.front());
    queue.pop_front();
    return first;
}

}  // namespace

void PlanKeeper::look_after_all(Instant now) {
    if (!release_()) return;
    store_.plans.forget_listed_silence(utc_day_of(now) - listed_silence);
    waive("", now);
    for (const auto& [place, since] : store_.boards.in_service()) places_.push_back({place, since, now});
    for (auto& day : store_.plans.of_earlier_offices()) earlier_.push_back(std::move(day));
}

void PlanKeeper::look_after(const std::string& place, Instant now) {
    if (!release_()) return;
    waive(place, now);
    const auto boards = store_.boards.in_service();
    if (const auto found = boards.find(place); found != boards.end())
        places_.push_front({place, found->second, now});
}

std::optional<DayToPlan> PlanKeeper::next() {
    if (!days_.empty()) return take_first(days_);
    if (!places_.empty()) {
        add_days(take_first(places_));
        if (!days_.empty()) return take_first(days_);
    } else if (!earlier_.empty()) {
        bring_up(take_first(earlier_));
    }
    return std::nullopt;
}

void PlanKeeper::finish() {
    while (!is_done())
        if (const auto day = next()) keep(*day, day->plan());
}

/// Today first, then tomorrow, then what was missed.
void PlanKeeper::add_days(const Place& place) {
    const auto release = release_();
    const auto* listed = release ? release->content.catalogue.place(place.id) : nullptr;
    if (!listed) return;
    const auto day_of = [&](Instant at) {
        return scheduler::broadcast_day_of(release->day_start(*listed), listed->zone, at).day;
    };
    const auto today = day_of(place.asked);
    auto first = std::max(day_of(place.since), today - most_missed);
    if (const auto latest = store_.plans.latest_before(place.id, today))
        first = std::max(first, *latest + days{1});
    std::vector<local_days> wanted{today, today + days{1}};
    for (auto day = first; day < today; day += days{1}) wanted.push_back(day);
    for (const auto day : wanted) {
        DayToPlan to_plan{release, facts_of(*release, *listed, day, place.since), place.asked};
        if (!is_planned(to_plan)) days_.push_back(std::move(to_plan));
    }
}

/// By its release already.
bool PlanKeeper::is_planned(const DayToPlan& day) const {
    return store_.plans.release_of(day.facts.place, day.facts.day) == day.release->content.release;
}

void PlanKeeper::keep(const DayToPlan& day, std::optional<KeptPlan> plan) {
    if (!plan || is_planned(day)) return;
    auto stored = store_.plans.find(day.facts.place, day.facts.day);
    if (!stored) return store_.plans.set({day.facts, std::move(*plan), true});
    if (!stored->plan.knows_kinds) {  // an earlier office's: its fillers are left out first
        bring_up(stored->facts);
        stored = store_.plans.find(day.facts.place, day.facts.day);
    }
    stored->plan = planned_again(std::move(stored->plan), *plan, day.asked);
    stored->stands = true;
    store_.plans.set(*stored);
}

/// Of places that have no board any more, or are not in the channel: what has not begun.
void PlanKeeper::waive(const std::string& only, Instant now) {
    const auto release = release_();
    const auto boards = store_.boards.in_service();
    for (const auto& facts : store_.plans.days_from(utc_day_of(now) - days{1})) {
        if (!only.empty() && facts.place != only) continue;
        const bool is_listed = release->content.catalogue.place(facts.place) != nullptr;
        if (is_listed && boards.contains(facts.place)) continue;
        if (store_.plans.release_of(facts.place, facts.day).value_or("").empty()) continue;  // waived before
        auto stored = store_.plans.find(facts.place, facts.day);
        if (!stored) continue;
        stored->plan = waive_rest(std::move(stored->plan), now,
                                  is_listed ? WaiveCause::board_retired : WaiveCause::place_removed);
        stored->stands = false;
        store_.plans.set(*stored);
    }
}

/// A day that an earlier office stored is of the place that the channel lists now, and its fillers are those
/// of the schedule now.
void PlanKeeper::bring_up(const DayFacts& day) {
    const auto release = release_();
    const auto* place = release ? release->content.catalogue.place(day.place) : nullptr;
    if (day.zone.empty()) {
        auto facts = day;
        facts.zone = "UTC";
        if (place)
            facts = facts_of(*release, *place, day.day, day.since);
        else
            std::tie(facts.from, facts.until) = [&] {
                const auto bounds = scheduler::broadcast_day(0min, facts.zone, facts.day);
                return std::pair(bounds.from, bounds.until);
            }();
        store_.plans.fill_in(facts);
    }
    const auto schedule = place ? release->schedules.find(place->schedule)
                                : std::map<std::string, scheduler::Schedule>::const_iterator{};
    auto stored = store_.plans.find(day.place, day.day);
    if (!place || schedule == release->schedules.end() || !stored || stored->plan.knows_kinds) return;
    stored->plan = without_fillers(std::move(stored->plan), schedule->second);
    store_.plans.set(*stored);
}

}  // namespace riverlight::office
