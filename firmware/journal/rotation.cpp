#include <cassert>
#include <filesystem>

#include "content/base/files.hpp"
#include "content/base/plain_text.hpp"
#include "firmware/journal/journal_state.hpp"

namespace riverlight::firmware {
namespace {

namespace facts = content::journal_facts;
namespace fs = std::filesystem;

std::string unfinished(const std::string& path) {
    return path + ".new";
}

/// Steps to the next row; false if there is none or it cannot be read. Rows behind it stay in the file that
/// is set aside.
bool next_row(SQLite::Statement& q) {
    try {
        return q.executeStep();
    } catch (const SQLite::Exception&) {
        return false;
    }
}

/// A statement; nothing if its table is gone.
std::optional<SQLite::Statement> readable(const SQLite::Database& db, const char* sql) {
    try {
        return std::make_optional<SQLite::Statement>(db, sql);
    } catch (const SQLite::Exception&) {
        return {};
    }
}

void copy_records(const SQLite::Database& old, Journal::State& fresh, std::int64_t from) {
    auto q = readable(old, "SELECT json FROM record WHERE seq>=? ORDER BY seq");
    if (q) q->bind(1, from);
    while (q && next_row(*q)) {
        content::AiringRecord record;
        try {
            record = content::parse_record(q->getColumn(0).getString(), "record");
        } catch (const Error&) {
            continue;  // lost; the next may be whole
        }
        if (record.hash != record_hash(record)) continue;
        record.evidence.try_emplace(content::evidence_journal_before, record.hash);
        fresh.append(std::move(record));
    }
}

}  // namespace

void copy_facts(const SQLite::Database& from, Journal::State& to) {
    auto q = readable(from, "SELECT name, value FROM note");
    while (q && next_row(*q)) {
        const auto name = q->getColumn(0).getString();
        if (content::survives_rotation(name)) to.file.set_note(name, q->getColumn(1).getString());
    }
}

void copy_open_airings(const SQLite::Database& from, Journal::State& to) {
    auto q = readable(from, "SELECT handle, airing, json FROM open_airing ORDER BY handle");
    while (q && next_row(*q)) {
        try {
            static_cast<void>(content::parse_record(q->getColumn(2).getString(), "open airing"));
        } catch (const Error&) {
            continue;
        }
        SQLite::Statement put(to.file.db(), "INSERT INTO open_airing VALUES(?,?,?)");
        put.bind(1, q->getColumn(0).getInt64());
        put.bind(2, q->getColumn(1).getString());
        put.bind(3, q->getColumn(2).getString());
        put.exec();
    }
}

std::string free_name_beside(const std::string& path) {
    const fs::path file(path);
    for (int n = 1;; ++n) {
        const auto name = file.parent_path() / (file.stem().string() + "-set-aside-" + std::to_string(n) +
                                                file.extension().string());
        if (!fs::exists(fs::symlink_status(name))) return name.string();
    }
}

std::string set_aside_sentence(const std::string& why, const std::string& aside) {
    return "The journal began a new epoch (" + plain_text(why, 500) + "); the file before it is kept as " +
           fs::path(aside).filename().string() + '.';
}

/// Completes a rotation that a power cut stopped after the old file was renamed.
void Journal::finish_rotation(const std::string& path) {
    if (fs::exists(path) || !fs::exists(unfinished(path))) return;
    // A log that belongs to the file set aside must not meet the new one.
    const auto aside = free_name_beside(path);
    for (const auto* part : {"-wal", "-shm"})
        if (fs::exists(path + part)) fs::rename(path + part, aside + part);
    fs::rename(unfinished(path), path);
    sync_folder(fs::path(path).parent_path().string());
}

void Journal::rotate_epoch(std::int64_t from, const std::string& why) {
    const auto path = state_->file.path(), board = state_->board, making = unfinished(path),
               aside = free_name_beside(path);
    assert(from >= 1 && !board.empty());
    for (const auto* part : {"", "-wal", "-shm"}) fs::remove(making + part);
    {
        auto fresh = State::opened(making, board);
        fresh->guarded([&] {
            SQLite::Transaction transaction(fresh->file.db());
            fresh->file.set_fact(facts::set_aside, set_aside_sentence(why, aside));
            copy_facts(state_->file.db(), *fresh);
            copy_records(state_->file.db(), *fresh, from);
            copy_open_airings(state_->file.db(), *fresh);
            fresh->commit(transaction);
            fresh->file.db().exec("PRAGMA wal_checkpoint(TRUNCATE)");
        });
    }
    // The new file is whole on the disk. A power cut from here on leaves the old one or, by finish_rotation,
    // the new.
    state_.reset();  // SQLite removes its log by name when it closes: before another file has that name
    try {
        fs::rename(path, aside);
        for (const auto* part : {"-wal", "-shm"})
            if (fs::exists(path + part)) fs::rename(path + part, aside + part);
        finish_rotation(path);
    } catch (const fs::filesystem_error&) {
        state_ = State::opened(path, board);
        throw Error(path + ": the journal could not be set aside; check that the disk can be written");
    }
    state_ = State::opened(path, board);
}

/// `state_` may be absent: the file could not be opened as a journal.
void Journal::rotate_damaged(const std::string& path, const std::string& board, const std::string& damage) {
    std::int64_t receipted = 0;
    try {
        if (!state_) state_ = State::of_damaged(path);
        state_->board = board;
        receipted = state_->file.fact(facts::receipted).value_or(0);
    } catch (const SQLite::Exception&) {
        // Unreadable: every record is copied, and the office skips those that it holds.
    }
    rotate_epoch(receipted + 1, damage);
}

bool Journal::rotate_if_damaged() {
    if (state_->damage.empty() || !state_->why_in_memory.empty()) return false;
    rotate_damaged(state_->file.path(), state_->board, state_->damage);
    return true;
}

std::string Journal::why_rotated() const {
    return state_->why_rotated;
}

}  // namespace riverlight::firmware
