#include "firmware/start/endurance.hpp"

namespace riverlight::firmware {

bool Endurance::lasted(std::int64_t monotonic_us, const std::vector<std::int64_t>& frames) {
    constexpr auto patience_us = std::chrono::microseconds(patience).count();
    const bool first = seen_.size() != frames.size();
    if (first) seen_.assign(frames.size(), {0, monotonic_us - patience_us - 1});
    bool on = !frames.empty();
    for (std::size_t n = 0; n < frames.size(); ++n) {
        auto& seen = seen_[n];
        if (frames[n] == closed || frames[n] != seen.frames) seen = {frames[n], monotonic_us};
        on = on && monotonic_us - seen.moved_us <= patience_us;
    }
    if (!on) {
        since_us_.reset();
        return false;
    }
    if (!since_us_) since_us_ = monotonic_us;
    return monotonic_us - *since_us_ >= needed_.count();
}

}  // namespace riverlight::firmware
