#include "tools/office/figures/settle.hpp"

#include <algorithm>
#include <cassert>
#include <set>
#include <utility>

namespace riverlight::office {
namespace {

using content::AiringStatus;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

/// How much of an airing a status reports: the higher counts.
int rank(AiringStatus status) {
    switch (status) {
        case AiringStatus::interrupted:
            return 0;
        case AiringStatus::skipped:
            return 1;
        case AiringStatus::failed:
            return 2;
        case AiringStatus::truncated:
            return 3;
        case AiringStatus::substituted:
            return 4;
        case AiringStatus::aired:
            return 5;
    }
    assert(false && "a status of the enumeration");
    return 0;
}

Outcome outcome_of(AiringStatus status) {
    switch (status) {
        case AiringStatus::aired:
            return Outcome::aired;
        case AiringStatus::truncated:
        case AiringStatus::substituted:
            return Outcome::partly;
        case AiringStatus::skipped:
        case AiringStatus::failed:
        case AiringStatus::interrupted:
            return Outcome::missed;
    }
    assert(false && "a status of the enumeration");
    return Outcome::missed;
}

/// All that is reported of one airing.
struct AllReports {
    const Reported* best = nullptr;             ///< null: all of it is in doubt
    std::optional<Doubt> doubt;                 ///< of one of them
    std::map<std::string, milliseconds> shown;  ///< by outlet

    void add(const Reported& report) {
        if (report.doubt) {
            doubt = report.doubt;
            return;
        }
        shown[report.outlet] += std::max(report.shown, 0ms);
        const auto worth = [](const Reported& one) { return std::pair(rank(one.status), one.shown); };
        if (!best || worth(report) > worth(*best)) best = &report;
    }
    [[nodiscard]] milliseconds most_shown() const {
        milliseconds most{};
        for (const auto& [_, time] : shown) most = std::max(most, time);
        return most;
    }
};

std::string reason_of(const Reported& report) {
    if (report.status == AiringStatus::aired) return {};
    if (report.overclaims) return "a record says more than its evidence supports";
    return report.reason.empty() ? std::string(to_text(report.status)) : report.reason;
}

/// Settles one promise after the other.
class Settler {
  public:
    Settler(std::span<const Reported> reports, Instant since, Instant now, const ReportedTimes& times)
        : since_(since), now_(now), times_(times) {
        for (const auto& report : reports)
            if (!report.off_plan) reports_[report.airing].add(report);
    }

    Settlement settle(const Promise& p) const {
        const auto found = reports_.find(p.id);
        const auto* all = found == reports_.end() ? nullptr : &found->second;
        const auto* best = all ? all->best : nullptr;
        if (best && outcome_of(best->status) != Outcome::missed)
            return {&p, outcome_of(best->status), reason_of(*best),
                    std::min(all->most_shown(), length_of(p))};
        if (p.waived) return {&p, Outcome::waived, std::string(describe(p.waived->cause)), 0ms};
        if (best) return {&p, Outcome::missed, reason_of(*best), std::min(all->most_shown(), length_of(p))};
        if (has_failed(p)) return {&p, Outcome::missed, "nothing could be played", 0ms};
        if (p.start < since_) return {&p, Outcome::waived, "no board was in service yet", 0ms};
        if (p.made && p.start < *p.made)
            return {&p, Outcome::waived, "a release planned it when its time was over", 0ms};
        if (p.end > now_) return {&p, Outcome::upcoming, {}, 0ms};
        return {&p, Outcome::silent, silence_of(p, all), 0ms};
    }

    /// What aired by ids that are not among `promised`, and what was off its plan.
    std::vector<AirTime> air_time(const std::set<std::string>& promised,
                                  const std::set<std::string>& bookings,
                                  std::span<const Reported> reports) const {
        std::vector<AirTime> out;
        const auto add = [&](const Reported& report, milliseconds shown) {
            const auto kind =
                bookings.contains(report.booking) ? AirTimeKind::filler : AirTimeKind::unplanned;
            if (report.status == AiringStatus::aired || shown > 0ms) out.push_back({&report, kind, shown});
        };
        for (const auto& [id, all] : reports_)
            if (all.best && !promised.contains(id)) add(*all.best, all.most_shown());
        for (const auto& report : reports)
            if (report.off_plan && !report.doubt) add(report, report.shown);
        return out;
    }

  private:
    [[nodiscard]] bool has_failed(const Promise& p) const {
        return std::any_of(times_.runs.begin(), times_.runs.end(),
                           [&](const auto& run) { return run.covers(p.start); });
    }
    [[nodiscard]] bool is_in_gap(const Promise& p) const {
        return std::any_of(times_.gaps.begin(), times_.gaps.end(),
                           [&](const auto& gap) { return gap.from <= p.start && p.start < gap.until; });
    }
    /// Why nothing was heard of a promise.
    [[nodiscard]] std::string silence_of(const Promise& p, const AllReports* all) const {
        if (all && all->doubt) return "its record is in quarantine: it " + std::string(describe(*all->doubt));
        if (is_in_gap(p)) return "the board's clock was set ahead: nothing is known of that time";
        return "no board has reported it";
    }

    std::map<std::string, AllReports> reports_;  ///< by airing id, without those off their plan
    Instant since_, now_;
    const ReportedTimes& times_;
};

void add_to(Tally& tally, const Settlement& one) {
    ++tally.of(one.outcome);
    if (one.outcome == Outcome::upcoming || one.outcome == Outcome::waived) return;
    tally.due_time += length_of(*one.promise);
    tally.shown += one.shown;
}

void add_to(Tally& tally, const AirTime& one) {
    const bool is_filler = one.kind == AirTimeKind::filler;
    // What was shown in part is time, and no play.
    if (one.report->status == AiringStatus::aired) ++(is_filler ? tally.filler : tally.unplanned);
    (is_filler ? tally.filler_time : tally.unplanned_time) += one.shown;
}

}  // namespace

SettledDay settle(const KeptPlan& plan, std::span<const Reported> reports, Instant since, Instant now,
                  const ReportedTimes& times) {
    const Settler settler(reports, since, now, times);
    SettledDay day;
    std::set<std::string> promised;
    for (const auto& p : plan.promises)
        if (promised.insert(p.id).second) day.promises.push_back(settler.settle(p));
    day.air_time = settler.air_time(promised, plan.air_time, reports);
    return day;
}

Comparison compare(const SettledDay& day) {
    Comparison result;
    const auto add = [&](const Subject& subject, const auto& one) {
        add_to(result.tally, one);
        add_to(result.by_subject[subject], one);
    };
    for (const auto& one : day.promises) {
        const auto& p = *one.promise;
        add({p.campaign, p.segment, p.locale}, one);
        if (!one.reason.empty()) ++result.reasons[one.reason];
    }
    for (const auto& one : day.air_time)
        add({one.report->campaign, one.report->segment, one.report->locale}, one);
    return result;
}

Comparison compare(const KeptPlan& plan, std::span<const Reported> reports, Instant since, Instant now,
                   const ReportedTimes& times) {
    return compare(settle(plan, reports, since, now, times));
}

}  // namespace riverlight::office
