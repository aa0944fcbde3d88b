#pragma once
#include <vector>

#include "tools/author/source.hpp"
#include "tools/quality/finding.hpp"

namespace riverlight::author {

/// A note for each file and folder of a segment's source that nothing reads, with the name that was probably
/// meant: `subtitle.srt`, `sound.WAV`. Files that operating systems and editors leave behind are passed over.
/// At most 50; the last one then says that there are more.
[[nodiscard]] std::vector<quality::SegmentFinding> unread_files(const SegmentSource& source);

}  // namespace riverlight::author
