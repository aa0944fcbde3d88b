#include "firmware/journal/database.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

namespace riverlight::firmware {
namespace {

constexpr auto schema = R"sql(
CREATE TABLE IF NOT EXISTS note(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS open_airing(handle INTEGER PRIMARY KEY AUTOINCREMENT, airing TEXT NOT NULL, json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS record(seq INTEGER PRIMARY KEY, airing TEXT NOT NULL, hash TEXT NOT NULL, json TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS record_airing ON record(airing);
)sql";

}  // namespace

bool says_damaged(const SQLite::Exception& fault) {
    const int code = fault.getErrorCode() & 0xff;
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

Journal::State::State(const std::string& file)
    : path(file), db(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 300) {}

std::unique_ptr<Journal::State> Journal::State::opened(const std::string& path, const std::string& board) {
    std::unique_ptr<State> state;
    try {
        state = std::make_unique<State>(path);
    } catch (const SQLite::Exception& e) {
        throw Error(path + ": the journal could not be opened (" + e.what() + ")");
    }
    auto& s = *state;
    ::chmod(path.c_str(), 0600);
    s.guarded([&] {
        s.db.exec("PRAGMA journal_mode=WAL");
        s.db.exec("PRAGMA synchronous=FULL");
        s.db.exec("PRAGMA wal_autocheckpoint=200");
        SQLite::Transaction transaction(s.db);
        s.db.exec(schema);
        s.board = s.note("board");
        s.epoch = s.note("epoch");
        if (s.board.empty()) {
            s.set_note("format", "1");
            s.set_note("board", s.board = board);
            s.set_note("epoch", s.epoch = random_hex(8));
        }
        transaction.commit();
        s.set_aside = s.note("set_aside");
    });
    return state;
}

std::string Journal::State::note(const std::string& name) const {
    SQLite::Statement q(db, "SELECT value FROM note WHERE name=?");
    q.bind(1, name);
    return q.executeStep() ? q.getColumn(0).getString() : std::string{};
}

void Journal::State::set_note(const std::string& name, const std::string& value) {
    SQLite::Statement q(db,
                        "INSERT INTO note VALUES(?,?) ON CONFLICT(name) DO UPDATE SET value=excluded.value");
    q.bind(1, name);
    q.bind(2, value);
    q.exec();
}

std::pair<std::int64_t, std::string> Journal::State::head() const {
    SQLite::Statement q(db, "SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1");
    if (!q.executeStep()) return {0, content::first_previous(board, epoch)};
    return {q.getColumn(0).getInt64(), q.getColumn(1).getString()};
}

content::AiringRecord Journal::State::append(content::AiringRecord record) {
    const auto [last, hash] = head();
    record.board = board;
    record.epoch = epoch;
    record.seq = last + 1;
    record.previous = hash;
    record.hash = record_hash(record);
    SQLite::Statement q(db, "INSERT INTO record VALUES(?,?,?,?)");
    q.bind(1, record.seq);
    q.bind(2, key_of(record));
    q.bind(3, record.hash);
    q.bind(4, record_json(record));
    q.exec();
    return record;
}

std::string Journal::State::examined() {
    try {
        SQLite::Statement check(db, "PRAGMA quick_check(1)");
        if (check.executeStep() && check.getColumn(0).getString() != "ok")
            return check.getColumn(0).getString();
        const auto receipted = note("receipted");
        auto seq = receipted.empty() ? 0 : std::stoll(receipted);
        std::string previous;
        SQLite::Statement q(db, "SELECT seq, json FROM record WHERE seq>? ORDER BY seq");
        q.bind(1, static_cast<std::int64_t>(seq));
        while (q.executeStep()) {
            const auto what = "seq " + std::to_string(++seq);
            const auto record = content::parse_record(q.getColumn(1).getString(), what);
            if (q.getColumn(0).getInt64() != seq || record.seq != seq) return what + " is missing";
            if (record.hash != record_hash(record)) return what + ": its hash does not fit what it says";
            if (!previous.empty() && record.previous != previous)
                return what + ": does not follow the record before it";
            previous = record.hash;
        }
    } catch (const std::exception& e) {
        return e.what();
    }
    return {};
}

}  // namespace riverlight::firmware
