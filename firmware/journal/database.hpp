#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <string>
#include <utility>

#include "firmware/journal/journal.hpp"

/// The journal's file, for this room alone.
namespace riverlight::firmware {

/// What finds an airing: two outlets of a board may follow the same plan.
[[nodiscard]] inline std::string key_of(const content::AiringRecord& record) {
    return record.outlet + '/' + record_id(record);
}

/// Whether SQLite says that the file is not what it wrote.
[[nodiscard]] bool says_damaged(const SQLite::Exception& fault);

struct Journal::State {
    std::string path, board, epoch;
    std::string damage, set_aside;
    SQLite::Database db;
    explicit State(const std::string& file);

    /// Opens or makes the file and reads whose it is. Throws Error, JournalDamaged among them.
    [[nodiscard]] static std::unique_ptr<State> opened(const std::string& path, const std::string& board);

    /// SQLite's faults with the file and what to do.
    template <typename Work>
    auto guarded(const Work& work) -> decltype(work()) {
        try {
            return work();
        } catch (const SQLite::Exception& e) {
            if (says_damaged(e)) {
                damage = e.what();
                throw JournalDamaged(path + ": the journal is damaged (" + damage + ")");
            }
            throw Error(path + ": the journal could not be read or written (" + e.what() +
                        "); check that the disk is there and not full");
        }
    }
    [[nodiscard]] std::string note(const std::string& name) const;
    void set_note(const std::string& name, const std::string& value);
    [[nodiscard]] std::pair<std::int64_t, std::string> head() const;
    /// Inside the caller's transaction.
    content::AiringRecord append(content::AiringRecord record);
    /// What is not as it was written, of what the office does not hold yet; empty if nothing.
    [[nodiscard]] std::string examined();
};

}  // namespace riverlight::firmware
