#include "firmware/outlet/agenda.hpp"

#include <algorithm>
#include <cassert>
#include <set>

#include "scheduler/plan/broadcast_day.hpp"
#include "scheduler/plan/planner.hpp"

namespace riverlight::firmware {

using namespace std::chrono;
using namespace std::chrono_literals;
using scheduler::PlannedAiring;

namespace {

constexpr auto horizon = 10min;      // the next day is planned this early
constexpr auto furthest_plan = 50h;  // no plan reaches further: the clock was ahead, and was set back
constexpr auto kept_when_done = 1h;

}  // namespace

std::string_view to_text(MissCause cause) {
    switch (cause) {
        case MissCause::not_playing:
            return "the board was not playing at that time";
        case MissCause::closed:
            return "the place was closed then, and its display off";
        case MissCause::replanned:
            return "the rest of the day was planned again after plays were missed";
    }
    assert(false && "a cause of the enumeration");
    return "?";
}

void Agenda::clear() {
    coming_.clear();
    replaced_.clear();
    closed_.clear();
    until_.reset();
}

void Agenda::begin(std::shared_ptr<const Programme> programme) {
    programme_ = std::move(programme);
    clear();
}

bool Agenda::has_missed(Instant now) const {
    const auto is_missed = [&](const PlannedAiring& a) {
        return a.end <= now && a.kind != scheduler::BookingKind::filler && !done_.contains(a.id);
    };
    return until_ && *until_ - now >= horizon && std::any_of(coming_.begin(), coming_.end(), is_missed);
}

bool Agenda::plan_ahead(Instant now, const AiredSince& aired_since) {
    assert(programme_);
    if (until_ && *until_ - now > furthest_plan) clear();
    if (has_missed(now)) clear();
    if (until_ && *until_ - now >= horizon) return false;
    if (until_ && now >= *until_ + 24h) until_.reset();  // the clock was set ahead: begin with that day
    std::erase_if(done_, [&](const auto& one) { return one.second + kept_when_done < now; });
    if (until_) {
        plan_next_day();
        return false;
    }
    plan_rest_of_day(now, aired_since);
    return true;
}

void Agenda::plan_next_day() {
    const auto& p = *programme_;
    day_ += days{1};
    const auto plan = scheduler::plan_day(p.schedule, p.content->catalogue, p.place, day_, 0);
    coming_.insert(coming_.end(), plan.airings.begin(), plan.airings.end());
    until_ = plan.until;
}

void Agenda::plan_rest_of_day(Instant now, const AiredSince& aired_since) {
    const auto& p = *programme_;
    day_ = scheduler::broadcast_day_of(p.schedule, p.place.zone, now).day;
    const auto plan = scheduler::plan_day(p.schedule, p.content->catalogue, p.place, day_, 0);
    until_ = plan.until;
    auto aired = aired_since(plan.from);
    std::set<std::string> ids;
    for (const auto& a : aired) ids.insert(a.id);
    // What was due before the board was in service, or was finished in this run, is not made good.
    for (const auto& a : plan.airings) {
        const bool counts = (a.start < in_service_since_ || done_.contains(a.id)) && a.start < now;
        if (counts && ids.insert(a.id).second)
            aired.push_back({a.id, a.booking, a.segment, a.start, std::min(a.end, now)});
    }
    const auto rest = scheduler::plan_rest(p.schedule, p.content->catalogue, p.place, day_, 0, aired, now);
    for (const auto& a : rest.airings) ids.insert(a.id);
    for (const auto& a : plan.airings) {
        if (!ids.contains(a.id)) (a.end <= now ? coming_ : replaced_).push_back(a);
    }
    coming_.insert(coming_.end(), rest.airings.begin(), rest.airings.end());
}

std::vector<Agenda::Missed> Agenda::take_missed(Instant now) {
    std::vector<Missed> missed;
    const auto take_over = [&](std::deque<PlannedAiring>& list, MissCause cause) {
        for (; !list.empty() && list.front().end <= now; list.pop_front()) {
            const auto& a = list.front();
            if (a.start >= in_service_since_ && !done_.contains(a.id)) missed.push_back({a, cause});
        }
    };
    take_over(coming_, MissCause::not_playing);
    const auto before = missed.size();
    take_over(closed_, MissCause::closed);
    for (auto at = before; at < missed.size(); ++at) set_done(missed[at].planned);
    take_over(replaced_, MissCause::replanned);
    return missed;
}

PlannedAiring Agenda::take_next() {
    assert(!coming_.empty());
    auto next = std::move(coming_.front());
    coming_.pop_front();
    return next;
}

}  // namespace riverlight::firmware
