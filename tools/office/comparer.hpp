#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tools/office/channel_follower.hpp"
#include "tools/office/figures/settle.hpp"
#include "tools/office/store.hpp"

/// Planned against aired, by country and place: the numbers that pages, JSON and exports show.
namespace riverlight::office {

struct CountryDay {
    std::string country;  ///< ISO 3166-1 alpha-2
    Tally tally;
    std::vector<PlaceSum> places;
    std::vector<std::string> being_planned;  ///< places with a board whose day is not stored yet
    std::vector<std::string> without_board;  ///< places of the channel for which no board reports
    std::map<Subject, Tally> by_subject;     ///< they add up to `tally`
};

/// Reads what is stored; plans nothing and writes nothing. On the thread of its store.
class Comparer {
  public:
    /// `release`: the current one; null: none yet.
    Comparer(const OfficeStore& store, std::function<std::shared_ptr<const Release>()> release)
        : store_(store), release_(std::move(release)) {}
    /// One local day, for all countries, or for one by its code, from its sums. A past day is that of the
    /// places that stood then.
    [[nodiscard]] std::vector<CountryDay> day(std::chrono::local_days day, const std::string& country,
                                              Instant now) const;
    /// The sum of those countries.
    [[nodiscard]] Tally total(std::chrono::local_days day, const std::string& country, Instant now) const;

  private:
    const OfficeStore& store_;
    std::function<std::shared_ptr<const Release>()> release_;
};

/// Every promise of a stored day with its outcome, from the records: what the sums are counted from.
/// `settled` refers to the rest.
struct SettledPlace {
    StoredDay stored;
    std::vector<Reported> reports;
    SettledDay settled;
};
/// Nothing for a day that is not stored, or cannot be read.
[[nodiscard]] std::unique_ptr<const SettledPlace> settle_place(const OfficeStore& store,
                                                               const std::string& place,
                                                               std::chrono::local_days day, Instant now);

}  // namespace riverlight::office
