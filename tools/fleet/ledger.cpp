#include "tools/fleet/ledger.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>

#include "content/airing/time_fix.hpp"
#include "scheduler/plan/broadcast_day.hpp"

namespace riverlight::fleet {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

/// Airings may seem to overlap by so much: events of a player come late.
constexpr auto tolerance = 5s;
constexpr auto day_start = 0min;  // of every schedule of a fleet

}  // namespace

std::uint64_t ledger_id(const std::string& airing) {
    std::uint64_t out = 0;
    assert(airing.size() >= 16);
    std::from_chars(airing.data(), airing.data() + 16, out, 16);
    return out;
}

std::uint32_t LedgerSubjects::number_of(const LedgerSubject& subject) {
    const std::lock_guard lock(mutex_);
    const auto [it, is_new] = numbers_.emplace(subject, subjects_.size());
    if (is_new) subjects_.push_back(subject);
    return it->second;
}

LedgerSubject LedgerSubjects::at(std::uint32_t number) const {
    const std::lock_guard lock(mutex_);
    return subjects_.at(number);
}

/// Whether another airing was on in its time, by what was told before: of two, the one that begins first ends
/// before the other begins, or soon after.
bool PlaceLedger::was_taken(const std::vector<LedgerEntry>& told, const LedgerEntry& entry) const {
    if (!has_twins_ || entry.on_air_ms == 0) return false;
    const auto overlaps = [](const LedgerEntry& first, const LedgerEntry& second) {
        return first.began + milliseconds{first.on_air_ms} > second.began + tolerance;
    };
    return std::any_of(told.begin(), told.end(), [&](const LedgerEntry& one) {
        if (one.on_air_ms == 0) return false;
        return one.began <= entry.began ? overlaps(one, entry) : overlaps(entry, one);
    });
}

void PlaceLedger::note(const Deed& deed) {
    if (deed.lie) ++lies_.at(static_cast<std::size_t>(*deed.lie));
    if (deed.lie && deed.lie != Lie::overclaim) return;
    const auto& planned = deed.planned;
    LedgerEntry entry;
    entry.airing = ledger_id(planned.id);
    entry.began = deed.began.value_or(Instant{});
    // Of a record that claims more than its samples the office allows what they may be rounded to.
    const auto rounding = deed.lie == Lie::overclaim ? 1ms : 0ms;
    entry.shown_ms = static_cast<std::int32_t>((deed.shown + rounding).count());
    entry.on_air_ms = static_cast<std::int32_t>(deed.on_air.count());
    entry.subject =
        subjects_->number_of({planned.booking, planned.campaign, planned.segment, planned.locale});
    entry.status = deed.status;
    entry.is_off_plan = deed.began && content::is_off_plan(planned.start, *deed.began);
    const auto filed_at = entry.is_off_plan ? *deed.began : planned.start;
    auto& told = days_[scheduler::broadcast_day_of(day_start, zone_, filed_at).day];
    if (was_taken(told, entry)) {
        ++not_believed_;
        return;
    }
    told.push_back(entry);
}

const std::vector<LedgerEntry>& PlaceLedger::day(std::chrono::local_days day) const {
    static const std::vector<LedgerEntry> none;
    const auto found = days_.find(day);
    return found == days_.end() ? none : found->second;
}

}  // namespace riverlight::fleet
