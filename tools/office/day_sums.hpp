#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "tools/office/figures/settle.hpp"
#include "tools/office/plan_store.hpp"
#include "tools/office/report_rows.hpp"
#include "tools/office/subject_rows.hpp"
#include "tools/office/unpacked_plans.hpp"

/// The sums of stored days, kept in the transaction that changes what they are counted from. Included by the
/// stores and the migrations only.
namespace riverlight::office {

class Database;

/// What some promises and the airings beside them add to the sums of their day: settled as if all time were
/// over, so that nothing is upcoming. The promises that nothing was heard of are listed too: they are
/// upcoming until they end.
struct Counted {
    struct Sum {
        Tally tally;
        std::chrono::milliseconds silent_time{};  ///< how long what is silent was planned
    };
    struct Silent {
        Subject subject;
        std::chrono::milliseconds length{};
        std::string reason;
    };
    std::map<Subject, Sum> sums;
    std::map<std::pair<bool, std::string>, int> reasons;       ///< by whether it is silent, and why
    std::map<std::pair<Instant, std::string>, Silent> silent;  ///< by the promise's end and id
};

/// What a stored day adds, from its records and from nothing that is kept of it.
[[nodiscard]] Counted count_from_records(const Database& db, const StoredDay& day);

/// settle() is a sum over ids: the reports of one airing change what that airing adds, and nothing else. So
/// the airings that change are settled before and after, and the difference is added; where times change that
/// cover many airings, or a plan, the day is counted from scratch. Lives as long as the transaction.
class DaySums {
  public:
    explicit DaySums(Database& db) : DaySums(db, own_) {}
    /// `plans`: unpacked before, by this thread; they outlive the sums.
    DaySums(Database& db, UnpackedPlans& plans) : db_(db), subjects_(db), reports_(db), plans_(plans) {}

    /// Before a report of that airing comes, goes or changes.
    void will_change(const std::string& place, std::chrono::local_days day, const std::string& airing);
    /// After what is known of that time at the place has changed.
    void has_changed(const std::string& place, Instant from, Instant until);
    /// Adds what changed since. Before the transaction ends, once.
    void finish();

    /// Counts a day from scratch, after it was stored. Before its country changes, forget() it.
    void count(const StoredDay& day);
    /// The day counts nowhere.
    void forget(const std::string& place, std::chrono::local_days day);

  private:
    using DayKey = std::pair<std::string, std::chrono::local_days>;
    /// A stored day that changes.
    struct Day {
        DayFacts facts;
        std::shared_ptr<const UnpackedPlan> plan;  ///< shared with what is unpacked
        bool stands = true;                        ///< as of a StoredDay
        std::optional<ReportedTimes> reported{};   ///< read once
        std::map<std::string, Counted> before{};   ///< what the airings that change added, by id
    };
    [[nodiscard]] Day* find(const DayKey& key);
    [[nodiscard]] Counted count_airing(Day& day, const std::string& airing);
    void add(const DayFacts& facts, const Counted& change);
    void remove_silent(const DayFacts& facts, const Counted& counted);

    Database& db_;
    SubjectRows subjects_;
    ReportRows reports_;
    UnpackedPlans own_{};
    UnpackedPlans& plans_;
    std::map<DayKey, std::optional<Day>> days_;  ///< nothing: not stored
    std::set<DayKey> from_scratch_;
};

}  // namespace riverlight::office
