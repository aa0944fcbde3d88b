#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tools/office/channel_follower.hpp"
#include "tools/office/compare.hpp"
#include "tools/office/store.hpp"

/// Planned against aired, by country and place: the numbers that pages and JSON show.
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
};

/// Compares days, and caches what it compared until something of the place changes. On the loop's thread.
class Comparer {
  public:
    Comparer(OfficeStore& store, const ChannelFollower& channel) : store_(store), channel_(channel) {}
    /// One local day, for all countries of the channel, or for one by its code.
    [[nodiscard]] std::vector<CountryDay> day(std::chrono::local_days day, const std::string& country,
                                              Instant now);
    /// Stores the plans of today and tomorrow, so that a later release does not change what was planned. An
    /// office that is down over midnight still has the day's plan.
    void store_plans(Instant now);
    /// Removes a place's comparisons from the cache: a batch from there arrived.
    void discard(const std::string& place);
    void discard_all() { cache_.clear(); }

  private:
    struct CachedComparison {
        Comparison comparison;
        Instant valid_until{};
    };
    [[nodiscard]] const Comparison& comparison_of(const Release& release, const content::Place& place,
                                                  std::chrono::local_days day, Instant enrolled, Instant now);

    OfficeStore& store_;
    const ChannelFollower& channel_;
    std::map<std::pair<std::string, std::chrono::local_days>, CachedComparison> cache_;  // by place and day
};

}  // namespace riverlight::office
