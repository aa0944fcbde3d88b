#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "player/file/verified_file.hpp"

namespace riverlight::player::av {

/// Where an MPEG transport stream changes the codec of a PID: at each place a programme map (ISO/IEC 13818-1,
/// 2.4.4.8) contradicts an earlier one. libav mixes up what it had read of the former codec with what it
/// reads of the next, unless it comes to an end of its file there. Places are bytes from the file's
/// beginning, in order, each that of a packet; at most 100. Reads the whole of a transport stream of 188, 192
/// or 204 bytes a packet, and the first bytes of any other file. Throws what VerifiedFile::read() throws.
[[nodiscard]] std::vector<std::int64_t> codec_changes(VerifiedFile& file);

}  // namespace riverlight::player::av
