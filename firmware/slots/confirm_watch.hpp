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

/// What a start has proved of its slot.
enum class SlotProof : std::uint8_t {
    none_yet,  ///< nothing
    plays,     ///< it is sure
    does_not   ///< it could have played for long enough to prove it, and did not
};

/// Decides when a start proves that its slot is sure: for `needed` without a break the status page answered,
/// frames left every outlet, and the clock was not before `not_before`, the time the system was built.
/// Neither network nor channel nor office count, and a closed place proves nothing, neither good nor bad.
/// A start that has not proved it within `patience`, not counting the time of a closed place, proves that the
/// slot does not play. Pure. Owner: one thread.
class ConfirmWatch {
  public:
    /// As long as a player takes that has to be started again a few times, and then the proof.
    static constexpr std::chrono::minutes patience{10};

    ConfirmWatch(std::chrono::seconds needed, Instant not_before)
        : needed_(needed), not_before_(not_before), check_(needed) {}

    /// Call it every few seconds; `seen`: none if the page did not answer.
    [[nodiscard]] SlotProof observe(MonotonicTime now, const std::optional<StatusSeen>& seen);

  private:
    [[nodiscard]] bool plays(MonotonicTime now, const std::optional<StatusSeen>& seen);
    void begin_again();

    std::chrono::seconds needed_;
    Instant not_before_;
    StabilityCheck check_;
    std::size_t outlets_ = 0;
    std::optional<MonotonicTime> looked_;  ///< none: not yet
    MonotonicClock::duration waited_{};    ///< while the slot could have played
};

}  // namespace riverlight::firmware
