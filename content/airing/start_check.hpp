#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "content/airing/record.hpp"

/// Whether the wall clock that stamped the starts of a boot agrees with that boot's monotonic clock. A clock
/// that was set between two airings shows here. Pure.
namespace riverlight::content {

/// One start by both clocks of its boot.
struct ClockedStart {
    Instant at{};
    MonotonicTime monotonic{};
    std::optional<std::chrono::milliseconds> error;  ///< of `at`; absent: unknown
    friend bool operator==(const ClockedStart&, const ClockedStart&) = default;
};
/// Nothing for a record that was not on air, or whose boot is not known.
[[nodiscard]] std::optional<ClockedStart> clocked_start(const AiringRecord& record);

/// How much later (earlier: negative) `start` was stamped than the monotonic distance to its neighbour
/// allows. Nothing where both clocks' errors, their drift and late events explain it.
[[nodiscard]] std::optional<std::chrono::milliseconds> contradiction(const ClockedStart& start,
                                                                     const ClockedStart& neighbour);

/// The starts of many records, by board, boot and clock state. The start before one's own decides, else the
/// start after it: of a clock that was set, both sides of the step are marked, since either may be wrong.
class StartCheck {
  public:
    void add(const AiringRecord& record);
    /// Of a record that was added. See the free function.
    [[nodiscard]] std::optional<std::chrono::milliseconds> contradiction(const AiringRecord& record) const;

  private:
    /// A clock that is set when the time becomes known contradicts nothing: a time fix says what it was.
    using Clock = std::tuple<std::string, std::string, ClockState>;
    std::map<Clock, std::map<MonotonicTime, ClockedStart>> starts_;
};

}  // namespace riverlight::content
