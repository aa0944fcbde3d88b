#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "tools/office/intake.hpp"

namespace riverlight::office {

struct JournalImport {
    std::int64_t batches = 0;           ///< taken, or held already
    std::int64_t receipts = 0;          ///< written onto the stick
    std::vector<std::string> refusals;  ///< `board x: file: why`; their files stay on the stick
};

/// Takes the signed batches of a stick exactly as if they had come over the network (Intake::airings), each
/// board's in order, writes each board's receipt onto the stick, reads it back, and only then removes the
/// batches that it covers. The same stick again changes nothing. Folders are walked up to a bound; names that
/// are no ids are passed over. Throws Error where there is no stick or it cannot be written.
[[nodiscard]] JournalImport import_journals(Intake& intake, const std::string& stick, Instant now);

}  // namespace riverlight::office
