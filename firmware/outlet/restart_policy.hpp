#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

#include "content/base/instant.hpp"

namespace riverlight::firmware {

/// What the failures of an outlet's players mean for the next one: how long to wait, whether the item that
/// was due is to blame, and whether the machine's decoders are used. Pure.
class RestartPolicy {
  public:
    /// Hardware decoders are not used for this long after a player ended: the driver may have been the cause.
    static constexpr std::chrono::hours without_hardware_decoder{1};
    /// A player that ends sooner than this ended quickly.
    static constexpr std::chrono::seconds quick{3};
    /// The wait after a process could not be started at all.
    static constexpr std::chrono::seconds after_failed_start{2};

    void started(MonotonicTime now) { started_ = now; }
    /// An item's first frame left: the player works.
    void aired() { quick_ends_ = 0; }

    struct Verdict {
        std::chrono::milliseconds delay;  ///< before the next start
        bool item_failed;                 ///< two quick ends in a row: the item that comes next is given up
    };
    [[nodiscard]] Verdict ended(MonotonicTime now);
    [[nodiscard]] bool may_use_hardware_decoder(MonotonicTime now) const;
    /// Players that ended since the board's start.
    [[nodiscard]] std::int64_t restarts() const { return restarts_; }

  private:
    MonotonicTime started_{};
    std::optional<MonotonicTime> hardware_decoder_from_;  ///< not used before
    int quick_ends_ = 0;                                  ///< in a row
    std::int64_t restarts_ = 0;
};

}  // namespace riverlight::firmware
