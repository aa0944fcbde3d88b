#pragma once
#include <string>
#include <vector>

#include "tools/author/source.hpp"
#include "tools/quality/finding.hpp"

namespace riverlight::author {

/// What viewers would not be able to read in one language: letters that no installed font draws (by code
/// point), Burmese that mixes encodings, a strap or subtitle that leaves its place; notes on Zawgyi that is
/// converted, on subtitles too long for one picture or too quick to read, and on how they follow each other.
/// `duration` is the pictures'. Cards are text_faults()'s.
[[nodiscard]] std::vector<quality::Finding> reading_findings(const Wording& words, const std::string& locale,
                                                             std::chrono::milliseconds duration);

}  // namespace riverlight::author
