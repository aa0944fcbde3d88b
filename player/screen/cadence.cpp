#include "player/screen/cadence.hpp"

#include <cassert>
#include <cmath>
#include <numeric>

namespace riverlight::player {
namespace {

using std::chrono::nanoseconds;

/// Long enough to measure a rate to a millionth, short enough to follow a crystal that warms up.
constexpr std::int64_t measured_over = 20'000, measured_at_least = 200;
constexpr double max_deviation = 0.01;

std::int64_t divide_rounding_up(std::int64_t value, std::int64_t by) {
    return value / by + (value % by > 0);
}

void reduce(std::int64_t& a, std::int64_t& b) {
    const auto common = std::gcd(a, b);
    a /= common;
    b /= common;
}

}  // namespace

Cadence::Cadence(Ratio refresh, Ratio frame_rate, std::int64_t frame, std::int64_t vblank)
    : blanks_(refresh.num), frames_(refresh.den), first_frame_(frame), first_vblank_(vblank) {
    assert(refresh.num > 0 && refresh.den > 0 && frame_rate.num > 0 && frame_rate.den > 0);
    reduce(blanks_, frames_);
    auto num = frame_rate.num, den = frame_rate.den;
    reduce(num, blanks_);
    reduce(den, frames_);
    blanks_ *= den;
    frames_ *= num;
}

std::int64_t Cadence::vblank_of(std::int64_t frame) const {
    const auto n = frame - first_frame_;
    // Whole rounds of the pattern first, so that the products stay small for years.
    return first_vblank_ + n / frames_ * blanks_ + divide_rounding_up(n % frames_ * blanks_, frames_);
}

VblankClock::VblankClock(Ratio refresh, std::int64_t vblank, SteadyTime at)
    : nominal_(1e9 * double(refresh.den) / double(refresh.num)),
      period_(nominal_),
      base_{vblank, at},
      last_{vblank, at} {
    assert(nominal_ > Period::zero());
}

void VblankClock::observe(std::int64_t vblank, SteadyTime at) {
    const Observation now{vblank, at};
    if (vblank < last_.vblank || at < last_.at) base_ = now;  // the counter restarted, as after a modeset
    last_ = now;
    const auto count = vblank - base_.vblank;
    assert(count >= 0);
    if (count < measured_at_least) return;
    const auto period = Period(at - base_.at) / double(count);
    if (std::abs(period / nominal_ - 1) < max_deviation) period_ = period;
    if (count < measured_over) return;
    // Half of the measured time is kept: the base moves on along the measured line.
    base_.vblank += count / 2;
    base_.at += nanoseconds(std::llround(period.count() * double(count / 2)));
}

SteadyTime VblankClock::time_of(std::int64_t vblank) const {
    return last_.at + nanoseconds(std::llround(double(vblank - last_.vblank) * period_.count()));
}

std::int64_t VblankClock::vblank_at(SteadyTime at) const {
    // A nanosecond more, so that time_of(n) is at blank n.
    const auto since = double(nanoseconds(at - last_.at).count()) + 1;
    return last_.vblank + std::int64_t(std::floor(since / period_.count()));
}

}  // namespace riverlight::player
