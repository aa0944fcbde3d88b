#include "tools/office/database.hpp"

#include <sys/stat.h>

#include "tools/office/migrations.hpp"

namespace riverlight::office {
namespace {

constexpr int wait_for_lock_ms = 5000;  // the command line may have the same file open

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
SQLite::Database opened(const std::string& path) {
    const auto before = ::umask(0077);
    try {
        SQLite::Database db(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, wait_for_lock_ms);
        db.exec("PRAGMA journal_mode=WAL");
        db.exec("PRAGMA synchronous=FULL");
        db.exec(schema);
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

void bind_all(SQLite::Statement& q, std::initializer_list<std::string> values) {
    int i = 0;
    for (const auto& value : values) q.bind(++i, value);
}

}  // namespace

Database::Database(const std::string& file) : path(file), db(opened(file)) {}

int Database::run(const char* sql, std::initializer_list<std::string> values) {
    return guarded([&] {
        SQLite::Statement q(db, sql);
        bind_all(q, values);
        return q.exec();
    });
}

std::optional<std::string> Database::text(const char* sql, std::initializer_list<std::string> values) const {
    return guarded([&]() -> std::optional<std::string> {
        SQLite::Statement q(db, sql);
        bind_all(q, values);
        if (!q.executeStep()) return std::nullopt;
        return q.getColumn(0).getString();
    });
}

}  // namespace riverlight::office
