#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tools/office/record_tables.hpp"
#include "tools/office/records_address.hpp"

/// Moves an office's records into the other kind of database.
namespace riverlight::office {

/// What a move has done last. Until `switched` the office's records are where they were.
enum class MoveStep : std::uint8_t {
    opened,    ///< the new database has its tables
    copied,    ///< all rows are in it, not committed
    compared,  ///< both sides hold the same
    kept,      ///< what was copied is on disk
    switched,  ///< the state folder says that the new database has the records
    set_aside  ///< the old ones stand beside them under another name
};

struct MovedRecords {
    std::vector<TableContent> tables;  ///< as they are in both databases
    std::string old_records;           ///< where the old ones are
};

/// Moves the records of the office with this state folder to `to`: a server's database that is empty, or
/// `office.db` of the folder, which is not there. Nobody writes the old records meanwhile, since boards would
/// hold receipts for what was not copied; the copy is compared table by table before the folder names it. A
/// move that was interrupted leaves the office with its old records, or, from `switched` on, with the new
/// ones; done again, it goes on. `on_step` is called after each step. Throws Error that names what is in the
/// way: an office that serves, records there, a newer format, tables that differ.
MovedRecords move_records(
    const std::string& folder, const RecordsAddress& to,
    const std::function<void(MoveStep)>& on_step = [](MoveStep) {});

}  // namespace riverlight::office
