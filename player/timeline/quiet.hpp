#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "player/cue/cue.hpp"

/// Quiet hours of a screen, applied from the frame where they begin. One thread.
namespace riverlight::player {

/// The quietest of the quiet hours at `at`; null: there are none.
[[nodiscard]] const Quiet* quiet_at(const std::vector<Quiet>& quiet, Instant at);

/// The factor for samples: 1 outside quiet hours (null), 0 for no sound.
[[nodiscard]] float factor_of(const Quiet* quiet);

/// Changes the volume within half a second, so that nothing clicks.
class Volume {
  public:
    /// Sets the volume at once, for an item's beginning.
    void set(float factor) { now_ = factor; }
    /// Moves the volume of stereo samples (interleaved, in place) towards `target`.
    void apply(std::vector<float>& samples, float target);

  private:
    float now_ = 1;
};

/// What quiet hours did to one item.
struct QuietTally {
    std::int64_t frames = 0;  ///< shown in quiet hours
    float factor = 1;         ///< the smallest
    bool subtitles = false;   ///< the item has subtitles to turn on

    void count(const Quiet* quiet, bool subtitled);
    /// Adds `quiet` (no sound, or the decibels), `quiet_frames` and `quiet_subtitles`; nothing where no frame
    /// was in quiet hours.
    void report(std::map<std::string, std::string>& evidence) const;
};

}  // namespace riverlight::player
