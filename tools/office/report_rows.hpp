#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "content/airing/record.hpp"
#include "tools/office/figures/reported.hpp"
#include "tools/office/figures/settle.hpp"
#include "tools/office/plan_store.hpp"

/// What stored records report, read from their columns alone. Included by the stores and the migrations only.
namespace riverlight::office {

class Database;

/// A time of which a record says more than of its own airing: nothing is known of it (a gap), or nothing
/// could be played.
struct TimeSpan {
    bool is_gap = false;
    Instant from{}, until{};
};
/// Nothing for a record that speaks of its own airing alone.
[[nodiscard]] std::optional<TimeSpan> time_span_of(const content::AiringRecord& record);
void add_time_span(Database& db, std::int64_t id, const std::string& place, const TimeSpan& span);
/// That of a stored record.
[[nodiscard]] std::optional<TimeSpan> find_time_span(Database& db, std::int64_t id);

/// Reads what is reported of places' days.
class ReportRows {
  public:
    explicit ReportRows(const Database& db) : db_(db) {}
    /// Of all airings of a place's day, or of one by its id. Airings without a status are left out. Those in
    /// doubt report nothing but that.
    [[nodiscard]] std::vector<Reported> of_day(const std::string& place, std::chrono::local_days day) const;
    [[nodiscard]] std::vector<Reported> of_airing(const std::string& place, std::chrono::local_days day,
                                                  const std::string& airing) const;
    /// What boards say of times that touch the day.
    [[nodiscard]] ReportedTimes times_of(const DayFacts& day) const;

  private:
    const Database& db_;
};

}  // namespace riverlight::office
