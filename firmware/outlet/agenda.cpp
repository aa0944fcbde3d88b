#include "firmware/outlet/agenda.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace riverlight::firmware {

using namespace std::chrono;
using namespace std::chrono_literals;
using scheduler::PlannedAiring;

namespace {

constexpr auto horizon = 10min;      // the next day is planned this early
constexpr auto furthest_plan = 50h;  // no plan reaches further: the clock was ahead, and was set back
constexpr auto kept_when_done = 1h;
constexpr auto longest_day = 26h;  // with the hour that is set back, and one to spare
constexpr microseconds shortest_lead = 100ms, longest_lead = 1min;
constexpr int most_again = 3;

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

void Agenda::begin(std::shared_ptr<const Programme> programme) {
    programme_ = std::move(programme);
    made_again_ = 0;
    next_attempt_.reset();
}

bool Agenda::has_missed(Instant now) const {
    const auto is_missed = [&](const PlannedAiring& a) {
        return a.end <= now && a.kind != scheduler::BookingKind::filler && !done_.contains(a.id);
    };
    return std::any_of(coming_.begin(), coming_.end(), is_missed);
}

/// Also if the clock was set: back behind the plan, or ahead of it.
bool Agenda::needs_rest(Instant now) const {
    if (!until_ || planned_from_ != programme_) return true;
    const auto left = *until_ - now;
    return left > furthest_plan || left <= -24h || (left >= horizon && has_missed(now));
}

std::optional<PlanRequest> Agenda::ask(const ClockReading& now, const AiredBetween& aired_between) {
    assert(programme_);
    if (asked_ || (next_attempt_ && now.monotonic < *next_attempt_)) return {};
    const bool rest = needs_rest(now.now);
    if (!rest && *until_ - now.now >= horizon) return {};
    std::erase_if(done_, [&](const auto& one) { return one.second + kept_when_done < now.now; });
    PlanRequest request;
    request.what = day_ + days{1};
    if (rest) request.what = rest_from(now.now, aired_between);
    request.number = ++requests_;
    request.programme = asked_from_ = programme_;
    asked_ = Asked{request.number, now.monotonic, rest, false};
    return request;
}

PlanRequest::Rest Agenda::rest_from(Instant now, const AiredBetween& aired_between) {
    PlanRequest::Rest rest{
        now, now + lead_, aired_between(now - longest_day, now + lead_), in_service_since_, {}};
    for (const auto& [id, end] : done_) rest.done.insert(id);
    counted_.clear();
    for (const auto& one : rest.aired) counted_.insert(one.id);
    return rest;
}

void Agenda::set_on_air(const std::string& airing) {
    if (asked_ && asked_->rest && !counted_.contains(airing)) asked_->outdated = true;
}

bool Agenda::is_usable(const MadePlan& made, const Asked& asked, const ClockReading& now) {
    if (asked_from_ != programme_) return false;
    if (!made.fault.empty()) {
        next_attempt_ = now.monotonic + 1min;
        return false;
    }
    if (!asked.outdated || made_again_ == most_again) return true;
    ++made_again_;
    lead_ = std::max<microseconds>(lead_, shortest_lead);
    return false;
}

PlanEffect Agenda::accept(MadePlan made, const ClockReading& now) {
    if (!asked_ || made.number != asked_->number) return PlanEffect::nothing;
    const auto asked = *std::exchange(asked_, {});
    const auto took = now.monotonic - asked.at;
    lead_ = took < shortest_lead ? 0us : std::min<microseconds>(took + took / 2, longest_lead);
    if (!is_usable(made, asked, now)) {
        coming_.insert(coming_.begin(), held_.begin(), held_.end());
        held_.clear();
        return PlanEffect::nothing;
    }
    made_again_ = 0;
    day_ = made.day;
    until_ = made.until;
    planned_from_ = programme_;
    if (asked.rest) {
        take_over_rest(std::move(made));
        return PlanEffect::again;
    }
    coming_.insert(coming_.end(), std::make_move_iterator(made.airings.begin()),
                   std::make_move_iterator(made.airings.end()));
    return PlanEffect::next_day;
}

/// What was planned for this day gives way; what is left of an earlier one was missed.
void Agenda::take_over_rest(MadePlan made) {
    Airings past;
    for (auto* list : {&past_, &held_, &coming_})
        for (auto& a : *list)
            if (a.end <= made.from) past.push_back(std::move(a));
    const auto move_all = [](std::vector<PlannedAiring>& from, Airings& to) {
        to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    };
    move_all(made.past, past);
    past_ = std::move(past);
    held_.clear();
    coming_.clear();
    replaced_.clear();
    closed_.clear();
    move_all(made.airings, coming_);
    move_all(made.replaced, replaced_);
}

/// While the rest of the day is planned again nothing of it is missed: the plan may make it good.
std::vector<Agenda::Missed> Agenda::take_missed(Instant now, std::size_t most) {
    const bool planning_rest = asked_ && asked_->rest;
    for (; !coming_.empty() && coming_.front().end <= now; coming_.pop_front())
        (planning_rest ? held_ : past_).push_back(std::move(coming_.front()));
    std::vector<Missed> missed;
    const auto take_over = [&](Airings& list, MissCause cause) {
        for (; missed.size() < most && !list.empty() && list.front().end <= now; list.pop_front()) {
            const auto& a = list.front();
            if (is_expected(a) && !done_.contains(a.id)) missed.push_back({a, cause});
        }
    };
    take_over(past_, MissCause::not_playing);
    const auto before = missed.size();
    take_over(closed_, MissCause::closed);
    for (auto at = before; at < missed.size(); ++at) set_done(missed[at].planned);
    if (!planning_rest) take_over(replaced_, MissCause::replanned);
    return missed;
}

PlannedAiring Agenda::take_next() {
    assert(!coming_.empty());
    auto next = std::move(coming_.front());
    coming_.pop_front();
    return next;
}

}  // namespace riverlight::firmware
