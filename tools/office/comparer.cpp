#include "tools/office/comparer.hpp"

#include <algorithm>
#include <set>

#include "scheduler/plan/broadcast_day.hpp"
#include "tools/office/views.hpp"

namespace riverlight::office {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::local_days;

constexpr auto open_day_valid_for = 5s;
constexpr auto past_day_valid_for = 24h;
constexpr std::size_t cache_limit = 100'000;
constexpr days most_missed{31};  ///< days that an office that was down makes up for
constexpr std::size_t filled_in_at_once = 10'000;

DayFacts facts_of(const Release& release, const content::Place& place, local_days day, Instant since) {
    const auto bounds = scheduler::broadcast_day(release.day_start(place), place.zone, day);
    return {place.id, day, place.country, place.name, place.zone, bounds.from, bounds.until, since};
}

local_days today_of(const Release& release, const content::Place& place, Instant now) {
    return scheduler::broadcast_day_of(release.day_start(place), place.zone, now).day;
}

CountryDay& country_of(std::vector<CountryDay>& countries, const std::string& code) {
    const auto found = std::find_if(countries.begin(), countries.end(),
                                    [&](const auto& one) { return one.country == code; });
    if (found != countries.end()) return *found;
    countries.push_back({code, {}, {}, {}, {}});
    return countries.back();
}

}  // namespace

std::map<std::string, Instant> Comparer::in_service() const {
    std::map<std::string, Instant> out;
    for (const auto& board : store_.boards.all()) {
        if (board.state == BoardState::retired) continue;
        const auto [it, inserted] = out.emplace(board.place, board.enrolled);
        if (!inserted) it->second = std::min(it->second, board.enrolled);
    }
    return out;
}

/// The places whose day is stored; of today and later also those whose day is not stored yet.
std::vector<DayFacts> Comparer::places_on(local_days day, const std::string& country, Instant now) const {
    auto out = store_.plans.places_of(day);
    std::set<std::string> known;
    for (const auto& facts : out) known.insert(facts.place);
    if (const auto release = release_()) {
        const auto boards = in_service();
        for (const auto& [code, listed] : release->content.catalogue.countries)
            for (const auto& place : listed.places) {
                const auto since = boards.find(place.id);
                if (known.contains(place.id) || since == boards.end()) continue;
                if (day >= today_of(*release, place, now))
                    out.push_back(facts_of(*release, place, day, since->second));
            }
    }
    if (!country.empty()) std::erase_if(out, [&](const auto& facts) { return facts.country != country; });
    return out;
}

KeptPlan Comparer::plan_of(const DayFacts& facts) {
    const auto release = release_();
    auto stored = store_.plans.find(facts.place, facts.day);
    if (!stored) {
        if (!release) return {};
        return release->plan(facts.place, facts.day).value_or(KeptPlan{});
    }
    if (!stored->plan.knows_kinds && release) {
        const auto* place = release->content.catalogue.place(facts.place);
        const auto schedule = place ? release->schedules.find(place->schedule) : release->schedules.end();
        if (schedule != release->schedules.end()) {
            stored->plan = without_fillers(std::move(stored->plan), schedule->second);
            store_.plans.set(*stored);
        }
    }
    return std::move(stored->plan);
}

void Comparer::settle_place(const DayFacts& facts, Instant now, const HandleDay& handle) {
    const auto plan = plan_of(facts);
    const auto reports = store_.airings.reports(facts.place, facts.day);
    handle(facts, settle(plan, reports, facts.since, now,
                         {store_.airings.time_gaps(facts.place),
                          store_.airings.failure_runs(facts.place, facts.day)}));
}

const Comparison& Comparer::comparison_of(const DayFacts& facts, Instant now) {
    const std::pair key{facts.place, facts.day};
    const auto cached = cache_.find(key);
    if (cached != cache_.end() && cached->second.valid_until > now) return cached->second.comparison;
    CachedComparison fresh;
    settle_place(facts, now,
                 [&](const DayFacts&, const SettledDay& settled) { fresh.comparison = compare(settled); });
    // A past day changes only with what a board sends later, which discards it.
    fresh.valid_until = now + (facts.until < now ? past_day_valid_for : open_day_valid_for);
    return cache_.insert_or_assign(key, std::move(fresh)).first->second.comparison;
}

