#include "player/screen/sound_control.hpp"

#include <algorithm>
#include <cmath>

namespace riverlight::player {
namespace {

/// Seconds: over which a device's coarse delay is smoothed, and in which an offset is worked off.
constexpr double smoothing = 4, correction = 60;
/// Observations in a row that must be far off: one alone is a device that reports badly.
constexpr int far_longest = 12;

}  // namespace

SoundControl::SoundControl(std::chrono::nanoseconds step)
    : step_(std::chrono::duration<double>(step).count()) {}

std::chrono::nanoseconds SoundControl::offset() const {
    return std::chrono::nanoseconds(std::llround(offset_ * 1e9));
}

void SoundControl::restart() {
    offset_ = 0;
    seen_ = far_ = 0;
    ppm_ = drift_;
}

bool SoundControl::observe(std::chrono::nanoseconds late) {
    const double seconds = std::chrono::duration<double>(late).count();
    far_ = std::chrono::abs(late) > reach ? far_ + 1 : 0;
    if (far_ >= far_longest) return false;
    // A plain mean at first, so that where it begins is known at once.
    const double weight = std::max(step_ / smoothing, 1.0 / ++seen_);
    seen_ = std::min(seen_, 1'000'000);
    offset_ += (seconds - offset_) * weight;
    // Proportional and integral, critically damped: the offset goes in about a minute, the drift is learnt.
    constexpr double by_offset = 1e6 / correction, by_time = 1e6 / (4 * correction * correction);
    const double wanted = drift_ - by_offset * offset_;
    const double most = most_ppm_a_second * step_;
    ppm_ += std::clamp(std::clamp(wanted, -most_ppm, most_ppm) - ppm_, -most, most);
    if (std::abs(wanted) < most_ppm)
        drift_ = std::clamp(drift_ - by_time * offset_ * step_, -most_ppm, most_ppm);
    return true;
}

}  // namespace riverlight::player
