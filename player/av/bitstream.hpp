#pragma once
#include <cstdint>
#include <functional>
#include <span>

#include "player/av/coded.hpp"

/// Bytes of coded pictures and sound, looked at without a decoder.
namespace riverlight::player::bitstream {

using Span = std::span<const std::uint8_t>;

/// Calls `take` with each unit between start codes (ISO/IEC 14496-10 Annex B; 13818-2, 6.2.1), without them.
void each_unit(Span access_unit, const std::function<void(Span)>& take);
/// Annex B without the encoder's signature (SEI user data); everything else as it was.
[[nodiscard]] Bytes without_signature(Span access_unit);
/// Parameter sets of an Annex B access unit, with start codes.
[[nodiscard]] Bytes parameter_sets(Span access_unit);
/// Units with lengths of four bytes (14496-15) to units with start codes, in place; false where the lengths
/// do not add up.
[[nodiscard]] bool to_start_codes(Bytes& access_unit);

inline constexpr std::size_t adts_size = 7;
/// An AAC-LC frame of 48 kHz stereo with its ADTS header (14496-3, 1.A.2.2).
[[nodiscard]] Bytes with_adts(Span raw);

}  // namespace riverlight::player::bitstream
