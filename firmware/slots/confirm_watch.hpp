#pragma once
#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "content/base/instant.hpp"
#include "firmware/start/stability.hpp"

namespace riverlight::firmware {

/// What an answer of the board's `/v1/status` says that matters here.
struct StatusSeen {
    Instant at{};  ///< the board's clock
    std::vector<OutletProgress> outlets;
};

/// Reads such an answer. None if it is not one. Never throws.
[[nodiscard]] std::optional<StatusSeen> parse_status(std::string_view text);

/// Decides when a start proves that its slot is sure: for `needed` without a break the status page answered,
/// frames left every outlet, and the clock was not before `not_before`, the time the system was built.
/// Neither network nor channel nor office count, and a closed place proves nothing. Pure. Owner: one thread.
class ConfirmWatch {
  public:
    ConfirmWatch(std::chrono::seconds needed, Instant not_before)
        : needed_(needed), not_before_(not_before), check_(needed) {}

    /// Call it every few seconds; `seen`: none if the page did not answer. True once the slot is sure.
    [[nodiscard]] bool observe(MonotonicTime now, const std::optional<StatusSeen>& seen);

  private:
    void begin_again();

    std::chrono::seconds needed_;
    Instant not_before_;
    StabilityCheck check_;
    std::size_t outlets_ = 0;
};

}  // namespace riverlight::firmware
