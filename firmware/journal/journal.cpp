#include "firmware/journal/journal.hpp"

#include <cassert>

#include "firmware/journal/journal_state.hpp"

namespace riverlight::firmware {

namespace facts = content::journal_facts;

Journal::Journal(const std::string& path, const std::string& board) {
    assert(!board.empty());
    finish_rotation(path);
    std::string damage;
    try {
        state_ = State::opened(path, board);
        damage = state_->find_damage();
    } catch (const JournalDamaged& e) {
        damage = e.what();
    }
    if (!damage.empty()) rotate_damaged(path, board, damage);
    const auto& s = *state_;
    check_format();
    if (s.board != board)
        throw content::JournalRefused(content::JournalFault::other_board, path,
                                      "is the journal of board '" + s.board + "', not of '" + board +
                                          "'; name another state folder, or move this one away");
}

Journal Journal::beside_owner(const std::string& path) {
    Journal journal;
    journal.state_ = State::opened(path, {});
    journal.check_format();
    return journal;
}

void Journal::check_format() const {
    if (state_->file.fact(facts::format) != "1")
        throw content::JournalRefused(content::JournalFault::newer_format, state_->file.path(),
                                      "is a journal of another format; a newer Riverlight wrote it");
}

Journal::~Journal() = default;
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;

std::int64_t Journal::open(const content::AiringRecord& record) {
    auto& s = *state_;
    return s.guarded([&] {
        auto known = content::writable(record);
        known.board = s.board;
        known.epoch = s.epoch;
        known.seq = 1;  // none yet: given at the close
        SQLite::Statement q(s.file.db(), "INSERT INTO open_airing(airing, json) VALUES(?,?)");
        q.bind(1, content::record_key(known));
        q.bind(2, record_json(known));
        q.exec();
        return static_cast<std::int64_t>(s.file.db().getLastInsertRowid());
    });
}

void Journal::update(std::int64_t handle, const content::AiringRecord& record) {
    auto& s = *state_;
    s.guarded([&] {
        auto known = content::writable(record);
        known.board = s.board;
        known.epoch = s.epoch;
        known.seq = 1;
        SQLite::Statement q(s.file.db(), "UPDATE open_airing SET json=? WHERE handle=?");
        q.bind(1, record_json(known));
        q.bind(2, handle);
        q.exec();
    });
}

content::AiringRecord Journal::close(std::int64_t handle, content::AiringRecord record) {
    assert(record.status);
    auto& s = *state_;
    return s.guarded([&] {
        SQLite::Transaction transaction(s.file.db());
        SQLite::Statement q(s.file.db(), "DELETE FROM open_airing WHERE handle=?");
        q.bind(1, handle);
        if (q.exec() != 1) throw Error("journal: airing " + record_id(record) + " is not open");
        auto written = s.append(std::move(record));
        s.commit(transaction);
        return written;
    });
}

content::AiringRecord Journal::add(content::AiringRecord record) {
    assert(record.status);
    auto& s = *state_;
    return s.guarded([&] {
        SQLite::Transaction transaction(s.file.db());
        auto written = s.append(std::move(record));
        s.commit(transaction);
        return written;
    });
}

void Journal::add(std::vector<content::AiringRecord> records) {
    auto& s = *state_;
    s.guarded([&] {
        SQLite::Transaction transaction(s.file.db());
        for (auto& record : records) {
            assert(record.status);
            s.append(std::move(record));
        }
        s.commit(transaction);
    });
}

void Journal::discard(std::int64_t handle) {
    auto& s = *state_;
    s.guarded([&] {
        SQLite::Statement q(s.file.db(), "DELETE FROM open_airing WHERE handle=?");
        q.bind(1, handle);
        q.exec();
    });
}

std::size_t Journal::close_interrupted(const std::string& reason) {
    auto& s = *state_;
    return s.guarded([&] {
        SQLite::Transaction transaction(s.file.db());
        std::vector<content::AiringRecord> open;
        {
            SQLite::Statement q(s.file.db(), "SELECT json FROM open_airing ORDER BY handle");
            while (q.executeStep())
                open.push_back(content::parse_record(q.getColumn(0).getString(), "open airing"));
        }
        std::erase_if(open, [](const content::AiringRecord& record) { return !record.started; });
        for (auto& record : open) {
            record.status = content::AiringStatus::interrupted;
            record.reason = reason;
            s.append(record);
        }
        s.file.db().exec("DELETE FROM open_airing");
        s.commit(transaction);
        return open.size();
    });
}

const std::string& Journal::board() const {
    return state_->board;
}

JournalState Journal::state() const {
    auto& s = *state_;
    return s.guarded([&] { return s.file.state(); });
}

std::vector<content::AiringRecord> Journal::read(std::int64_t from, std::size_t count) const {
    auto& s = *state_;
    return s.guarded([&] { return s.file.read(from, count); });
}

bool Journal::has(const std::string& outlet, const std::string& airing) const {
    auto& s = *state_;
    return s.guarded([&] {
        SQLite::Statement q(s.file.db(),
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

void Journal::accept_receipt(const content::Receipt& receipt) {
    const auto known = state();
    if (receipt.board != known.board || receipt.epoch != known.epoch)
        throw Error("receipt: is for another board or epoch than this journal's");
    if (receipt.held == known.receipted) return;
    const auto removed = fact(facts::removed_up_to);
    if (removed && receipt.held < removed->seq)
        return rotate_epoch(removed->seq + 1,
                            "the office lost airings after " + std::to_string(receipt.held) +
                                "; this board has them from " + std::to_string(removed->seq + 1) + " on");
    if (removed && receipt.held == removed->seq && receipt.head == removed->hash)
        return set_fact(facts::receipted, receipt.held);
    if (receipt.held == 0) return set_fact(facts::receipted, std::int64_t{0});  // the office lost all of it
    const auto at = read(receipt.held, 1);
    if (at.empty() || at.front().seq != receipt.held || at.front().hash != receipt.head)
        throw Error("receipt: says the office holds seq " + std::to_string(receipt.held) +
                    ", which this journal does not have so; nothing is dropped");
    set_fact(facts::receipted, receipt.held);
    if (receipt.held == known.last) state_->copy.clear();
}

std::size_t Journal::make_room(std::uint64_t limit, std::size_t most) {
    auto& s = *state_;
    return s.guarded([&]() -> std::size_t {
        const auto pragma = [&](const char* name) {
            return static_cast<std::uint64_t>(
                s.file.db().execAndGet(std::string("PRAGMA ") + name).getInt64());
        };
        const auto used = (pragma("page_count") - pragma("freelist_count")) * pragma("page_size");
        if (used <= limit) return 0;
        SQLite::Transaction transaction(s.file.db());
        SQLite::Statement q(s.file.db(),
                            "SELECT seq, hash FROM record WHERE seq<=? AND seq<(SELECT max(seq) FROM record) "
                            "ORDER BY seq LIMIT ?");
        q.bind(1, s.file.fact(facts::receipted).value_or(0));
        q.bind(2, static_cast<std::int64_t>(most));
        content::RemovedUpTo removed;
        std::size_t count = 0;
        for (; q.executeStep(); ++count) removed = {q.getColumn(0).getInt64(), q.getColumn(1).getString()};
        if (count == 0) return 0;
        q.reset();
        SQLite::Statement remove(s.file.db(), "DELETE FROM record WHERE seq<=?");
        remove.bind(1, removed.seq);
        remove.exec();
        s.file.set_fact(facts::removed_up_to, removed);
        transaction.commit();
        return count;
    });
}

std::string Journal::verify() const {
    return state_->file.verify();
}

std::string Journal::note(const std::string& key) const {
    return state_->guarded([&] { return state_->file.note(key); });
}
void Journal::set_note(const std::string& key, const std::string& value) {
    state_->guarded([&] { state_->file.set_note(key, value); });
}

}  // namespace riverlight::firmware
