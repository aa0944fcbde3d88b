#pragma once
#include "tools/author/file_bytes.hpp"

namespace riverlight::author {

/// Whether a transport stream ends within a picture or a piece of sound: whether the last PES packet of one
/// of its streams is not whole (ISO/IEC 13818-1, 2.4.3.6 and 2.4.3.7). One that says no length is whole if
/// stuffing fills its last packet. `packet`: bytes from one packet to the next; `first`: of the first one.
/// Throws Error where the file cannot be read.
[[nodiscard]] bool ends_within_a_pes_packet(FileBytes& file, std::uint64_t packet, std::uint64_t first);

}  // namespace riverlight::author
