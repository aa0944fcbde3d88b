#pragma once
#include <string>
#include <vector>

#include "tools/author/build.hpp"

namespace riverlight::author {

/// What viewers would not be able to read in one language: letters that no installed font draws (by code
/// point), Burmese that mixes encodings, a strap or subtitle that leaves its place; notes on Zawgyi that is
/// converted, and on subtitles too long for one picture or too quick to read. `duration` is the pictures'.
/// Cards are text_faults()'s.
[[nodiscard]] std::vector<Finding> reading_findings(const Wording& words, const std::string& locale,
                                                    std::chrono::milliseconds duration);

}  // namespace riverlight::author
