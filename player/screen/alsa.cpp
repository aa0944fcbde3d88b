// Non-blocking PCM: samples are written when their frame is queued, and the device's buffer is longer than a
// screen is ever ahead.
#include "player/screen/alsa.hpp"

#include <alsa/asoundlib.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <cmath>
#include <limits>
#include <vector>

#include "content/base/error.hpp"

namespace riverlight::player {
namespace {

constexpr unsigned channels = 2;
constexpr std::chrono::microseconds buffer_time = std::chrono::milliseconds{500};
constexpr std::chrono::microseconds period_time = std::chrono::milliseconds{10};

struct Close {
    void operator()(snd_pcm_t* pcm) const { snd_pcm_close(pcm); }
};

/// Otherwise alsa-lib prints to stderr each time a device is missing.
void ignore_error(const char*, int, const char*, int, const char*, ...) {}

class AlsaDevice final : public SoundDevice {
  public:
    explicit AlsaDevice(const std::string& name) : name_(name) {
        snd_lib_error_set_handler(ignore_error);
        snd_pcm_t* raw = nullptr;
        require(snd_pcm_open(&raw, name.c_str(), SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK),
                "cannot be opened");
        pcm_.reset(raw);
        set_format();
        set_start();
    }

    State state() override {
        if (disconnected_) return State::disconnected;
        switch (snd_pcm_state(pcm_.get())) {
            case SND_PCM_STATE_PREPARED:
                return State::idle;
            case SND_PCM_STATE_RUNNING: {
                // snd_pcm_state() is as of the last interrupt; this asks the device.
                const auto room = snd_pcm_avail_update(pcm_.get());
                return room >= 0 ? State::running : state_after(static_cast<int>(room));
            }
            case SND_PCM_STATE_DISCONNECTED:
            case SND_PCM_STATE_OPEN:
                return State::disconnected;
            default:
                return State::underrun;
        }
    }

    std::optional<std::int64_t> delay() override {
        snd_pcm_sframes_t delay = 0;
        if (snd_pcm_delay(pcm_.get(), &delay) != 0 || delay < 0) return {};
        return delay;
    }

    std::int64_t write(std::span<const float> samples) override {
        assert(samples.size() % channels == 0);
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
        static_cast<void>(state_after(static_cast<int>(took)));
        return 0;
    }

    void start() override { static_cast<void>(state_after(snd_pcm_start(pcm_.get()))); }

    void reset() override {
        snd_pcm_drop(pcm_.get());
        static_cast<void>(state_after(snd_pcm_prepare(pcm_.get())));
    }

  private:
    /// The state after a call that returned `code`: below 0, an error.
    State state_after(int code) {
        if (code >= 0) return State::running;
        disconnected_ =
            disconnected_ || code == -ENODEV || code == -EBADFD || code == -EIO || code == -ENOTTY;
        return disconnected_ ? State::disconnected : State::underrun;
    }
    void require(int code, const std::string& what) const {
        if (code < 0)
            throw Error("the sound device '" + name_ + "' " + what + ": " + snd_strerror(code) +
                        "; `aplay -L` lists the devices");
    }

    void set_format() {
        snd_pcm_hw_params_t* hardware = nullptr;
        snd_pcm_hw_params_alloca(&hardware);
        auto* pcm = pcm_.get();
        require(snd_pcm_hw_params_any(pcm, hardware), "cannot be configured");
        require(snd_pcm_hw_params_set_access(pcm, hardware, SND_PCM_ACCESS_RW_INTERLEAVED),
                "takes no samples");
        floats_ = snd_pcm_hw_params_set_format(pcm, hardware, SND_PCM_FORMAT_FLOAT) == 0;
        if (!floats_)
            require(snd_pcm_hw_params_set_format(pcm, hardware, SND_PCM_FORMAT_S16),
                    "takes neither 16-bit nor float samples; use plughw: instead of hw:");
        require(snd_pcm_hw_params_set_channels(pcm, hardware, channels),
                "takes no stereo; use plughw: instead of hw:");
        require(snd_pcm_hw_params_set_rate(pcm, hardware, sample_rate, 0),
                "takes no 48 kHz; use plughw: instead of hw:");
        auto buffer = static_cast<unsigned>(buffer_time.count()),
             period = static_cast<unsigned>(period_time.count());
        require(snd_pcm_hw_params_set_period_time_near(pcm, hardware, &period, nullptr), "takes no period");
        require(snd_pcm_hw_params_set_buffer_time_near(pcm, hardware, &buffer, nullptr), "takes no buffer");
        require(snd_pcm_hw_params(pcm, hardware), "takes no such sound");
    }

    void set_start() {
        snd_pcm_sw_params_t* software = nullptr;
        snd_pcm_sw_params_alloca(&software);
        auto* pcm = pcm_.get();
        require(snd_pcm_sw_params_current(pcm, software), "cannot be configured");
        // Started only by start(), once silence and the first samples are written.
        require(
            snd_pcm_sw_params_set_start_threshold(pcm, software, std::numeric_limits<std::int32_t>::max()),
            "cannot be started explicitly");
        require(snd_pcm_sw_params(pcm, software), "cannot be configured");
    }

    std::string name_;
    std::unique_ptr<snd_pcm_t, Close> pcm_;
    std::vector<std::int16_t> pcm16_;
    bool floats_ = true, disconnected_ = false;
};

}  // namespace

std::unique_ptr<SoundDevice> open_alsa(const std::string& name) {
    return std::make_unique<AlsaDevice>(name);
}

}  // namespace riverlight::player
