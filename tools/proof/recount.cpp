#include "tools/proof/recount.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "content/airing/failure_run.hpp"
#include "content/airing/shown.hpp"
#include "content/airing/time_gap.hpp"
#include "content/base/plain_text.hpp"
#include "tools/office/figures/packed_plan.hpp"

namespace riverlight::proof {
namespace {

using content::AiringRecord;
using content::CorrectedTimes;
using office::Doubt;
using office::Reported;
using office::Subject;
using office::Tally;

constexpr std::uint64_t most_records = 3'000'000;  ///< of a place
constexpr std::size_t longest_text = 2000;         ///< as pages show them

/// The moment whose day a record is filed under: that of its plan, as long as it aired by it.
Instant filed_by(const AiringRecord& r, const std::optional<CorrectedTimes>& times) {
    if (!times) return r.planned_start.value_or(r.started.value_or(Instant{}));
    const bool by_plan = r.planned_start && !content::is_off_plan(*r.planned_start, times->started);
    return by_plan ? *r.planned_start : times->started;
}

bool is_off_plan(const AiringRecord& r, const std::optional<CorrectedTimes>& times) {
    return r.planned_start && times && content::is_off_plan(*r.planned_start, times->started);
}

/// Nothing of a record that reports no airing.
std::optional<Reported> reported_of(const AiringRecord& r, const std::optional<CorrectedTimes>& times,
                                    const std::optional<Doubt>& doubt) {
    const auto found = content::assess(r);
    if (!found.status && !doubt) return std::nullopt;
    const auto plain = [](const std::string& text) { return plain_text(text, longest_text); };
    return Reported{plain(content::record_id(r)),
                    found.status.value_or(content::AiringStatus::failed),
                    plain(r.reason),
                    is_off_plan(r, times),
                    plain(r.board) + ' ' + plain(r.outlet),
                    found.shown,
                    found.overclaims,
                    doubt,
                    plain(r.booking),
                    plain(r.campaign),
                    plain(r.segment),
                    plain(r.locale_aired.empty() ? r.locale_asked : r.locale_aired)};
}

std::string in_words(const Tally& t) {
    const auto seconds = [](std::chrono::milliseconds time) { return std::to_string(time.count()) + " ms"; };
    return std::to_string(t.aired) + " aired, " + std::to_string(t.partly) + " partly, " +
           std::to_string(t.missed) + " missed, " + std::to_string(t.silent) + " silent, " +
           std::to_string(t.waived) + " waived; " + seconds(t.shown) + " of " + seconds(t.due_time) +
           " shown; beside them " + std::to_string(t.filler) + " fillers and " + std::to_string(t.unplanned) +
           " unplanned";
}

Tally of_subject(const std::map<Subject, Tally>& tallies, const Subject& subject) {
    const auto found = tallies.find(subject);
    return found == tallies.end() ? Tally{} : found->second;
}

}  // namespace

PlaceRecount::About PlaceRecount::about(const AiringRecord& record, std::string detail) {
    return {{}, record.board, record.epoch, record.seq, std::move(detail), 1};
}

void PlaceRecount::add(const DayLine& line) {
    if (days_.size() >= most_days)
        throw ReadError(ReadFault::too_large, place_,
                        "has more than " + std::to_string(most_days) + " days in the bundle");
    if (!days_.empty() && line.from < days_.back().line.until)
        throw ReadError(ReadFault::misplaced, place_, "has days that do not follow each other");
    Day day{line, {}, {}, {}, 0, {}};
    day.line.plan.clear();
    try {
        day.plan = office::unpack_plan(line.plan, place_, line.day);
        for (const auto& promise : day.plan.promises)
            if (promise.start < line.from || promise.start >= line.until)
                throw Error("promises a play at " + to_rfc3339(promise.start));
    } catch (const Error& e) {
        found_(ProofFinding::plan_unreadable, {line.day, {}, {}, 0, e.what(), 1});
    }
    for (std::size_t i = 0; i < day.plan.promises.size(); ++i)
        day.promise_of.emplace(day.plan.promises[i].id, i);
    days_.push_back(std::move(day));
}

PlaceRecount::Day* PlaceRecount::day_of(Instant at) {
    const auto behind = std::upper_bound(days_.begin(), days_.end(), at,
                                         [](Instant t, const Day& day) { return t < day.line.from; });
    if (behind == days_.begin()) return nullptr;
    auto& day = *std::prev(behind);
    return at < day.line.until ? &day : nullptr;
}

void PlaceRecount::add(const RecordLine& line) {
    const auto& record = line.record;
    if (++records_ > most_records)
        throw ReadError(ReadFault::too_large, place_,
                        "has more than " + std::to_string(most_records) +
                            " records in the bundle; ask for fewer days at a time");
    note_edges(record, filed_by(record, fixes_.correct(record)));
    if (record.place != place_) return;
    if (content::needs_time_fix(record) && !fixes_.correct(record)) {
        waiting_.push_back(line);
        return;
    }
    file(line, fixes_.correct(record));
    if (line.doubt || !content::time_fix_of(record)) return;
    fixes_.add(record);
    auto waiting = std::exchange(waiting_, {});
    for (auto& one : waiting) {
        if (const auto times = fixes_.correct(one.record))
            file(one, times);
        else
            waiting_.push_back(std::move(one));
    }
}

/// What comes before and behind the days shows that nothing of them is left out.
void PlaceRecount::note_edges(const AiringRecord& record, Instant at) {
    if (!epoch_first_) {
        epoch_first_ = at;
        first_ = about(record);
    }
    epoch_last_ = at;
    last_ = about(record);
}

void PlaceRecount::end_epoch() {
    const auto first = std::exchange(epoch_first_, {}), last = std::exchange(epoch_last_, {});
    if (!first || days_.empty()) return;
    if (first_.seq != 1 && *first >= days_.front().line.from) found_(ProofFinding::start_open, first_);
    if (*last < days_.back().line.until) found_(ProofFinding::end_open, last_);
}

std::optional<Doubt> PlaceRecount::judge(const RecordLine& line, const std::optional<Instant>& started) {
    const auto own = office::doubt_of(line.record, started, {});
    if (own && !line.doubt)
        found_(ProofFinding::doubt_ignored, about(line.record, std::string(describe(*own))));
    if (!own && line.doubt && *line.doubt != Doubt::overlap)
        found_(ProofFinding::doubt_unproven, about(line.record, std::string(describe(*line.doubt))));
    return own ? own : line.doubt;
}

void PlaceRecount::file(const RecordLine& line, const std::optional<CorrectedTimes>& times) {
    const auto& record = line.record;
    auto* day = day_of(filed_by(record, times));
    const auto gap = content::time_gap_of(record);
    const auto run = content::failure_run_of(record);
    if (!day && !gap && !run) return;
    const auto doubt = judge(line, times ? times->started : record.started);
    if (gap && !doubt) times_.gaps.push_back(*gap);
    if (run && !doubt) times_.runs.push_back(*run);
    if (!day) return;
    note_on_air(record, doubt);
    if (!doubt && !is_off_plan(record, times)) compare_with_plan(*day, record);
    if (auto reported = reported_of(record, times, doubt)) day->reports.push_back(std::move(*reported));
}

/// What a board signed of a play and what the plan says of it.
void PlaceRecount::compare_with_plan(Day& day, const AiringRecord& record) {
    if (record.kind != content::RecordKind::airing || !record.status || !day.plan.knows_kinds) return;
    const auto note_other_plan = [&] {
        if (day.not_planned++ == 0) day.example = about(record);
    };
    const auto found = day.promise_of.find(content::record_id(record));
    if (found == day.promise_of.end()) {
        if (!day.plan.air_time.contains(record.booking)) note_other_plan();
        return;
    }
    const auto& promise = day.plan.promises[found->second];
    // An id is made of the booking and a number. A rotation may choose another segment under the same id in
    // another release, and boards hear of a release hours after each other.
    if (promise.booking == record.booking && promise.campaign == record.campaign) {
        if (record.status == content::AiringStatus::aired && promise.segment != record.segment)
            note_other_plan();
    } else {
        auto where = about(record, promise.booking + " / " + promise.campaign + " / " + promise.segment +
                                       " in the plan, " + record.booking + " / " + record.campaign + " / " +
                                       record.segment + " in the record");
        where.day = day.line.day;
        found_(ProofFinding::plan_contradicted, where);
    }
}

void PlaceRecount::note_on_air(const AiringRecord& record, const std::optional<Doubt>& doubt) {
    const auto length = content::duration_of(record).value_or(std::chrono::microseconds{});
    const bool knows_boot = record.monotonic_start && !record.boot_id.empty() && record.boot_id != "unknown";
    if (doubt && *doubt != Doubt::overlap) return;
    if (length.count() <= 0 || !knows_boot) {
        if (doubt) found_(ProofFinding::doubt_unproven, about(record, std::string(describe(*doubt))));
        return;
    }
    on_air_.push_back({record.board + ' ' + record.outlet, record.boot_id,
                       record.monotonic_start->time_since_epoch(), length, doubt, about(record)});
}

/// What counts never overlaps; what is in doubt because it overlaps does so with something that counts.
void PlaceRecount::check_overlaps() {
    const auto key = [](const OnAir& one) { return std::tie(one.outlet, one.boot, one.from, one.about.seq); };
    std::sort(on_air_.begin(), on_air_.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
    const auto together = [](const OnAir& a, const OnAir& b) {
        return a.outlet == b.outlet && a.boot == b.boot && a.from + a.length > b.from + office::late_event;
    };
    std::vector<bool> shown(on_air_.size());
    const OnAir* counted = nullptr;
    for (std::size_t i = 0; i < on_air_.size(); ++i) {
        const auto& one = on_air_[i];
        const bool overlaps = counted && together(*counted, one);
        if (one.doubt) {
            shown[i] = overlaps;
            continue;
        }
        if (overlaps) found_(ProofFinding::doubt_ignored, one.about);
        counted = &one;
    }
    counted = nullptr;
    for (std::size_t i = on_air_.size(); i-- > 0;) {
        const auto& one = on_air_[i];
        if (!one.doubt)
            counted = &one;
        else if (!shown[i] && !(counted && together(one, *counted)))
            found_(ProofFinding::doubt_unproven, one.about);
    }
}

void PlaceRecount::recount(Day& day, Tally& sum) {
    office::ReportedTimes times;
    const auto touches = [&](const auto& one) {
        return one.from < day.line.until && one.until > day.line.from;
    };
    std::copy_if(times_.gaps.begin(), times_.gaps.end(), std::back_inserter(times.gaps), touches);
    std::copy_if(times_.runs.begin(), times_.runs.end(), std::back_inserter(times.runs), touches);
    const auto counted = office::compare(day.plan, day.reports, day.line.since, Instant::max(), times);
    sum += counted.tally;
    if (day.not_planned > 0) {
        auto where = day.example;
        where.day = day.line.day;
        where.count = day.not_planned;
        found_(ProofFinding::plan_unproven, where);
    }
    std::map<Subject, Tally> subjects = counted.by_subject;
    subjects.insert(day.line.figures.begin(), day.line.figures.end());
    for (const auto& [subject, _] : subjects) {
        const auto said = of_subject(day.line.figures, subject);
        const auto is = of_subject(counted.by_subject, subject);
        if (said != is)
            found_(ProofFinding::figure_differs,
                   {day.line.day,
                    {},
                    {},
                    0,
                    subject.campaign + " / " + subject.segment + " / " + subject.locale +
                        ": the bundle says " + in_words(said) + "; recounted are " + in_words(is),
                    1});
    }
}

Tally PlaceRecount::finish() {
    for (const auto& line : std::exchange(waiting_, {})) file(line, std::nullopt);
    check_overlaps();
    Tally sum;
    for (auto& day : days_) recount(day, sum);
    return sum;
}

}  // namespace riverlight::proof
