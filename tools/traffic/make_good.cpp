#include <algorithm>
#include <cassert>
#include <map>
#include <set>

#include "tools/traffic/reconcile.hpp"

namespace riverlight::traffic {
namespace {

using namespace std::chrono;
using scheduler::BookingKind;
using scheduler::Plan;
using scheduler::PlannedAiring;

constexpr int most_proposals = 1'000;
constexpr auto hours_margin = 1h;  ///< how far outside the segment's hours a make-good may be

/// A stretch of adjoining fillers and gaps.
struct FreeSpan {
    Instant from{}, until{};
};
/// A time at which a make-good may begin: the start of a filler or of a gap.
struct MakeGoodSlot {
    Instant at{};
    std::size_t span = 0, plan = 0;  ///< indices of its free span and its day
    std::string filler;              ///< the filler's segment; empty: a gap
};
/// When the plan shows a segment, as offsets from the start of the broadcast day.
struct Hours {
    microseconds first{microseconds::max()}, last{microseconds::min()};
};

/// True if the time between two airings shows how far apart the plan keeps a segment. Inside a fixed run or a
/// block it does not.
bool shows_distance(const PlannedAiring& a, const PlannedAiring& b) {
    const auto is_run = [](const PlannedAiring& one) {
        return one.kind == BookingKind::fixed || one.kind == BookingKind::block;
    };
    return !(a.booking == b.booking && is_run(a) && is_run(b));
}

/// Finds a free time for each missed spot. It reserves the times that it proposes.
class MakeGoodSearch {
  public:
    MakeGoodSearch(const std::vector<Plan>& plans, const Reconciliation& result) : plans_(plans) {
        std::set<std::string> missed;
        for (const auto& entry : result.entries) {
            if (entry.booked && entry.verdict != Verdict::aired) missed.insert(entry.booked->id);
        }
        for (std::size_t p = 0; p < plans.size(); ++p) {
            collect_airings(p, missed, result.until);
            find_slots(p, result.until);
        }
        for (auto& [segment, starts] : starts_) std::sort(starts.begin(), starts.end());
    }

    /// Sets `make_good` or `no_make_good` of a missed spot.
    void propose(Entry& entry) {
        assert(entry.booked);
        const auto& missed = *entry.booked;
        const auto length = microseconds{missed.end - missed.start};
        if (slots_.empty()) {
            entry.no_make_good = "the rest of the plan has no filler and no gap; give a plan of more days";
            return;
        }
        for (const auto& slot : slots_) {
            const Instant end = slot.at + length;
            if (slot.at < missed.end || end > free_[slot.span].until || !is_free(slot.at, end)) continue;
            if (!in_hours(missed.segment, slot) || !keeps_distance(missed, slot.at, length) ||
                !under_cap(missed.booking, slot.plan))
                continue;
            entry.make_good = Proposal{slot.at, end, slot.filler};
            reserve(missed, slot, end);
            return;
        }
        entry.no_make_good =
            "no filler or gap in the rest of the plan is long enough, within the segment's hours and far "
            "enough from its other airings";
    }

  private:
    /// Notes when, how often and how far apart day `p` shows each segment.
    void collect_airings(std::size_t p, const std::set<std::string>& missed, Instant until) {
        std::map<std::string, const PlannedAiring*> before;
        for (const auto& a : plans_[p].airings) {
            if (a.kind == BookingKind::filler) continue;
            auto& hours = hours_[a.segment];
            hours.first = std::min<microseconds>(hours.first, a.start - plans_[p].from);
            hours.last = std::max<microseconds>(hours.last, a.start - plans_[p].from);
            auto& last = before[a.segment];
            if (last && shows_distance(*last, a)) {
                const auto apart = microseconds{a.start - last->start};
                const auto [known, is_new] = distance_.emplace(a.segment, apart);
                if (!is_new) known->second = std::min(known->second, apart);
            }
            last = &a;
            ++planned_[{p, a.booking}];
            if (a.end <= until && missed.contains(a.id)) continue;
            starts_[a.segment].push_back(a.start);
            ++plays_[{p, a.booking}];
        }
        for (const auto& s : plans_[p].shortfalls) {
            if (s.why == scheduler::Obstacle::daily_cap) capped_.insert({p, s.booking});
        }
    }

