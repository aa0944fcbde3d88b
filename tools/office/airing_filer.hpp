#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "content/airing/record.hpp"
#include "content/airing/time_fix.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "tools/office/airing_counts.hpp"
#include "tools/office/airing_months.hpp"
#include "tools/office/day_sums.hpp"
#include "tools/office/place_facts.hpp"
#include "tools/office/quarantine.hpp"

/// Stores records, and files them by place and broadcast day. Included by the airings' store only.
namespace riverlight::office {

class Database;

/// The record of a stored row of `file`; nothing for one that cannot be read.
[[nodiscard]] std::optional<content::AiringRecord> record_in(const std::string& json,
                                                             const std::string& file);

/// Lives as long as the transaction.
class AiringFiler {
  public:
    /// `plans`: unpacked before, by this thread.
    AiringFiler(Database& db, UnpackedPlans& plans);

    /// Stores a record that follows what is held. `received`: absent: not known. Returns what is in doubt.
    std::optional<Doubt> add(const content::AiringRecord& record, const PlaceFacts& place,
                             const std::optional<Instant>& received);
    /// Files a stored airing of a place that was not known when it came.
    void file_again(std::int64_t id, const PlaceFacts& place);
    /// Judges again what stood beside records that moved, and adds all that changed to the sums. Before the
    /// transaction ends, once.
    void finish(const PlaceFacts& place);

  private:
    using Received = std::optional<Instant>;
    struct Stored {
        content::AiringRecord record;
        std::optional<content::CorrectedTimes> times;
        Received received;
        std::chrono::local_days day{};
    };
    [[nodiscard]] std::optional<Stored> find(std::int64_t id) const;
    [[nodiscard]] std::int64_t insert(const content::AiringRecord& record, const PlaceFacts& place,
                                      const scheduler::LocalDay& day, const Received& received);
    [[nodiscard]] std::optional<content::CorrectedTimes> held_correction(const content::AiringRecord& record);
    void set_corrected(std::int64_t id, const content::CorrectedTimes& times);
    void judge(std::int64_t id, const content::AiringRecord& record, const scheduler::LocalDay& day,
               const std::optional<content::CorrectedTimes>& times, const Received& received);
    void file(std::int64_t id, const content::AiringRecord& record, const PlaceFacts& place,
              const std::optional<content::CorrectedTimes>& times, const Received& received);
    void apply_fix(const content::AiringRecord& record, const PlaceFacts& place);
    void judge_again(std::int64_t id, const PlaceFacts& place);
    void will_change(std::int64_t id);

    Database& db_;
    AiringMonths months_;
    Quarantine quarantine_;
    AiringCounts counts_;
    DaySums sums_;
};

}  // namespace riverlight::office
