#include "player/av/picture_pool.hpp"

#include <utility>

namespace riverlight::player {

void PicturePool::put(Picture picture) {
    const std::lock_guard hold(mutex_);
    if (kept_.size() < max_kept) kept_.push_back(std::move(picture));
}

Picture PicturePool::take() {
    const std::lock_guard hold(mutex_);
    if (kept_.empty()) return {};
    auto one = std::move(kept_.back());
    kept_.pop_back();
    return one;
}

}  // namespace riverlight::player