    /// Adds the free spans and slots of day `p` after `until`, in order of time.
    void find_slots(std::size_t p, Instant until) {
        auto at = plans_[p].from;
        bool begins_span = true;  // the next slot begins a new free span
        const auto add = [&](Instant from, Instant end, const std::string& filler) {
            assert(from <= end);
            if (end <= until) return;
            if (from < until) return;  // already on air
            if (begins_span || free_.empty()) free_.push_back({from, from});
            begins_span = false;
            free_.back().until = end;
            slots_.push_back({from, free_.size() - 1, p, filler});
        };
        const auto add_gap = [&](Instant end) {
            for (const auto& gap : plans_[p].gaps) {
                if (gap.cause != scheduler::GapCause::closed || gap.until <= at || gap.from >= end) continue;
                if (gap.from > at) add(at, gap.from, "");
                at = std::max(at, gap.until);
                begins_span = true;
            }
            if (at < end) add(at, end, "");
        };
        for (const auto& a : plans_[p].airings) {
            if (a.start > at) add_gap(a.start);
            if (a.kind == BookingKind::filler)
                add(a.start, a.end, a.segment);
            else
                begins_span = true;
            at = std::max(at, a.end);
        }
        if (plans_[p].until > at) add_gap(plans_[p].until);
    }

    bool is_free(Instant from, Instant until) const {
        const auto next = reserved_.lower_bound(until);
        return next == reserved_.begin() || std::prev(next)->second <= from;
    }

    bool in_hours(const std::string& segment, const MakeGoodSlot& slot) const {
        const auto hours = hours_.find(segment);
        if (hours == hours_.end()) return false;
        const auto offset = microseconds{slot.at - plans_[slot.plan].from};
        return offset >= hours->second.first - hours_margin && offset <= hours->second.last + hours_margin;
    }

    bool keeps_distance(const PlannedAiring& missed, Instant at, microseconds length) const {
        const auto known = distance_.find(missed.segment);
        const auto least = std::max(length, known == distance_.end() ? length : known->second);
        const auto found = starts_.find(missed.segment);
        if (found == starts_.end()) return true;
        const auto next = std::lower_bound(found->second.begin(), found->second.end(), at);
        if (next != found->second.end() && *next - at < least) return false;
        return next == found->second.begin() || at - *std::prev(next) >= least;
    }

    /// False if the booking reached its cap on that day, and none of the plays planned there was missed.
    bool under_cap(const std::string& booking, std::size_t plan) const {
        if (!capped_.contains({plan, booking})) return true;
        const auto planned = planned_.find({plan, booking}), plays = plays_.find({plan, booking});
        return (plays == plays_.end() ? 0 : plays->second) <
               (planned == planned_.end() ? 0 : planned->second);
    }

    void reserve(const PlannedAiring& missed, const MakeGoodSlot& slot, Instant end) {
        reserved_[slot.at] = end;
        auto& starts = starts_[missed.segment];
        starts.insert(std::lower_bound(starts.begin(), starts.end(), slot.at), slot.at);
        ++plays_[{slot.plan, missed.booking}];
    }

    const std::vector<Plan>& plans_;
    std::vector<FreeSpan> free_;
    std::vector<MakeGoodSlot> slots_;
    std::map<Instant, Instant> reserved_;
    std::map<std::string, std::vector<Instant>> starts_;  ///< by segment, in order; missed ones left out
    std::map<std::string, microseconds> distance_;        ///< by segment: the least between two starts
    std::map<std::string, Hours> hours_;
    using BookingOfDay = std::pair<std::size_t, std::string>;
    std::map<BookingOfDay, int> planned_;  ///< plays in the plan
    std::map<BookingOfDay, int> plays_;    ///< plays that were not missed, and proposed ones
    std::set<BookingOfDay> capped_;        ///< bookings whose daily cap left plays out
};

bool was_missed(const Entry& entry) {
    if (!entry.booked || entry.booked->kind == BookingKind::filler) return false;
    if (entry.verdict == Verdict::booked_not_aired) return true;
    return entry.verdict == Verdict::substituted && entry.spot &&
           entry.spot->segment != entry.booked->segment;
}

}  // namespace

void propose_make_goods(const std::vector<Plan>& plans, Reconciliation& result) {
    MakeGoodSearch search(plans, result);
    int missed = 0;
    for (auto& entry : result.entries) {
        if (!was_missed(entry)) continue;
        if (++missed <= most_proposals)
            search.propose(entry);
        else
            entry.no_make_good =
                "more than 1,000 spots were missed; make the first 1,000 good, then reconcile again";
    }
}

}  // namespace riverlight::traffic
