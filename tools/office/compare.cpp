#include "tools/office/compare.hpp"

#include <algorithm>
#include <cassert>
#include <set>

#include "content/base/json.hpp"

namespace riverlight::office {

namespace json = boost::json;
using namespace std::chrono;
using namespace std::chrono_literals;
using content::AiringStatus;

namespace {

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
    assert(false && "no airing status");
    return 0;
}

/// What all records of one airing report together.
struct Report {
    const Outcome* best = nullptr;
    std::map<std::string, milliseconds> shown;  ///< by outlet

    void add(const Outcome& outcome) {
        shown[outcome.outlet] += std::max(outcome.shown, 0ms);
        const auto better = [&] {
            return std::pair(rank(outcome.status), outcome.shown) >
                   std::pair(rank(best->status), best->shown);
        };
        if (!best || better()) best = &outcome;
    }
    [[nodiscard]] milliseconds most_shown() const {
        milliseconds most{};
        for (const auto& [_, time] : shown) most = std::max(most, time);
        return most;
    }
};

/// By airing id; those off their plan, and those in doubt, are left out.
std::map<std::string, Report> reports_of(std::span<const Outcome> outcomes) {
    std::map<std::string, Report> reports;
    for (const auto& outcome : outcomes)
        if (!outcome.off_plan && !outcome.doubt) reports[outcome.airing].add(outcome);
    return reports;
}

/// Why nothing is believed of airings, by their ids.
std::map<std::string, Doubt> doubts_of(std::span<const Outcome> outcomes) {
    std::map<std::string, Doubt> doubts;
    for (const auto& outcome : outcomes)
        if (outcome.doubt) doubts.emplace(outcome.airing, *outcome.doubt);
    return doubts;
}

std::string reason_of(const Outcome& outcome) {
    if (outcome.overclaims) return "a record says more than its evidence supports";
    return outcome.reason.empty() ? std::string(to_text(outcome.status)) : outcome.reason;
}

void count(Comparison& result, const Outcome& outcome) {
    switch (outcome.status) {
        case AiringStatus::aired:
            ++result.tally.aired;
            return;
        case AiringStatus::truncated:
        case AiringStatus::substituted:
            ++result.tally.partly;
            break;
        case AiringStatus::skipped:
        case AiringStatus::failed:
        case AiringStatus::interrupted:
            ++result.tally.missed;
            break;
    }
    ++result.reasons[reason_of(outcome)];
}

void count_unplanned(Tally& tally, AiringStatus status, milliseconds shown) {
    if (status == AiringStatus::aired) ++tally.unplanned;
    tally.unplanned_time += shown;
}

}  // namespace

std::string write_kept_plan(const KeptPlan& plan) {
    json::array airings;
    for (const auto& a : plan.airings) {
        json::array row;
        for (const auto& text :
             {a.id, to_rfc3339(a.start), to_rfc3339(a.end), a.campaign, a.segment, a.locale})
            row.emplace_back(text);
        airings.push_back(std::move(row));
    }
    return canonical_json(
        json::object{{"format", 1}, {"release", plan.release}, {"airings", std::move(airings)}});
}

KeptPlan read_kept_plan(const std::string& text) {
    const auto value = parse_json(text, "kept plan", {64U << 20, 4, 2'000'000});
    JsonFields f(value, "kept plan");
    f.format(1);
    KeptPlan plan;
    plan.release = f.text("release");
    for (const auto& item : f.array("airings")) {
        const auto* row = item.if_array();
        if (!row || row->size() != 6 ||
            !std::all_of(row->begin(), row->end(), [](const auto& v) { return v.is_string(); }))
            throw Error("kept plan: holds an airing that is not six texts");
        const auto at = [&](std::size_t i) { return std::string((*row)[i].get_string()); };
        plan.airings.push_back({at(0), from_rfc3339(at(1)).value_or(Instant{}),
                                from_rfc3339(at(2)).value_or(Instant{}), at(3), at(4), at(5)});
    }
    return plan;
}

KeptPlan kept_plan_of(const scheduler::Plan& plan, const std::string& release) {
    KeptPlan kept{release, {}};
    for (const auto& a : plan.airings)
        kept.airings.push_back({a.id, a.start, a.end, a.campaign, a.segment, a.locale});
    return kept;
}

KeptPlan merged(const KeptPlan& old, const KeptPlan& fresh, Instant now) {
    if (old.release == fresh.release) return old;
    KeptPlan out{fresh.release, {}};
    std::set<std::string> ids;
    for (const auto& a : old.airings)
        if (a.start < now && ids.insert(a.id).second) out.airings.push_back(a);
    for (const auto& a : fresh.airings)
        if (a.start >= now && ids.insert(a.id).second) out.airings.push_back(a);
    return out;
}

Tally& Tally::operator+=(const Tally& other) {
    aired += other.aired;
    partly += other.partly;
    missed += other.missed;
    silent += other.silent;
    upcoming += other.upcoming;
    unplanned += other.unplanned;
    due_time += other.due_time;
    shown += other.shown;
    unplanned_time += other.unplanned_time;
    return *this;
}

std::optional<int> percent_aired(const Tally& tally) {
    if (tally.due() == 0) return std::nullopt;
    return static_cast<int>(std::int64_t{100} * tally.aired / tally.due());
}

std::optional<int> percent_shown(const Tally& tally) {
    if (tally.due_time <= 0ms) return std::nullopt;
    return static_cast<int>(std::clamp<std::int64_t>(100 * tally.shown / tally.due_time, 0, 100));
}

Comparison compare(const KeptPlan& plan, std::span<const Outcome> outcomes, Instant since, Instant now,
                   const ReportedTimes& times) {
    const auto is_unknown = [&](const Expected& a) {
        return std::any_of(times.gaps.begin(), times.gaps.end(),
                           [&](const auto& gap) { return gap.from <= a.start && a.start < gap.until; });
    };
    const auto has_failed = [&](const Expected& a) {
        return std::any_of(times.runs.begin(), times.runs.end(),
                           [&](const auto& run) { return run.covers(a.start); });
    };
    const auto reported = reports_of(outcomes);
    const auto doubts = doubts_of(outcomes);
    Comparison result;
    std::set<std::string> planned;
    for (const auto& a : plan.airings) {
        planned.insert(a.id);
        const auto length = std::max(round<milliseconds>(a.end - a.start), 0ms);
        const auto found = reported.find(a.id);
        if (found != reported.end()) {
            count(result, *found->second.best);
            result.tally.due_time += length;
            result.tally.shown += std::min(found->second.most_shown(), length);
        } else if (has_failed(a)) {
            ++result.tally.missed;
            result.tally.due_time += length;
            ++result.reasons["nothing could be played"];
        } else if (a.start >= since && a.end > now) {
            ++result.tally.upcoming;
        } else if (a.start >= since) {
            ++result.tally.silent;
            result.tally.due_time += length;
            if (const auto doubt = doubts.find(a.id); doubt != doubts.end())
                ++result.reasons["its record is in quarantine: it " + std::string(describe(doubt->second))];
            else if (is_unknown(a))
                ++result.reasons["the board's clock was set ahead: nothing is known of that time"];
        }
    }
    for (const auto& [id, report] : reported)
        if (!planned.contains(id)) count_unplanned(result.tally, report.best->status, report.most_shown());
    for (const auto& outcome : outcomes)
        if (outcome.off_plan && !outcome.doubt) count_unplanned(result.tally, outcome.status, outcome.shown);
    return result;
}

}  // namespace riverlight::office
