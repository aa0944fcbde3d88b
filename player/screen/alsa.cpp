// ALSA's PCM (alsa-lib), without waiting: samples are written when a frame is, and the card's buffer is
// longer than a screen is ever ahead.
#include <alsa/asoundlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "content/base/error.hpp"
#include "player/screen/loudspeaker.hpp"

namespace riverlight::player {
namespace {

constexpr unsigned channels = 2, buffer_us = 500'000, period_us = 10'000;

struct Close {
    void operator()(snd_pcm_t* pcm) const { snd_pcm_close(pcm); }
};

/// alsa-lib writes to the error output by itself, each time a device is not there.
void say_nothing(const char*, int, const char*, int, const char*, ...) {}

class AlsaDevice final : public SoundDevice {
  public:
    explicit AlsaDevice(const std::string& name) : name_(name) {
        snd_lib_error_set_handler(say_nothing);
        snd_pcm_t* raw = nullptr;
        need(snd_pcm_open(&raw, name.c_str(), SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK), "cannot be opened");
        pcm_.reset(raw);
        set_format();
        set_start();
    }

    State state() override {
        if (gone_) return State::gone;
        switch (snd_pcm_state(pcm_.get())) {
            case SND_PCM_STATE_PREPARED:
                return State::idle;
            case SND_PCM_STATE_RUNNING: {
                // The state is as of the last interrupt; this asks the card.
                const auto room = snd_pcm_avail_update(pcm_.get());
                return room >= 0 ? State::running : judged(static_cast<int>(room));
            }
            case SND_PCM_STATE_DISCONNECTED:
            case SND_PCM_STATE_OPEN:
                return State::gone;
            default:
                return State::starved;
        }
    }

    std::optional<std::int64_t> delay() override {
        snd_pcm_sframes_t delay = 0;
        if (snd_pcm_delay(pcm_.get(), &delay) != 0 || delay < 0) return {};
        return delay;
    }

    std::int64_t write(std::span<const float> samples) override {
        const auto frames = static_cast<snd_pcm_uframes_t>(samples.size() / channels);
        const void* from = samples.data();
        if (!floats_) {
            pcm16_.resize(samples.size());
            std::transform(samples.begin(), samples.end(), pcm16_.begin(), [](float v) {
                return static_cast<std::int16_t>(std::lrint(std::clamp(v, -1.0F, 1.0F) * 32767.0F));
            });
            from = pcm16_.data();
        }
        const auto took = snd_pcm_writei(pcm_.get(), from, frames);
        if (took >= 0) return took;
        static_cast<void>(judged(static_cast<int>(took)));
        return 0;
    }

    void start() override { static_cast<void>(judged(snd_pcm_start(pcm_.get()))); }

    void rewind() override {
        snd_pcm_drop(pcm_.get());
        static_cast<void>(judged(snd_pcm_prepare(pcm_.get())));
    }

  private:
    /// What an answer below 0 means.
    State judged(int code) {
        if (code >= 0) return State::running;
        gone_ = gone_ || code == -ENODEV || code == -EBADFD || code == -EIO || code == -ENOTTY;
        return gone_ ? State::gone : State::starved;
    }
    void need(int code, const std::string& what) const {
        if (code < 0)
            throw Error("the sound device '" + name_ + "' " + what + ": " + snd_strerror(code) +
                        "; `aplay -L` lists the devices");
    }

    void set_format() {
        snd_pcm_hw_params_t* hardware = nullptr;
        snd_pcm_hw_params_alloca(&hardware);
        auto* pcm = pcm_.get();
        need(snd_pcm_hw_params_any(pcm, hardware), "cannot be set");
        need(snd_pcm_hw_params_set_access(pcm, hardware, SND_PCM_ACCESS_RW_INTERLEAVED), "takes no samples");
        floats_ = snd_pcm_hw_params_set_format(pcm, hardware, SND_PCM_FORMAT_FLOAT) == 0;
        if (!floats_)
            need(snd_pcm_hw_params_set_format(pcm, hardware, SND_PCM_FORMAT_S16),
                 "takes neither 16-bit nor float samples; use plughw: instead of hw:");
        need(snd_pcm_hw_params_set_channels(pcm, hardware, channels),
             "takes no stereo; use plughw: instead of hw:");
        need(snd_pcm_hw_params_set_rate(pcm, hardware, sample_rate, 0),
             "takes no 48 kHz; use plughw: instead of hw:");
        unsigned buffer = buffer_us, period = period_us;
        need(snd_pcm_hw_params_set_period_time_near(pcm, hardware, &period, nullptr), "takes no period");
        need(snd_pcm_hw_params_set_buffer_time_near(pcm, hardware, &buffer, nullptr), "takes no buffer");
        need(snd_pcm_hw_params(pcm, hardware), "takes no such sound");
    }

    void set_start() {
        snd_pcm_sw_params_t* software = nullptr;
        snd_pcm_sw_params_alloca(&software);
        auto* pcm = pcm_.get();
        need(snd_pcm_sw_params_current(pcm, software), "cannot be set");
        // Never by itself: it starts when silence and first samples are in their place.
        need(snd_pcm_sw_params_set_start_threshold(pcm, software, std::numeric_limits<std::int32_t>::max()),
             "cannot be started by hand");
        need(snd_pcm_sw_params(pcm, software), "cannot be set");
    }

    std::string name_;
    std::unique_ptr<snd_pcm_t, Close> pcm_;
    std::vector<std::int16_t> pcm16_;
    bool floats_ = true, gone_ = false;
};

}  // namespace

std::unique_ptr<SoundDevice> open_alsa(const std::string& name) {
    return std::make_unique<AlsaDevice>(name);
}

}  // namespace riverlight::player
