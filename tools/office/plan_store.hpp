#pragma once
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "content/base/instant.hpp"
#include "tools/office/figures/promise.hpp"
#include "tools/office/place_facts.hpp"

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

/// The plans of days as they were when the days began, with what changed in the middle of them. They are kept
/// packed (packed_plan.hpp).
class PlanStore {
  public:
    explicit PlanStore(Database& db) : db_(db) {}

    /// Nothing if none is stored, or it cannot be read.
    [[nodiscard]] std::optional<StoredDay> find(const std::string& place, std::chrono::local_days day) const;
    /// In place of what is stored of that day; counts its sums (day_sums.hpp).
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
    /// Of a day that an earlier office stored without them, fills in the facts of its place, and counts it.
    void fill_in(const DayFacts& day);
    /// Days that an earlier office stored without facts of their places, or with fillers among the promises.
    [[nodiscard]] std::vector<DayFacts> of_earlier_offices() const;
    /// Of days before that one only the sums are left (records_prune.hpp); nothing: none was pruned.
    [[nodiscard]] std::optional<std::chrono::local_days> pruned_before() const;
    /// Of days that have ended everywhere, sums say enough: which promises nothing was heard of need not be
    /// listed.
    void forget_listed_silence(std::chrono::local_days before);

  private:
    Database& db_;
};

}  // namespace riverlight::office
