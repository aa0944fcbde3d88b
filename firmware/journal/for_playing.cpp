// A journal for a board that plays whatever became of the old one.
#include <filesystem>
#include <utility>

#include "firmware/journal/journal_state.hpp"

namespace riverlight::firmware {
namespace {

namespace facts = content::journal_facts;
namespace fs = std::filesystem;

constexpr auto parts = {"", "-wal", "-shm"};

void rename_all(const std::string& from, const std::string& to) {
    for (const auto* part : parts)
        if (fs::exists(fs::symlink_status(from + part))) fs::rename(from + part, to + part);
}

/// The one fact that holds for any board that uses this machine's clock.
std::optional<Instant> sure_time_in(const std::string& path) {
    try {
        return content::JournalReader(path).latest_sure_time();
    } catch (const Error&) {
        return {};
    }
}

/// Renames what is at `path` and begins a new journal there. Throws, and has changed nothing, if there can be
/// no other.
Journal begun_beside(const std::string& path, const std::string& board, const std::string& why) {
    const auto aside = free_name_beside(path);
    rename_all(path, aside);
    try {
        {
            Journal fresh(path, board);
            fresh.set_fact(facts::set_aside, set_aside_sentence(why, aside));
            if (const auto sure = sure_time_in(aside)) fresh.set_fact(facts::latest_sure_time, *sure);
        }
        return Journal(path, board);
    } catch (...) {
        for (const auto* part : parts) fs::remove(path + part);
        rename_all(aside, path);
        throw;
    }
}

}  // namespace

Journal Journal::kept_in_memory(const std::string& path, const std::string& board, const std::string& why) {
    Journal journal(in_memory, board);
    journal.state_->file_path = path;
    journal.state_->why_in_memory = why;
    return journal;
}

Journal Journal::for_playing(const std::string& path, const std::string& board) {
    std::string why;
    try {
        return Journal(path, board);
    } catch (const content::JournalRefused& e) {
        why = e.what();
        if (e.kind == content::JournalFault::unavailable) return kept_in_memory(path, board, why);
    } catch (const std::exception& e) {
        why = e.what();
    }
    try {
        return begun_beside(path, board, why);
    } catch (const std::exception& e) {
        return kept_in_memory(path, board, e.what());
    }
}

const std::string& Journal::why_in_memory() const {
    return state_->why_in_memory;
}

bool Journal::return_to_file() {
    auto& s = *state_;
    if (s.why_in_memory.empty()) return false;
    try {
        auto file = for_playing(s.file_path, s.board);
        s.why_in_memory = file.why_in_memory();
        if (!s.why_in_memory.empty()) return false;
        file.close_interrupted("the board stopped or lost power while this was on air");
        file.take_over(*this);
        auto& to = *file.state_;
        to.guarded([&] {
            SQLite::Transaction transaction(to.file.db());
            copy_facts(s.file.db(), to);
            copy_open_airings(s.file.db(), to);
            transaction.commit();
        });
        state_ = std::move(file.state_);
        return true;
    } catch (const std::exception& e) {
        s.why_in_memory = e.what();
        return false;
    }
}

}  // namespace riverlight::firmware
