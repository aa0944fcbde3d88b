#pragma once
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "firmware/journal/record.hpp"

/// The durable as-run log: SQLite (WAL, synchronous=FULL), one hash chain an epoch. The only room of the
/// board that knows SQLite.
namespace riverlight::firmware {

/// What the journal says of itself.
struct JournalState {
    std::string board, epoch;
    std::int64_t last = 0;       ///< highest closed seq
    std::int64_t receipted = 0;  ///< the office holds up to here
};

/// Owner: the daemon's loop thread. A call that returns has been synced to disk; an Error leaves the journal
/// as it was.
class Journal {
  public:
    /// Opens or makes the journal at `path`. Another board's journal throws Error.
    Journal(const std::string& path, const std::string& board);
    ~Journal();
    Journal(Journal&&) noexcept;

    /// Notes an airing before its first frame. `record` is filled as far as known; `seq`, chain and board are
    /// the journal's. Returns a handle for close().
    [[nodiscard]] std::int64_t open(const AiringRecord& record);
    /// What became known of an open airing: that its first frame left.
    void update(std::int64_t handle, const AiringRecord& record);
    /// Ends an open airing as `record` says; gives it its seq and hash.
    AiringRecord close(std::int64_t handle, AiringRecord record);
    /// A planned airing that never ran, or one that failed before it opened.
    AiringRecord add(AiringRecord record);
    /// Many of them, in one transaction.
    void add(std::vector<AiringRecord> records);
    /// Takes back an open airing whose first frame never left: it may yet air, or be passed over.
    void forget(std::int64_t handle);
    /// Airings open when the power went: those on air are closed as interrupted with `reason`, those that
    /// only waited are forgotten. Returns how many were on air.
    std::size_t close_interrupted(const std::string& reason);

    [[nodiscard]] JournalState state() const;
    /// Closed records from seq `from`, at most `count`, ascending.
    [[nodiscard]] std::vector<AiringRecord> read(std::int64_t from, std::size_t count) const;
    /// Whether a planned airing has a record on that outlet, closed or open.
    [[nodiscard]] bool knows(const std::string& outlet, const std::string& airing) const;
    /// The next batch to upload, at most `count` records; nothing if the office has all.
    [[nodiscard]] std::optional<Batch> next_batch(std::size_t count) const;
    /// Takes a verified receipt. One for another epoch, beyond the end, or with another head throws Error.
    /// One that ends earlier than the last goes back to there: the office lost what it held.
    void take(const Receipt& receipt);
    /// Walks the whole chain; empty if it holds, else a sentence with the first bad seq.
    [[nodiscard]] std::string verify() const;
    /// Small facts that outlive a restart (the office's key, the last clock), keyed by name.
    [[nodiscard]] std::string note(const std::string& name) const;
    void set_note(const std::string& name, const std::string& value);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::firmware
