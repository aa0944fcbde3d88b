#include "tools/office/records_backup.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "content/base/files.hpp"
#include "tools/office/migrations.hpp"
#include "tools/office/office.hpp"
#include "tools/office/records_copy.hpp"
#include "tools/office/records_file.hpp"

namespace riverlight::office {
namespace {

namespace fs = std::filesystem;

constexpr auto tables_of_backup =
    "CREATE TABLE office_backup(made TEXT NOT NULL, office TEXT NOT NULL, format INTEGER NOT NULL);"
    "CREATE TABLE office_backup_table(name TEXT PRIMARY KEY, rows INTEGER NOT NULL, digest TEXT NOT NULL) "
    "WITHOUT ROWID";

BackupError damaged(const std::string& file, const std::string& how) {
    return {BackupFault::damaged, file,
            "is damaged, or no backup of an office (" + how + "); take an older one"};
}

bool is_backup(const Database& db) {
    return db.integer(
               "SELECT COUNT(*) FROM sqlite_schema WHERE name IN ('office_backup', "
               "'office_backup_table')") == 2;
}

/// A file that is there is replaced only by another backup.
void require_replaceable(const std::string& file) {
    if (!fs::exists(file)) return;
    bool may_be = false;
    try {
        may_be = is_backup(Database(RecordsAddress::file(file), OpenFor::reading));
    } catch (const Error&) {  // it is something else
    }
    if (!may_be)
        throw BackupError(BackupFault::other_file, file,
                          "is there and is no backup of an office; name another file");
}

/// Makes the file, for its owner alone, before SQLite opens it.
void make_private(const std::string& path) {
    const Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd) throw Error(path + ": cannot be written (" + system_reason(errno) + ")");
}

std::string quoted_text(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
    return out + '\'';
}

/// The records as they are at one moment, in a new file. SQLite copies its own pages.
void copy_into(const std::string& folder, const std::string& part) {
    Database from(RecordsAddress::in_folder(folder));  // to write: of an older office it gets today's format
    if (from.kind() == DatabaseKind::sqlite) return from.run_all("VACUUM INTO " + quoted_text(part));
    Database to(RecordsAddress::file(part));
    const OneMoment moment(from);
    Transaction all(to);
    copy_records(from, to);
    all.commit();
}

/// The office whose records these are: the key that signs for them; of records that no office has served
/// since they know it, that of the folder.
std::string office_of(Database& db, const std::string& folder) {
    const auto keys = OfficeKeyStore(db).all();
    return keys.empty() ? load_office_key(folder).public_hex() : keys.back();
}

BackupFacts sign_off(const std::string& folder, const std::string& part, Instant now) {
    Database db(RecordsAddress::file(part));
    Transaction all(db);
    BackupFacts facts{now, office_of(db, folder), format_of(db), content_of_all(db)};
    db.run_all(tables_of_backup);
    db.run("INSERT INTO office_backup VALUES(?,?,?)", {to_rfc3339(now), facts.office, facts.format});
    for (const auto& table : facts.tables)
        db.run("INSERT INTO office_backup_table VALUES(?,?,?)", {table.table, table.rows, table.digest});
    all.commit();
    return facts;
}

BackupFacts read_facts(const Database& db, const std::string& file) {
    if (!is_backup(db))
        throw BackupError(BackupFault::no_backup, file,
                          "is no backup of an office ('riverlight-office backup' makes one)");
    BackupFacts facts;
    auto about = db.query("SELECT made, office, format FROM office_backup");
    if (!about.next()) throw damaged(file, "it does not say of which office it is");
    facts.made = from_rfc3339(about.text(0)).value_or(Instant{});
    facts.office = about.text(1);
    facts.format = static_cast<int>(about.integer(2));
    if (facts.format > database_format)
        throw BackupError(BackupFault::newer, file,
                          "is of format " + std::to_string(facts.format) +
                              ", and this office reads formats up to " + std::to_string(database_format) +
                              "; install the newer office");
    auto q = db.query("SELECT name, rows, digest FROM office_backup_table ORDER BY name");
    while (q.next()) facts.tables.push_back({q.text(0), q.integer(1), q.text(2)});
    return facts;
}

}  // namespace

BackupFacts write_backup(const std::string& folder, const std::string& file, Instant now) {
    require_replaceable(file);
    const auto part = file + ".part";
    remove_file(part);  // of a backup that was interrupted
    make_private(part);
    try {
        copy_into(folder, part);
        auto facts = sign_off(folder, part, now);
        settle_file(part);
        sync_file(part);
        replace_file(part, file);
        return facts;
    } catch (...) {
        remove_file(part);
        throw;
    }
}

BackupFacts check_backup(const std::string& file) {
    return check_backup(file, file);
}

BackupFacts check_backup(const std::string& copy, const std::string& file) {
    if (!fs::exists(copy)) throw BackupError(BackupFault::missing, file, "is not there");
    try {
        const Database db(RecordsAddress::file(copy), OpenFor::reading);
        const OneMoment moment(db);
        auto facts = read_facts(db, file);
        if (const auto fault = db.text("PRAGMA integrity_check(1)"); fault != "ok")
            throw damaged(file, fault.value_or(""));
        const auto tables = content_of_all(db);
        for (const auto& table : facts.tables)
            if (std::find(tables.begin(), tables.end(), table) == tables.end())
                throw damaged(file, "table " + table.table + " does not hold what was written");
        return facts;
    } catch (const BackupError&) {
        throw;
    } catch (const Error& e) {
        throw damaged(file, e.what());
    }
}

}  // namespace riverlight::office
