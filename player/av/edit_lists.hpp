#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "player/file/verified_file.hpp"

namespace riverlight::player::av {

/// A piece of a track's presentation (ISO/IEC 14496-12, 8.6.6). All counts are units of the track's media.
struct Edit {
    std::int64_t begin = 0;   ///< in the presentation
    std::int64_t length = 0;  ///< of the presentation
    std::int64_t media = 0;   ///< what of the media is shown at `begin`; 0 if nothing is
    bool empty = false;       ///< nothing is shown
};

/// A track's edits, in the order of the presentation. Each begins where the one before ends.
using EditList = std::vector<Edit>;

/// The edit lists of an MP4 or QuickTime file, by track id; empty for other files, for tracks without one,
/// and for what is damaged or not plausible. Throws MediaFileError.
[[nodiscard]] std::map<std::uint32_t, EditList> read_edit_lists(VerifiedFile& file);

}  // namespace riverlight::player::av
