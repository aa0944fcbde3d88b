#include "player/av/resample.hpp"

#include <algorithm>
#include <utility>

extern "C" {
#include <libavutil/channel_layout.h>
}

namespace riverlight::player::av {
namespace {

constexpr std::int64_t longest_gap = std::int64_t{sample_rate} * 600;

}  // namespace

void Resample::open(const AVFrame& frame) {
    AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    auto from = frame.ch_layout;  // libav 5.1 asks for pointers to what it does not change
    SwrContext* raw = nullptr;
    check(swr_alloc_set_opts2(&raw, &stereo, AV_SAMPLE_FMT_FLT, sample_rate, &from,
                              static_cast<AVSampleFormat>(frame.format), frame.sample_rate, 0, nullptr),
          what_);
    resampler_.reset(raw);
    check(swr_init(raw), what_);
}

/// Converts a frame, or with null what the resampler still holds.
Samples Resample::convert(const AVFrame* frame) {
    const int in = frame ? frame->nb_samples : 0;
    const int room = swr_get_out_samples(resampler_.get(), in);
    Samples out(static_cast<std::size_t>(std::max(room, 0)) * 2);
    auto* into = reinterpret_cast<std::uint8_t*>(out.data());
    const int got =
        check(swr_convert(resampler_.get(), &into, room,
                          frame ? const_cast<const std::uint8_t**>(frame->extended_data) : nullptr, in),
              what_);
    out.resize(static_cast<std::size_t>(got) * 2);
    return out;
}

/// Makes the next input sample the one at `here`. False where all of the frame lies before it.
bool Resample::meet(const AVFrame& frame, std::int64_t here) {
    const int rate = frame.sample_rate;
    // Containers round their times; only what is off by more than 10 ms is a gap or an overlap. The beginning
    // is met to the sample.
    const auto gap = here - expected_;
    const auto slack = sounding_ ? rate / 100 : 0;
    if (gap > slack && gap < longest_gap) {
        check(swr_inject_silence(resampler_.get(), static_cast<int>(gap)), what_);
        expected_ += gap;
    } else if (gap < -slack) {
        const auto cut = std::min<std::int64_t>(-gap, frame.nb_samples);
        if (cut == frame.nb_samples) return false;
        check(swr_drop_output(resampler_.get(), static_cast<int>(av_rescale(cut, sample_rate, rate))), what_);
        expected_ -= cut;
    }
    return true;
}

Samples Resample::take(const AVFrame& frame, const Ratio* at) {
    if (frame.nb_samples == 0) return {};
    if (!resampler_) open(frame);
    if (!std::exchange(begun_, true)) expected_ = av_rescale(begin_.num, frame.sample_rate, begin_.den);
    if (!meet(frame, at ? av_rescale(at->num, frame.sample_rate, at->den) : expected_)) return {};
    sounding_ = true;
    expected_ += frame.nb_samples;
    return convert(&frame);
}

Samples Resample::finish() {
    if (!resampler_ || std::exchange(finished_, true)) return {};
    return convert(nullptr);
}

Samples next_of(Demux& file, Resample& resample) {
    if (!file.sound.stream) return {};
    for (;;) {
        const auto frame = file.next(file.sound);
        if (!frame) return resample.finish();
        std::optional<Ratio> at;
        if (frame->best_effort_timestamp != AV_NOPTS_VALUE)
            at = file.seconds(frame->best_effort_timestamp, file.sound);
        auto out = resample.take(*frame, at ? &*at : nullptr);
        if (!out.empty()) return out;
    }
}

}  // namespace riverlight::player::av
