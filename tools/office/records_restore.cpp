#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "content/base/files.hpp"
#include "tools/office/alarm_store.hpp"
#include "tools/office/migrations.hpp"
#include "tools/office/office.hpp"
#include "tools/office/records_backup.hpp"
#include "tools/office/records_copy.hpp"
#include "tools/office/records_file.hpp"
#include "tools/office/records_lock.hpp"
#include "tools/office/tree_appender.hpp"

namespace riverlight::office {
namespace {

namespace fs = std::filesystem;

/// What people find among the alarms of the page Boards.
std::string alarm_words(const RestoredRecords& restored) {
    auto text = "The office's records were restored from the backup of " + to_rfc3339(restored.backup.made) +
                ", with " + std::to_string(restored.size) + " records. ";
    if (!restored.had)
        text += "What was there before cannot be read any more. ";
    else if (*restored.had > restored.size)
        text += "There were " + std::to_string(*restored.had) + " before. ";
    return text +
           "Boards send again what is missing and they still hold. Boards that saw a longer list report a "
           "changed past, since the list does not go on from there";
}

/// Moves all that the office has in a server's database into a schema of its own, in the caller's
/// transaction. Nothing if there is nothing.
std::string set_schema_aside(Database& db) {
    if (db.integer("SELECT COUNT(to_regclass('office_format'))") == 0) return "";
    const auto name = "before-restore-" + time_for_names();
    auto schema = name;
    for (int n = 2; db.text("SELECT nspname FROM pg_namespace WHERE nspname=?", {schema}); ++n)
        schema = name + '-' + std::to_string(n);  // the second in one second
    db.run_all("CREATE SCHEMA \"" + schema + '"');
    std::vector<std::string> statements;
    {
        // Parts of a table that is partitioned move one by one; indexes and a column's sequence with their
        // table.
        auto q = db.query(
            "SELECT c.relkind, c.relname FROM pg_class c WHERE "
            "c.relnamespace=quote_ident(current_schema())::regnamespace AND (c.relkind IN ('r', 'p') OR "
            "c.relname='airing_id')");
        while (q.next())
            statements.push_back((q.text(0) == "S" ? "ALTER SEQUENCE \"" : "ALTER TABLE \"") + q.text(1) +
                                 "\" SET SCHEMA \"" + schema + '"');
    }
    for (const auto& statement : statements) db.run_all(statement);
    db.run_all("ALTER FUNCTION make_airing_month(text) SET SCHEMA \"" + schema + '"');
    return db.name + ", schema " + schema;
}

/// One restore, from its checks to the records in their place.
class Restore {
  public:
    Restore(const std::string& folder, OtherKey other_key, Instant now,
            const std::function<void(RestoreStep)>& on_step)
        : folder_(folder),
          other_key_(other_key),
          part_(folder + "/office.db.restoring"),
          now_(now),
          address_(RecordsAddress::in_folder(folder)),
          on_step_(on_step) {}

    RestoredRecords run(const std::string& file) {
        RestoredRecords restored;
        take(file);
        restored.backup = check_backup(part_, file);
        if (other_key_ == OtherKey::refused) require_key(restored.backup.office, file);
        restored.had = size_before();
        note(restored);
        on_step_(RestoreStep::taken);
        if (address_.kind() == DatabaseKind::sqlite)
            put_file(restored);
        else
            put_rows(restored);
        on_step_(RestoreStep::replaced);
        remove_file(part_);
        return restored;
    }

  private:
    /// A copy beside the records, which are on the same disk: the backup itself stays as it is.
    void take(const std::string& file) const {
        remove_file(part_);  // of a restore that was interrupted
        if (!fs::exists(file)) throw BackupError(BackupFault::missing, file, "is not there");
        try {
            fs::copy_file(file, part_);
            fs::permissions(part_, fs::perms::owner_read | fs::perms::owner_write);
        } catch (const fs::filesystem_error& e) {
            throw Error(file + ": cannot be copied to " + part_ + " (" + e.code().message() + ")");
        }
    }