/// The command line takes sticks beside the running office.
void Comparer::discard_what_others_changed() {
    const auto version = store_.data_version();
    if (version != seen_version_) discard_all();
    seen_version_ = version;
}

std::vector<CountryDay> Comparer::day(local_days day, const std::string& country, Instant now) {
    discard_what_others_changed();
    if (cache_.size() > cache_limit) cache_.clear();
    std::vector<CountryDay> out;
    std::set<std::string> reported;
    for (const auto& facts : places_on(day, country, now)) {
        const auto& comparison = comparison_of(facts, now);
        auto& result = country_of(out, facts.country);
        result.tally += comparison.tally;
        for (const auto& [subject, tally] : comparison.by_subject) result.by_subject[subject] += tally;
        result.places.push_back({facts.place, facts.name, comparison});
        reported.insert(facts.place);
    }
    if (const auto release = release_())
        for (const auto& [code, listed] : release->content.catalogue.countries) {
            if (!country.empty() && code != country) continue;
            auto& result = country_of(out, code);
            for (const auto& place : listed.places)
                if (!reported.contains(place.id)) result.without_board.push_back(place.id);
        }
    std::sort(out.begin(), out.end(),
              [](const auto& a, const auto& b) { return country_name(a.country) < country_name(b.country); });
    return out;
}

void Comparer::for_each_place(local_days day, const std::string& country, Instant now,
                              const HandleDay& handle) {
    for (const auto& facts : places_on(day, country, now)) settle_place(facts, now, handle);
}

/// Plans a day of a place that has a board, unless it is planned from the current release already.
void Comparer::store_day(const DayFacts& facts, Instant now) {
    const auto release = release_();
    if (store_.plans.release_of(facts.place, facts.day) == release->content.release) return;
    auto fresh = release->plan(facts.place, facts.day);
    if (!fresh) return;
    auto stored = store_.plans.find(facts.place, facts.day);
    if (!stored) return store_.plans.set({facts, std::move(*fresh), true});
    if (!stored->plan.knows_kinds)
        stored->plan = plan_of(facts);  // an earlier office's: its fillers are left out first
    stored->plan = planned_again(std::move(stored->plan), *fresh, now);
    stored->stands = true;
    store_.plans.set(*stored);
}

void Comparer::store_plans_of(const std::string& only, Instant now) {
    const auto release = release_();
    if (!release) return;
    fill_in_facts();
    const auto boards = in_service();
    for (const auto& [id, since] : boards) {
        const auto* place = release->content.catalogue.place(id);
        if (!place || (!only.empty() && id != only)) continue;
        const auto today = today_of(*release, *place, now);
        auto first = std::max(today_of(*release, *place, since), today - most_missed);
        if (const auto latest = store_.plans.latest_before(id, today))
            first = std::max(first, *latest + days{1});
        for (auto day = std::min(first, today); day <= today + days{1}; day += days{1})
            store_day(facts_of(*release, *place, day, since), now);
    }
    const auto yesterday = std::chrono::floor<days>(now.time_since_epoch()) - days{1};
    for (const auto& facts : store_.plans.days_from(local_days{yesterday})) {
        if (!only.empty() && facts.place != only) continue;
        const bool is_listed = release->content.catalogue.place(facts.place) != nullptr;
        if (is_listed && boards.contains(facts.place)) continue;
        auto stored = store_.plans.find(facts.place, facts.day);
        if (!stored || !stored->stands) continue;
        stored->plan = waive_rest(std::move(stored->plan), now,
                                  is_listed ? WaiveCause::board_retired : WaiveCause::place_removed);
        stored->stands = false;
        store_.plans.set(*stored);
    }
}

/// Days that an earlier office stored are of the places that the channel lists now.
void Comparer::fill_in_facts() const {
    const auto release = release_();
    for (auto facts : store_.plans.without_facts(filled_in_at_once)) {
        if (const auto* place = release->content.catalogue.place(facts.place)) {
            facts = facts_of(*release, *place, facts.day, facts.since);
        } else {
            facts.zone = "UTC";
            const auto bounds = scheduler::broadcast_day(0min, facts.zone, facts.day);
            facts.from = bounds.from;
            facts.until = bounds.until;
        }
        store_.plans.fill_in(facts);
    }
}

void Comparer::discard(const std::string& place) {
    std::erase_if(cache_, [&](const auto& entry) { return entry.first.first == place; });
}

}  // namespace riverlight::office
