#include "player/evidence/fate_ledger.hpp"

#include <algorithm>
#include <cassert>

namespace riverlight::player {
namespace {

/// Lost frames that are remembered: more than any outlet is ahead of its clock by.
constexpr std::int64_t remembered = 4096;

}  // namespace

void FateLedger::settle_before(std::int64_t end) {
    const std::lock_guard lock(mutex_);
    settled_ = std::max(settled_, end);
}

void FateLedger::lose(std::int64_t first, std::int64_t end) {
    assert(first <= end);
    const std::lock_guard lock(mutex_);
    for (auto frame = std::max(first, end - remembered); frame < end; ++frame) lost_.insert(frame);
    lost_.erase(lost_.begin(), lost_.lower_bound(end - remembered));
}

FrameFate FateLedger::fate_of(std::int64_t frame) const {
    const std::lock_guard lock(mutex_);
    if (lost_.contains(frame)) return FrameFate::lost;
    return frame < settled_ ? FrameFate::left : FrameFate::pending;
}

}  // namespace riverlight::player
