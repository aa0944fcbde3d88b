#include "player/av/av.hpp"

namespace riverlight::player {

void Spares::give(Picture picture) {
    const std::lock_guard hold(mutex_);
    if (kept_.size() < most) kept_.push_back(std::move(picture));
}

Picture Spares::take() {
    const std::lock_guard hold(mutex_);
    if (kept_.empty()) return {};
    auto one = std::move(kept_.back());
    kept_.pop_back();
    return one;
}

}  // namespace riverlight::player
