#pragma once
#include <cstddef>
#include <string>

#include "player/av/samples.hpp"

/// Loudness by EBU R 128 (libebur128), and what brings sound to the house's level.
namespace riverlight::author {

inline constexpr double target_lufs = -23.0;     ///< EBU R 128, clause 'programme loudness'
inline constexpr double highest_peak_dbtp = -1;  ///< EBU R 128 s1, short forms

struct Loudness {
    double lufs = 0;  ///< integrated; −infinity: silence
    double peak_dbtp = 0;
    [[nodiscard]] bool silent() const { return !(lufs > -70); }
};

/// 48 kHz stereo, interleaved.
[[nodiscard]] Loudness loudness_of(const player::Samples& samples);

/// The whole sound of a media file, decoded; empty if it has none. Throws Error for a broken one, and for
/// more than an hour.
[[nodiscard]] player::Samples decode_sound(const std::string& path);

/// Exactly `frames` sample frames long (silence added, or what is past the end faded and cut), at
/// −23 LUFS where the true peak stays under −1 dBTP, below it where not. Silence stays silence.
[[nodiscard]] player::Samples levelled(player::Samples samples, std::size_t frames);

}  // namespace riverlight::author
