#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "content/base/instant.hpp"

namespace riverlight::firmware {

/// How far an outlet has come.
struct OutletProgress {
    std::int64_t frames = 0;  ///< that left it so far, over all of its players
    bool closed = false;      ///< the place is closed, so that it need not show anything

    friend bool operator==(const OutletProgress&, const OutletProgress&) = default;
};

/// Decides when a start is stable: frames have kept leaving every outlet for `needed`. Pure. Owner: one
/// thread.
class StabilityCheck {
  public:
    explicit StabilityCheck(std::chrono::seconds needed) : needed_(needed) {}

    /// An outlet may show nothing new for so long. After that the time starts again.
    static constexpr std::chrono::seconds patience{15};

    /// `outlets` in the same order at each call; call it every few seconds. True once the start is stable;
    /// never without an outlet.
    [[nodiscard]] bool observe(MonotonicTime now, const std::vector<OutletProgress>& outlets);

  private:
    struct Seen {
        std::int64_t frames = 0;
        std::optional<MonotonicTime> moved;  ///< none: no frame yet
    };
    std::chrono::seconds needed_;
    std::vector<Seen> seen_;
    std::optional<MonotonicTime> running_since_;
};

}  // namespace riverlight::firmware
