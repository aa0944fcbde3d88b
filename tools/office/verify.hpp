#pragma once
#include <cstdint>
#include <optional>
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

/// Checks that the list of records (tree_store.hpp) is the one of the stored records, and that its tree and
/// each kept head are the list's. Finds an end that was cut off, and a record that was added. The number of
/// the first entry, from 0, from which on that is not so; nothing: it is. Throws Error if the records cannot
/// be read.
[[nodiscard]] std::optional<std::uint64_t> verify_list(const std::string& folder);

}  // namespace riverlight::office
