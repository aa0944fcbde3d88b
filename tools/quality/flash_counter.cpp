#include "tools/quality/flash_counter.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace riverlight::quality {
namespace {

using namespace std::chrono_literals;

constexpr auto one_second = 1'000'000us;
constexpr auto together = 100'000us;
constexpr std::size_t permitted = 3;

}  // namespace

FlashCounter::FlashCounter(std::size_t points) : points_(points) {}

void FlashCounter::add_change(std::size_t point, std::chrono::microseconds at) {
    assert(point < points_.size());
    auto& p = points_[point];
    if (p.begun == never || at - p.begun >= one_second) {
        p.begun = at;
        return;
    }
    completed_ = true;
    p.from = p.begun;
    p.flashed = at;
    p.begun = never;
}

void FlashCounter::picture_done(std::chrono::microseconds at) {
    if (!std::exchange(completed_, false)) return;
    if (!recent_.empty() && at - recent_.back().until < together) return;
    gather_points(at);
    if (begun_.size() * 4 <= points_.size()) return;
    const auto half = begun_.begin() + static_cast<std::ptrdiff_t>(begun_.size() / 2);
    std::nth_element(begun_.begin(), half, begun_.end());
    add_flash({*half, at});
}

void FlashCounter::gather_points(Time at) {
    begun_.clear();
    for (const auto& p : points_)
        if (at - p.flashed < together) begun_.push_back(p.from);
}

void FlashCounter::add_flash(const Flash& flash) {
    assert(recent_.empty() || recent_.back().until <= flash.until);
    recent_.push_back(flash);
    while (flash.until - recent_.front().until >= one_second) recent_.pop_front();
    if (recent_.size() <= permitted) return;
    using std::chrono::duration_cast, std::chrono::milliseconds;
    const Stretch stretch{duration_cast<milliseconds>(recent_.front().from),
                          duration_cast<milliseconds>(flash.until)};
    if (!found_.empty() && stretch.from <= found_.back().until) {
        found_.back().until = stretch.until;
    } else {
        found_.push_back(stretch);
    }
}

}  // namespace riverlight::quality
