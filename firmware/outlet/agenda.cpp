#include "firmware/outlet/agenda.hpp"

#include <algorithm>
#include <set>

#include "scheduler/plan/broadcast_day.hpp"
#include "scheduler/plan/planner.hpp"

namespace riverlight::firmware {

using namespace std::chrono;
using namespace std::chrono_literals;
using scheduler::PlannedAiring;

namespace {

constexpr auto horizon = 10min;  // the next day's plan is made this early

}  // namespace

void Agenda::forget() {
    planned_.clear();
    replaced_.clear();
    closed_.clear();
    until_ = {};
}

void Agenda::begin(std::shared_ptr<const Programme> programme) {
    programme_ = std::move(programme);
    forget();
}

bool Agenda::lost_some(Instant now) const {
    const auto went_by = [&](const PlannedAiring& a) {
        return a.end <= now && a.kind != scheduler::BookingKind::filler && !over_.contains(a.id);
    };
    return until_ - now >= horizon && std::any_of(planned_.begin(), planned_.end(), went_by);
}

bool Agenda::look_ahead(Instant now, const AiredSince& aired_since) {
    if (until_ - now > 50h) forget();  // a clock that was ahead and has been set right
    if (until_ != Instant{} && lost_some(now)) forget();
    if (until_ - now >= horizon) return false;
    if (now >= until_ + 24h) until_ = {};  // a clock that leapt: begin with today
    return plan_from(now, aired_since);
}

bool Agenda::plan_from(Instant now, const AiredSince& aired_since) {
    const auto& p = *programme_;
    const bool first = until_ == Instant{};
    day_ = first ? scheduler::broadcast_day_of(p.schedule, p.place.zone, now).day : day_ + days{1};
    const auto plan = scheduler::plan_day(p.schedule, p.content->catalogue, p.place, day_, 0);
    std::erase_if(over_, [&](const auto& done) { return done.second + 1h < now; });
    until_ = plan.until;
    if (!first) {
        planned_.insert(planned_.end(), plan.airings.begin(), plan.airings.end());
        return false;
    }
    auto aired = aired_since(plan.from);
    std::set<std::string> ids;
    for (const auto& a : aired) ids.insert(a.id);
    // What was due before there was a board, or is over in this run, is not made good.
    for (const auto& a : plan.airings) {
        if ((a.start < since_ || over_.contains(a.id)) && a.start < now && ids.insert(a.id).second)
            aired.push_back({a.id, a.booking, a.segment, a.start, std::min(a.end, now)});
    }
    const auto rest = scheduler::plan_rest(p.schedule, p.content->catalogue, p.place, day_, 0, aired, now);
    for (const auto& a : rest.airings) ids.insert(a.id);
    for (const auto& a : plan.airings) {
        if (!ids.contains(a.id)) (a.end <= now ? planned_ : replaced_).push_back(a);
    }
    planned_.insert(planned_.end(), rest.airings.begin(), rest.airings.end());
    return true;
}

std::vector<Agenda::Missed> Agenda::gone_by(Instant now) {
    std::vector<Missed> missed;
    const auto pass = [&](std::deque<PlannedAiring>& list, const char* reason) {
        for (; !list.empty() && list.front().end <= now; list.pop_front()) {
            const auto& a = list.front();
            if (a.start >= since_ && !over_.contains(a.id)) missed.push_back({a, reason});
        }
    };
    pass(planned_, "the board was not playing at that time");
    const auto before = missed.size();
    pass(closed_, "the place was closed then, and its display off");
    for (auto at = before; at < missed.size(); ++at) over_[missed[at].planned.id] = missed[at].planned.end;
    pass(replaced_, "the rest of the day was planned anew after plays were missed");
    return missed;
}

PlannedAiring Agenda::take_next() {
    auto next = std::move(planned_.front());
    planned_.pop_front();
    return next;
}

}  // namespace riverlight::firmware
