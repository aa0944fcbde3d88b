#pragma once
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "content/airing/batch.hpp"
#include "content/base/error.hpp"

/// The durable as-run log: SQLite (WAL, synchronous=FULL), one hash chain an epoch. The only room of the
/// board that knows SQLite.
namespace riverlight::firmware {

/// What the journal says of itself.
struct JournalState {
    std::string board, epoch;
    std::int64_t last = 0;       ///< highest closed seq
    std::int64_t receipted = 0;  ///< the office holds up to here
};

/// The journal's file is not what was written to it.
class JournalDamaged : public Error {
  public:
    using Error::Error;
};

/// Owner: the daemon's loop thread. A call that returns has been synced to disk; an Error leaves the journal
/// as it was.
class Journal {
  public:
    /// Opens or makes the journal at `path`, and begins it anew where it is damaged (mend()). Another board's
    /// journal throws Error. An empty `board` opens whatever journal is there, beside the one that keeps it:
    /// nothing is set aside then, and a damaged one throws JournalDamaged.
    Journal(const std::string& path, const std::string& board);
    ~Journal();
    Journal(Journal&&) noexcept;
    Journal& operator=(Journal&&) noexcept;

    /// Notes an airing before its first frame. `record` is filled as far as known; `seq`, chain and board are
    /// the journal's. Returns a handle for close().
    [[nodiscard]] std::int64_t open(const content::AiringRecord& record);
    /// What became known of an open airing: that its first frame left.
    void update(std::int64_t handle, const content::AiringRecord& record);
    /// Ends an open airing as `record` says; gives it its seq and hash.
    content::AiringRecord close(std::int64_t handle, content::AiringRecord record);
    /// A planned airing that never ran, or one that failed before it opened.
    content::AiringRecord add(content::AiringRecord record);
    /// Many of them, in one transaction.
    void add(std::vector<content::AiringRecord> records);
    /// Takes back an open airing whose first frame never left: it may yet air, or be passed over.
    void forget(std::int64_t handle);
    /// Airings open when the power went: those on air are closed as interrupted with `reason`, those that
    /// only waited are forgotten. Returns how many were on air.
    std::size_t close_interrupted(const std::string& reason);

    [[nodiscard]] JournalState state() const;
    /// Closed records from seq `from`, at most `count`, ascending.
    [[nodiscard]] std::vector<content::AiringRecord> read(std::int64_t from, std::size_t count) const;
    /// Whether a planned airing has a record on that outlet, closed or open.
    [[nodiscard]] bool knows(const std::string& outlet, const std::string& airing) const;
    /// The next batch to upload, at most `count` records; nothing if the office has all.
    [[nodiscard]] std::optional<content::Batch> next_batch(std::size_t count) const;
    /// Takes a verified receipt. One for another epoch, beyond the end, or with another head throws Error.
    /// One that ends earlier than the last goes back to there: the office lost what it held.
    void take(const content::Receipt& receipt);
    /// Walks the whole chain; empty if it holds, else a sentence with the first bad seq.
    [[nodiscard]] std::string verify() const;
    /// Puts the file aside as `journal-set-aside-<n>.db` and goes on in a new one under a new epoch. Taken
    /// over are the office's key, open airings under their handles, and records from seq `from` on that fit
    /// their hashes: numbered anew, `journal_before` of their evidence is the hash they had. At a power cut
    /// the old one stands, or the new one. `why` is for people. Throws Error, and leaves the old one in
    /// place, where there is no room for another.
    void begin_anew(std::int64_t from, const std::string& why);
    /// Begins anew what is not receipted where a call since the last found the file damaged; true if so.
    bool mend();
    /// Takes over what another journal of the same board holds, from a run that could not write this one:
    /// numbered anew, `journal_before` of their evidence is the hash they had. Once only, however often it is
    /// asked and wherever it is cut off. Returns how many were taken now. Throws Error; `other` stays as it
    /// is.
    std::size_t take_over(const Journal& other);
    /// What happened to the journal before this one, for people; empty if this is the first.
    [[nodiscard]] std::string set_aside() const;
    /// Small facts that outlive a restart (the office's key, the last clock), keyed by name.
    [[nodiscard]] std::string note(const std::string& name) const;
    void set_note(const std::string& name, const std::string& value);

    struct State;  ///< database.hpp

  private:
    void renew(const std::string& path, const std::string& board, const std::string& damage);
    static void finish_renewal(const std::string& path);
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::firmware
