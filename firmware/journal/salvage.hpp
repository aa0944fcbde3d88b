#pragma once
#include <cstddef>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "content/airing/record.hpp"
#include "firmware/journal/journal.hpp"

namespace riverlight::firmware {

/// Finds records in the bytes of a file, whatever became of the database around them: a record's hash says
/// whether it is whole. Rows that SQLite spreads over several pages, of 4 KiB and more, are not found.
class RecordScan {
  public:
    explicit RecordScan(const std::string& path);
    /// The records of the file's next 256 KiB; nothing at its end.
    [[nodiscard]] std::optional<std::vector<content::AiringRecord>> next();

  private:
    std::ifstream file_;
    std::string rest_;  ///< read, and not searched yet
};

/// Copies into the journal what the files set aside beside it hold, and the copies of other epochs'
/// records (RecordCopy), and the office does not: each file once, in steps that take some milliseconds.
/// Owner: the daemon's loop thread.
class JournalSalvage {
  public:
    /// `journal` must outlive this. `folder`: of the journal.
    JournalSalvage(Journal& journal, const std::string& folder);

    /// One step; true if there are more. What cannot be read is left out. Throws Error if the journal cannot
    /// be written; the next call goes on.
    [[nodiscard]] bool step();
    [[nodiscard]] std::size_t copied() const { return copied_; }

  private:
    void begin_file();
    void copy(std::vector<content::AiringRecord> records);
    [[nodiscard]] std::vector<content::AiringRecord> next_rows();

    Journal& journal_;
    std::vector<std::string> files_;  ///< still to be read, the current one last; copies after the others
    std::vector<RecordScan> scans_;   ///< of the current one: its log, and itself
    std::optional<content::JournalReader> rows_;
    std::map<std::string, std::int64_t> receipted_;  ///< of the epochs that could be read
    std::int64_t row_ = 1;
    bool holds_others_ = false;  ///< the current one has records of another board
    std::size_t copied_ = 0;
};

}  // namespace riverlight::firmware
