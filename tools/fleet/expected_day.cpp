#include "tools/fleet/expected_day.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "scheduler/plan/broadcast_day.hpp"
#include "scheduler/plan/planner.hpp"

namespace riverlight::fleet {
namespace {

using content::AiringStatus;
using office::Outcome;
using office::Tally;
using scheduler::BookingKind;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

using Rows = std::map<std::string, ExpectedRow>;

/// What a release promises of a day as it begins: fixed bookings, rotations, and what blocks were booked for.
Rows promises_of(const FleetRelease& release, const content::Place& place, std::chrono::local_days day) {
    Rows out;
    const auto plan =
        scheduler::plan_day(release.schedule_of(place), release.content->catalogue, place, day, 0);
    for (const auto& a : plan.airings) {
        if (a.kind == BookingKind::filler || a.kind == BookingKind::takeover || a.padding) continue;
        out.emplace(a.id, ExpectedRow{a.id, a.start, a.end, {a.booking, a.campaign, a.segment, a.locale}});
    }
    return out;
}

/// A release takes over at `at`. What has begun stays; what the release does not plan any more, or plans for
/// a time that is over, is waived; the rest is as it plans it.
void take_over(Rows& rows, Rows fresh, Instant at) {
    for (auto& [id, row] : rows) {
        const auto again = fresh.extract(id);
        if (row.start < at) continue;
        if (again.empty() || again.mapped().start < at) {
            row.is_waived = true;
            continue;
        }
        const auto made = row.is_waived ? std::optional(at) : row.made;
        row = again.mapped();
        row.made = made;
    }
    for (auto& [_, row] : fresh) row.made = at;
    rows.merge(fresh);
}

/// The office stores a day when the day before begins, and follows the releases from then on to its end.
Rows promises_on(const std::vector<std::shared_ptr<const FleetRelease>>& releases,
                 const content::Place& place, std::chrono::local_days day) {
    const auto& schedule = releases.front()->schedule_of(place);
    const auto stored_at = scheduler::broadcast_day(schedule, place.zone, day - std::chrono::days{1}).from;
    const auto over_at = scheduler::broadcast_day(schedule, place.zone, day).until;
    auto next = std::find_if(releases.begin() + 1, releases.end(),
                             [&](const auto& one) { return one->published > stored_at; });
    auto rows = promises_of(**std::prev(next), place, day);
    for (; next != releases.end() && (*next)->published < over_at; ++next)
        take_over(rows, promises_of(**next, place, day), (*next)->published);
    return rows;
}

/// Bookings whose plays are no promises unless their ids are.
std::set<std::string> air_time_bookings(const std::vector<std::shared_ptr<const FleetRelease>>& releases,
                                        const content::Place& place) {
    std::set<std::string> out;
    for (const auto& release : releases)
        for (const auto& campaign : release->schedule_of(place).campaigns)
            for (const auto& booking : campaign.bookings)
                if (booking.kind == BookingKind::filler || booking.kind == BookingKind::takeover ||
                    booking.kind == BookingKind::block)
                    out.insert(booking.id);
    return out;
}

/// On purpose not the office's own (tools/office/figures/settle.cpp): a fault of that one must show here.
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
    return 0;
}

/// All that was told of one airing.
struct Told {
    const LedgerEntry* best = nullptr;
    milliseconds shown{};
    void add(const LedgerEntry& entry) {
        shown += milliseconds{entry.shown_ms};
        const auto worth = [](const LedgerEntry& one) { return std::pair(rank(one.status), one.shown_ms); };
        if (!best || worth(entry) > worth(*best)) best = &entry;
    }
};

void settle_row(ExpectedRow& row, const Told* told, Instant since) {
    const auto* const best = told ? told->best : nullptr;
    const bool is_shown = best && rank(best->status) >= rank(AiringStatus::truncated);
    const bool stands = !row.is_waived && row.start >= since && (!row.made || row.start >= *row.made);
    if (best) row.shown = std::min(told->shown, std::chrono::round<milliseconds>(row.end - row.start));
    if (is_shown)
        row.outcome = best->status == AiringStatus::aired ? Outcome::aired : Outcome::partly;
    else if (row.is_waived)
        row.outcome = Outcome::waived;
    else if (best)
        row.outcome = Outcome::missed;
    else
        row.outcome = stands ? Outcome::silent : Outcome::waived;
    if (row.outcome == Outcome::waived) row.shown = 0ms;
}

void count_row(Tally& tally, const ExpectedRow& row) {
    ++tally.of(row.outcome);
    if (row.outcome == Outcome::waived) return;
    tally.due_time += std::chrono::round<milliseconds>(row.end - row.start);
    tally.shown += row.shown;
}

void count_air_time(Tally& tally, bool is_filler, bool is_whole, milliseconds shown) {
    if (is_whole) ++(is_filler ? tally.filler : tally.unplanned);
    (is_filler ? tally.filler_time : tally.unplanned_time) += shown;
}

}  // namespace

ExpectedDay expected_day(const std::vector<std::shared_ptr<const FleetRelease>>& releases,
                         const content::Place& place, std::chrono::local_days day, Instant since,
                         const PlaceLedger& ledger, const LedgerSubjects& subjects) {
    auto rows = promises_on(releases, place, day);
    const auto air_time = air_time_bookings(releases, place);
    ExpectedDay out;
    std::map<std::uint64_t, Told> told;
    const auto add_air_time = [&](const LedgerEntry& entry, milliseconds shown) {
        const auto subject = subjects.at(entry.subject);
        const bool is_whole = entry.status == AiringStatus::aired;
        if (!is_whole && shown <= 0ms) return;
        const bool is_filler = air_time.contains(subject.booking);
        count_air_time(out.tally, is_filler, is_whole, shown);
        count_air_time(out.by_subject[{subject.campaign, subject.segment, subject.locale}], is_filler,
                       is_whole, shown);
    };
    for (const auto& entry : ledger.day(day)) {
        if (entry.is_off_plan)
            add_air_time(entry, milliseconds{entry.shown_ms});
        else
            told[entry.airing].add(entry);
    }
    for (auto& [id, row] : rows) {
        const auto found = told.extract(ledger_id(id));
        settle_row(row, found.empty() ? nullptr : &found.mapped(), since);
        count_row(out.tally, row);
        count_row(out.by_subject[{row.subject.campaign, row.subject.segment, row.subject.locale}], row);
        out.rows.push_back(std::move(row));
    }
    for (const auto& [_, rest] : told) add_air_time(*rest.best, rest.shown);
    return out;
}

}  // namespace riverlight::fleet
