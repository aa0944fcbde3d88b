#include "tools/office/comparer.hpp"

#include <algorithm>

#include "scheduler/plan/broadcast_day.hpp"
#include "tools/office/views.hpp"

namespace riverlight::office {
namespace {

using namespace std::chrono_literals;

constexpr auto open_day_valid_for = 5s;
constexpr auto past_day_valid_for = 24h;
constexpr std::size_t cache_limit = 100'000;

/// When each place's first board enrolled; retired boards do not count.
std::map<std::string, Instant> enrolment_times(const OfficeStore& store) {
    std::map<std::string, Instant> out;
    for (const auto& board : store.boards.all()) {
        if (board.state == BoardState::retired) continue;
        const auto [it, inserted] = out.emplace(board.place, board.enrolled);
        if (!inserted) it->second = std::min(it->second, board.enrolled);
    }
    return out;
}

}  // namespace

const Comparison& Comparer::comparison_of(const Release& release, const content::Place& place,
                                          std::chrono::local_days day, Instant enrolled, Instant now) {
    const std::pair key{place.id, day};
    const auto cached = cache_.find(key);
    if (cached != cache_.end() && cached->second.valid_until > now) return cached->second.comparison;
    const auto stored = store_.plans.find(place.id, day);
    const auto plan = stored ? read_kept_plan(*stored) : release.plan(place.id, day);
    CachedComparison fresh;
    if (plan)
        fresh.comparison =
            compare(*plan, store_.airings.outcomes(place.id, day), enrolled, now,
                    {store_.airings.time_gaps(place.id), store_.airings.failure_runs(place.id, day)});
    // A past day changes only with what a board sends later, which discards it.
    const auto bounds = scheduler::broadcast_day(release.day_start(place), place.zone, day);
    fresh.valid_until = now + (bounds.until < now ? past_day_valid_for : open_day_valid_for);
    return cache_.insert_or_assign(key, std::move(fresh)).first->second.comparison;
}

std::vector<CountryDay> Comparer::day(std::chrono::local_days day, const std::string& country, Instant now) {
    std::vector<CountryDay> out;
    const auto release = channel_.release();
    if (!release) return out;
    if (cache_.size() > cache_limit) cache_.clear();
    const auto enrolled = enrolment_times(store_);
    for (const auto& [code, facts] : release->content.catalogue.countries) {
        if (!country.empty() && code != country) continue;
        CountryDay result{code, {}, {}, {}};
        for (const auto& place : facts.places) {
            const auto since = enrolled.find(place.id);
            if (since == enrolled.end()) {
                result.without_board.push_back(place.id);
                continue;
            }
            const auto& comparison = comparison_of(*release, place, day, since->second, now);
            result.tally += comparison.tally;
            result.places.push_back({place.id, place.name, comparison});
        }
        out.push_back(std::move(result));
    }
    std::sort(out.begin(), out.end(),
              [](const auto& a, const auto& b) { return country_name(a.country) < country_name(b.country); });
    return out;
}

void Comparer::store_plans(Instant now) {
    const auto release = channel_.release();
    if (!release) return;
    for (const auto& board : store_.boards.all()) {
        const auto* place = release->content.catalogue.place(board.place);
        if (!place || board.state == BoardState::retired) continue;
        const auto today = scheduler::broadcast_day_of(release->day_start(*place), place->zone, now).day;
        for (const auto day : {today, today + std::chrono::days(1)}) {
            const auto fresh = release->plan(place->id, day);
            if (!fresh) continue;
            const auto stored = store_.plans.find(place->id, day);
            store_.plans.set(
                place->id, day,
                write_kept_plan(!stored ? *fresh : merged(read_kept_plan(*stored), *fresh, now)));
        }
    }
}

void Comparer::discard(const std::string& place) {
    std::erase_if(cache_, [&](const auto& entry) { return entry.first.first == place; });
}

}  // namespace riverlight::office
