#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "player/cue/cue.hpp"

/// Quiet hours as a screen keeps them, on the frame where they begin. One thread.
namespace riverlight::player {

/// The quietest of those that hold at `at`; null: it is not quiet.
[[nodiscard]] const Quiet* quiet_at(const std::vector<Quiet>& quiet, Instant at);

/// What sound is multiplied by: 1 where it is not quiet, 0 where there is to be none.
[[nodiscard]] float factor_of(const Quiet* quiet);

/// Sound brought from one loudness to another within half a second, so that nothing clicks.
class Volume {
  public:
    /// An item comes on: it begins as loud as it is to be.
    void set(float factor) { now_ = factor; }
    /// Stereo, interleaved, in place.
    void lay(std::vector<float>& samples, float target);

  private:
    float now_ = 1;
};

/// What became of one item under its quiet hours.
struct QuietTally {
    std::int64_t frames = 0;  ///< shown while it was quiet
    float factor = 1;         ///< of the quietest of them
    bool subtitles = false;   ///< there were some to turn on

    void count(const Quiet* quiet, bool subtitled);
    /// `quiet` (no sound, or lower by so many dB), `quiet_frames`, `quiet_subtitles`; nothing where it was
    /// not quiet.
    void tell(std::map<std::string, std::string>& evidence) const;
};

}  // namespace riverlight::player
