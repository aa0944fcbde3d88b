#include "firmware/outlet/restart_policy.hpp"

#include <cassert>

namespace riverlight::firmware {

using namespace std::chrono_literals;

namespace {

constexpr int item_fails_after = 2, first_delay_after = 3, long_delay_after = 10;  // quick ends in a row

}  // namespace

RestartPolicy::Verdict RestartPolicy::ended(MonotonicTime now) {
    assert(now >= started_);
    hardware_decoder_from_ = now + without_hardware_decoder;
    quick_ends_ = now - started_ < quick ? quick_ends_ + 1 : 0;
    ++restarts_;
    const auto delay = quick_ends_ < first_delay_after  ? 0ms
                       : quick_ends_ < long_delay_after ? 500ms
                                                        : 5000ms;
    return {delay, quick_ends_ >= item_fails_after};
}

bool RestartPolicy::may_use_hardware_decoder(MonotonicTime now) const {
    return !hardware_decoder_from_ || now >= *hardware_decoder_from_;
}

}  // namespace riverlight::firmware
