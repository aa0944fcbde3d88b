#include "player/av/sound_rate.hpp"

#include <algorithm>
#include <cmath>

#include "player/av/handles.hpp"

extern "C" {
#include <libavutil/opt.h>
}

namespace riverlight::player {
namespace {

const char* const what = "sound cannot be fitted to the display's clock";

}  // namespace

struct SoundRate::State {
    av::Handle<SwrContext> swr;
    double ppm = 0;
};

SoundRate::SoundRate() : state_(std::make_unique<State>()) {
    AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    SwrContext* raw = nullptr;
    av::check(swr_alloc_set_opts2(&raw, &stereo, AV_SAMPLE_FMT_FLT, sample_rate, &stereo, AV_SAMPLE_FMT_FLT,
                                  sample_rate, 0, nullptr),
              what);
    state_->swr.reset(raw);
    // The same rate on both sides: it resamples all the same, so that it can be changed without a seam, and
    // between its filter's phases, so that a millionth can be told from none.
    av::check(av_opt_set_int(raw, "flags", SWR_FLAG_RESAMPLE, 0), what);
    av::check(av_opt_set_int(raw, "linear_interp", 1, 0), what);
    av::check(av_opt_set_int(raw, "exact_rational", 0, 0), what);
    av::check(swr_init(raw), what);
}
SoundRate::~SoundRate() = default;
SoundRate::SoundRate(SoundRate&&) noexcept = default;

Samples SoundRate::run(std::span<const float> samples, double ppm) {
    auto* swr = state_->swr.get();
    // Over so long a stretch a sample is a tenth of a millionth; it is set anew long before its end.
    constexpr int stretch = 10'000'000;
    const auto more = static_cast<int>(std::lround(std::clamp(ppm, -2000.0, 2000.0) * stretch / 1e6));
    av::check(swr_set_compensation(swr, more, stretch), what);
    const int in = static_cast<int>(samples.size() / 2);
    const int room = swr_get_out_samples(swr, in);
    Samples out(static_cast<std::size_t>(std::max(room, 0)) * 2);
    auto* into = reinterpret_cast<std::uint8_t*>(out.data());
    const auto* from = reinterpret_cast<const std::uint8_t*>(samples.data());
    const int got = av::check(swr_convert(swr, &into, room, &from, in), what);
    out.resize(static_cast<std::size_t>(got) * 2);
    return out;
}

std::int64_t SoundRate::held() const {
    return swr_get_delay(state_->swr.get(), sample_rate);
}

}  // namespace riverlight::player
