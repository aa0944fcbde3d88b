#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "content/airing/record.hpp"
#include "content/airing/time_fix.hpp"
#include "tools/office/figures/doubt.hpp"

/// Which stored records are in doubt. Included by the airings' store and the migrations only.
namespace riverlight::office {

class Database;

/// Judges airings that were just stored, or whose times were corrected: by themselves, and beside what else
/// their outlet says it aired. Lives as long as the transaction.
class Quarantine {
  public:
    explicit Quarantine(Database& db) : db_(db) {}

    /// What of a row the judgement needs.
    struct Subject {
        std::int64_t id = 0;
        const content::AiringRecord& record;
        std::optional<content::CorrectedTimes> corrected;
        std::string day;                  ///< that the row is filed under
        std::chrono::milliseconds lasts;  ///< that day
        std::optional<Instant> received;
        bool is_new = false;  ///< it was never judged
    };
    /// Stores and returns what is in doubt; nothing: it counts, until it is judged again.
    std::optional<Doubt> judge(const Subject& subject);
    /// The records that are in doubt beside others that have gone or moved since the last call: they have to
    /// be judged again. Oldest first.
    [[nodiscard]] std::vector<std::int64_t> take_freed();

  private:
    [[nodiscard]] bool overlaps_in_boot(const Subject& subject, std::chrono::microseconds length);
    [[nodiscard]] bool overlaps_by_wall_clock(const Subject& subject, std::chrono::microseconds length);
    [[nodiscard]] bool exceeds_day(const Subject& subject, std::chrono::microseconds length);
    [[nodiscard]] std::optional<Doubt> doubt_beside_others(const Subject& subject);
    [[nodiscard]] bool forget(std::int64_t id);
    struct OutletDay {
        std::string board, outlet, day;
    };
    void add_time(const OutletDay& of, std::chrono::microseconds time);
    void remember(const Subject& subject, std::chrono::microseconds length);

    Database& db_;
    std::set<std::pair<std::string, std::string>> freed_;  ///< board and outlet where one went or moved
};

}  // namespace riverlight::office
