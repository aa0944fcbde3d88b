#include "firmware/start/stability.hpp"

#include <cassert>

namespace riverlight::firmware {

bool StabilityCheck::observe(MonotonicTime now, const std::vector<OutletProgress>& outlets) {
    assert((seen_.empty() || seen_.size() == outlets.size()) && "a board's outlets do not change");
    seen_.resize(outlets.size());
    bool running = !outlets.empty();
    for (std::size_t n = 0; n < outlets.size(); ++n) {
        auto& seen = seen_[n];
        if (outlets[n].closed || outlets[n].frames != seen.frames) seen = {outlets[n].frames, now};
        running = running && seen.moved && now - *seen.moved <= patience;
    }
    if (!running) {
        running_since_.reset();
        return false;
    }
    if (!running_since_) running_since_ = now;
    return now - *running_since_ >= needed_;
}

}  // namespace riverlight::firmware
