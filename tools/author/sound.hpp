#pragma once
#include <cstddef>
#include <string>

#include "player/av/samples.hpp"

/// Loudness measurement and normalisation by EBU R 128 (libebur128).
namespace riverlight::author {

inline constexpr double target_lufs = -23.0;     ///< EBU R 128, clause 'programme loudness'
inline constexpr double highest_peak_dbtp = -1;  ///< EBU R 128 s1, short forms

struct Loudness {
    double lufs = 0;  ///< integrated; −infinity: silence
    double peak_dbtp = 0;
    [[nodiscard]] bool silent() const { return !(lufs > -70); }
};

/// `samples`: 48 kHz stereo, interleaved.
[[nodiscard]] Loudness loudness_of(const player::Samples& samples);

/// Decodes the whole sound of a media file; empty if it has none. Throws Error if it does not decode or lasts
/// more than an hour.
[[nodiscard]] player::Samples decode_sound(const std::string& path);

/// Normalises `samples` to exactly `frames` sample frames (padded with silence, or cut with a 10 ms fade) and
/// to −23 LUFS. If that would raise the true peak above −1 dBTP, the sound stays below −23 LUFS. Silence is
/// not amplified.
[[nodiscard]] player::Samples levelled(player::Samples samples, std::size_t frames);

}  // namespace riverlight::author
