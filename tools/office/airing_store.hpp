#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "content/airing/batch_head.hpp"
#include "content/airing/record.hpp"
#include "content/airing/shown.hpp"
#include "content/airing/time_fix.hpp"
#include "content/base/instant.hpp"
#include "tools/office/figures/doubt.hpp"
#include "tools/office/figures/reported.hpp"
#include "tools/office/figures/settle.hpp"
#include "tools/office/place_facts.hpp"
#include "tools/office/plan_store.hpp"
#include "tools/office/unpacked_plans.hpp"

namespace riverlight::office {

using content::AiringRecord;
class Database;

/// Of one board and epoch: the highest seq up to which the office holds every record, and that record's hash.
struct EpochHead {
    std::int64_t seq = 0;
    std::string head;
};

struct AiringRow {
    std::int64_t id = 0;
    AiringRecord record;  ///< of a row that cannot be read, only what it is filed under
    std::string country;
    /// The place's broadcast day: of the planned start; of the corrected or stamped start for an airing that
    /// was not planned, or is off its plan.
    std::chrono::local_days day{};
    std::string at{};                               ///< RFC 3339: where it stands among the rows
    std::optional<Doubt> doubt{};                   ///< it counts nowhere
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
    std::optional<std::chrono::local_days> from, until;                    ///< both included
    std::string country, place, locale, campaign, segment, status, board;  ///< empty: all
    bool overclaims = false;  ///< only what claims more than its evidence supports
    bool in_doubt = false;    ///< only what is in doubt
};

/// A record that a board set aside since the office refused it: the office holds its hash.
struct RefusedRecord {
    std::string board, epoch;
    std::int64_t seq = 0;
    std::string hash, why;
    Instant at{};  ///< when the office was told
};

/// Which rows come first.
enum class AiringOrder { newest, oldest };

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
    /// Returns how many of them are in doubt, by why.
    std::map<Doubt, int> add(const std::vector<AiringRecord>& records, const PlaceFacts& place,
                             const std::optional<Instant>& received = {});
    /// Keeps what the board signed about records that are held, in the transaction that added them. It covers
    /// all records of the epoch before it by their chain: of 64 records one signature stays.
    void keep_signature(const content::BatchHead& batch);
    /// Notes a record that follows what is held and did not come: the chain goes on behind it.
    void set_aside(const RefusedRecord& record);
    /// Files the airings of a place that the channel did not list when they came.
    void file(const std::string& place, const PlaceFacts& facts);

    /// The next rows after one, in an order; each row that matches once, whatever was placed meanwhile by a
    /// time fix stands where it is now.
    [[nodiscard]] std::vector<AiringRow> list(const AiringFilter& filter, const std::optional<Cursor>& after,
                                              std::size_t count,
                                              AiringOrder order = AiringOrder::newest) const;
    [[nodiscard]] std::int64_t count(const AiringFilter& filter, std::int64_t at_most) const;
    /// Each value of the column once, sorted; at most 1,000.
    [[nodiscard]] std::vector<std::string> values_of(AiringColumn column) const;
    /// How many airings are in doubt, by why.
    [[nodiscard]] std::map<Doubt, std::int64_t> doubts() const;
    /// The newest first.
    [[nodiscard]] std::vector<RefusedRecord> refused(std::size_t count) const;
    [[nodiscard]] std::int64_t refused_count() const;
    /// What the records of one place and day report, as their evidence supports it; airings without a status
    /// are left out. Those in doubt report nothing but that.
    [[nodiscard]] std::vector<Reported> reports(const std::string& place, std::chrono::local_days day) const;

    /// What boards say of times that touch a stored day.
    [[nodiscard]] ReportedTimes times_of(const DayFacts& day) const;

  private:
    [[nodiscard]] bool is_held_from_before(const AiringRecord& record) const;

    Database& db_;
    UnpackedPlans plans_{};
};

/// When an airing was planned to start, or else when it started; the epoch (1970) if neither is known.
[[nodiscard]] Instant time_of(const AiringRecord& record);

}  // namespace riverlight::office
