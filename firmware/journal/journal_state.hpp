#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "content/journal/file.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/journal/record_copy.hpp"

/// What a Journal keeps while it is open; for this room alone.
namespace riverlight::firmware {

/// SQLite's name for a database without a file.
inline constexpr auto in_memory = ":memory:";

struct Journal::State {
    content::JournalFile file;
    std::string board, epoch;
    std::string damage;  ///< why the file is not what was written, since a call found it; empty: it is
    std::string why_rotated;
    std::string file_path{};      ///< where a journal that is in memory belongs
    std::string why_in_memory{};  ///< empty: it is in its file
    RecordCopy copy{};
    std::vector<std::string> appended{};  ///< records of the transaction under way, as JSON

    /// Opens or makes the file and reads whose it is; an empty `board` only opens. Throws Error,
    /// JournalDamaged among them.
    [[nodiscard]] static std::unique_ptr<State> opened(const std::string& path, const std::string& board);

    /// A file that could not be opened as a journal, to copy what can be read of it.
    [[nodiscard]] static std::unique_ptr<State> of_damaged(const std::string& path);

    /// As JournalFile::guarded(); remembers damage for rotate_if_damaged().
    template <typename Work>
    auto guarded(const Work& work) -> decltype(work()) {
        appended.clear();
        try {
            return file.guarded(work);
        } catch (const JournalDamaged& e) {
            damage = e.what();
            throw;
        }
    }
    /// Gives the record its seq, chain, board and epoch, and writes it. Inside the caller's transaction.
    content::AiringRecord append(content::AiringRecord record);
    /// Ends a transaction in which records may have been appended.
    void commit(SQLite::Transaction& transaction);
    /// Checks the file, and the records that the office does not hold yet. Empty if all is as it was written,
    /// else what is not.
    [[nodiscard]] std::string find_damage() const;
};

/// `journal.db` → `journal-set-aside-3.db`, the first that is not there yet.
[[nodiscard]] std::string free_name_beside(const std::string& path);
/// What a new journal says of the one before it.
[[nodiscard]] std::string set_aside_sentence(const std::string& why, const std::string& aside);

/// Copies the facts that survive an epoch, as far as they can be read.
void copy_facts(const SQLite::Database& from, Journal::State& to);
/// Copies open airings under the handles that the outlets have. What is no airing any more is left behind.
void copy_open_airings(const SQLite::Database& from, Journal::State& to);

}  // namespace riverlight::firmware
