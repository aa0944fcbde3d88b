#include "player/screen/cadence.hpp"

#include <cmath>
#include <numeric>

namespace riverlight::player {
namespace {

using std::chrono::nanoseconds;

/// Long enough for a rate to be measured to a millionth, short enough to follow a crystal that warms up.
constexpr std::int64_t measured_over = 20'000, measured_least = 200;
constexpr double believed = 0.01;

std::int64_t rounded_up(std::int64_t value, std::int64_t by) {
    return value / by + (value % by > 0);
}

}  // namespace

Cadence::Cadence(Ratio refresh, Ratio beat, std::int64_t frame, std::int64_t blank)
    : up_(refresh.num), down_(refresh.den), frame_(frame), blank_(blank) {
    const auto reduce = [](std::int64_t& a, std::int64_t& b) {
        const auto common = std::gcd(a, b);
        a /= common;
        b /= common;
    };
    reduce(up_, down_);
    auto num = beat.num, den = beat.den;
    reduce(num, up_);
    reduce(den, down_);
    up_ *= den;
    down_ *= num;
}

std::int64_t Cadence::blank_of(std::int64_t frame) const {
    const auto n = frame - frame_;
    // Whole rounds of the pattern first: the rest stays small however long it runs.
    return blank_ + n / down_ * up_ + rounded_up(n % down_ * up_, down_);
}

BlankClock::BlankClock(Ratio refresh, std::int64_t blank, Moment at)
    : nominal_ns_(1e9 * double(refresh.den) / double(refresh.num)),
      period_ns_(nominal_ns_),
      base_blank_(blank),
      blank_(blank),
      base_at_(at),
      at_(at) {}

void BlankClock::observe(std::int64_t blank, Moment at) {
    if (blank < blank_ || at < at_) {  // counts anew, as after a mode was set
        base_blank_ = blank;
        base_at_ = at;
    }
    blank_ = blank;
    at_ = at;
    const auto count = blank - base_blank_;
    if (count < measured_least) return;
    const double period = double(nanoseconds(at - base_at_).count()) / double(count);
    if (std::abs(period / nominal_ns_ - 1) < believed) period_ns_ = period;
    if (count < measured_over) return;
    // Half of what was measured over stays: the base moves on along the measured line.
    base_blank_ += count / 2;
    base_at_ += nanoseconds(std::llround(period * double(count / 2)));
}

Moment BlankClock::time_of(std::int64_t blank) const {
    return at_ + nanoseconds(std::llround(double(blank - blank_) * period_ns_));
}

std::int64_t BlankClock::blank_at(Moment at) const {
    // A nanosecond more, so that time_of(n) is at n.
    return blank_ + std::int64_t(std::floor((double(nanoseconds(at - at_).count()) + 1) / period_ns_));
}

}  // namespace riverlight::player
