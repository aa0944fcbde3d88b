#include "player/av/sound_times.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace riverlight::player::av {
namespace {

/// The least common multiple of the usual sampling rates: sums of frames stay exact.
constexpr AVRational ticks{1, 28'224'000};
/// libav rounds each duration to the stream's time base.
constexpr std::int64_t rounding = 1;

bool has_picture(const AVFormatContext& format) {
    return std::any_of(format.streams, format.streams + format.nb_streams, [](const AVStream* stream) {
        return stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
               !(stream->disposition & AV_DISPOSITION_ATTACHED_PIC);
    });
}

}  // namespace

std::optional<SoundTimes> SoundTimes::of(const AVFormatContext& format) {
    const std::string_view name = format.iformat->name;
    if (name == "mpegts" || name == "mpeg") return SoundTimes(Derived::some);
    const bool only_sound = name == "aac" || name == "mp3" || name == "flac" || name == "ogg";
    return only_sound && !has_picture(format) ? std::optional(SoundTimes(Derived::all)) : std::nullopt;
}

bool SoundTimes::is_derived(const AVFrame& frame) const {
    if (frame.best_effort_timestamp == AV_NOPTS_VALUE || derived_ == Derived::all) return true;
    return expected_ && std::abs(frame.best_effort_timestamp - *expected_) <= rounding;
}

std::optional<std::int64_t> SoundTimes::take(const AVFrame& frame, AVRational time_base) {
    const auto own = frame.best_effort_timestamp;
    if (!end_ || !is_derived(frame)) {
        if (own == AV_NOPTS_VALUE) return {};
        end_ = av_rescale_q(own, time_base, ticks);
    }
    const auto begin = *end_;
    if (frame.sample_rate > 0) *end_ += av_rescale(frame.nb_samples, ticks.den, frame.sample_rate);
    expected_ = own != AV_NOPTS_VALUE ? std::optional(own + frame.pkt_duration) : std::nullopt;
    return av_rescale_q(begin, ticks, time_base);
}

}  // namespace riverlight::player::av
