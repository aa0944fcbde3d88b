#include "firmware/outlet/failure_pause.hpp"

#include <algorithm>

namespace riverlight::firmware {

void FailurePause::failed(MonotonicTime now) {
    if (!may_try(now)) return;
    ++failures_;
    if (!is_active()) return;
    length_ = std::clamp(2 * length_, first, longest);
    until_ = now + length_;
}

}  // namespace riverlight::firmware
