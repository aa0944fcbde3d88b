#pragma once
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "content/airing/record.hpp"

/// Corrected times for airings from before a board knew the time. A record keeps what its board's clock said,
/// the boot id and that boot's monotonic clock. Once the clock is known to be right, one more record says
/// what both clocks were then: a time fix. Readers compute the true times of that boot's airings from it;
/// records never change. Pure.
namespace riverlight::content {

/// The UTC time and the monotonic clock of one boot at the same moment, once the time was known.
struct TimeFix {
    std::string board, boot_id;
    Instant at{};
    MonotonicTime monotonic{};
    std::optional<std::chrono::milliseconds> error;  ///< absent: unknown
};

/// The journal record of a time fix: skipped, started at the fix's time.
[[nodiscard]] AiringRecord record_of(const TimeFix& fix, const std::string& place);
/// The time fix that a record holds; nothing for every other record.
[[nodiscard]] std::optional<TimeFix> time_fix_of(const AiringRecord& record);

/// When an airing really aired. Its record's `started` and `ended` stay as its board's clock stamped them.
struct CorrectedTimes {
    Instant started{};
    std::optional<Instant> ended;
    /// The fix's own error plus 100 ppm of the time in between; absent: unknown.
    std::optional<std::chrono::milliseconds> error;
};

/// An airing that really started farther than this from its planned start does not count as the planned
/// airing: the board planned for a wrong time.
inline constexpr std::chrono::minutes planned_tolerance{15};

/// True if an airing started so far from its planned start that it does not count as the planned airing.
[[nodiscard]] inline bool is_off_plan(Instant planned, Instant started) {
    return std::chrono::abs(started - planned) > planned_tolerance;
}

/// True if the airing was on air while its board's clock was not known to be right.
[[nodiscard]] bool needs_time_fix(const AiringRecord& record);
/// Nothing if the record needs no fix, or the fix is of another board or boot.
[[nodiscard]] std::optional<CorrectedTimes> corrected_times(const AiringRecord& record, const TimeFix& fix);

/// Time fixes by board and boot: the first of each boot counts.
class TimeFixes {
  public:
    /// Remembers the record's time fix, if it holds one.
    void add(const AiringRecord& record);
    [[nodiscard]] std::optional<CorrectedTimes> correct(const AiringRecord& record) const;

  private:
    std::map<std::pair<std::string, std::string>, TimeFix> fixes_;
};

}  // namespace riverlight::content
