#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "content/base/instant.hpp"
#include "firmware/start/stability.hpp"

namespace riverlight::firmware {

/// Decides whether the daemon may tell its service manager that it is well (systemd.service, WatchdogSec=):
/// only while frames leave every outlet. A display or a player that hangs in the kernel is ended by a new
/// player first; where that does not help, the service manager's watchdog starts the daemon again, and the
/// machine's own watchdog, which the service manager feeds, the machine. Pure. Owner: one thread.
class Watchdog {
  public:
    /// An outlet may show nothing new for so long: a player is replaced within it several times.
    static constexpr std::chrono::seconds patience{20};
    /// Until its first frame, from the first call on: fonts are opened, and a factory loop is hashed.
    static constexpr std::chrono::seconds starting_patience{60};

    /// `outlets` in the same order at each call. True if the daemon may say that it is well.
    [[nodiscard]] bool observe(MonotonicTime now, const std::vector<OutletProgress>& outlets);

  private:
    struct Seen {
        std::int64_t frames = 0;
        MonotonicTime until{};  ///< by when it must advance
    };
    std::vector<Seen> seen_;
};

/// How often to feed the service manager's watchdog, if it has one for this process: a third of the time
/// after which it acts, 5 s at most. Reads the environment.
[[nodiscard]] std::optional<std::chrono::milliseconds> watchdog_interval();

}  // namespace riverlight::firmware
