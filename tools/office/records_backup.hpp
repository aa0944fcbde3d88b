#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "content/base/instant.hpp"
#include "tools/office/record_tables.hpp"

/// An office's records in one file, for the day on which they are lost.
namespace riverlight::office {

/// What a backup says of itself. It is a file of SQLite with all tables of the records, and two of its own:
/// `office_backup`, and `office_backup_table` with a digest of each table.
struct BackupFacts {
    Instant made{};
    std::string office;  ///< public key of the office whose records they are, hex
    int format = 0;      ///< of the records (migrations.hpp)
    std::vector<TableContent> tables;
};

/// Why a backup cannot be written or restored.
enum class BackupFault : std::uint8_t {
    other_file,    ///< what is to be replaced is no backup
    missing,       ///< there is no such file
    no_backup,     ///< it is a file of something else
    damaged,       ///< it does not hold what was written
    newer,         ///< a newer office wrote it
    other_office,  ///< its records are of an office with another key
};
using BackupError = Refused<BackupFault>;

/// Writes all records of the office with this state folder, as they are at one moment, into `file`, whichever
/// database they are in; the office may serve. The file appears as a whole, for its owner alone: it holds
/// password hashes. The office's key is not in it, since whoever has that can sign in the office's name. A
/// backup that is there is replaced. Throws BackupError where another file is there, and Error that
/// names it if it cannot be written: nothing is left then.
BackupFacts write_backup(const std::string& folder, const std::string& file, Instant now);

/// Reads and checks a backup: every table holds what was written. Throws BackupError that names the file, and
/// the table that is damaged.
[[nodiscard]] BackupFacts check_backup(const std::string& file);
/// The same of a copy of it, which errors call by the backup's own name.
[[nodiscard]] BackupFacts check_backup(const std::string& copy, const std::string& file);

/// What was restored.
struct RestoredRecords {
    BackupFacts backup;
    std::string old_records;           ///< where what was there is; empty: there was nothing
    std::uint64_t size = 0;            ///< of the list of records (tree_store.hpp), in the backup
    std::optional<std::uint64_t> had;  ///< before it was restored; nothing: that cannot be read any more
};

/// What a restore has done last. Until `replaced` the office's records are what they were.
enum class RestoreStep : std::uint8_t {
    taken,     ///< a copy of the backup stands beside the records, checked
    kept,      ///< what was there has another name, too, or gets one in the transaction that is under way
    replaced,  ///< the backup's records are the office's
};

/// Whether records of another office may be restored: receipts and heads that were signed with its key are
/// not this office's.
enum class OtherKey { refused, accepted };

/// Puts the records of a backup in place of those of the office with this state folder, in the database that
/// the folder names. What was there stays, under another name. The office does not serve meanwhile. That it
/// was done stands in the records and among the alarms: boards and readers of published heads find a list
/// that does not go on from the one that they saw, and people can see why. Interrupted, the office has what
/// it had, or, from `replaced` on, the backup's. `on_step` is called after each step. Throws BackupError, and
/// Error that names what is in the way: an office that serves, a disk.
RestoredRecords restore_backup(
    const std::string& folder, const std::string& file, OtherKey other_key, Instant now,
    const std::function<void(RestoreStep)>& on_step = [](RestoreStep) {});

}  // namespace riverlight::office
