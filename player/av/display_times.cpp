#include "player/av/display_times.hpp"

#include <algorithm>

namespace riverlight::player::av {

void DisplayTimes::add_packet(std::int64_t decoding_time) {
    if (free_.empty() || free_.back() < decoding_time) free_.push_back(decoding_time);
}

std::int64_t DisplayTimes::take(std::optional<std::int64_t> decoding_time, std::int64_t usual_duration) {
    if (decoding_time) {
        // More packets before the picture's own than the delay allows: the first of them made no picture.
        const auto own = std::lower_bound(free_.begin(), free_.end(), *decoding_time);
        for (auto extra = own - free_.begin() - delay_; extra > 0; --extra) free_.pop_front();
    }
    if (free_.empty()) {  // a packet that held two pictures
        last_ = last_ ? *last_ + usual_duration : decoding_time.value_or(0);
    } else {
        last_ = free_.front();
        free_.pop_front();
    }
    return *last_;
}

}  // namespace riverlight::player::av
