#include "firmware/journal/journal_state.hpp"

#include "content/base/crypto.hpp"

namespace riverlight::firmware {

namespace facts = content::journal_facts;

std::unique_ptr<Journal::State> Journal::State::opened(const std::string& path, const std::string& board) {
    auto state = std::unique_ptr<State>(new State{
        content::JournalFile(path, content::JournalFile::Mode::write), {}, {}, {}, {}, {}, {}, {}, {}});
    auto& s = *state;
    s.guarded([&] {
        SQLite::Transaction transaction(s.file.db());
        s.board = s.file.fact(facts::board).value_or("");
        s.epoch = s.file.fact(facts::epoch).value_or("");
        if (s.board.empty() && board.empty()) throw Error(path + ": is the journal of no board yet");
        if (s.board.empty()) {
            s.file.set_fact(facts::format, std::string("1"));
            s.file.set_fact(facts::board, s.board = board);
            s.file.set_fact(facts::epoch, s.epoch = random_hex(8));
        }
        transaction.commit();
        s.why_rotated = s.file.fact(facts::set_aside).value_or("");
        if (!board.empty() && path != in_memory) s.copy = RecordCopy(path, s.epoch);
    });
    return state;
}

std::unique_ptr<Journal::State> Journal::State::of_damaged(const std::string& path) {
    return std::unique_ptr<State>(new State{
        content::JournalFile(path, content::JournalFile::Mode::salvage), {}, {}, {}, {}, {}, {}, {}, {}});
}

content::AiringRecord Journal::State::append(content::AiringRecord record) {
    const auto [last, hash] = file.head();
    record = content::writable(std::move(record));
    record.board = board;
    record.epoch = epoch;
    record.seq = last + 1;
    record.previous = hash;
    record.hash = record_hash(record);
    SQLite::Statement q(file.db(), "INSERT INTO record VALUES(?,?,?,?)");
    q.bind(1, record.seq);
    q.bind(2, content::record_key(record));
    q.bind(3, record.hash);
    appended.push_back(record_json(record));
    q.bind(4, appended.back());
    q.exec();
    return record;
}

void Journal::State::commit(SQLite::Transaction& transaction) {
    transaction.commit();
    copy.append(appended);
    appended.clear();
}

std::string Journal::State::find_damage() const {
    try {
        SQLite::Statement check(file.db(), "PRAGMA quick_check(1)");
        if (check.executeStep() && check.getColumn(0).getString() != "ok")
            return check.getColumn(0).getString();
        auto seq = file.fact(facts::receipted).value_or(0);
        std::string previous;
        SQLite::Statement q(file.db(), "SELECT seq, json, hash FROM record WHERE seq>? ORDER BY seq");
        q.bind(1, seq);
        while (q.executeStep()) {
            const auto what = "seq " + std::to_string(++seq);
            const auto record = content::parse_record(q.getColumn(1).getString(), what);
            if (q.getColumn(0).getInt64() != seq || record.seq != seq) return what + " is missing";
            if (record.hash != record_hash(record) || q.getColumn(2).getString() != record.hash)
                return what + ": its hash does not fit what it says";
            if (!previous.empty() && record.previous != previous)
                return what + ": does not follow the record before it";
            previous = record.hash;
        }
        SQLite::Statement open(file.db(), "SELECT json FROM open_airing");
        while (open.executeStep())
            static_cast<void>(content::parse_record(open.getColumn(0).getString(), "an open airing"));
    } catch (const std::exception& e) {
        return e.what();
    }
    return {};
}

}  // namespace riverlight::firmware
