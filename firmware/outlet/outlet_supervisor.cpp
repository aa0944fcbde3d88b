#include "firmware/outlet/outlet_supervisor.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "content/airing/media_damage.hpp"
#include "firmware/outlet/airing_end.hpp"
#include "firmware/outlet/opening.hpp"

namespace riverlight::firmware {

using namespace std::chrono_literals;
using content::AiringStatus;
using scheduler::PlannedAiring;

namespace {

constexpr std::size_t ahead = 3;                          // on air, and two behind it
constexpr std::size_t most_next = 5, most_skipped = 200;  // records at once: the loop is back soon
constexpr std::size_t ahead_when_failing = 1;             // to find out whether anything can be played again
constexpr auto beat = 1s;

}  // namespace

OutletSupervisor::OutletSupervisor(OutletSetup setup, AiringLog& log, UnexpectedEvent unexpected)
    : setup_(std::move(setup)),
      records_(log, {setup_.id, setup_.place, setup_.boot_id}),
      player_(unexpected) {
    assert(setup_.in_service_since);
    health_.on_slate = true;
}

std::vector<OutletAction> OutletSupervisor::handle(const OutletEvent& event, const ClockReading& now) {
    std::visit([&](const auto& e) { on(e, now); }, event);
    return std::exchange(actions_, {});
}

void OutletSupervisor::on(const ProgrammeArrived& event, const ClockReading& now) {
    assert((event.programme || !agenda_.programme()) && "a board keeps its last programme");
    if (player_.is_stopping()) return;
    play_again();
    agenda_.begin(event.programme);
    drop_uncleared(now);
    switch_panel(now);
    if (!player_.has_process() || is_slate_outdated()) start_player(now);
    // Mostly the plan is there in milliseconds: nothing of the former one is told until the next beat.
    if (agenda_.programme()) ask_for_plan(now);
    if (!beat_due_) beat_due_ = now.monotonic + beat;
}

/// What its country no longer clears ends, and is not waited for. A dropped airing leaves the queue when the
/// player reports it off air: it may have come on air meanwhile.
void OutletSupervisor::drop_uncleared(const ClockReading& now) {
    const auto clears = [&](const PlannedAiring& airing) {
        return agenda_.programme()->clears(airing, now.now);
    };
    for (auto& queued : queue_.all()) {
        if (queued.is_dropped()) continue;
        const auto& others = queued.alternatives;
        const bool stays =
            queued.is_on_air()
                ? clears(queued.shown_as())
                : clears(queued.planned) && std::all_of(others.begin(), others.end(),
                                                        [&](const auto& o) { return clears(o.planned); });
        if (stays) continue;
        queued.drop();
        send(player::Drop{queued.cue.airing});
    }
}

/// What waits behind the airing on air gives way to another release's plan, unless that begins behind it.
void OutletSupervisor::drop_replaced() {
    for (auto& queued : queue_.all()) {
        if (queued.is_dropped() || queued.is_on_air() || agenda_.is_counted(queued.planned.id)) continue;
        queued.drop();
        send(player::Drop{queued.cue.airing});
    }
}

void OutletSupervisor::on(const PlanMade& event, const ClockReading& now) {
    if (player_.is_stopping()) return;
    if (!event.plan.fault.empty()) {
        trouble_ = event.plan.fault;
        spdlog::error("outlet {}: the day cannot be planned: {}", setup_.id, event.plan.fault);
    }
    const auto before = agenda_.planned_from();
    if (agenda_.accept(event.plan, now) == PlanEffect::again) {
        if (before != agenda_.planned_from()) drop_replaced();
        queue_.clear_end();
    }
    fill(now);
}

/// A board's first release brings its slate a language and a hotline. The player is replaced for it only
/// while nothing is on that it could cut off.
bool OutletSupervisor::is_slate_outdated() const {
    return agenda_.programme() && queue_.is_empty() && agenda_.programme()->slate_options() != slate_;
}

void OutletSupervisor::start_player(const ClockReading& now) {
    slate_ = agenda_.programme() ? agenda_.programme()->slate_options() : std::vector<std::string>{};
    actions_.emplace_back(StartPlayer{
        player_command_line(setup_, slate_, player_.restarts().may_use_hardware_decoder(now.monotonic),
                            announcements_.panel_on())});
    player_.start(now.monotonic);
    rights_fault_.clear();
    for (const auto& queued : queue_.all()) send(by_system_clock(queued.cue, now));
    if (auto notice = announcements_.restart()) send(*std::move(notice));
}

void OutletSupervisor::send(player::Command command) {
    if (player_.has_process()) actions_.emplace_back(std::move(command));
}

void OutletSupervisor::on(const PlayerStartFailed& event, const ClockReading& now) {
    trouble_ = event.why;
    spdlog::error("outlet {}: {}", setup_.id, event.why);
    player_.start_failed(now.monotonic);
}

void OutletSupervisor::on(const PlayerEnded& event, const ClockReading& now) {
    const auto end = player_.ended(now.monotonic);
    if (!end) return;
    const auto why = end->hung ? std::string("the player hung and was ended") : event.why;
    health_.on_slate = true;
    for (auto at = queue_.all().begin(); at != queue_.all().end();) {
        if (at->state == CueState::queued) {
            ++at;
            continue;
        }
        close(*at, lost(*at, why, now.now), now);
        at = queue_.all().erase(at);
    }
    if (player_.is_stopping()) return;
    spdlog::warn("outlet {}: {}; another is started", setup_.id, why);
    trouble_ = why;
    // An item that ends its player before it is on air costs itself, not the ones behind it.
    if (end->item_failed && !queue_.is_empty()) give_up(queue_.all().front(), why, now);
    if (!player_.is_start_due(now.monotonic)) return;
    start_player(now);
    fill(now);
}

void OutletSupervisor::give_up(QueuedAiring& queued, const std::string& why, const ClockReading& now) {
    close(queued, lost(queued, why, now.now), now);
    queue_.erase(queued);
}

void OutletSupervisor::on(const PlayerReported& event, const ClockReading& now) {
    const auto* const health = std::get_if<player::Health>(&event.event);
    player_.heard(now.monotonic, health && health->frames != health_.frames);
    std::visit([&](const auto& e) { handle_report(e, now); }, event.event);
}

void OutletSupervisor::handle_report(const player::OnAir& event, const ClockReading& now) {
    auto* const queued = queue_.find(event.airing);
    if (!queued || queued->is_on_air()) {
        spdlog::warn("outlet {}: its player reports {} on air, which was not due", setup_.id, event.airing);
        return;
    }
    queued->on_air();
    agenda_.set_on_air(queued->planned.id);
    records_.on_air(*queued, event, now);
    health_.on_slate = false;
    player_.aired();
}

void OutletSupervisor::handle_report(const player::Progress& event, const ClockReading& now) {
    auto* const queued = queue_.find(event.airing);
    if (!queued) return;
    queued->record.frames = event.frames;
    queued->left = event.shown;
    if (has_lasted(*queued, now)) play_again();
}

void OutletSupervisor::handle_report(const player::OffAir& event, const ClockReading& now) {
    auto* const queued = queue_.find(event.airing);
    if (!queued) {
        spdlog::warn("outlet {}: its player reports {} off air, which it was not told to play", setup_.id,
                     event.airing);
        return;
    }
    const auto damage = content::read_damage(event.evidence);
    if (damage && setup_.on_damage && media_files(queued->cue).contains(damage->file))
        setup_.on_damage(*damage);
    auto off = event;
    off.instant += now.ahead;
    close(*queued, off, now);
    queue_.erase(*queued);
    fill(now);
}

void OutletSupervisor::handle_report(const player::Trouble& event, const ClockReading& /*now*/) {
    if (event.about == player::Trouble::About::rights)
        rights_fault_ += (rights_fault_.empty() ? "" : "; ") + event.what;
    else
        trouble_ = event.what;
    spdlog::warn("outlet {}: {}", setup_.id, event.what);
}

void OutletSupervisor::handle_report(const player::Health& event, const ClockReading& /*now*/) {
    health_ = event;
}

/// `event` has its instant by the board's clock.
void OutletSupervisor::close(QueuedAiring& queued, const player::OffAir& event, const ClockReading& now) {
    // What never aired may air later if it was dropped or the player stops; a gap's record covers its own.
    const bool is_in_gap = event.status == AiringStatus::skipped && !agenda_.is_expected(queued.planned);
    if (!queued.is_on_air() && (queued.is_dropped() || player_.is_stopping() || is_in_gap))
        return records_.discard(queued);
    agenda_.set_done(queued.planned);
    assert(agenda_.programme() && "an airing comes from a programme");
    if (has_failed_at_once(queued, event, now)) {
        pause_.failed(now.monotonic);
        if (pause_.is_active() && !queued.is_on_air()) {
            records_.discard(queued);
            return records_.add_failure(queued.planned, event.reason, now);
        }
    } else if (counts_as_play(event.status) || has_lasted(queued, now)) {
        play_again();
    }
    records_.close(queued, event, agenda_.programme()->place.country, now);
}

void OutletSupervisor::ask_for_plan(const ClockReading& now) {
    agenda_.set_in_service_since(setup_.in_service_since());
    // What is on counts, too, and what follows it before the plan can be there.
    auto request = agenda_.ask(now, [&](Instant since, Instant before) {
        auto aired = records_.aired_since(since);
        const auto on = queue_.aired(now.now, before);
        aired.insert(aired.end(), on.begin(), on.end());
        return aired;
    });
    if (request) actions_.emplace_back(MakePlan{*std::move(request)});
}

/// An airing is on, or a programme came that may be played.
void OutletSupervisor::play_again() {
    pause_.end();
    records_.write_failures();
}

/// While nothing can be played, airings whose time is over have failed as those that were tried.
void OutletSupervisor::fail_passed(const ClockReading& now) {
    while (!agenda_.coming().empty() && agenda_.coming().front().end <= now.now) {
        const auto planned = agenda_.take_next();
        if (agenda_.is_done(planned.id) || !agenda_.programme()->clears(planned, now.now)) continue;
        if (!is_open_at(planned.start, now)) {
            agenda_.pass_over(planned);
            continue;
        }
        agenda_.set_done(planned);
        records_.add_failure(planned, {}, now);
    }
    records_.write_old_failures(now.monotonic);
}

/// The place was closed also for what was over before it could be passed over: its plan came late.
std::vector<Agenda::Missed> OutletSupervisor::take_missed(const ClockReading& now) {
    auto missed = agenda_.take_missed(now.now, most_skipped);
    for (auto& one : missed)
        if (!is_open_at(one.planned.start, now)) agenda_.pass_over(one);
    return missed;
}

/// Tells the player so many airings ahead, and records those whose time is over.
void OutletSupervisor::fill(const ClockReading& now) {
    if (!agenda_.programme() || player_.is_stopping()) return;
    if (pause_.is_active()) fail_passed(now);
    ask_for_plan(now);
    records_.skip(take_missed(now), now);
    if (!pause_.may_try(now.monotonic)) return;
    if (pause_.is_active()) queue_.clear_end();  // what is tried next has its own start
    while (queue_.kept() < (pause_.is_active() ? ahead_when_failing : ahead) && !agenda_.coming().empty()) {
        const auto planned = agenda_.take_next();
        // An airing that a power failure cut off goes on; one that this run has finished is not repeated.
        if (agenda_.is_done(planned.id)) continue;
        // The former release plays on until the new one is planned, as far as that clears it.
        if (agenda_.planned_from() != agenda_.programme() && !agenda_.programme()->clears(planned, now.now))
            continue;
        if (!is_open_at(planned.start, now)) {
            agenda_.pass_over(planned);
            continue;
        }
        if (!queue_.keeps(planned.id)) cue(planned, now);
        queue_.set_end(planned.end);
    }
}

/// Opens the airing's record and tells the player to play it.
void OutletSupervisor::cue(const PlannedAiring& planned, const ClockReading& now) {
    auto queued = prepare(*agenda_.planned_from(), planned, setup_, queue_.name_for(planned.id),
                          records_.planned(planned));
    // Airings that touch follow each other by themselves; a hard start, or one after a gap, has its instant.
    if (planned.hard || !queue_.follows_last(planned)) queued.cue.start = planned.start;
    records_.open(queued);
    send(by_system_clock(queued.cue, now));
    queue_.push(std::move(queued));
}

void OutletSupervisor::on(const NoticeChanged& event, const ClockReading& /*now*/) {
    if (setup_.feed) return;
    if (auto notice = announcements_.show(event.notice)) send(*std::move(notice));
}

void OutletSupervisor::on(const TimePassed& event, const ClockReading& now) {
    if (player_.is_stopping()) return;
    switch (player_.poll(now.monotonic, event.player_waited)) {
        case PlayerLife::Due::nothing:
            break;
        case PlayerLife::Due::kill:
            actions_.emplace_back(KillPlayer{});
            break;
        case PlayerLife::Due::start:
            start_player(now);
            fill(now);
            break;
    }
    if (!beat_due_ || now.monotonic < *beat_due_) return;
    beat_due_ = now.monotonic + beat;
    records_.write_waiting();
    fill(now);
    announce(now);
    switch_panel(now);
}

void OutletSupervisor::announce(const ClockReading& now) {
    if (!player_.has_process() || !agenda_.programme()) return;
    Announcements::Airings all, kept;
    for (const auto& queued : queue_.all()) {
        all.push_back(&queued.planned);
        if (!queued.is_dropped()) kept.push_back(&queued.planned);
    }
    for (const auto& planned : agenda_.coming()) {
        all.push_back(&planned);
        kept.push_back(&planned);
    }
    if (!setup_.profile.empty())
        if (auto guide = announcements_.guide(*agenda_.programme(), all, now)) send(*std::move(guide));
    if (setup_.avails)
        for (auto& avail : announcements_.avails(kept, now)) send(avail);
}

/// A clock that knows only what it is not earlier than (a board without a battery, cut off) closes nothing:
/// better light at night than none by day.
bool OutletSupervisor::is_open_at(Instant at, const ClockReading& now) const {
    if (!agenda_.programme() || now.state == content::ClockState::floor) return true;
    const auto& place = agenda_.programme()->place;
    return firmware::is_open_at(setup_.open.empty() ? place.open : setup_.open, at, place.zone);
}

/// What is on at closing time ends before its display is switched off.
void OutletSupervisor::switch_panel(const ClockReading& now) {
    const bool on =
        !setup_.display || is_open_at(now.now, now) || (announcements_.panel_on() && queue_.is_on_air());
    const auto panel = announcements_.switch_panel(on);
    if (!panel) return;
    spdlog::info("outlet {}: the display is switched {}", setup_.id, on ? "on" : "off");
    send(*panel);
}

void OutletSupervisor::on(const StopRequested& /*event*/, const ClockReading& /*now*/) {
    send(player::Quit{});
    records_.write_failures();
    player_.stop();
}

OutletView OutletSupervisor::view(const ClockReading& now) const {
    OutletView view;
    view.id = setup_.id;
    view.hls = setup_.hls;
    view.outputs = health_.outputs;
    view.slate = health_.on_slate;
    view.closed = setup_.display ? !announcements_.panel_on() : !is_open_at(now.now, now);
    view.evidence = health_.evidence;
    view.frames = health_.frames;
    view.late_frames = health_.late_frames;
    view.resident_bytes = health_.resident_bytes;
    view.restarts = player_.restarts().restarts();
    view.trouble = trouble_;
    view.rights_fault = rights_fault_;
    view.journal_fault = records_.fault();
    view.snapshot = setup_.player.snapshot();
    for (const auto& queued : queue_.all()) {
        if (queued.is_on_air())
            view.on_air = queued.record;
        else if (!queued.is_dropped() && view.next.size() < most_next)
            view.next.push_back(queued.planned);
    }
    for (const auto& planned : agenda_.coming()) {
        if (view.next.size() >= most_next) break;
        view.next.push_back(planned);
    }
    return view;
}

}  // namespace riverlight::firmware
