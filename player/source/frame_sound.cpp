#include "player/source/frame_sound.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace riverlight::player {

FrameSound::FrameSound(Reader& reader, double gain_db, std::int64_t samples_a_frame)
    : reader_(&reader),
      gain_(static_cast<float>(std::pow(10.0, gain_db / 20))),
      size_(static_cast<std::size_t>(samples_a_frame) * 2) {
    assert(samples_a_frame > 0);
}

std::vector<float> FrameSound::next(bool& from_media) {
    while (reader_ && pending_.size() - read_ < size_) {
        auto samples = reader_->next_samples();
        if (samples.empty()) {
            reader_ = nullptr;
            break;
        }
        pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(read_));
        read_ = 0;
        pending_.insert(pending_.end(), samples.begin(), samples.end());
    }
    std::vector<float> out(size_, 0.0F);
    const auto count = std::min(size_, pending_.size() - read_);
    for (std::size_t i = 0; i < count; ++i) out[i] = pending_[read_ + i] * gain_;
    read_ += count;
    assert(read_ <= pending_.size());
    from_media = count > 0;
    return out;
}

}  // namespace riverlight::player
