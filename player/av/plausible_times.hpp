#pragma once
#include "player/av/handles.hpp"

/// Times that a recording can have. Damaged and hostile files name any others, which no arithmetic holds.
namespace riverlight::player::av {

/// Whether a time or a duration is known, and at most 136 years: live recordings count from 1970.
[[nodiscard]] bool is_plausible(std::int64_t timestamp, AVRational time_base);
/// Removes what is not plausible from a packet: its time is then as if the file did not name it.
void remove_implausible_times(AVPacket& packet, AVRational time_base);

}  // namespace riverlight::player::av
