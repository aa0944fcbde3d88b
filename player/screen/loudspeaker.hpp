#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "player/av/adaptive_resampler.hpp"
#include "player/av/ratio.hpp"
#include "player/evidence/evidence.hpp"
#include "player/screen/cadence.hpp"
#include "player/screen/sound_control.hpp"

namespace riverlight::player {

/// A sound device, 48 kHz stereo. One thread; never blocks. Closed with its object.
class SoundDevice {
  public:
    virtual ~SoundDevice() = default;
    enum class State {
        idle,  ///< takes samples and is silent until start()
        running,
        underrun,     ///< it ran out of samples, or was suspended; reset() makes it idle
        disconnected  ///< unplugged, for good
    };
    [[nodiscard]] virtual State state() = 0;
    /// Sample frames until one written now is heard; nothing if it is not running.
    [[nodiscard]] virtual std::optional<std::int64_t> delay() = 0;
    /// Returns how many sample frames it took: fewer if its buffer is full.
    virtual std::int64_t write(std::span<const float> samples) = 0;
    virtual void start() = 0;
    /// Drops what was written; idle.
    virtual void reset() = 0;
};

/// Plays sound so that it is heard when its frame is seen. If the device is missing, disconnected or has an
/// underrun, only sound is lost, and it is started again automatically. One thread.
class Loudspeaker {
  public:
    using Open = std::function<std::unique_ptr<SoundDevice>()>;
    /// `delay`: how much later than its picture sound is to be heard.
    Loudspeaker(Open open, Ratio frame_rate, std::chrono::milliseconds delay);
    /// The next frame's samples, interleaved; that frame is seen at `due`.
    void play(std::span<const float> samples, SteadyTime due, SteadyTime now);
    /// `sound` (yes, no, or why not), `sound_xruns`, `sound_lost`, `sound_resyncs`, `sound_ppm`,
    /// `sound_offset_us`.
    [[nodiscard]] Evidence evidence() const;

  private:
    void open_if_due(SteadyTime now);
    void close(SteadyTime now);
    /// Starts the device: silence until `due`, then the samples.
    void start(std::span<const float> samples, SteadyTime due, SteadyTime now);
    void write(std::span<const float> samples);
    /// False if sound is so far from its picture that the device must be started again.
    [[nodiscard]] bool is_in_step(SteadyTime due, SteadyTime now);

    Open open_;
    std::chrono::milliseconds delay_;
    SoundControl control_;
    AdaptiveResampler rate_;
    std::unique_ptr<SoundDevice> device_;
    SteadyTime next_try_{};
    bool running_ = false;
    std::string fault_ = "not opened yet";
    std::int64_t xruns_ = 0, lost_ = 0, resyncs_ = 0;
};

}  // namespace riverlight::player
