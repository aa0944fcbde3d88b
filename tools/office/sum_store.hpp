#pragma once
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "content/base/instant.hpp"
#include "tools/office/figures/tally.hpp"

namespace riverlight::office {

class Database;

/// One place's day.
struct PlaceSum {
    std::string place, name, country;
    Tally tally;
    std::map<std::string, int> reasons;  ///< how often each was given for a promise that did not air whole
};

/// Reads the sums of stored days (day_sums.hpp). What is silent in them is upcoming as long as it has not
/// ended at `now`.
class SumStore {
  public:
    explicit SumStore(const Database& db) : db_(db) {}

    /// All places whose day is stored, or those of a country, by country and id.
    [[nodiscard]] std::vector<PlaceSum> places(std::chrono::local_days day, const std::string& country,
                                               Instant now) const;
    /// The same day by country and subject. Sums of nothing are left out.
    using BySubject = std::map<Subject, Tally>;
    [[nodiscard]] std::map<std::string, BySubject> countries(std::chrono::local_days day,
                                                             const std::string& country, Instant now) const;

  private:
    const Database& db_;
};

}  // namespace riverlight::office
