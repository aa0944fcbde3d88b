#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace riverlight::office {

/// The first record of a board's epoch that is missing, or is not as the board wrote it.
struct ChainFault {
    std::string board, epoch;
    std::int64_t seq = 0;
    bool operator==(const ChainFault&) const = default;
};

/// Checks every airing in the office's records in `folder`: what it is filed under and its hash fit its
/// record, and each record follows the one before. At most one fault an epoch, in the order of boards. An end
/// that was cut off shows when the board reports next. Throws Error if the records cannot be read.
[[nodiscard]] std::vector<ChainFault> verify_records(const std::string& folder);

}  // namespace riverlight::office
