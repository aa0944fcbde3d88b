#pragma once
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "firmware/journal/record.hpp"

/// Airings from before a board knew the time, placed in time once it does: by the boot that they share and
/// the monotonic clock of that boot. Records are never changed; where they lie is worked out beside them.
/// Pure.
namespace riverlight::firmware {

class Journal;

/// What a boot's monotonic clock stood at when the time was known.
struct TimeFix {
    std::string board, boot_id;
    Instant at{};
    std::int64_t monotonic_us = 0;
    std::int64_t error_ms = -1;  ///< −1: unknown
};

/// The journal's own record of a time fix: `unplanned-clock-<boot id>`, skipped, its start the time that was
/// then known for sure. Goes up like any other.
[[nodiscard]] AiringRecord record_of(const TimeFix& fix, const std::string& place);
/// The time fix that a record is; nothing for every other record.
[[nodiscard]] std::optional<TimeFix> time_fix_of(const AiringRecord& record);

/// Where an airing lay in time. `started` and `ended` of its record stand as its board stamped them.
struct Placed {
    Instant started{};
    std::optional<Instant> ended;
    std::int64_t error_ms = -1;  ///< the fix's own, and 100 millionths of the time between; −1: unknown
};

/// Farther from its planned start, an airing is not the one that was planned: the plan was made for a time
/// that it was not.
inline constexpr std::chrono::minutes off_its_plan{15};

/// Whether a record waits for a time fix of its boot: it was on air, and the clock was not known to be right.
[[nodiscard]] bool waits_for_time(const AiringRecord& record);
/// Nothing where the record needs no placing, or the fix is of another board or boot.
[[nodiscard]] std::optional<Placed> placed_by(const AiringRecord& record, const TimeFix& fix);

/// Fixes by board and boot: the first of each counts.
class Placing {
  public:
    void learn(const AiringRecord& record);
    [[nodiscard]] std::optional<Placed> place(const AiringRecord& record) const;

  private:
    std::map<std::pair<std::string, std::string>, TimeFix> fixes_;
};

/// Whether the journal holds an airing of that boot that waits, and no fix of it. Looks back as far as the
/// boot reaches. Throws Error.
[[nodiscard]] bool wants_time_fix(const Journal& journal, const std::string& boot_id);

}  // namespace riverlight::firmware
