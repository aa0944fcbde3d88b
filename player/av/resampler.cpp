#include "player/av/resampler.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

extern "C" {
#include <libavutil/channel_layout.h>
}

namespace riverlight::player::av {
namespace {

/// A longer gap is a wrong timestamp, and is ignored.
constexpr std::int64_t longest_gap_seconds = 600;
/// Silence is returned in pieces of this many input samples: ten minutes of it are 230 MB.
constexpr std::int64_t piece_of_silence = 1024;
/// What claims another sampling rate is damaged. Each sample of a lower one would become thousands.
constexpr int lowest_rate = 1'000, highest_rate = 768'000;

/// Appends a plane's samples, every `stride`th value of `to` from `first` on. `full`: a sample at full scale,
/// above `zero`.
template <class T>
void copy_plane(const std::uint8_t* from, std::size_t count, float* to, std::size_t stride, double full,
                double zero = 0) {
    const auto* values = reinterpret_cast<const T*>(from);
    for (std::size_t i = 0; i < count; ++i)
        to[i * stride] = static_cast<float>((static_cast<double>(values[i]) - zero) / full);
}

void copy_plane_of(AVSampleFormat format, const std::uint8_t* from, std::size_t count, float* to,
                   std::size_t stride) {
    switch (av_get_packed_sample_fmt(format)) {
        case AV_SAMPLE_FMT_U8:
            return copy_plane<std::uint8_t>(from, count, to, stride, 127, 128);
        case AV_SAMPLE_FMT_S16:
            return copy_plane<std::int16_t>(from, count, to, stride, 32'767);
        case AV_SAMPLE_FMT_S32:
            return copy_plane<std::int32_t>(from, count, to, stride, 2'147'483'647);
        case AV_SAMPLE_FMT_S64:
            return copy_plane<std::int64_t>(from, count, to, stride, 9.223372036854775807e18);
        case AV_SAMPLE_FMT_FLT:
            return copy_plane<float>(from, count, to, stride, 1);
        case AV_SAMPLE_FMT_DBL:
            return copy_plane<double>(from, count, to, stride, 1);
        default:
            return;  // libav has no other
    }
}

SourceSamples source_samples_of(const AVFrame& frame, std::chrono::microseconds at) {
    const auto format = static_cast<AVSampleFormat>(frame.format);
    const auto channels = static_cast<std::size_t>(frame.ch_layout.nb_channels);
    const auto count = static_cast<std::size_t>(frame.nb_samples);
    SourceSamples out{at, frame.sample_rate, frame.ch_layout.nb_channels, {}};
    out.interleaved.resize(count * channels);
    if (av_sample_fmt_is_planar(format))
        for (std::size_t c = 0; c < channels; ++c)
            copy_plane_of(format, frame.extended_data[c], count, out.interleaved.data() + c, channels);
    else
        copy_plane_of(format, frame.extended_data[0], count * channels, out.interleaved.data(), 1);
    return out;
}

/// `count` samples of the kind that `like` has.
Handle<AVFrame> silent_frame(const AVFrame& like, int count) {
    auto frame = new_frame();
    frame->format = like.format;
    frame->sample_rate = like.sample_rate;
    frame->nb_samples = count;
    check(av_channel_layout_copy(&frame->ch_layout, &like.ch_layout), "silence");
    check(av_frame_get_buffer(frame.get(), 0), "silence");
    check(av_samples_set_silence(frame->extended_data, 0, count, frame->ch_layout.nb_channels,
                                 static_cast<AVSampleFormat>(frame->format)),
          "silence");
    return frame;
}

}  // namespace

/// True if the context was set up for frames of another kind.
bool Resampler::differs(const AVFrame& frame) const {
    return frame.sample_rate != rate_ || frame.format != format_ ||
           av_channel_layout_compare(&frame.ch_layout, &layout_.value) != 0;
}

/// Sets the context up for frames like this one. `expected_` counts its samples from then on.
void Resampler::open(const AVFrame& frame) {
    AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    auto from = frame.ch_layout;  // libav 5.1 takes non-const pointers here
    SwrContext* raw = nullptr;
    check(swr_alloc_set_opts2(&raw, &stereo, AV_SAMPLE_FMT_FLT, sample_rate, &from,
                              static_cast<AVSampleFormat>(frame.format), frame.sample_rate, 0, nullptr),
          file_);
    swr_.reset(raw);
    check(swr_init(raw), file_);
    expected_ = rate_ == 0 ? av_rescale(begin_.num, frame.sample_rate, begin_.den)
                           : av_rescale(expected_, frame.sample_rate, rate_);
    rate_ = frame.sample_rate;
    format_ = frame.format;
    check(av_channel_layout_copy(&layout_.value, &frame.ch_layout), file_);
}

/// Converts a frame; null: what libswresample still holds.
Samples Resampler::convert(const AVFrame* frame) {
    const int in = frame ? frame->nb_samples : 0;
    const int room = swr_get_out_samples(swr_.get(), in);
    Samples out(static_cast<std::size_t>(std::max(room, 0)) * 2);
    auto* into = reinterpret_cast<std::uint8_t*>(out.data());
    const int got =
        check(swr_convert(swr_.get(), &into, room,
                          frame ? const_cast<const std::uint8_t**>(frame->extended_data) : nullptr, in),
              file_);
    out.resize(static_cast<std::size_t>(got) * 2);
    return out;
}

/// Makes silence due or cuts, so that the frame's first sample is the one at `position` (input samples from
/// the file's origin). False where all of the frame is earlier than what was already returned.
bool Resampler::align(const AVFrame& frame, std::int64_t position) {
    const int rate = frame.sample_rate;
    // Containers round their timestamps: only more than 10 ms is a gap or an overlap. The first frame is
    // aligned to the sample.
    const auto gap = position - expected_;
    const auto tolerance = sounding_ ? rate / 100 : 0;
    if (gap > tolerance && gap < longest_gap_seconds * rate) {
        silence_ = gap;
    } else if (gap < -tolerance) {
        const auto cut = std::min<std::int64_t>(-gap, frame.nb_samples);
        if (cut == frame.nb_samples) return false;
        check(swr_drop_output(swr_.get(), static_cast<int>(av_rescale(cut, sample_rate, rate))), file_);
        expected_ -= cut;
    }
    return true;
}

Samples Resampler::take_held() {
    while (held_) {
        const auto frame = silence_ > 0
                               ? silent_frame(*held_, static_cast<int>(std::min(silence_, piece_of_silence)))
                               : std::exchange(held_, nullptr);
        if (held_) silence_ -= frame->nb_samples;
        expected_ += frame->nb_samples;
        auto out = convert(frame.get());
        if (!out.empty()) return out;
    }
    return {};
}

Samples Resampler::push(const AVFrame& frame, std::optional<Ratio> pts) {
    assert(!finished_ && !held_);
    if (frame.nb_samples == 0) return {};
    if (frame.sample_rate < lowest_rate || frame.sample_rate > highest_rate) return {};
    if (frame.ch_layout.nb_channels <= 0) return {};
    Samples out;
    if (!swr_ || differs(frame)) {
        if (swr_) out = convert(nullptr);
        open(frame);
    }
    const auto position = pts ? av_rescale(pts->num, frame.sample_rate, pts->den) : expected_;
    if (listener_) {
        const std::chrono::microseconds at{av_rescale(position, 1'000'000, frame.sample_rate)};
        listener_(source_samples_of(frame, at));
    }
    if (!align(frame, position)) return out;
    sounding_ = true;
    held_ = made(av_frame_clone(&frame));
    const auto more = take_held();
    out.insert(out.end(), more.begin(), more.end());
    return out;
}

Samples Resampler::finish() {
    if (!swr_ || std::exchange(finished_, true)) return {};
    return convert(nullptr);
}

Samples next_samples(Demuxer& file, Resampler& resampler) {
    if (!file.sound.stream) return {};
    if (auto held = resampler.take_held(); !held.empty()) return held;
    for (;;) {
        const auto frame = file.next_sound();
        if (!frame) return resampler.finish();
        std::optional<Ratio> pts;
        if (frame->pts != AV_NOPTS_VALUE) pts = file.seconds(frame->pts, file.sound);
        auto out = resampler.push(*frame, pts);
        if (!out.empty()) return out;
    }
}

}  // namespace riverlight::player::av
