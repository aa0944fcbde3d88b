#include "firmware/start/watchdog.hpp"

#include <systemd/sd-daemon.h>

#include <algorithm>
#include <cassert>

namespace riverlight::firmware {

bool Watchdog::observe(MonotonicTime now, const std::vector<OutletProgress>& outlets) {
    assert((seen_.empty() || seen_.size() == outlets.size()) && "a board's outlets do not change");
    if (seen_.empty()) seen_.assign(outlets.size(), {0, now + starting_patience});
    for (std::size_t n = 0; n < outlets.size(); ++n)
        if (outlets[n].closed || outlets[n].frames != seen_[n].frames)
            seen_[n] = {outlets[n].frames, now + patience};
    return std::all_of(seen_.begin(), seen_.end(), [&](const Seen& seen) { return now <= seen.until; });
}

std::optional<std::chrono::milliseconds> watchdog_interval() {
    std::uint64_t microseconds = 0;
    if (sd_watchdog_enabled(0, &microseconds) <= 0) return {};
    const std::chrono::milliseconds third{static_cast<std::int64_t>(microseconds / 3000)};
    return std::clamp(third, std::chrono::milliseconds{1}, std::chrono::milliseconds{5000});
}

}  // namespace riverlight::firmware
