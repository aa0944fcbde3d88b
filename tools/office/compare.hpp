#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "content/airing/failure_run.hpp"
#include "content/airing/time_gap.hpp"
#include "content/base/instant.hpp"
#include "scheduler/plan/plan.hpp"
#include "tools/office/outcome.hpp"

/// Planned against aired, as arithmetic: no I/O.
namespace riverlight::office {

/// A planned airing, as far as it is stored.
struct Expected {
    std::string id;
    Instant start{}, end{};
    std::string campaign, segment, locale;
};

/// A place's plan of one day as it was when the day began, and the release that it came from.
struct KeptPlan {
    std::string release;
    std::vector<Expected> airings;
};
[[nodiscard]] std::string write_kept_plan(const KeptPlan& plan);
[[nodiscard]] KeptPlan read_kept_plan(const std::string& json);
[[nodiscard]] KeptPlan kept_plan_of(const scheduler::Plan& plan, const std::string& release);
/// The plan of a day after a new release: airings that began before `now` stay as they were planned.
[[nodiscard]] KeptPlan merged(const KeptPlan& old, const KeptPlan& fresh, Instant now);

/// Every planned airing is in exactly one of the five.
struct Tally {
    int aired = 0;
    int partly = 0;                              ///< truncated or substituted
    int missed = 0;                              ///< skipped, failed or interrupted, and the board said so
    int silent = 0;                              ///< its time is over and no board reported it
    int upcoming = 0;                            ///< its time is not over
    int unplanned = 0;                           ///< aired though not in the plan; in none of the sums
    std::chrono::milliseconds due_time{};        ///< how long what was due was planned
    std::chrono::milliseconds shown{};           ///< of what was planned, as boards' evidence supports it
    std::chrono::milliseconds unplanned_time{};  ///< shown though not in the plan; in none of the sums

    [[nodiscard]] int planned() const { return aired + partly + missed + silent + upcoming; }
    [[nodiscard]] int due() const { return planned() - upcoming; }
    Tally& operator+=(const Tally& other);
};

/// Whole percent of what was due that aired, rounded down so that 100 means all of it. Nothing if none was
/// due.
[[nodiscard]] std::optional<int> percent_aired(const Tally& tally);
/// The same of the time that was due and shown.
[[nodiscard]] std::optional<int> percent_shown(const Tally& tally);

struct Comparison {
    Tally tally;
    std::map<std::string, int>
        reasons;  ///< how often each reason was given for an airing that did not air whole
};

/// What boards say of times rather than of single airings.
struct ReportedTimes {
    std::vector<content::TimeGap> gaps;     ///< nothing is known of them, since the clock was set ahead
    std::vector<content::FailureRun> runs;  ///< nothing could be played
};

/// Counts each planned airing once: of several outcomes the best. What they showed adds up by outlet; the
/// outlet that showed most counts, and never more than was planned. Planned airings that start before
/// `since`, when the board was not yet installed, count only if the board reports them. An airing without a
/// record of its own that was planned to start in a run of failures is missed; one that was planned to start
/// in a gap is silent, and the gap the reason.
[[nodiscard]] Comparison compare(const KeptPlan& plan, std::span<const Outcome> outcomes, Instant since,
                                 Instant now, const ReportedTimes& times = {});

}  // namespace riverlight::office
