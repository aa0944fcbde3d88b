#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "player/av/sound_rate.hpp"
#include "player/screen/cadence.hpp"
#include "player/screen/sound_control.hpp"

namespace riverlight::player {

/// A sound card, 48 kHz stereo. One thread; never waits. Ends with its object.
class SoundDevice {
  public:
    virtual ~SoundDevice() = default;
    enum class State { idle, running, starved, gone };
    /// `idle`: takes samples and is silent until start(). `starved`: it ran out of them, or slept; rewind()
    /// makes it idle. `gone`: unplugged.
    [[nodiscard]] virtual State state() = 0;
    /// Sample frames between one written now and its being heard; nothing where it does not run.
    [[nodiscard]] virtual std::optional<std::int64_t> delay() = 0;
    /// How many sample frames it took; fewer where its buffer is full.
    virtual std::int64_t write(std::span<const float> samples) = 0;
    virtual void start() = 0;
    /// Forgets what was written; idle.
    virtual void rewind() = 0;
};

/// ALSA's device of that name (`aplay -L`). Throws Error with ALSA's reason.
[[nodiscard]] std::unique_ptr<SoundDevice> open_alsa(const std::string& name);

/// Sound that is heard when its frame is seen. A device that is not there, goes away or runs dry costs sound
/// and nothing else: it is taken up again by itself. One thread.
class Loudspeaker {
  public:
    using Open = std::function<std::unique_ptr<SoundDevice>()>;
    /// `delay`: sound later than picture by this.
    Loudspeaker(Open open, Ratio beat, std::chrono::milliseconds delay);
    /// The next frame's samples; that frame is seen at `due`.
    void play(std::span<const float> samples, Moment due, Moment now);
    /// sound (yes | no | why not), sound_xruns, sound_lost, sound_resyncs, sound_ppm, sound_offset_us.
    [[nodiscard]] std::map<std::string, std::string> evidence() const;

  private:
    void open(Moment now);
    void begin(std::span<const float> samples, Moment due, Moment now);
    void feed(std::span<const float> samples);
    [[nodiscard]] bool in_place(Moment due, Moment now);

    Open open_;
    std::chrono::milliseconds delay_;
    SoundControl control_;
    SoundRate rate_;
    std::unique_ptr<SoundDevice> device_;
    Moment next_try_{};
    bool running_ = false;
    std::string trouble_ = "not opened yet";
    std::int64_t xruns_ = 0, lost_ = 0, resyncs_ = 0;
};

}  // namespace riverlight::player
