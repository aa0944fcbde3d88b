#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "content/airing/failure_run.hpp"
#include "content/airing/time_gap.hpp"
#include "tools/office/figures/promise.hpp"
#include "tools/office/figures/reported.hpp"
#include "tools/office/figures/tally.hpp"

/// What became of a day's promises. Settlement owns it: every figure, split, page and exported row is counted
/// from settlements and from nothing else. Arithmetic: no I/O, no clock.
namespace riverlight::office {

/// What became of one promise. The order is that of pages.
struct Settlement {
    const Promise* promise = nullptr;  ///< of the plan that was settled
    Outcome outcome{};
    std::string reason;                 ///< for people; empty for aired and upcoming
    std::chrono::milliseconds shown{};  ///< of it, as evidence supports: at most its planned length
};

/// What aired without being promised.
enum class AirTimeKind {
    filler,    ///< of a booking that promises nothing: fillers, takeovers, what fills a block
    unplanned  ///< of another plan, or off its plan
};
struct AirTime {
    const Reported* report = nullptr;  ///< one of those that were settled: the best of its airing
    AirTimeKind kind{};
    std::chrono::milliseconds shown{};
};

struct SettledDay {
    std::vector<Settlement> promises;  ///< each promise of the plan once, in its order
    std::vector<AirTime> air_time;
};

/// What boards say of times rather than of single airings.
struct ReportedTimes {
    std::vector<content::TimeGap> gaps;     ///< nothing is known of them, since the clock was set ahead
    std::vector<content::FailureRun> runs;  ///< nothing could be played
};

/// Gives each promise exactly one outcome. Of several reports the best counts; what they showed adds up by
/// outlet, and the outlet that showed most counts. Reports in doubt, and airings off their plan, settle
/// nothing.
///
/// Promises that start before `since`, when the board was not in service yet, or before they were made, are
/// waived unless a board reports them. An airing without a record of its own that was planned to start in a
/// run of failures is missed; one that was planned to start in a gap is silent, and the gap is the reason.
/// The result refers to `plan` and `reports`.
[[nodiscard]] SettledDay settle(const KeptPlan& plan, std::span<const Reported> reports, Instant since,
                                Instant now, const ReportedTimes& times = {});

/// The sums of a day, and how often each reason was given for a promise that did not air whole.
struct Comparison {
    Tally tally;
    std::map<std::string, int> reasons;
    std::map<Subject, Tally> by_subject;  ///< they add up to `tally`
};
[[nodiscard]] Comparison compare(const SettledDay& day);
/// The same of settle().
[[nodiscard]] Comparison compare(const KeptPlan& plan, std::span<const Reported> reports, Instant since,
                                 Instant now, const ReportedTimes& times = {});

}  // namespace riverlight::office
