#include "tools/office/compare.hpp"

#include <algorithm>
#include <cassert>
#include <set>

#include "content/base/json.hpp"

namespace riverlight::office {

namespace json = boost::json;
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

/// By airing id; those off their plan are left out.
std::map<std::string, const Outcome*> best_outcomes(std::span<const Outcome> outcomes) {
    std::map<std::string, const Outcome*> best;
    for (const auto& outcome : outcomes) {
        if (outcome.off_plan) continue;
        auto& known = best[outcome.airing];
        if (!known || rank(outcome.status) > rank(known->status)) known = &outcome;
    }
    return best;
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
    ++result.reasons[outcome.reason.empty() ? std::string(to_text(outcome.status)) : outcome.reason];
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
    return *this;
}

std::optional<int> percent_aired(const Tally& tally) {
    if (tally.due() == 0) return std::nullopt;
    return static_cast<int>(std::int64_t{100} * tally.aired / tally.due());
}

Comparison compare(const KeptPlan& plan, std::span<const Outcome> outcomes, Instant since, Instant now,
                   std::span<const content::TimeGap> gaps) {
    const auto is_unknown = [&](const Expected& a) {
        return std::any_of(gaps.begin(), gaps.end(),
                           [&](const auto& gap) { return gap.from <= a.start && a.start < gap.until; });
    };
    const auto reported = best_outcomes(outcomes);
    Comparison result;
    std::set<std::string> planned;
    for (const auto& a : plan.airings) {
        planned.insert(a.id);
        const auto found = reported.find(a.id);
        if (found != reported.end()) {
            count(result, *found->second);
        } else if (a.start >= since) {
            ++(a.end > now ? result.tally.upcoming : result.tally.silent);
            if (a.end <= now && is_unknown(a))
                ++result.reasons["the board's clock was set ahead: nothing is known of that time"];
        }
    }
    for (const auto& [id, outcome] : reported)
        if (!planned.contains(id) && outcome->status == AiringStatus::aired) ++result.tally.unplanned;
    for (const auto& outcome : outcomes)
        if (outcome.off_plan && outcome.status == AiringStatus::aired) ++result.tally.unplanned;
    return result;
}

}  // namespace riverlight::office
