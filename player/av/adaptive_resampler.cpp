#include "player/av/adaptive_resampler.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "player/av/handles.hpp"

extern "C" {
#include <libavutil/opt.h>
}

namespace riverlight::player {
namespace {

const char* const what = "sound cannot be fitted to the display's clock";

}  // namespace

struct AdaptiveResampler::State {
    av::Handle<SwrContext> swr;
    double ppm = 0;
};

AdaptiveResampler::AdaptiveResampler() : state_(std::make_unique<State>()) {
    AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    SwrContext* raw = nullptr;
    av::check(swr_alloc_set_opts2(&raw, &stereo, AV_SAMPLE_FMT_FLT, sample_rate, &stereo, AV_SAMPLE_FMT_FLT,
                                  sample_rate, 0, nullptr),
              what);
    state_->swr.reset(raw);
    // Input and output have the same rate. SWR_FLAG_RESAMPLE resamples anyway, so that the rate can change
    // without a seam; linear_interp interpolates between the filter's phases, so that a millionth has effect.
    av::check(av_opt_set_int(raw, "flags", SWR_FLAG_RESAMPLE, 0), what);
    av::check(av_opt_set_int(raw, "linear_interp", 1, 0), what);
    av::check(av_opt_set_int(raw, "exact_rational", 0, 0), what);
    av::check(swr_init(raw), what);
}
AdaptiveResampler::~AdaptiveResampler() = default;
AdaptiveResampler::AdaptiveResampler(AdaptiveResampler&&) noexcept = default;

Samples AdaptiveResampler::run(std::span<const float> samples, double ppm) {
    auto* swr = state_->swr.get();
    // One sample in so many is a tenth of a millionth. Every call sets it again, long before the distance
    // ends.
    constexpr int distance = 10'000'000;
    const auto more = static_cast<int>(std::lround(std::clamp(ppm, -2000.0, 2000.0) * distance / 1e6));
    av::check(swr_set_compensation(swr, more, distance), what);
    const int in = static_cast<int>(samples.size() / 2);
    assert(samples.size() % 2 == 0);
    const int room = swr_get_out_samples(swr, in);
    Samples out(static_cast<std::size_t>(std::max(room, 0)) * 2);
    auto* into = reinterpret_cast<std::uint8_t*>(out.data());
    const auto* from = reinterpret_cast<const std::uint8_t*>(samples.data());
    const int got = av::check(swr_convert(swr, &into, room, &from, in), what);
    out.resize(static_cast<std::size_t>(got) * 2);
    return out;
}

std::int64_t AdaptiveResampler::held() const {
    return swr_get_delay(state_->swr.get(), sample_rate);
}

}  // namespace riverlight::player
