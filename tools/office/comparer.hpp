#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tools/office/channel_follower.hpp"
#include "tools/office/settle.hpp"
#include "tools/office/store.hpp"

/// Planned against aired, by country and place: the numbers that pages, JSON and exports show.
namespace riverlight::office {

struct PlaceDay {
    std::string place, name;
    Comparison comparison;
};
struct CountryDay {
    std::string country;  ///< ISO 3166-1 alpha-2
    Tally tally;
    std::vector<PlaceDay> places;
    std::vector<std::string> without_board;  ///< places of the channel for which no board reports
    std::map<Subject, Tally> by_subject;     ///< they add up to `tally`
};

/// Compares days, and caches what it compared until something of the place changes. On the loop's thread.
class Comparer {
  public:
    /// `release`: the current one; null: none yet.
    Comparer(OfficeStore& store, std::function<std::shared_ptr<const Release>()> release)
        : store_(store), release_(std::move(release)) {}
    /// One local day, for all countries, or for one by its code. A past day is that of the places that stood
    /// then.
    [[nodiscard]] std::vector<CountryDay> day(std::chrono::local_days day, const std::string& country,
                                              Instant now);
    /// Calls `handle` with each settlement of the day that day() counts, place by place. Nothing is cached.
    using HandleDay = std::function<void(const DayFacts& place, const SettledDay& day)>;
    void for_each_place(std::chrono::local_days day, const std::string& country, Instant now,
                        const HandleDay& handle);

    /// Stores the promises of today and tomorrow, and of days that an office that was down has missed, at
    /// most
    /// 31. A later release changes what has not begun. Where no board is left, what has not begun is waived.
    void store_plans(Instant now) { store_plans_of("", now); }
    /// The same of one place.
    void store_plans_of(const std::string& place, Instant now);
    /// Removes a place's comparisons from the cache: a batch from there arrived.
    void discard(const std::string& place);
    void discard_all() { cache_.clear(); }

  private:
    struct CachedComparison {
        Comparison comparison;
        Instant valid_until{};
    };
    /// Since when each place is in service: its first board that is not retired enrolled.
    [[nodiscard]] std::map<std::string, Instant> in_service() const;
    [[nodiscard]] std::vector<DayFacts> places_on(std::chrono::local_days day, const std::string& country,
                                                  Instant now) const;
    [[nodiscard]] KeptPlan plan_of(const DayFacts& facts);
    [[nodiscard]] const Comparison& comparison_of(const DayFacts& facts, Instant now);
    void settle_place(const DayFacts& facts, Instant now, const HandleDay& handle);
    void store_day(const DayFacts& facts, Instant now);
    void fill_in_facts() const;
    void discard_what_others_changed();

    OfficeStore& store_;
    std::function<std::shared_ptr<const Release>()> release_;
    std::map<std::pair<std::string, std::chrono::local_days>, CachedComparison> cache_;  // by place and day
    std::int64_t seen_version_ = 0;  ///< of the database: another process may write too
};

}  // namespace riverlight::office
