#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "content/airing/batch.hpp"
#include "content/airing/record.hpp"
#include "content/journal/facts.hpp"
#include "content/journal/reader.hpp"

/// The board's durable as-run log: SQLite (WAL, synchronous=FULL), one hash chain for each epoch.
namespace riverlight::firmware {

using content::JournalDamaged;
using content::JournalState;

/// Owner: the daemon's loop thread. A call that returned is on the disk; a call that throws Error left the
/// journal as it was.
class Journal {
  public:
    /// Opens or makes the journal of `board` at `path`, and rotates the epoch if the file is damaged. Throws
    /// JournalRefused for another board's journal, a newer format, and a file that cannot be opened.
    Journal(const std::string& path, const std::string& board);
    /// For a board that has to play whatever became of its journal. What cannot be used at `path`, be it a
    /// folder, is renamed as in rotate_epoch(), and a new journal begins. Where even that cannot be done, the
    /// journal is kept in memory, until return_to_file() succeeds.
    [[nodiscard]] static Journal for_playing(const std::string& path, const std::string& board);
    /// Why the journal is kept in memory, to follow a colon; empty: it is in its file.
    [[nodiscard]] const std::string& why_in_memory() const;
    /// Moves a journal that is kept in memory into its file: facts, records, and open airings under their
    /// handles. True if it did so now. Throws nothing: why_in_memory() says why it is still there.
    bool return_to_file();
    /// Opens the journal of whatever board is there, beside the daemon that owns it, to add a receipt. Never
    /// rotates: a damaged journal throws JournalDamaged.
    [[nodiscard]] static Journal beside_owner(const std::string& path);
    ~Journal();
    Journal(Journal&&) noexcept;
    Journal& operator=(Journal&&) noexcept;

    /// Writes an airing before its first frame. `record` is filled as far as known; the journal gives seq,
    /// chain, board and epoch. Returns a handle for update(), close() and discard().
    [[nodiscard]] std::int64_t open(const content::AiringRecord& record);
    /// Writes what became known of an open airing: that its first frame left.
    void update(std::int64_t handle, const content::AiringRecord& record);
    /// Ends an open airing; `record.status` is set. Returns it with its seq and hash.
    content::AiringRecord close(std::int64_t handle, content::AiringRecord record);
    /// Adds a record that was never open: a planned airing that did not air, a time fix, a withdrawal.
    content::AiringRecord add(content::AiringRecord record);
    /// Adds many records in one transaction.
    void add(std::vector<content::AiringRecord> records);
    /// Removes an open airing whose first frame never left: it may air later, or be skipped.
    void discard(std::int64_t handle);
    /// For the start after a power cut: closes open airings that were on air as interrupted with `reason`,
    /// and removes those that were only queued. Returns how many were on air.
    std::size_t close_interrupted(const std::string& reason);

    [[nodiscard]] const std::string& board() const;
    [[nodiscard]] JournalState state() const;
    /// Closed records from seq `from`, at most `count`, ascending.
    [[nodiscard]] std::vector<content::AiringRecord> read(std::int64_t from, std::size_t count) const;
    /// True if a planned airing has a record on that outlet, closed or open.
    [[nodiscard]] bool has(const std::string& outlet, const std::string& airing) const;
    /// The next batch for the office, at most `count` records; nothing if it holds all of them.
    [[nodiscard]] std::optional<content::Batch> next_batch(std::size_t count) const;
    /// Notes a verified receipt. Throws Error if it is for another epoch, beyond the end, or has another
    /// head. A receipt that ends before the last one goes back to there: the office lost what it held. If it
    /// ends before what make_room() removed, the epoch rotates with all records that are left.
    void accept_receipt(const content::Receipt& receipt);
    /// Removes the oldest records that the office holds while the file's content is over `limit` bytes; at
    /// most `most` of them, so that it takes some milliseconds, and never the last one. The file does not
    /// shrink: what comes next uses its room. Returns how many it removed.
    std::size_t make_room(std::uint64_t limit, std::size_t most);
    /// As content::JournalReader::verify().
    [[nodiscard]] std::string verify() const;

    /// Renames the file to `journal-set-aside-<n>.db` and continues in a new file under a new epoch. The new
    /// epoch has the facts that survive a rotation, the open airings under their handles, and the records
    /// from seq `from` on whose hashes fit: numbered from 1, with their old hash as `journal_before` in their
    /// evidence. After a power cut either the old file or the new one is there. `why` is for people. Throws
    /// Error, and keeps the old file, if there is no room for another.
    void rotate_epoch(std::int64_t from, const std::string& why);
    /// Rotates the epoch, with the records that are not receipted, if a call found the file damaged; true if
    /// so.
    bool rotate_if_damaged();
    /// Why this epoch follows another one, for people; empty if it is the first.
    [[nodiscard]] std::string why_rotated() const;
    /// Copies the records of another journal of this board, from a run that could not write this one:
    /// numbered on from the last one, with their old hash as `journal_before`. Copies each record once,
    /// however often it is called and wherever a power cut stops it. Returns how many it copied now. `other`
    /// does not change. Throws Error.
    std::size_t take_over(const Journal& other);

    /// Adds those of `records`, read from a file that was set aside, that are this board's and are neither
    /// here nor were copied from there; with `journal_before`, as in take_over(). Returns how many.
    std::size_t add_salvaged(std::vector<content::AiringRecord> records);
    /// Whether all of a file that was set aside has been read so.
    [[nodiscard]] bool is_salvaged(const std::string& file) const;
    void mark_salvaged(const std::string& file);

    /// The facts of content/journal/facts.hpp, kept beside the records.
    template <class Value>
    [[nodiscard]] std::optional<Value> fact(const content::JournalFact<Value>& fact) const {
        const auto text = note(fact.key);
        return text.empty() ? std::nullopt : fact.from_text(text);
    }
    template <class Value>
    void set_fact(const content::JournalFact<Value>& fact, const Value& value) {
        set_note(fact.key, fact.to_text(value));
    }
    template <class Value>
    void clear_fact(const content::JournalFact<Value>& fact) {
        set_note(fact.key, {});
    }

    struct State;  ///< journal_state.hpp

  private:
    Journal() = default;
    [[nodiscard]] static Journal kept_in_memory(const std::string& path, const std::string& board,
                                                const std::string& why);
    void check_format() const;
    [[nodiscard]] std::string note(const std::string& key) const;
    void set_note(const std::string& key, const std::string& value);
    [[nodiscard]] bool holds(const content::AiringRecord& record) const;
    void rotate_damaged(const std::string& path, const std::string& board, const std::string& damage);
    static void finish_rotation(const std::string& path);
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::firmware
