#include "tools/office/migrations.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <span>
#include <vector>

#include "content/airing/record.hpp"
#include "content/base/error.hpp"
#include "tools/office/assessed_columns.hpp"
#include "tools/office/database.hpp"
#include "tools/office/quarantine.hpp"
#include "tools/office/schema.hpp"
#include "tools/office/sums_migration.hpp"
#include "tools/office/tree_appender.hpp"

namespace riverlight::office {
namespace {

constexpr int rows_at_once = 1000;
constexpr std::chrono::hours longest_day{25};  ///< with the hour that is set back

/// Calls `work` with the id and the record of each airing that can be read, in order of ids, and `unreadable`
/// with the id of each other one.
template <class Work, class Unreadable>
void for_each_record(Database& db, const Work& work, const Unreadable& unreadable) {
    for (std::int64_t last = 0;;) {
        std::vector<std::pair<std::int64_t, std::string>> rows;
        auto q = db.query("SELECT id, json FROM airing WHERE id>? ORDER BY id LIMIT ?", {last, rows_at_once});
        while (q.next()) rows.emplace_back(q.integer(0), q.text(1));
        if (rows.empty()) return;
        for (const auto& [id, json] : rows) {
            try {
                work(id, content::parse_record(json, "airing " + std::to_string(id)));
            } catch (const Error& e) {
                spdlog::warn("office.db: an airing could not be read and counts as not shown ({})", e.what());
                unreadable(id);
            }
        }
        last = rows.back().first;
    }
}

/// 1: what the evidence of each record supports, and what its start says by both clocks.
void add_assessed_columns(Database& db) {
    db.run_all(R"sql(
ALTER TABLE airing ADD COLUMN assessed TEXT NOT NULL DEFAULT '';
ALTER TABLE airing ADD COLUMN length_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE airing ADD COLUMN shown_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE airing ADD COLUMN overclaims INTEGER NOT NULL DEFAULT 0;
CREATE TABLE start(id INTEGER PRIMARY KEY, board TEXT NOT NULL, boot TEXT NOT NULL, clock TEXT NOT NULL,
  monotonic_us INTEGER NOT NULL, at_us INTEGER NOT NULL, error_ms INTEGER, off_ms INTEGER);
CREATE INDEX start_boot ON start(board, boot, clock, monotonic_us);
)sql");
    for_each_record(
        db,
        [&](std::int64_t id, const content::AiringRecord& record) {
            set_assessed(db, id, record);
            add_start(db, id, record);
        },
        [](std::int64_t) {});  // its columns stay empty: nothing supports what it claims
    check_all_starts(db);
}

/// 2: what shows that two devices report with one board's key.
void add_twins(Database& db) {
    db.run_all(R"sql(
CREATE TABLE trace(board TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, turn INTEGER NOT NULL,
  returned INTEGER NOT NULL, gives_up INTEGER NOT NULL, first TEXT NOT NULL, heard TEXT NOT NULL,
  PRIMARY KEY(board, kind, id)) WITHOUT ROWID;
CREATE TABLE twins(board TEXT PRIMARY KEY, since TEXT NOT NULL) WITHOUT ROWID;
)sql");
}

/// 3: what is in doubt, and in columns what pages read of every record, so that one that cannot be read ends
/// no page. When older records came is not known, so that none of them is in doubt as of a later time.
void add_doubts(Database& db) {
    db.run_all(R"sql(
ALTER TABLE airing ADD COLUMN outlet TEXT NOT NULL DEFAULT '';
ALTER TABLE airing ADD COLUMN booking TEXT NOT NULL DEFAULT '';
ALTER TABLE airing ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE airing ADD COLUMN boot TEXT NOT NULL DEFAULT '';
ALTER TABLE airing ADD COLUMN planned TEXT NOT NULL DEFAULT '';
ALTER TABLE airing ADD COLUMN received TEXT NOT NULL DEFAULT '';
ALTER TABLE airing ADD COLUMN doubt TEXT NOT NULL DEFAULT '';
CREATE TABLE on_air(id INTEGER PRIMARY KEY, board TEXT NOT NULL, outlet TEXT NOT NULL, boot TEXT NOT NULL,
  from_us INTEGER NOT NULL, length_us INTEGER NOT NULL, day TEXT NOT NULL, at_us INTEGER);
CREATE INDEX on_air_boot ON on_air(board, outlet, boot, from_us);
CREATE INDEX on_air_at ON on_air(board, outlet, at_us);
CREATE TABLE outlet_day(board TEXT NOT NULL, outlet TEXT NOT NULL, day TEXT NOT NULL,
  on_air_us INTEGER NOT NULL, PRIMARY KEY(board, outlet, day)) WITHOUT ROWID;
CREATE TABLE refused(board TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL,
  why TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY(board, epoch, seq)) WITHOUT ROWID;
CREATE INDEX airing_boot ON airing(board, boot);
CREATE INDEX airing_doubt ON airing(doubt) WHERE doubt<>'';
)sql");
    Quarantine quarantine(db);
    const auto judge = [&](std::int64_t id, const content::AiringRecord& record) {
        db.run("UPDATE airing SET outlet=?, booking=?, reason=?, boot=?, planned=? WHERE id=?",
               {record.outlet, record.booking, record.reason, record.boot_id,
                record.planned_start ? to_rfc3339(*record.planned_start) : std::string(), id});
        auto filed = db.query(
            "SELECT day, placed.started FROM airing LEFT JOIN placed ON placed.id=airing.id WHERE "
            "airing.id=?",
            {id});
        if (!filed.next()) return;
        std::optional<content::CorrectedTimes> times;
        if (const auto started = from_rfc3339(filed.text(1)))
            times = content::CorrectedTimes{*started, {}, {}};
        quarantine.judge({id, record, times, filed.text(0), longest_day, {}});
    };
    for_each_record(
        db, judge, [&](std::int64_t id) { db.run("UPDATE airing SET doubt='unreadable' WHERE id=?", {id}); });
}

/// 4: what belongs to a place and day stays there. Zone and bounds of days that are stored already follow
/// once the channel is read (PlanStore::fill_in).
void add_day_facts(Database& db) {
    db.run_all(R"sql(
ALTER TABLE plan ADD COLUMN release TEXT NOT NULL DEFAULT '';
ALTER TABLE plan ADD COLUMN country TEXT NOT NULL DEFAULT '';
ALTER TABLE plan ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE plan ADD COLUMN zone TEXT NOT NULL DEFAULT '';
ALTER TABLE plan ADD COLUMN began TEXT NOT NULL DEFAULT '';
ALTER TABLE plan ADD COLUMN ended TEXT NOT NULL DEFAULT '';
ALTER TABLE plan ADD COLUMN since TEXT NOT NULL DEFAULT '';
CREATE INDEX plan_day ON plan(day);
UPDATE plan SET name=place,
  release=CASE WHEN json_valid(json) THEN COALESCE(json_extract(json, '$.release'), '') ELSE '' END,
  country=COALESCE((SELECT country FROM airing WHERE airing.place=plan.place AND country<>'' LIMIT 1), ''),
  since=COALESCE((SELECT MIN(enrolled) FROM board WHERE board.place=plan.place), '');
)sql");
}

/// 5: devices from which people signed in, and devices that ask to take a board's place.
void add_doors(Database& db) {
    db.run_all(R"sql(
CREATE TABLE device(token TEXT PRIMARY KEY, user TEXT NOT NULL, made TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE applicant(board TEXT PRIMARY KEY, place TEXT NOT NULL, public_key TEXT NOT NULL,
  version TEXT NOT NULL, enrolled TEXT NOT NULL) WITHOUT ROWID;
)sql");
}

/// 6: the list of all records (tree_store.hpp), with what was accepted before in the order of its rows.
void add_tree(Database& db) {
    db.run_all(R"sql(
CREATE TABLE tree_node(level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL,
  PRIMARY KEY(level, idx)) WITHOUT ROWID;
CREATE TABLE tree_entry(board TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, idx INTEGER NOT NULL,
  PRIMARY KEY(board, epoch, seq)) WITHOUT ROWID;
CREATE TABLE tree_head(day TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
)sql");
    TreeAppender tree(db);
    auto q = db.query(
        "SELECT board, epoch, seq, hash, 0, id FROM airing UNION ALL SELECT board, epoch, "
        "seq, hash, 1, 0 FROM carried_over ORDER BY 5, 6, 1, 2, 3");
    while (q.next()) tree.append({q.text(0), q.text(1), q.integer(2), q.text(3)});
}

/// 8: what boards signed, so that others can check records without the office. Of records that came before
/// there is no signature any more, and of keys that were replaced nothing is known.
void add_signatures(Database& db) {
    db.run_all(R"sql(
CREATE TABLE batch_signature(board TEXT NOT NULL, epoch TEXT NOT NULL, last INTEGER NOT NULL,
  first INTEGER NOT NULL, signature TEXT NOT NULL, PRIMARY KEY(board, epoch, last)) WITHOUT ROWID;
CREATE TABLE board_key(board TEXT NOT NULL, public_key TEXT NOT NULL, place TEXT NOT NULL,
  enrolled TEXT NOT NULL, PRIMARY KEY(board, public_key)) WITHOUT ROWID;
INSERT INTO board_key SELECT board, public_key, place, enrolled FROM board;
)sql");
}

/// 9: what was pruned, when records were restored, what several offices share. Days of
/// airings are read in the order of pages.
void add_upkeep(Database& db) {
    db.run_all(db.kind() == DatabaseKind::sqlite ? schema::sqlite_9 : schema::postgresql_9);
}

void make_first_tables_of_postgresql(Database& db) {
    db.run_all("CREATE TABLE office_format(format BIGINT NOT NULL); INSERT INTO office_format VALUES(0)");
    db.run_all(schema::postgresql_8);
}

struct Migration {
    int format;  ///< that the records have afterwards
    void (*run)(Database& db);
};
constexpr std::array in_sqlite{Migration{1, add_assessed_columns},
                               Migration{2, add_twins},
                               Migration{3, add_doubts},
                               Migration{4, add_day_facts},
                               Migration{5, add_doors},
                               Migration{6, add_tree},
                               Migration{7, add_sums},
                               Migration{8, add_signatures},
                               Migration{9, add_upkeep}};
constexpr std::array in_postgresql{Migration{8, make_first_tables_of_postgresql}, Migration{9, add_upkeep}};
static_assert(in_sqlite.back().format == database_format);
static_assert(in_postgresql.back().format == database_format);

std::span<const Migration> migrations_of(const Database& db) {
    if (db.kind() == DatabaseKind::postgresql) return in_postgresql;
    return in_sqlite;
}

void set_format(Database& db, int format) {
    if (db.kind() == DatabaseKind::postgresql)
        db.run("UPDATE office_format SET format=?", {format});
    else
        db.run_all("PRAGMA user_version=" + std::to_string(format));
}

}  // namespace

int format_of(const Database& db) {
    if (db.kind() == DatabaseKind::sqlite)
        return static_cast<int>(db.integer("PRAGMA user_version").value_or(0));
    if (db.integer("SELECT COUNT(to_regclass('office_format'))") == 0) return 0;
    return static_cast<int>(db.integer("SELECT format FROM office_format").value_or(0));
}

void migrate(Database& db) {
    const auto format = format_of(db);
    if (format > database_format)
        throw Error(db.name + ": is of format " + std::to_string(format) +
                    ", and this office writes format " + std::to_string(database_format) +
                    "; install the newer office again");
    if (format == 0 && db.kind() == DatabaseKind::sqlite) db.run_all(schema::sqlite_0);
    for (const auto& migration : migrations_of(db)) {
        if (migration.format <= format_of(db)) continue;
        Transaction step(db);
        if (migration.format <= format_of(db)) continue;  // another process was faster
        migration.run(db);
        set_format(db, migration.format);
        step.commit();
    }
}

}  // namespace riverlight::office
