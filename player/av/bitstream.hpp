#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "player/av/coding.hpp"

/// Coded pictures and sound at the level of bytes, without a decoder.
namespace riverlight::player {

/// SHA-256 (hex) of what a decoder must know before it can show a picture: SPS and PPS, or the MPEG-2
/// sequence header and extension. Pictures with equal digests can follow each other unannounced. Empty where
/// the access unit has no parameter sets.
[[nodiscard]] std::string parameter_digest(std::span<const std::uint8_t> access_unit, VideoCodec codec);

namespace bitstream {

using Span = std::span<const std::uint8_t>;

/// Calls `visit` with each unit between start codes, without the start code (ISO/IEC 14496-10 Annex B;
/// 13818-2, 6.2.1).
void each_unit(Span access_unit, const std::function<void(Span)>& visit);
/// An Annex B access unit without the encoder's signature (SEI user data); all other units unchanged.
[[nodiscard]] Bytes without_signature(Span access_unit);
/// The parameter sets of an Annex B access unit, with start codes.
[[nodiscard]] Bytes parameter_sets(Span access_unit);
/// Replaces the four-byte lengths of units (14496-15) with start codes, in place. False where the lengths do
/// not match the size.
[[nodiscard]] bool to_start_codes(Bytes& access_unit);

inline constexpr std::size_t adts_size = 7;
/// An AAC-LC frame (48 kHz stereo) with an ADTS header (14496-3, 1.A.2.2).
[[nodiscard]] Bytes with_adts(Span raw);

}  // namespace bitstream
}  // namespace riverlight::player
