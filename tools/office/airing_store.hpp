#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "content/airing/failure_run.hpp"
#include "content/airing/record.hpp"
#include "content/airing/shown.hpp"
#include "content/airing/time_fix.hpp"
#include "content/airing/time_gap.hpp"
#include "content/base/instant.hpp"
#include "tools/office/outcome.hpp"

namespace riverlight::office {

using content::AiringRecord;
class AssessedColumns;
class Database;

/// Of one board and epoch: the highest seq up to which the office holds every record, and that record's hash.
struct EpochHead {
    std::int64_t seq = 0;
    std::string head;
};

/// What an airing is filed under: facts of its place.
struct PlaceFacts {
    std::string country;  ///< ISO 3166-1 alpha-2; empty: the channel does not list the place (yet)
    std::string zone = "UTC";
    std::chrono::minutes day_start{0};  ///< local time at which the place's broadcast day begins
};

struct AiringRow {
    std::int64_t id = 0;
    AiringRecord record;
    std::string country;
    /// The place's broadcast day: of the corrected time if there is one; else of the planned start, or of the
    /// start for an airing that was not planned.
    std::chrono::local_days day{};
    std::optional<content::CorrectedTimes> placed;  ///< `record` keeps what the board's clock said
    content::Assessment assessed;                   ///< by the record's evidence; `record` keeps the claim
    /// So much later (earlier: negative) was the start stamped than the starts beside it allow: the clock was
    /// set in between. Absent: nothing contradicts it.
    std::optional<std::chrono::milliseconds> start_off;
    [[nodiscard]] std::optional<Instant> started() const { return placed ? placed->started : record.started; }
    /// So long after the start as it was on air: never a second reading of a wall clock.
    [[nodiscard]] std::optional<Instant> ended() const;
};

struct AiringFilter {
    std::optional<std::chrono::local_days> from, until;             ///< both included
    std::string country, locale, campaign, segment, status, board;  ///< empty: all
    bool overclaims = false;  ///< only what claims more than its evidence supports
};

/// The row after which a page of airings continues.
struct Cursor {
    std::string at;  ///< RFC 3339
    std::int64_t id = 0;
};
[[nodiscard]] Cursor cursor_after(const AiringRow& row);

/// A column whose values people choose from.
enum class AiringColumn { country, locale, campaign, segment };

/// The airing records that boards sent, filed by place and broadcast day.
class AiringStore {
  public:
    explicit AiringStore(Database& db) : db_(db) {}

    [[nodiscard]] EpochHead held(const std::string& board, const std::string& epoch) const;
    /// The epoch of the board's last record; nothing if none came yet.
    [[nodiscard]] std::optional<std::string> last_epoch(const std::string& board) const;
    /// The hash held under a seq; nothing if there is none.
    [[nodiscard]] std::optional<std::string> hash_of(const std::string& board, const std::string& epoch,
                                                     std::int64_t seq) const;

    /// Adds records that follow what is held: all of them or none. A record that a board carried over from
    /// the journal before (`journal_before` of its evidence) and that is held from there counts once. A time
    /// fix among them, or held already, corrects the times of its boot's airings and files them again.
    void add(const std::vector<AiringRecord>& records, const PlaceFacts& place);
    /// Notes a record that follows what is held and did not come: the chain goes on behind it.
    void set_aside(const std::string& board, const std::string& epoch, std::int64_t seq,
                   const std::string& hash);
    /// Files the airings of a place that the channel did not list when they came.
    void file(const std::string& place, const PlaceFacts& facts);

    /// The newest first.
    [[nodiscard]] std::vector<AiringRow> list(const AiringFilter& filter, const std::optional<Cursor>& after,
                                              std::size_t count) const;
    [[nodiscard]] std::int64_t count(const AiringFilter& filter, std::int64_t at_most) const;
    /// Each value of the column once, sorted; at most 1,000.
    [[nodiscard]] std::vector<std::string> values_of(AiringColumn column) const;
    /// What the records of one place and day report, as their evidence supports it; airings without a status
    /// are left out.
    [[nodiscard]] std::vector<Outcome> outcomes(const std::string& place, std::chrono::local_days day) const;

    /// The times of which the place's boards know nothing, since their clocks were set ahead.
    [[nodiscard]] std::vector<content::TimeGap> time_gaps(const std::string& place) const;

    /// Runs of airings that could not be played, of one day or of the one before.
    [[nodiscard]] std::vector<content::FailureRun> failure_runs(const std::string& place,
                                                                std::chrono::local_days day) const;

  private:
    std::int64_t insert(const AiringRecord& record, const PlaceFacts& place);
    [[nodiscard]] bool is_held_from_before(const AiringRecord& record) const;
    void set_corrected(std::int64_t id, const content::CorrectedTimes& times, const PlaceFacts& facts);
    void correct_by_held_fix(std::int64_t id, const AiringRecord& record, const PlaceFacts& facts);
    void apply_fix(const AiringRecord& record, const PlaceFacts& facts);

    Database& db_;
};

/// When an airing was planned to start, or else when it started; the epoch (1970) if neither is known.
[[nodiscard]] Instant time_of(const AiringRecord& record);

}  // namespace riverlight::office
