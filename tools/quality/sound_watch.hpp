#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "player/av/samples.hpp"
#include "player/av/source_samples.hpp"
#include "tools/quality/finding.hpp"

namespace riverlight::quality {

/// Measurements of a sound, by EBU R 128 and EBU Tech 3341/3342 (libebur128). −infinity: silence.
struct SoundFacts {
    std::chrono::milliseconds length{};
    double integrated_lufs = 0, range_lu = 0, peak_dbtp = 0;
    double most_momentary_lufs = 0, most_short_term_lufs = 0;
    /// Short-term loudness (3 s) at the end of each second from the third on.
    std::vector<float> short_term_lufs;
    [[nodiscard]] bool silent() const { return !(integrated_lufs > -70); }
};

inline constexpr double programme_lufs = -23;           ///< EBU R 128
inline constexpr double highest_short_term_lufs = -18;  ///< EBU R 128 s1, for short forms

/// Checks sound while it is decoded. Notes silence inside (2 s or more below −60 dBFS), and a short-term
/// loudness that would be above −18 LUFS once the whole is at −23, in 48 kHz stereo; runs of samples at full
/// scale in the source, since only there does a lower level help.
/// One thread. Throws Error if libebur128 fails.
class SoundWatch {
  public:
    SoundWatch();
    ~SoundWatch();
    SoundWatch(SoundWatch&&) noexcept;
    /// 48 kHz stereo, interleaved, any number of whole sample frames.
    void add(const player::Samples& samples);
    /// The same sound as its file has it.
    void add_source(const player::SourceSamples& samples);
    [[nodiscard]] std::chrono::milliseconds length() const;
    [[nodiscard]] SoundFacts facts() const;
    /// The findings in order of time, after the last sample. `where` is empty.
    [[nodiscard]] std::vector<SegmentFinding> findings() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::quality
