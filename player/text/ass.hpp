#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "player/text/subtitles.hpp"

namespace riverlight::player {

/// Parses ASS or SSA. `lines`: the whole file; `file` names it in errors. Throws Error with file, line and
/// fault. Only player/text includes this.
[[nodiscard]] std::vector<SubtitleCue> parse_ass(const std::vector<std::string_view>& lines,
                                                 const std::string& file);

}  // namespace riverlight::player
