#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "content/airing/record.hpp"

/// What a board knows after its clock was set ahead: nothing of the time between. One record says so, in
/// place of one for each airing that was planned in between. To older readers it is a skipped
/// airing that was not planned.
namespace riverlight::content {

struct TimeGap {
    std::string boot_id;
    Instant from{};   ///< the time before the clock was set
    Instant until{};  ///< the time after it; later than `from`
    MonotonicTime monotonic{};
    ClockState clock = ClockState::unsynchronised;  ///< of `until`
    std::optional<std::chrono::milliseconds> error;
    friend bool operator==(const TimeGap&, const TimeGap&) = default;
};

/// The journal record of a gap: skipped, planned from `from` to `until`.
[[nodiscard]] AiringRecord record_of(const TimeGap& gap, const std::string& place);
/// The gap that a record holds; nothing for every other record.
[[nodiscard]] std::optional<TimeGap> time_gap_of(const AiringRecord& record);

}  // namespace riverlight::content
