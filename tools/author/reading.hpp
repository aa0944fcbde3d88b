#pragma once
#include <string>
#include <vector>

#include "tools/author/source.hpp"
#include "tools/quality/finding.hpp"

namespace riverlight::author {

/// Checks whether viewers can read one language's title, strap and subtitles. Refuses letters that no
/// installed font draws (by code point), Burmese that mixes encodings, and a strap or subtitle that does not
/// fit. Notes Zawgyi, which is converted, and subtitles that are split, too short to be read or badly timed.
/// `duration`: of the pictures. Cards are checked by text_faults().
[[nodiscard]] std::vector<quality::SegmentFinding> reading_findings(const Wording& words,
                                                                    const std::string& locale,
                                                                    std::chrono::milliseconds duration);

}  // namespace riverlight::author
