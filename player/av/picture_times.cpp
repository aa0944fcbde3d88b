#include "player/av/picture_times.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace riverlight::player::av {

PictureTimes::PictureTimes(const AVFormatContext& format, const AVStream& stream, Ratio rate)
    : time_base_(stream.time_base), picture_time_{0, 1}, delay_(stream.codecpar->video_delay) {
    if (rate.num > 0) picture_time_ = {static_cast<int>(rate.den), static_cast<int>(rate.num)};
    const std::string_view name = format.iformat->name;
    if (name == "avi") display_times_.emplace(delay_);
    may_lack_order_ = name == "mxf";
}

std::int64_t PictureTimes::usual(std::int64_t pictures) const {
    return picture_time_.num > 0 ? av_rescale_q(pictures, picture_time_, time_base_) : pictures;
}

void PictureTimes::add_packet(const AVPacket& packet) {
    // libavformat's muxer writes an index of H.264 that knows no order of display.
    if (std::exchange(may_lack_order_, false) && (packet.pts == AV_NOPTS_VALUE || packet.pts == packet.dts))
        display_times_.emplace(delay_);
    if (display_times_ && packet.dts != AV_NOPTS_VALUE) display_times_->add_packet(packet.dts);
}

std::int64_t PictureTimes::take(const AVFrame& frame) {
    const auto number = count_++;
    last_duration_ = frame.pkt_duration;
    if (display_times_) {
        const auto known = frame.reordered_opaque != AV_NOPTS_VALUE;
        last_ = display_times_->take(known ? std::optional(frame.reordered_opaque) : std::nullopt, usual(1));
    } else if (frame.best_effort_timestamp != AV_NOPTS_VALUE) {
        last_ = time_ = frame.best_effort_timestamp;
        timed_ = number;
    } else {
        last_ = time_ + usual(number - timed_);
    }
    return *last_;
}

/// A field of an interlaced stream may count as a picture: then the rate says how long both last.
std::int64_t PictureTimes::last_duration() const {
    return std::max(last_duration_, picture_time_.num > 0 ? usual(1) : 0);
}

}  // namespace riverlight::player::av
