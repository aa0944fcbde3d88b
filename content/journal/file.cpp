#include "content/journal/file.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include <filesystem>

namespace riverlight::content {
namespace {

constexpr auto schema = R"sql(
CREATE TABLE IF NOT EXISTS note(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS open_airing(handle INTEGER PRIMARY KEY AUTOINCREMENT, airing TEXT NOT NULL, json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS record(seq INTEGER PRIMARY KEY, airing TEXT NOT NULL, hash TEXT NOT NULL, json TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS record_airing ON record(airing);
)sql";
constexpr int busy_ms = 300;  ///< how long a statement waits for the other side's lock

/// A reader opens for writing too: SQLite needs that to read beside a writer, and to play back the log of a
/// board that lost power. `query_only` keeps it from changing anything else.
int flags_of(JournalFile::Mode mode) {
    return mode == JournalFile::Mode::read ? SQLite::OPEN_READWRITE
                                           : SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE;
}

SQLite::Database opened(const std::string& path, JournalFile::Mode mode) {
    std::error_code ec;
    if (std::filesystem::is_symlink(path, ec) && !std::filesystem::exists(path, ec))
        throw JournalRefused(JournalFault::unreadable, path, "is a link to a file that is not there");
    try {
        return {path, flags_of(mode), busy_ms};
    } catch (const SQLite::Exception& e) {
        throw JournalRefused(kind_of(e), path,
                             std::string("the journal could not be opened (") + e.what() + ')');
    }
}

}  // namespace

JournalFault kind_of(const SQLite::Exception& fault) {
    switch (fault.getErrorCode() & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_FULL:
        case SQLITE_NOMEM:
        case SQLITE_READONLY:
            return JournalFault::unavailable;
        default:
            return JournalFault::unreadable;
    }
}

bool is_damage(const SQLite::Exception& fault) {
    const int code = fault.getErrorCode() & 0xff;
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

std::string record_key(const AiringRecord& record) {
    return record.outlet + '/' + record_id(record);
}

JournalFile::JournalFile(const std::string& path, Mode mode) : path_(path), db_(opened(path, mode)) {
    if (mode == Mode::salvage) return;
    guarded([&] {
        if (mode == Mode::read) {
            db_.exec("PRAGMA query_only=ON");
            if (!db_.tableExists("record"))
                throw Error(path_ + ": has no journal; name a board's state folder, or its journal.db");
            return;
        }
        ::chmod(path_.c_str(), 0600);
        db_.exec("PRAGMA journal_mode=WAL");
        db_.exec("PRAGMA synchronous=FULL");
        db_.exec("PRAGMA wal_autocheckpoint=200");
        SQLite::Transaction transaction(db_);
        db_.exec(schema);
        transaction.commit();
    });
}

std::string JournalFile::note(const std::string& key) const {
    SQLite::Statement q(db_, "SELECT value FROM note WHERE name=?");
    q.bind(1, key);
    return q.executeStep() ? q.getColumn(0).getString() : std::string{};
}

void JournalFile::set_note(const std::string& key, const std::string& value) {
    SQLite::Statement q(db_,
                        "INSERT INTO note VALUES(?,?) ON CONFLICT(name) DO UPDATE SET value=excluded.value");
    q.bind(1, key);
    q.bind(2, value);
    q.exec();
}

std::pair<std::int64_t, std::string> JournalFile::head() const {
    SQLite::Statement q(db_, "SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1");
    if (!q.executeStep())
        return {0, first_previous(note(journal_facts::board.key), note(journal_facts::epoch.key))};
    return {q.getColumn(0).getInt64(), q.getColumn(1).getString()};
}

JournalState JournalFile::state() const {
    return {note(journal_facts::board.key), note(journal_facts::epoch.key), head().first,
            fact(journal_facts::receipted).value_or(0)};
}

std::vector<AiringRecord> JournalFile::read(std::int64_t from, std::size_t count) const {
    std::vector<AiringRecord> records;
    SQLite::Statement q(db_, "SELECT seq, json FROM record WHERE seq>=? ORDER BY seq LIMIT ?");
    q.bind(1, from);
    q.bind(2, static_cast<std::int64_t>(count));
    while (q.executeStep()) {
        try {
            records.push_back(parse_record(q.getColumn(1).getString(), "journal"));
        } catch (const Error& e) {
            if (q.getColumn(0).getInt64() <= fact(journal_facts::receipted).value_or(0)) continue;
            throw JournalDamaged(path_ + ": the journal is damaged (" + e.what() + ')');
        }
    }
    return records;
}

std::string JournalFile::verify() const {
    std::int64_t seq = 0;
    try {
        const auto known = state();
        auto previous = first_previous(known.board, known.epoch);
        if (const auto removed = fact(journal_facts::removed_up_to)) {
            seq = removed->seq;
            previous = removed->hash;
        }
        SQLite::Statement q(db_, "SELECT seq, hash, json FROM record ORDER BY seq");
        while (q.executeStep()) {
            ++seq;
            const auto what = "seq " + std::to_string(seq);
            if (q.getColumn(0).getInt64() != seq) return what + " is missing";
            const auto record = parse_record(q.getColumn(2).getString(), what);
            if (record.hash != record_hash(record) || record.hash != q.getColumn(1).getString())
                return what + ": its hash does not fit what it says";
            if (record.seq != seq || record.previous != previous)
                return what + ": does not follow the record before it";
            previous = record.hash;
        }
        if (seq < known.receipted)
            return "the office holds seq " + std::to_string(known.receipted) + ", the journal ends at " +
                   std::to_string(seq);
    } catch (const std::exception& e) {
        return "seq " + std::to_string(seq) + ": " + e.what();
    }
    return {};
}

}  // namespace riverlight::content
