#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "content/airing/record.hpp"
#include "content/base/error.hpp"
#include "content/base/instant.hpp"

namespace riverlight::content {

/// Whose journal it is, and how far it goes.
struct JournalState {
    std::string board, epoch;
    std::int64_t last = 0;       ///< highest closed seq
    std::int64_t receipted = 0;  ///< the office holds records up to this seq
};

/// The journal's file is not what was written to it.
class JournalDamaged : public Error {
  public:
    using Error::Error;
};

/// Why a journal's file cannot be used although its bytes may be what was written.
enum class JournalFault : std::uint8_t {
    other_board,   ///< it is another board's
    newer_format,  ///< a newer Riverlight wrote it
    unavailable,   ///< locked, not writable, or its disk is full: it may be usable later
    unreadable,    ///< the system cannot open or read it
};
using JournalRefused = Refused<JournalFault>;

class JournalFile;

/// Reads a board's journal, also while the board writes it; changes nothing. One thread. Every call may throw
/// Error, JournalDamaged among them.
class JournalReader {
  public:
    /// `path`: a journal.db that exists.
    explicit JournalReader(const std::string& path);
    ~JournalReader();
    JournalReader(JournalReader&&) noexcept;
    JournalReader& operator=(JournalReader&&) noexcept;

    [[nodiscard]] JournalState state() const;
    /// Closed records from seq `from`, at most `count`, ascending.
    [[nodiscard]] std::vector<AiringRecord> read(std::int64_t from, std::size_t count) const;
    /// Walks the whole hash chain; empty if it holds, else a sentence with the first bad seq.
    [[nodiscard]] std::string verify() const;
    /// The latest time that the board knew for sure; nothing if it never did.
    [[nodiscard]] std::optional<Instant> latest_sure_time() const;

  private:
    std::unique_ptr<JournalFile> file_;
};

}  // namespace riverlight::content
