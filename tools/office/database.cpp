#include "tools/office/database.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include "tools/office/migrations.hpp"

namespace riverlight::office {
namespace {

constexpr int wait_for_lock_ms = 5000;  // the command line may have the same file open
constexpr std::size_t most_prepared = 200;

/// The tables of format 0, from before formats had numbers; migrations.cpp makes the present ones of them.
constexpr auto schema = R"sql(
CREATE TABLE IF NOT EXISTS user(name TEXT PRIMARY KEY, password TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session(token TEXT PRIMARY KEY, user TEXT NOT NULL, made TEXT NOT NULL, used TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS claim(code TEXT PRIMARY KEY, place TEXT NOT NULL, board TEXT NOT NULL, expires TEXT NOT NULL, used_by TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS board(board TEXT PRIMARY KEY, place TEXT NOT NULL, public_key TEXT NOT NULL, state TEXT NOT NULL, enrolled TEXT NOT NULL,
  version TEXT NOT NULL, heard TEXT NOT NULL, health TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS airing(id INTEGER PRIMARY KEY, board TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL,
  place TEXT NOT NULL, country TEXT NOT NULL, day TEXT NOT NULL, at TEXT NOT NULL, airing TEXT NOT NULL, locale TEXT NOT NULL,
  campaign TEXT NOT NULL, segment TEXT NOT NULL, status TEXT NOT NULL, json TEXT NOT NULL, UNIQUE(board, epoch, seq));
CREATE TABLE IF NOT EXISTS carried_over(board TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY(board, epoch, seq)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS time_fix(board TEXT NOT NULL, boot TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY(board, boot)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS placed(id INTEGER PRIMARY KEY, started TEXT NOT NULL, ended TEXT NOT NULL, error_ms INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS airing_hash ON airing(hash);
CREATE INDEX IF NOT EXISTS airing_at ON airing(at, id);
CREATE INDEX IF NOT EXISTS airing_day ON airing(country, day);
CREATE INDEX IF NOT EXISTS airing_place ON airing(place, day);
CREATE INDEX IF NOT EXISTS airing_locale ON airing(locale);
CREATE INDEX IF NOT EXISTS airing_campaign ON airing(campaign);
CREATE INDEX IF NOT EXISTS airing_segment ON airing(segment);
CREATE TABLE IF NOT EXISTS plan(place TEXT NOT NULL, day TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY(place, day)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS alarm(id INTEGER PRIMARY KEY, at TEXT NOT NULL, board TEXT NOT NULL, text TEXT NOT NULL);
)sql";

/// Opens the file so that a new one is readable by its owner alone: it holds password hashes.
SQLite::Database opened_for_writing(const std::string& path) {
    const auto before = ::umask(0077);
    try {
        SQLite::Database db(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, wait_for_lock_ms);
        db.exec("PRAGMA journal_mode=WAL");
        db.exec("PRAGMA synchronous=FULL");
        if (db.execAndGet("PRAGMA user_version").getInt() == 0) db.exec(schema);
        migrate(db, path);
        ::umask(before);
        return db;
    } catch (const SQLite::Exception& e) {
        ::umask(before);
        throw Error(path + ": the office's records could not be opened (" + e.what() + ")");
    } catch (const Error&) {
        ::umask(before);
        throw;
    }
}

SQLite::Database opened(const std::string& path, OpenFor open_for) {
    if (open_for == OpenFor::writing) return opened_for_writing(path);
    try {
        return {path, SQLite::OPEN_READONLY, wait_for_lock_ms};
    } catch (const SQLite::Exception& e) {
        throw Error(path + ": the office's records could not be opened to read (" + e.what() + ")");
    }
}

/// A prepared statement with its values, ready again for the next ones afterwards.
class Bound {
  public:
    Bound(SQLite::Statement& statement, std::initializer_list<std::string> values) : statement_(statement) {
        int i = 0;
        for (const auto& value : values) statement_.bindNoCopy(++i, value);
    }
    ~Bound() {
        statement_.tryReset();
        try {
            statement_.clearBindings();
        } catch (const SQLite::Exception&) {  // it only frees memory
        }
    }
    Bound(const Bound&) = delete;
    Bound& operator=(const Bound&) = delete;
    Bound(Bound&&) = delete;
    Bound& operator=(Bound&&) = delete;

  private:
    SQLite::Statement& statement_;
};

}  // namespace

Database::Database(const std::string& file, OpenFor open_for) : path(file), db(opened(file, open_for)) {}

SQLite::Statement& Database::prepared(const char* sql) const {
    const auto known = prepared_.find(std::string_view(sql));
    if (known != prepared_.end()) return known->second;
    if (prepared_.size() >= most_prepared) prepared_.clear();
    return prepared_.try_emplace(sql, db, sql).first->second;
}

int Database::run(const char* sql, std::initializer_list<std::string> values) {
    return guarded([&] {
        auto& q = prepared(sql);
        const Bound bound(q, values);
        return q.exec();
    });
}

std::optional<std::string> Database::text(const char* sql, std::initializer_list<std::string> values) const {
    return guarded([&]() -> std::optional<std::string> {
        auto& q = prepared(sql);
        const Bound bound(q, values);
        if (!q.executeStep()) return std::nullopt;
        return q.getColumn(0).getString();
    });
}

bool Database::is_in_transaction() const {
    return sqlite3_get_autocommit(db.getHandle()) == 0;
}

// The lock is taken at the beginning: one that reads first and finds then that another process has written
// could not wait for it any more.
Transaction::Transaction(Database& db) : db_(db), is_part_(db.is_in_transaction()) {
    db_.db.exec(is_part_ ? "SAVEPOINT part" : "BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    if (!is_open_ || !db_.is_in_transaction()) return;
    try {
        db_.db.exec(is_part_ ? "ROLLBACK TO part; RELEASE part" : "ROLLBACK");
    } catch (const SQLite::Exception&) {  // what failed before is reported; the file is as it was
    }
}

void Transaction::commit() {
    db_.db.exec(is_part_ ? "RELEASE part" : "COMMIT");
    is_open_ = false;
}

}  // namespace riverlight::office
