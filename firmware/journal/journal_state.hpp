#pragma once
#include <memory>
#include <optional>
#include <string>

#include "content/journal/file.hpp"
#include "firmware/journal/journal.hpp"

/// What a Journal keeps while it is open; for this room alone.
namespace riverlight::firmware {

struct Journal::State {
    content::JournalFile file;
    std::string board, epoch;
    std::string damage;  ///< why the file is not what was written, since a call found it; empty: it is
    std::string why_rotated;

    /// Opens or makes the file and reads whose it is; an empty `board` only opens. Throws Error,
    /// JournalDamaged among them.
    [[nodiscard]] static std::unique_ptr<State> opened(const std::string& path, const std::string& board);

    /// A file that could not be opened as a journal, to copy what can be read of it.
    [[nodiscard]] static std::unique_ptr<State> of_damaged(const std::string& path);

    /// As JournalFile::guarded(); remembers damage for rotate_if_damaged().
    template <typename Work>
    auto guarded(const Work& work) -> decltype(work()) {
        try {
            return file.guarded(work);
        } catch (const JournalDamaged& e) {
            damage = e.what();
            throw;
        }
    }
    /// Gives the record its seq, chain, board and epoch, and writes it. Inside the caller's transaction.
    content::AiringRecord append(content::AiringRecord record);
    /// Checks the file, and the records that the office does not hold yet. Empty if all is as it was written,
    /// else what is not.
    [[nodiscard]] std::string find_damage() const;
};

}  // namespace riverlight::firmware
