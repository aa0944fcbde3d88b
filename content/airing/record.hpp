#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "content/airing/status.hpp"
#include "content/base/instant.hpp"

/// The airing record: one line of the as-run log, the same in journal, upload, stick and office.
namespace riverlight::content {

/// Pieces of evidence that a record holds at most, and bytes of each.
inline constexpr std::size_t most_evidence = 32, longest_evidence = 500;

/// What a record is about.
enum class RecordKind {
    airing,      ///< a planned airing, done or not done
    time_fix,    ///< the time became known (time_fix.hpp)
    time_gap,    ///< the clock was set ahead: nothing is known of the time between (time_gap.hpp)
    withdrawal,  ///< the country withdrew the record's segment in `locale_asked`, and the board acts on it
};

// More than 12 members: one for each field of the format.
/// One line of the as-run log. Format 1: canonical JSON; the hash is over everything but `hash`. Absent
/// numbers are written as −1, absent instants as null, an absent status as an empty text.
struct AiringRecord {
    std::string board, epoch;
    std::int64_t seq = 0;  ///< from 1, without a gap within an epoch
    RecordKind kind = RecordKind::airing;
    std::string airing;  ///< the planned airing's id; empty for the other kinds
    std::string outlet;
    std::string place;
    std::string booking, campaign, segment;
    std::int64_t revision = 0;
    std::string sha256;  ///< of the picture file that aired; empty if none did
    std::string locale_asked, locale_aired;
    std::optional<Instant> planned_start, planned_end;
    std::optional<Instant> started, ended;  ///< by the board's clock, in the state below
    ClockState clock = ClockState::floor;
    std::optional<std::chrono::milliseconds> clock_error;  ///< absent: unknown
    std::string boot_id;
    std::optional<MonotonicTime> monotonic_start, monotonic_end;
    std::optional<AiringStatus> status;  ///< absent while the airing is open
    std::string reason;                  ///< for people: why it did not air whole as asked
    std::int64_t frames = 0, lost = 0, repeated = 0, samples = 0;
    std::map<std::string, std::string> evidence;  ///< what the outlet measured (shown.hpp); ≤ most_evidence
    std::string previous;  ///< hash of seq − 1; of the epoch's first record: first_previous()
    std::string hash;
    friend bool operator==(const AiringRecord&, const AiringRecord&) = default;
};

/// The text that stands for a record's kind and subject: `airing` in its JSON, and what journal, office and
/// lists file it under. A planned airing's own id; `unplanned-clock-<boot id>` of a time fix;
/// `unplanned-time-gap-<boot id>-<monotonic µs>` of a time gap;
/// `unplanned-withdrawal-<segment>-<locale>` of a withdrawal.
[[nodiscard]] std::string record_id(const AiringRecord& record);

/// Of the evidence: the hash that the record had in the journal before.
inline constexpr const char* evidence_journal_before = "journal_before";

/// The record as format 1 can hold it: texts plain (content/base/plain_text.hpp) and cut to their lengths,
/// numbers and instants within their ranges, at most 32 pieces of evidence. What is made of it reads back to
/// the same. Every record passes here before it is hashed; one that was read stays as it is, unless an older
/// version wrote it with characters U+007F to U+009F.
[[nodiscard]] AiringRecord writable(AiringRecord record);
/// Canonical JSON (format 1) of a writable record, with or without its hash. Throws Error for a text that
/// JSON cannot hold.
[[nodiscard]] std::string record_json(const AiringRecord& record, bool with_hash = true);
/// Throws Error that begins with `what` for anything else than one record of format 1, of at most 64 KiB.
[[nodiscard]] AiringRecord parse_record(std::string_view json, const std::string& what);
/// SHA-256 of record_json(record, false), hex.
[[nodiscard]] std::string record_hash(const AiringRecord& record);
/// `previous` of an epoch's first record: SHA-256 of "riverlight epoch <board> <epoch>", hex.
[[nodiscard]] std::string first_previous(std::string_view board, std::string_view epoch);

}  // namespace riverlight::content