    /// A key that is not there is not made: the right one may come yet.
    void require_key(const std::string& office, const std::string& file) const {
        const auto path = folder_ + "/office.key";
        const auto key = fs::exists(path) ? SigningKey::load(path).public_hex() : std::string();
        if (key == office) return;
        throw BackupError(BackupFault::other_office, file,
                          "holds the records of the office with the key " + office + ", and " +
                              (key.empty() ? path + " is not there" : "that of " + folder_ + " is " + key) +
                              ": put the office.key of those records there first");
    }

    [[nodiscard]] std::optional<std::uint64_t> size_before() const {
        if (address_.kind() == DatabaseKind::sqlite && !fs::exists(address_.text())) return 0;
        try {
            const Database db(address_, OpenFor::reading);
            if (format_of(db) == 0) return 0;
            return tree_size(db);
        } catch (const Error&) {  // it may be why they are restored
            return std::nullopt;
        }
    }

    /// Brings the copy to the present format, and writes into it what becomes of it.
    void note(RestoredRecords& restored) const {
        Database db(RecordsAddress::file(part_));
        Transaction all(db);
        db.run_all("DROP TABLE office_backup; DROP TABLE office_backup_table");
        restored.size = tree_size(db);
        std::optional<std::int64_t> had;
        if (restored.had) had = static_cast<std::int64_t>(*restored.had);
        db.run("INSERT INTO restored VALUES(?,?,?,?) ON CONFLICT(at) DO NOTHING",
               {to_rfc3339(now_), to_rfc3339(restored.backup.made), static_cast<std::int64_t>(restored.size),
                or_null(had)});
        if (other_key_ == OtherKey::accepted)
            OfficeKeyStore(db).add(load_office_key(folder_).public_hex(), now_);
        AlarmStore(db).add({now_, "", alarm_words(restored)});
        all.commit();
    }

    /// The old file keeps a name at each moment, and there is always one that the office reads.
    void put_file(RestoredRecords& restored) const {
        const auto& file = address_.text();
        settle_served_file(part_);
        finish_file(part_);
        if (fs::exists(file)) {
            restored.old_records = name_beside(file, "before-restore");
            try {
                settle_file(file);
            } catch (const Error&) {  // damaged: all that belongs to it goes along as it is
                for (const std::string end : {"-wal", "-journal"})
                    if (fs::exists(file + end)) rename_file(file + end, restored.old_records + end);
            }
            if (::link(file.c_str(), restored.old_records.c_str()) != 0)
                throw Error(file + ": cannot be kept as " + restored.old_records + " (" +
                            system_reason(errno) + ")");
        }
        on_step_(RestoreStep::kept);
        replace_file(part_, file);
    }

    /// All in one transaction: others see the old records until the new ones are whole.
    void put_rows(RestoredRecords& restored) const {
        const Database from(RecordsAddress::file(part_));
        Database to(address_);
        take_sole_use(to);
        const OneMoment moment(from);
        Transaction all(to);
        restored.old_records = set_schema_aside(to);
        migrate(to);
        const auto copied = copy_records(from, to);
        require_same(from, copied, to, content_of_all(to));
        on_step_(RestoreStep::kept);
        all.commit();
        to.run_all("ANALYZE");
    }

    const std::string folder_;
    const OtherKey other_key_;
    const std::string part_;
    const Instant now_;
    const RecordsAddress address_;
    const std::function<void(RestoreStep)>& on_step_;
};

}  // namespace

RestoredRecords restore_backup(const std::string& folder, const std::string& file, OtherKey other_key,
                               Instant now, const std::function<void(RestoreStep)>& on_step) {
    make_folder(folder);
    const auto lock = RecordsLock::sole(folder);
    try {
        return Restore(folder, other_key, now, on_step).run(file);
    } catch (...) {
        remove_file(folder + "/office.db.restoring");
        throw;
    }
}

}  // namespace riverlight::office
