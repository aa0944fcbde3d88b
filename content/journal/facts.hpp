#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/audit/audit.hpp"
#include "content/base/instant.hpp"

/// The small facts that a journal keeps beside its records, in its table `note`. This is the list of all of
/// them.
namespace riverlight::content {

/// What is kept under one key: how its value is written, and whether it is copied when the epoch rotates.
template <class Value>
struct JournalFact {
    const char* key;
    bool survives_rotation;
    std::string (*to_text)(const Value&);
    /// Nothing for a text that is not such a value.
    std::optional<Value> (*from_text)(const std::string&);
};

/// Since when the board has been in service, by a clock not known to be right: that boot's monotonic clock
/// then.
struct UnsureSince {
    MonotonicTime monotonic{};
    std::string boot_id;
};
/// An earlier run in a reduced start mode whose records were taken over: when, and why it ran so, for people.
struct ReducedRun {
    Instant taken_over{};
    std::string why;
};

/// The last record that was removed to make room: the chain goes on from its hash.
struct RemovedUpTo {
    std::int64_t seq = 0;
    std::string hash;
};

/// A record of which the office holds only the hash: it did not accept what the record says.
struct SetAsideNote {
    std::string epoch;
    std::int64_t seq = 0;
    std::string hash;
    Instant at{};     ///< when it was set aside
    std::string why;  ///< the office's words
    friend bool operator==(const SetAsideNote&, const SetAsideNote&) = default;
};
/// What a board found when it audited its office. The two heads, both signed by the office, prove it to
/// others.
struct AuditFinding {
    AuditResult result{};
    Instant since{}, found{};  ///< the change was made between the two heads, by the office's clock
    std::string before;        ///< the head that the office showed before; empty: none, the record is missing
    std::string after;         ///< the head that contradicts it, or lacks the record
    friend bool operator==(const AuditFinding&, const AuditFinding&) = default;
};
/// The oldest first; only the last 50 are kept.
using SetAsideNotes = std::vector<SetAsideNote>;

namespace journal_facts {
extern const JournalFact<std::string> format, board, epoch;
extern const JournalFact<std::int64_t> receipted;  ///< the office holds the epoch's records up to this seq
extern const JournalFact<RemovedUpTo> removed_up_to;
extern const JournalFact<std::string> set_aside;   ///< why this epoch follows another, a sentence
extern const JournalFact<std::string> office_key;  ///< the office's public key, hex, since enrolment
extern const JournalFact<std::string> used_claim;  ///< SHA-256 of the claim code that enrolled the board, hex
extern const JournalFact<Instant> latest_sure_time;  ///< no clock of this board may be earlier
extern const JournalFact<Instant> in_service_since;  ///< planned airings before this are not expected
extern const JournalFact<UnsureSince> unsure_since;  ///< beside `in_service_since` while that is not sure
extern const JournalFact<std::string> start_mode;    ///< why this run is in a reduced start mode, a sentence
extern const JournalFact<ReducedRun> reduced_run;    ///< the last such run that was taken over
extern const JournalFact<SetAsideNotes> set_aside_records;
extern const JournalFact<std::string> run;        ///< of the board's program, the last that reported
extern const JournalFact<Instant> two_boards;     ///< since when the office knows of another with this key
extern const JournalFact<std::string> tree_head;  ///< the last that the office showed (content/audit)
extern const JournalFact<AuditFinding> audit_finding;
}  // namespace journal_facts

/// For the rotation: true if the fact kept under `key` is copied into the new epoch.
[[nodiscard]] bool survives_rotation(std::string_view key);
/// The key under which it is noted how far another epoch's records were taken over.
[[nodiscard]] std::string taken_over_key(const std::string& epoch);

/// The key under which it is noted that a file set aside holds nothing more for this journal.
[[nodiscard]] std::string salvaged_key(const std::string& file);

}  // namespace riverlight::content
