#include "firmware/journal/journal.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>

namespace riverlight::firmware {
namespace {

constexpr auto schema = R"sql(
CREATE TABLE IF NOT EXISTS note(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS open_airing(handle INTEGER PRIMARY KEY AUTOINCREMENT, airing TEXT NOT NULL, json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS record(seq INTEGER PRIMARY KEY, airing TEXT NOT NULL, hash TEXT NOT NULL, json TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS record_airing ON record(airing);
)sql";

/// What finds an airing: two outlets of a board may follow the same plan.
std::string key_of(const AiringRecord& record) {
    return record.outlet + '/' + record.airing;
}

}  // namespace

struct Journal::State {
    std::string path, board, epoch;
    SQLite::Database db;
    State(const std::string& file)
        : path(file), db(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 300) {}

    /// SQLite's faults with the file and what to do.
    template <typename Work>
    auto guarded(const Work& work) const -> decltype(work()) {
        try {
            return work();
        } catch (const SQLite::Exception& e) {
            throw Error(path + ": the journal could not be read or written (" + e.what() +
                        "); check that the disk is there and not full");
        }
    }
    [[nodiscard]] std::string note(const std::string& name) const {
        SQLite::Statement q(db, "SELECT value FROM note WHERE name=?");
        q.bind(1, name);
        return q.executeStep() ? q.getColumn(0).getString() : std::string{};
    }
    void set_note(const std::string& name, const std::string& value) {
        SQLite::Statement q(
            db, "INSERT INTO note VALUES(?,?) ON CONFLICT(name) DO UPDATE SET value=excluded.value");
        q.bind(1, name);
        q.bind(2, value);
        q.exec();
    }
    [[nodiscard]] std::pair<std::int64_t, std::string> head() const {
        SQLite::Statement q(db, "SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1");
        if (!q.executeStep()) return {0, first_previous(board, epoch)};
        return {q.getColumn(0).getInt64(), q.getColumn(1).getString()};
    }
    /// Inside the caller's transaction.
    AiringRecord append(AiringRecord record) {
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
};

Journal::Journal(const std::string& path, const std::string& board) {
    try {
        state_ = std::make_unique<State>(path);
    } catch (const SQLite::Exception& e) {
        throw Error(path + ": the journal could not be opened (" + e.what() + ")");
    }
    auto& s = *state_;
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
    });
    if (!board.empty() && s.board != board)
        throw Error(path + ": is the journal of board '" + s.board + "', not of '" + board +
                    "'; name another state folder, or move this one away");
    if (s.note("format") != "1")
        throw Error(path + ": is a journal of another format; a newer Riverlight wrote it");
}
Journal::~Journal() = default;
Journal::Journal(Journal&&) noexcept = default;

std::int64_t Journal::open(const AiringRecord& record) {
    auto& s = *state_;
    return s.guarded([&] {
        auto known = record;
        known.board = s.board;
        known.epoch = s.epoch;
        known.seq = 1;  // none yet: given at the close
        SQLite::Statement q(s.db, "INSERT INTO open_airing(airing, json) VALUES(?,?)");
        q.bind(1, key_of(known));
        q.bind(2, record_json(known));
        q.exec();
        return static_cast<std::int64_t>(s.db.getLastInsertRowid());
    });
}

void Journal::update(std::int64_t handle, const AiringRecord& record) {
    auto& s = *state_;
    s.guarded([&] {
        auto known = record;
        known.board = s.board;
        known.epoch = s.epoch;
        known.seq = 1;
        SQLite::Statement q(s.db, "UPDATE open_airing SET json=? WHERE handle=?");
        q.bind(1, record_json(known));
        q.bind(2, handle);
        q.exec();
    });
}

AiringRecord Journal::close(std::int64_t handle, AiringRecord record) {
    auto& s = *state_;
    return s.guarded([&] {
        SQLite::Transaction transaction(s.db);
        SQLite::Statement q(s.db, "DELETE FROM open_airing WHERE handle=?");
        q.bind(1, handle);
        if (q.exec() != 1) throw Error("journal: airing " + record.airing + " is not open");
        auto written = s.append(std::move(record));
        transaction.commit();
        return written;
    });
}

AiringRecord Journal::add(AiringRecord record) {
    auto& s = *state_;
    return s.guarded([&] {
        SQLite::Transaction transaction(s.db);
        auto written = s.append(std::move(record));
        transaction.commit();
        return written;
    });
}

void Journal::add(std::vector<AiringRecord> records) {
    auto& s = *state_;
    s.guarded([&] {
        SQLite::Transaction transaction(s.db);
        for (auto& record : records) s.append(std::move(record));
        transaction.commit();
    });
}

void Journal::forget(std::int64_t handle) {
    auto& s = *state_;
    s.guarded([&] {
        SQLite::Statement q(s.db, "DELETE FROM open_airing WHERE handle=?");
        q.bind(1, handle);
        q.exec();
    });
}

std::size_t Journal::close_interrupted(const std::string& reason) {
    auto& s = *state_;
    return s.guarded([&] {
        SQLite::Transaction transaction(s.db);
        std::vector<AiringRecord> open;
        {
            SQLite::Statement q(s.db, "SELECT json FROM open_airing ORDER BY handle");
            while (q.executeStep()) open.push_back(parse_record(q.getColumn(0).getString(), "open airing"));
        }
        std::erase_if(open, [](const AiringRecord& record) { return !record.started; });
        for (auto& record : open) {
            record.status = "interrupted";
            record.reason = reason;
            s.append(record);
        }
        s.db.exec("DELETE FROM open_airing");
        transaction.commit();
        return open.size();
    });
}

JournalState Journal::state() const {
    const auto& s = *state_;
    return s.guarded([&] {
        const auto receipted = s.note("receipted");
        return JournalState{s.board, s.epoch, s.head().first, receipted.empty() ? 0 : std::stoll(receipted)};
    });
}

std::vector<AiringRecord> Journal::read(std::int64_t from, std::size_t count) const {
    const auto& s = *state_;
    return s.guarded([&] {
        std::vector<AiringRecord> records;
        SQLite::Statement q(s.db, "SELECT json FROM record WHERE seq>=? ORDER BY seq LIMIT ?");
        q.bind(1, from);
        q.bind(2, static_cast<std::int64_t>(count));
        while (q.executeStep()) records.push_back(parse_record(q.getColumn(0).getString(), "journal"));
        return records;
    });
}

bool Journal::knows(const std::string& outlet, const std::string& airing) const {
    const auto& s = *state_;
    return s.guarded([&] {
        SQLite::Statement q(s.db,
                            "SELECT EXISTS(SELECT 1 FROM record WHERE airing=?1) OR EXISTS(SELECT 1 FROM "
                            "open_airing WHERE airing=?1)");
        q.bind(1, outlet + '/' + airing);
        q.executeStep();
        return q.getColumn(0).getInt() != 0;
    });
}

std::optional<Batch> Journal::next_batch(std::size_t count) const {
    const auto known = state();
    auto airings = read(known.receipted + 1, count);
    if (airings.empty()) return std::nullopt;
    Batch batch;
    batch.board = known.board;
    batch.epoch = known.epoch;
    batch.first = airings.front().seq;
    batch.last = airings.back().seq;
    batch.head = airings.back().hash;
    batch.airings = std::move(airings);
    return batch;
}

void Journal::take(const Receipt& receipt) {
    const auto known = state();
    if (receipt.board != known.board || receipt.epoch != known.epoch)
        throw Error("receipt: is for another board or epoch than this journal's");
    if (receipt.held == known.receipted) return;
    if (receipt.held == 0) return set_note("receipted", "0");  // an office that lost all of it
    const auto at = read(receipt.held, 1);
    if (at.empty() || at.front().seq != receipt.held || at.front().hash != receipt.head)
        throw Error("receipt: says the office holds seq " + std::to_string(receipt.held) +
                    ", which this journal does not have so; nothing is dropped");
    set_note("receipted", std::to_string(receipt.held));
}

std::string Journal::verify() const {
    const auto known = state();
    auto previous = first_previous(known.board, known.epoch);
    std::int64_t seq = 0;
    const auto& s = *state_;
    try {
        SQLite::Statement q(s.db, "SELECT seq, hash, json FROM record ORDER BY seq");
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
    } catch (const std::exception& e) {
        return "seq " + std::to_string(seq) + ": " + e.what();
    }
    if (seq < known.receipted)
        return "the office holds seq " + std::to_string(known.receipted) + ", the journal ends at " +
               std::to_string(seq);
    return {};
}

std::string Journal::note(const std::string& name) const {
    return state_->guarded([&] { return state_->note(name); });
}
void Journal::set_note(const std::string& name, const std::string& value) {
    state_->guarded([&] { state_->set_note(name, value); });
}

}  // namespace riverlight::firmware
