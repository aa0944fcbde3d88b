#include "tools/office/records_move.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "content/base/files.hpp"
#include "tools/office/records_copy.hpp"
#include "tools/office/records_file.hpp"
#include "tools/office/records_lock.hpp"

namespace riverlight::office {
namespace {

namespace fs = std::filesystem;

/// Refuses a server's database that holds anything but an office's tables.
void require_room(const RecordsAddress& address) {
    const Database db(address, OpenFor::reading);
    if (db.integer("SELECT COUNT(to_regclass('office_format'))") == 1) return;
    const auto other = db.text(
        "SELECT MIN(relname) FROM pg_class WHERE relnamespace=quote_ident(current_schema())::regnamespace "
        "AND "
        "relkind IN ('r', 'p', 'v', 'm', 'f', 'S')");
    if (other && !other->empty())
        throw Error(db.name + ": is not empty (it has " + *other +
                    "); make a database of its own for the office");
}

/// Whether nothing is in any table of the new database yet.
bool has_no_rows(const Database& db) {
    const auto tables = tables_of(db);
    return std::all_of(tables.begin(), tables.end(),
                       [&](const RecordTable& table) { return is_empty(db, table); });
}

/// One move, from its checks to the new address.
class Move {
  public:
    Move(std::string folder, RecordsAddress to, const std::function<void(MoveStep)>& on_step)
        : folder_(std::move(folder)),
          file_(folder_ + "/office.db"),
          part_(file_ + ".moving"),
          from_(RecordsAddress::in_folder(folder_)),
          to_(std::move(to)),
          on_step_(on_step) {}

    MovedRecords run() {
        require_another();
        MovedRecords moved;
        moved.tables = copy();
        if (to_.kind() == DatabaseKind::sqlite) {
            settle_served_file(part_);
            finish_file(part_);
            rename_file(part_, file_);
        }
        on_step_(MoveStep::kept);
        switch_over(moved);
        return moved;
    }

  private:
    void require_another() const {
        if (from_.kind() == to_.kind() && from_.text() == to_.text())
            throw Error(to_.shown() + ": the records are there already");
        if (from_.kind() == DatabaseKind::postgresql && to_.kind() == DatabaseKind::postgresql)
            throw Error(
                "the records are in PostgreSQL: move them between its servers with pg_dump and pg_restore, "
                "then change office.toml");
        if (from_.kind() == DatabaseKind::sqlite && !fs::exists(from_.text()))
            throw Error(from_.text() + ": is not there; this office has no records to move");
        if (to_.kind() == DatabaseKind::sqlite && to_.text() != file_)
            throw Error(to_.text() + ": an office's file is " + file_ + "; move the records there");
        if (to_.kind() == DatabaseKind::sqlite && fs::exists(file_))
            throw Error(file_ + ": is there; move it away first");
        if (to_.kind() == DatabaseKind::postgresql) require_room(to_);
    }

    /// Copies and compares, and commits what is the same.
    std::vector<TableContent> copy() {
        Database from(from_);
        take_sole_use(from);
        remove_file(part_);  // of a move that was interrupted
        Database to(to_.kind() == DatabaseKind::sqlite ? RecordsAddress::file(part_) : to_);
        take_sole_use(to);
        on_step_(MoveStep::opened);
        std::vector<TableContent> tables;
        {
            const OneMoment moment(from);
            Transaction all(to);
            const bool is_new = has_no_rows(to);
            // One that is not may be of a move that was interrupted behind its copy.
            tables = is_new ? copy_records(from, to) : content_of_all(from);
            on_step_(MoveStep::copied);
            const auto copied = content_of_all(to);
            if (!is_new && copied != tables)
                throw Error(to.name + ": holds other records; make an empty database for this office");
            require_same(from, tables, to, copied);
            on_step_(MoveStep::compared);
            all.commit();
        }
        if (to.kind() == DatabaseKind::postgresql) to.run_all("ANALYZE");
        return tables;
    }

    /// What names the records is written last, in one step. What they were is kept.
    void switch_over(MovedRecords& moved) {
        const auto settings = folder_ + "/office.toml";
        if (to_.kind() == DatabaseKind::postgresql) {
            to_.set_in_folder(folder_);
            finish_file(settings);
            on_step_(MoveStep::switched);
            settle_file(file_);
            moved.old_records = name_beside(file_, "before-postgresql");
            rename_file(file_, moved.old_records);
        } else {
            moved.old_records = from_.shown();
            rename_file(settings, name_beside(settings, "before-sqlite"));
            on_step_(MoveStep::switched);
        }
        on_step_(MoveStep::set_aside);
    }

    const std::string folder_, file_, part_;
    const RecordsAddress from_, to_;
    const std::function<void(MoveStep)>& on_step_;
};

}  // namespace

MovedRecords move_records(const std::string& folder, const RecordsAddress& to,
                          const std::function<void(MoveStep)>& on_step) {
    const auto lock = RecordsLock::sole(folder);
    return Move(folder, to, on_step).run();
}

}  // namespace riverlight::office
