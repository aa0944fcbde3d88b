#include "firmware/journal/journal.hpp"

#include "firmware/journal/database.hpp"

namespace riverlight::firmware {

Journal::Journal(const std::string& path, const std::string& board) {
    if (!board.empty()) finish_renewal(path);
    std::string damage;
    try {
        state_ = State::opened(path, board);
        if (!board.empty()) damage = state_->examined();
    } catch (const JournalDamaged& e) {
        if (board.empty()) throw;
        damage = e.what();
    }
    if (!damage.empty()) renew(path, board, damage);
    auto& s = *state_;
    if (!board.empty() && s.board != board)
        throw Error(path + ": is the journal of board '" + s.board + "', not of '" + board +
                    "'; name another state folder, or move this one away");
    if (s.note("format") != "1")
        throw Error(path + ": is a journal of another format; a newer Riverlight wrote it");
}
Journal::~Journal() = default;
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;

std::int64_t Journal::open(const content::AiringRecord& record) {
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

void Journal::update(std::int64_t handle, const content::AiringRecord& record) {
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

content::AiringRecord Journal::close(std::int64_t handle, content::AiringRecord record) {
    auto& s = *state_;
    return s.guarded([&] {
        SQLite::Transaction transaction(s.db);
        SQLite::Statement q(s.db, "DELETE FROM open_airing WHERE handle=?");
        q.bind(1, handle);
        if (q.exec() != 1) throw Error("journal: airing " + record_id(record) + " is not open");
        auto written = s.append(std::move(record));
        transaction.commit();
        return written;
    });
}

content::AiringRecord Journal::add(content::AiringRecord record) {
    auto& s = *state_;
    return s.guarded([&] {
        SQLite::Transaction transaction(s.db);
        auto written = s.append(std::move(record));
        transaction.commit();
        return written;
    });
}

void Journal::add(std::vector<content::AiringRecord> records) {
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
        std::vector<content::AiringRecord> open;
        {
            SQLite::Statement q(s.db, "SELECT json FROM open_airing ORDER BY handle");
            while (q.executeStep())
                open.push_back(content::parse_record(q.getColumn(0).getString(), "open airing"));
        }
        std::erase_if(open, [](const content::AiringRecord& record) { return !record.started; });
        for (auto& record : open) {
            record.status = content::AiringStatus::interrupted;
            record.reason = reason;
            s.append(record);
        }
        s.db.exec("DELETE FROM open_airing");
        transaction.commit();
        return open.size();
    });
}

JournalState Journal::state() const {
    auto& s = *state_;
    return s.guarded([&] {
        const auto receipted = s.note("receipted");
        return JournalState{s.board, s.epoch, s.head().first, receipted.empty() ? 0 : std::stoll(receipted)};
    });
}

std::vector<content::AiringRecord> Journal::read(std::int64_t from, std::size_t count) const {
    auto& s = *state_;
    return s.guarded([&] {
        std::vector<content::AiringRecord> records;
        SQLite::Statement q(s.db, "SELECT json FROM record WHERE seq>=? ORDER BY seq LIMIT ?");
        q.bind(1, from);
        q.bind(2, static_cast<std::int64_t>(count));
        while (q.executeStep())
            records.push_back(content::parse_record(q.getColumn(0).getString(), "journal"));
        return records;
    });
}

bool Journal::knows(const std::string& outlet, const std::string& airing) const {
    auto& s = *state_;
    return s.guarded([&] {
        SQLite::Statement q(s.db,
                            "SELECT EXISTS(SELECT 1 FROM record WHERE airing=?1) OR EXISTS(SELECT 1 FROM "
                            "open_airing WHERE airing=?1)");
        q.bind(1, outlet + '/' + airing);
        q.executeStep();
        return q.getColumn(0).getInt() != 0;
    });
}

std::optional<content::Batch> Journal::next_batch(std::size_t count) const {
    const auto known = state();
    auto airings = read(known.receipted + 1, count);
    if (airings.empty()) return std::nullopt;
    content::Batch batch;
    batch.board = known.board;
    batch.epoch = known.epoch;
    batch.first = airings.front().seq;
    batch.last = airings.back().seq;
    batch.head = airings.back().hash;
    batch.airings = std::move(airings);
    return batch;
}

void Journal::take(const content::Receipt& receipt) {
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
    auto previous = content::first_previous(known.board, known.epoch);
    std::int64_t seq = 0;
    const auto& s = *state_;
    try {
        SQLite::Statement q(s.db, "SELECT seq, hash, json FROM record ORDER BY seq");
        while (q.executeStep()) {
            ++seq;
            const auto what = "seq " + std::to_string(seq);
            if (q.getColumn(0).getInt64() != seq) return what + " is missing";
            const auto record = content::parse_record(q.getColumn(2).getString(), what);
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
