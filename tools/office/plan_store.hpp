#pragma once
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "content/base/instant.hpp"
#include "tools/office/place_facts.hpp"
#include "tools/office/promise.hpp"

namespace riverlight::office {

class Database;

/// What belongs to one place and day, as it was then: it stays whatever becomes of the board or the place.
struct DayFacts {
    std::string place;
    std::chrono::local_days day{};
    std::string country, name;  ///< of the place; empty: not known
    std::string zone;           ///< IANA; empty: not known
    Instant from{}, until{};    ///< the broadcast day; equal: not known
    Instant since{};            ///< promises from then on count: the board was in service
};

/// The promises of a place and day.
struct StoredDay {
    DayFacts facts;
    KeptPlan plan;
    /// False: its place had no board, or was not in the channel, when the rest of it was waived.
    bool stands = true;
};

/// The plans of days as they were when the days began, with what changed in the middle of them.
class PlanStore {
  public:
    explicit PlanStore(Database& db) : db_(db) {}

    /// Nothing if none is stored, or it cannot be read.
    [[nodiscard]] std::optional<StoredDay> find(const std::string& place, std::chrono::local_days day) const;
    void set(const StoredDay& stored);

    /// All places whose plan of that day is stored, by country and id.
    [[nodiscard]] std::vector<DayFacts> places_of(std::chrono::local_days day) const;
    /// The days of all places from that day on.
    [[nodiscard]] std::vector<DayFacts> days_from(std::chrono::local_days day) const;
    /// The release that a stored day was last planned from; empty: it does not stand. Nothing: it is not
    /// stored.
    [[nodiscard]] std::optional<std::string> release_of(const std::string& place,
                                                        std::chrono::local_days day) const;
    /// The latest day of a place that is stored, before `day`.
    [[nodiscard]] std::optional<std::chrono::local_days> latest_before(const std::string& place,
                                                                       std::chrono::local_days day) const;
    /// What airings of a place are filed under, by its last day that is stored; nothing if there is none.
    [[nodiscard]] std::optional<PlaceFacts> facts_of(const std::string& place) const;
    /// Of days that an earlier office stored without them, fills in facts of a place.
    void fill_in(const DayFacts& place);
    /// Days that an earlier office stored without facts of their places.
    [[nodiscard]] std::vector<DayFacts> without_facts(std::size_t count) const;

  private:
    Database& db_;
};

}  // namespace riverlight::office
