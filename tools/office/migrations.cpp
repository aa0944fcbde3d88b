#include "tools/office/migrations.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <spdlog/spdlog.h>

#include <array>
#include <vector>

#include "content/airing/record.hpp"
#include "content/base/error.hpp"
#include "tools/office/assessed_columns.hpp"

namespace riverlight::office {
namespace {

constexpr int rows_at_once = 1000;

/// Calls `work` with the id and the record of each airing that can be read, in order of ids. One that cannot
/// be read keeps its columns empty: nothing supports what it claims.
template <class Work>
void for_each_record(SQLite::Database& db, const Work& work) {
    for (std::int64_t last = 0;;) {
        std::vector<std::pair<std::int64_t, std::string>> rows;
        SQLite::Statement q(db, "SELECT id, json FROM airing WHERE id>? ORDER BY id LIMIT ?");
        q.bind(1, last);
        q.bind(2, rows_at_once);
        while (q.executeStep()) rows.emplace_back(q.getColumn(0).getInt64(), q.getColumn(1).getString());
        if (rows.empty()) return;
        for (const auto& [id, json] : rows) {
            try {
                work(id, content::parse_record(json, "airing " + std::to_string(id)));
            } catch (const Error& e) {
                spdlog::warn("office.db: an airing could not be read and counts as not shown ({})", e.what());
            }
        }
        last = rows.back().first;
    }
}

/// 1: what the evidence of each record supports, and what its start says by both clocks.
void add_assessed_columns(SQLite::Database& db) {
    db.exec(R"sql(
ALTER TABLE airing ADD COLUMN assessed TEXT NOT NULL DEFAULT '';
ALTER TABLE airing ADD COLUMN length_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE airing ADD COLUMN shown_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE airing ADD COLUMN overclaims INTEGER NOT NULL DEFAULT 0;
CREATE TABLE start(id INTEGER PRIMARY KEY, board TEXT NOT NULL, boot TEXT NOT NULL, clock TEXT NOT NULL,
  monotonic_us INTEGER NOT NULL, at_us INTEGER NOT NULL, error_ms INTEGER, off_ms INTEGER);
CREATE INDEX start_boot ON start(board, boot, clock, monotonic_us);
)sql");
    AssessedColumns columns(db);
    for_each_record(db,
                    [&](std::int64_t id, const content::AiringRecord& record) { columns.add(id, record); });
    check_all_starts(db);
}

/// 2: what shows that two devices report with one board's key.
void add_twins(SQLite::Database& db) {
    db.exec(R"sql(
CREATE TABLE trace(board TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, turn INTEGER NOT NULL,
  returned INTEGER NOT NULL, gives_up INTEGER NOT NULL, first TEXT NOT NULL, heard TEXT NOT NULL,
  PRIMARY KEY(board, kind, id)) WITHOUT ROWID;
CREATE TABLE twins(board TEXT PRIMARY KEY, since TEXT NOT NULL) WITHOUT ROWID;
)sql");
}

struct Migration {
    int format;  ///< that the file has afterwards
    void (*run)(SQLite::Database& db);
};
constexpr std::array migrations{Migration{1, add_assessed_columns}, Migration{2, add_twins}};
static_assert(migrations.back().format == database_format);

int format_of(SQLite::Database& db) {
    return db.execAndGet("PRAGMA user_version").getInt();
}

}  // namespace

void migrate(SQLite::Database& db, const std::string& path) {
    const auto format = format_of(db);
    if (format > database_format)
        throw Error(path + ": is of format " + std::to_string(format) + ", and this office writes format " +
                    std::to_string(database_format) + "; install the newer office again");
    for (const auto& migration : migrations) {
        if (migration.format <= format_of(db)) continue;
        SQLite::Transaction step(db, SQLite::TransactionBehavior::IMMEDIATE);
        if (migration.format <= format_of(db)) continue;  // another process was faster
        migration.run(db);
        db.exec("PRAGMA user_version=" + std::to_string(migration.format));
        step.commit();
    }
}

}  // namespace riverlight::office
