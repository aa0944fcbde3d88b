#include "player/screen/sound_control.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace riverlight::player {
namespace {

/// Seconds: the time constant that smooths a coarse delay report, and the time in which an offset is
/// corrected.
constexpr double smoothing = 4, correction = 60;
/// Observations in a row that must be far off; a single one is a wrong report of the device.
constexpr int max_far_off = 12;
constexpr int max_observations = 1'000'000;

}  // namespace

SoundControl::SoundControl(std::chrono::nanoseconds step)
    : step_(std::chrono::duration<double>(step).count()) {
    assert(step_ > 0);
}

std::chrono::nanoseconds SoundControl::offset() const {
    return std::chrono::nanoseconds(std::llround(offset_ * 1e9));
}

void SoundControl::restart() {
    offset_ = 0;
    observations_ = far_off_ = 0;
    ppm_ = drift_;
}

bool SoundControl::observe(std::chrono::nanoseconds late) {
    const double seconds = std::chrono::duration<double>(late).count();
    far_off_ = std::chrono::abs(late) > max_offset ? far_off_ + 1 : 0;
    if (far_off_ >= max_far_off) return false;
    // A plain mean at first, so that the initial offset is known at once.
    const double weight = std::max(step_ / smoothing, 1.0 / ++observations_);
    observations_ = std::min(observations_, max_observations);
    offset_ += (seconds - offset_) * weight;
    // Proportional-integral, critically damped: the offset is corrected in about a minute.
    constexpr double by_offset = 1e6 / correction, by_time = 1e6 / (4 * correction * correction);
    const double wanted = drift_ - by_offset * offset_;
    const double max_change = max_ppm_per_second * step_;
    ppm_ += std::clamp(std::clamp(wanted, -max_ppm, max_ppm) - ppm_, -max_change, max_change);
    if (std::abs(wanted) < max_ppm)
        drift_ = std::clamp(drift_ - by_time * offset_ * step_, -max_ppm, max_ppm);
    assert(std::abs(ppm_) < max_ppm + 1 && std::abs(drift_) < max_ppm + 1);
    return true;
}

}  // namespace riverlight::player
