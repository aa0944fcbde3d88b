#include <algorithm>
#include <filesystem>
#include <iterator>

#include "content/base/files.hpp"
#include "firmware/journal/database.hpp"

namespace riverlight::firmware {
namespace {

namespace fs = std::filesystem;

constexpr const char* kept_notes[] = {"office_key", "claim", "latest"};

std::string in_making(const std::string& path) {
    return path + ".new";
}

/// `journal.db` → `journal-set-aside-3.db`, the first that is not there yet.
std::string free_name(const std::string& path) {
    const fs::path file(path);
    for (int n = 1;; ++n) {
        const auto name = file.parent_path() / (file.stem().string() + "-set-aside-" + std::to_string(n) +
                                                file.extension().string());
        if (!fs::exists(name)) return name.string();
    }
}

/// The next row, or nothing where there is none or it cannot be read: what lies beyond stays in the file that
/// is set aside.
bool next_row(SQLite::Statement& q) {
    try {
        return q.executeStep();
    } catch (const SQLite::Exception&) {
        return false;
    }
}

/// The text of a statement's one column, row by row; nothing of a table that is gone.
std::optional<SQLite::Statement> readable(const SQLite::Database& db, const char* sql) {
    try {
        return std::make_optional<SQLite::Statement>(db, sql);
    } catch (const SQLite::Exception&) {
        return {};
    }
}

void carry_over_notes(const SQLite::Database& old, Journal::State& fresh) {
    auto q = readable(old, "SELECT name, value FROM note");
    while (q && next_row(*q)) {
        const auto name = q->getColumn(0).getString();
        if (std::find(std::begin(kept_notes), std::end(kept_notes), name) != std::end(kept_notes))
            fresh.set_note(name, q->getColumn(1).getString());
    }
}

void carry_over_records(const SQLite::Database& old, Journal::State& fresh, std::int64_t from) {
    auto q = readable(old, "SELECT json FROM record WHERE seq>=? ORDER BY seq");
    if (q) q->bind(1, from);
    while (q && next_row(*q)) {
        content::AiringRecord record;
        try {
            record = content::parse_record(q->getColumn(0).getString(), "record");
        } catch (const Error&) {
            continue;  // this one is lost; the next may be whole
        }
        if (record.hash != record_hash(record)) continue;
        record.evidence.try_emplace("journal_before", record.hash);
        fresh.append(std::move(record));
    }
}

/// What is on air goes on under the handle that its outlet has.
void carry_over_open(const SQLite::Database& old, Journal::State& fresh) {
    auto q = readable(old, "SELECT handle, airing, json FROM open_airing ORDER BY handle");
    while (q && next_row(*q)) {
        SQLite::Statement put(fresh.db, "INSERT INTO open_airing VALUES(?,?,?)");
        put.bind(1, q->getColumn(0).getInt64());
        put.bind(2, q->getColumn(1).getString());
        put.bind(3, q->getColumn(2).getString());
        put.exec();
    }
}

}  // namespace

void Journal::finish_renewal(const std::string& path) {
    if (fs::exists(path) || !fs::exists(in_making(path))) return;
    // A log that belongs to the file set aside must not meet the new one.
    const auto aside = free_name(path);
    for (const auto* part : {"-wal", "-shm"})
        if (fs::exists(path + part)) fs::rename(path + part, aside + part);
    fs::rename(in_making(path), path);
    sync_folder(fs::path(path).parent_path().string());
}

void Journal::begin_anew(std::int64_t from, const std::string& why) {
    const auto path = state_->path, board = state_->board, making = in_making(path), aside = free_name(path);
    for (const auto* part : {"", "-wal", "-shm"}) fs::remove(making + part);
    {
        auto fresh = State::opened(making, board);
        fresh->guarded([&] {
            SQLite::Transaction transaction(fresh->db);
            fresh->set_note("set_aside", "The journal began anew (" + why +
                                             "); what was there before is kept as " +
                                             fs::path(aside).filename().string() + '.');
            carry_over_notes(state_->db, *fresh);
            carry_over_records(state_->db, *fresh, from);
            carry_over_open(state_->db, *fresh);
            transaction.commit();
            fresh->db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
        });
    }
    // The new one is whole on the disk. A cut from here on ends in the old or, by finish_renewal, the new.
    state_.reset();  // SQLite removes its log by name when it closes: before another file has that name
    try {
        fs::rename(path, aside);
        for (const auto* part : {"-wal", "-shm"})
            if (fs::exists(path + part)) fs::rename(path + part, aside + part);
        finish_renewal(path);
    } catch (const fs::filesystem_error&) {
        state_ = State::opened(path, board);
        throw Error(path + ": the journal could not be set aside; check that the disk can be written");
    }
    state_ = State::opened(path, board);
}

void Journal::renew(const std::string& path, const std::string& board, const std::string& damage) {
    std::int64_t receipted = 0;
    if (!state_) state_ = std::make_unique<State>(path);
    try {
        state_->board = board;
        const auto text = state_->note("receipted");
        if (!text.empty()) receipted = std::stoll(text);
    } catch (const std::exception&) {
        // not to be read: all that is left is taken over, and the office passes over what it holds
    }
    begin_anew(receipted + 1, damage);
}

bool Journal::mend() {
    if (state_->damage.empty()) return false;
    renew(state_->path, state_->board, state_->damage);
    return true;
}

std::string Journal::set_aside() const {
    return state_->set_aside;
}

}  // namespace riverlight::firmware
