#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "content/base/instant.hpp"

namespace riverlight::office {

class Database;

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
/// The same within a OneMoment or Transaction.
[[nodiscard]] std::vector<ChainFault> verify_records(const Database& db);

/// Checks that the list of records (tree_store.hpp) is the one of the stored records, and that its tree and
/// each kept head are the list's. Finds an end that was cut off, and a record that was added. The number of
/// the first entry, from 0, from which on that is not so; nothing: it is. Throws Error if the records cannot
/// be read.
[[nodiscard]] std::optional<std::uint64_t> verify_list(const std::string& folder);
/// The same within a OneMoment or Transaction.
[[nodiscard]] std::optional<std::uint64_t> verify_list(const Database& db);

/// The records were once replaced by those of a backup: from its list on, the list is another one than
/// before, to which heads that were signed in between do not lead.
struct RestoreNote {
    Instant at{}, made{};              ///< when; when the backup was made
    std::uint64_t size = 0;            ///< of the list, in the backup
    std::optional<std::uint64_t> had;  ///< before that; nothing: not known
};
/// The oldest first. Throws Error if the records cannot be read.
[[nodiscard]] std::vector<RestoreNote> restores_of(const std::string& folder);
/// For people.
[[nodiscard]] std::string describe(const RestoreNote& note);

}  // namespace riverlight::office
