#include "firmware/outlet/outlet.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <filesystem>
#include <utility>

#include "firmware/outlet/avails.hpp"

namespace riverlight::firmware {

using namespace std::chrono;
using namespace std::chrono_literals;
using content::AiringStatus;
using scheduler::PlannedAiring;

namespace {

constexpr std::ptrdiff_t ahead = 3;  // on air, and two behind it
/// A sign of life comes ten frames apart. Before the first one, fonts and an encoder are opened.
constexpr auto without_machine = 1h;
constexpr std::int64_t silence_us = 1'200'000, starting_us = 12'000'000;
constexpr auto avails_ahead = 15s;  ///< a feed arms six seconds ahead; later, a plan may still change
constexpr auto watch_every = 200ms;

}  // namespace

Outlet::Outlet(boost::asio::io_context& loop, OutletSetup setup, Journal& journal,
               std::function<ClockReading()> clock)
    : loop_(loop),
      setup_(std::move(setup)),
      clock_(std::move(clock)),
      log_(journal, setup_.id),
      timer_(loop),
      restart_(loop),
      watch_(loop) {
    std::filesystem::create_directories(setup_.folder);
    std::filesystem::create_directories(setup_.media);  // a player keeps to it from its start
    seen_.id = setup_.id;
    seen_.hls = setup_.hls;
    seen_.snapshot = setup_.folder + "/snapshot.jpg";
}

Outlet::~Outlet() = default;

void Outlet::play(std::shared_ptr<const Programme> programme) {
    agenda_.begin(std::move(programme));
    const auto& now_playing = *agenda_.programme();
    // What waits behind the airing on air gives way to the new plan; that airing stays.
    // It leaves the queue when the player has answered, for it may have come on air meanwhile.
    for (auto& queued : queue_) {
        if (queued.dropped || (queued.on_air && still_cleared(queued))) continue;
        queued.withdrawn = queued.on_air;
        queued.dropped = true;
        if (player_) player_->say(player::Drop{queued.cue.airing});
    }
    // A board's first release brings its slate a language and a hotline; nothing is on that it could cut off.
    if (player_ && queue_.empty() && now_playing.slate_words() != slate_) player_.reset();
    tell_panel();
    if (!player_) start_player();
    fill();
    if (timer_.expiry() <= steady_clock::now()) beat();
    if (watch_.expiry() <= steady_clock::now()) watch();
}

bool Outlet::still_cleared(const Queued& queued) const {
    auto on_air = queued.record;
    if (const auto* alternative = queued.alternative()) {
        const auto& other = alternative->planned;
        on_air.segment = other.segment;
        on_air.revision = other.revision;
    }
    return agenda_.programme()->clears(on_air, clock_().now);
}

std::set<std::string> Outlet::media() const {
    std::set<std::string> names;
    const auto add = [&](const content::Media& of) {
        for (const auto& path : {of.picture, of.sound, of.subtitles, of.sign ? of.sign->path : std::string{}})
            if (!path.empty()) names.insert(std::filesystem::path(path).filename().string());
        if (of.rendition) names.insert(std::filesystem::path(of.rendition->path).filename().string());
    };
    for (const auto& queued : queue_) {
        add(queued.cue.media);
        for (const auto& other : queued.cue.alternatives) add(other.media);
    }
    return names;
}

void Outlet::start_player() {
    if (stopping_) return;
    std::vector<std::string> words{setup_.player, "--snapshot", seen_.snapshot};
    words.insert(words.end(), setup_.output.begin(), setup_.output.end());
    if (setup_.feed) words.insert(words.end(), {"--state", setup_.folder + "/feed"});
    words.insert(words.end(),
                 {"--confine", "--read", setup_.media, "--memory", std::to_string(setup_.memory_mb)});
    slate_ = agenda_.programme() ? agenda_.programme()->slate_words() : std::vector<std::string>{};
    words.insert(words.end(), slate_.begin(), slate_.end());
    if (!setup_.feed &&
        (!setup_.machine_decoder || clock_().monotonic.time_since_epoch().count() < machine_again_us_))
        words.emplace_back("--no-machine-decoder");
    // A player that ends at night comes back without a light.
    if (!panel_on_) words.emplace_back("--panel-off");
    started_us_ = heard_us_ = clock_().monotonic.time_since_epoch().count();
    spoke_ = hung_ = false;
    try {
        player_ = std::make_unique<PlayerProcess>(
            loop_, words, [this](const auto& event) { take(event); },
            [this](const auto& why) { player_ended(why); });
    } catch (const Error& e) {
        seen_.trouble = e.what();
        spdlog::error("outlet {}: {}", setup_.id, e.what());
        try_again_in(2s);
        return;
    }
    for (const auto& queued : queue_) player_->say(for_player(queued.cue));
    if (!notice_.text.empty()) player_->say(notice_);
    guide_told_us_ = 0;
    avail_told_ = -1;
}

void Outlet::try_again_in(milliseconds delay) {
    restart_.expires_after(delay);
    restart_.async_wait([this](const auto& ec) {
        if (ec || stopping_) return;
        start_player();
        fill();
    });
}

void Outlet::player_ended(const std::string& how) {
    const auto now = clock_();
    const auto why = hung_ ? std::string("the player hung and was ended") : how;
    // It may have been a driver: the next ones do without it for a while.
    machine_again_us_ =
        now.monotonic.time_since_epoch().count() + duration_cast<microseconds>(without_machine).count();
    // Off this call's stack: the process object is still in use by the caller.
    boost::asio::post(loop_, [dead = std::shared_ptr<PlayerProcess>(std::move(player_))] {});
    seen_.slate = true;
    for (auto at = queue_.begin(); at != queue_.end();) {
        if (!at->on_air && !at->dropped) {
            ++at;
            continue;
        }
        close(*at, {at->cue.airing, now.now, AiringStatus::failed, why, at->record.frames, 0, 0, 0, {}});
        at = queue_.erase(at);
    }
    if (stopping_) return;
    spdlog::warn("outlet {}: {}; starting it anew", setup_.id, why);
    seen_.trouble = why;
    ++seen_.restarts;
    // An item that ends its player before it is on air costs itself, not the ones behind it.
    quick_ends_ = now.monotonic.time_since_epoch().count() - started_us_ < 3'000'000 ? quick_ends_ + 1 : 0;
    if (quick_ends_ >= 2 && !queue_.empty()) {
        auto& front = queue_.front();
        close(front, {front.cue.airing, now.now, AiringStatus::failed, why, 0, 0, 0, 0, {}});
        queue_.pop_front();
    }
    try_again_in(quick_ends_ < 3 ? 0ms : quick_ends_ < 10 ? 500ms : 5000ms);
}

void Outlet::take(const player::Event& event) {
    const auto now = clock_();
    heard_us_ = now.monotonic.time_since_epoch().count();
    spoke_ = true;
    const auto find = [&](const std::string& airing) {
        return std::find_if(queue_.begin(), queue_.end(),
                            [&](const Queued& q) { return q.cue.airing == airing; });
    };
    if (const auto* on = std::get_if<player::OnAir>(&event)) {
        const auto at = find(on->airing);
        if (at == queue_.end()) return;
        at->on_air = true;
        note(*at, on->took);
        at->record.started = on->instant + now.ahead;
        at->record.clock = now.state;
        at->record.clock_error = now.error;
        at->record.monotonic_start = now.monotonic;
        log_.update(at->handle, at->record);
        seen_.slate = false;
        quick_ends_ = 0;
    } else if (const auto* progress = std::get_if<player::Progress>(&event)) {
        const auto at = find(progress->airing);
        if (at != queue_.end()) at->record.frames = progress->frames;
    } else if (const auto* off = std::get_if<player::OffAir>(&event)) {
        const auto at = find(off->airing);
        if (at == queue_.end()) return;
        auto how = *off;
        how.instant += now.ahead;
        close(*at, how);
        queue_.erase(at);
        fill();
    } else if (const auto* trouble = std::get_if<player::Trouble>(&event)) {
        seen_.trouble = trouble->what;
        spdlog::warn("outlet {}: {}", setup_.id, trouble->what);
    } else if (const auto* health = std::get_if<player::Health>(&event)) {
        seen_.frames = health->frames;
        seen_.late_frames = health->late_frames;
        seen_.resident_bytes = health->resident_bytes;
        seen_.slate = health->on_slate;
        seen_.evidence = health->evidence;
        seen_.outputs = health->outputs;
    }
}

void Outlet::note(Queued& queued, player::MediaChoice took) {
    if (took.is_own() || took.index() >= queued.alternatives.size()) return;
    queued.took = took;
    queued.record.locale_aired = queued.alternative()->planned.locale;
    queued.record.sha256 = queued.alternative()->sha256;
}

void Outlet::close(Queued& queued, const player::OffAir& how) {
    const auto now = clock_();
    auto& r = queued.record;
    if (!r.started &&
        (queued.dropped || stopping_)) {  // it may yet air: under the new plan, or after a restart
        log_.forget(queued.handle);
        return;
    }
    agenda_.done(queued.planned);
    if (r.started) note(queued, how.took);
    r.status = how.status == AiringStatus::aired && r.locale_asked != r.locale_aired
                   ? AiringStatus::substituted
                   : how.status;
    r.reason = how.reason.substr(0, 1000);
    if (queued.withdrawn && r.status == AiringStatus::truncated)
        r.reason =
            "withdrawn: " + agenda_.programme()->place.country + " no longer clears it in " + r.locale_aired;
    if (r.status == AiringStatus::substituted && r.reason.empty())
        r.reason = "not cleared or not made in " + r.locale_asked;
    if (r.started) r.ended = how.instant;
    r.monotonic_end = now.monotonic;
    r.frames = how.frames;
    r.lost = how.lost;
    r.repeated = how.repeated;
    r.samples = how.samples;
    r.evidence = how.evidence;
    if (const auto* alternative = queued.alternative();
        alternative && alternative->planned.segment != r.segment)
        r.evidence["filler"] = alternative->planned.segment;
    if (!r.started) {
        r.clock = now.state;
        r.clock_error = now.error;
    }
    log_.close(queued.handle, r);
    if (r.status == AiringStatus::failed)
        spdlog::warn("outlet {}: {} failed: {}", setup_.id, r.segment, r.reason);
}

content::AiringRecord Outlet::record_of(const PlannedAiring& planned) const {
    content::AiringRecord r;
    r.outlet = setup_.id;
    r.place = setup_.place;
    r.airing = planned.id;
    r.booking = planned.booking;
    r.campaign = planned.campaign;
    r.segment = planned.segment;
    r.revision = planned.revision;
    r.locale_asked = planned.locale_asked;
    r.locale_aired = planned.locale;
    r.planned_start = planned.start;
    r.planned_end = planned.end;
    r.boot_id = setup_.boot_id;
    return r;
}

/// What is over without having been played becomes records of its own, with the reason.
void Outlet::pass_over_until(Instant now) {
    const auto clock = clock_();
    std::vector<content::AiringRecord> over;
    for (const auto& [planned, reason] : agenda_.gone_by(now)) {
        if (log_.knows(planned.id)) continue;
        auto record = record_of(planned);
        record.status = AiringStatus::skipped;
        record.reason = reason;
        record.clock = clock.state;
        record.clock_error = clock.error;
        over.push_back(std::move(record));
    }
    log_.add(over);
}

/// What is on counts as if it went on to its end.
std::vector<scheduler::Aired> Outlet::aired_since(Instant from) {
    auto aired = log_.aired_since(from);
    for (const auto& queued : queue_) {
        const auto& p = queued.planned;
        if (queued.on_air && queued.record.started)
            aired.push_back({p.id, p.booking, p.segment, *queued.record.started,
                             *queued.record.started + (p.end - p.start)});
    }
    return aired;
}

bool Outlet::waits(const PlannedAiring& planned) const {
    return std::any_of(queue_.begin(), queue_.end(),
                       [&](const Queued& q) { return !q.dropped && q.planned.id == planned.id; });
}

void Outlet::fill() {
    if (!agenda_.programme() || stopping_) return;
    const auto now = clock_().now;
    agenda_.there_since(setup_.since());
    if (agenda_.look_ahead(now, [this](Instant from) { return aired_since(from); })) follows_ = {};
    pass_over_until(now);
    const auto cued = [&] {
        return std::count_if(queue_.begin(), queue_.end(), [](const Queued& q) { return !q.dropped; });
    };
    while (cued() < ahead && !agenda_.coming().empty()) {
        const auto planned = agenda_.take_next();
        // An airing cut off by a power failure goes on where it is; one this run has done does not come
        // twice.
        if (agenda_.is_done(planned.id)) continue;
        if (!open_at(planned.start)) {
            agenda_.pass(planned);
            continue;
        }
        if (!waits(planned)) cue(planned);
        follows_ = planned.end;
    }
}

/// Opens the airing's record and tells the player of it.
void Outlet::cue(const PlannedAiring& planned) {
    const auto& programme = *agenda_.programme();
    Queued queued;
    queued.planned = planned;
    const auto without_refused = [&](player::Cue cue) {
        auto& rendition = cue.media.rendition;
        if (rendition && setup_.refused && setup_.refused(rendition->path)) rendition.reset();
        return cue;
    };
    queued.cue = without_refused(programme.cue_of(planned, setup_.profile));
    // The same airing may be cued again under a new release; events name the cue, records the airing.
    queued.cue.airing = planned.id + '-' + std::to_string(++cued_);
    // Airings that touch follow each other by themselves; a hard start, or one after a hole, has its instant.
    if (planned.hard || planned.start - follows_ > 40ms) queued.cue.start = planned.start;
    queued.record = record_of(planned);
    queued.record.sha256 = Programme::sha256_of(queued.cue.media);
    const auto then = [&](const PlannedAiring& other, const content::Media& media) {
        queued.cue.alternatives.push_back(programme.alternative_of(planned, other, media));
        queued.alternatives.push_back({other, Programme::sha256_of(media)});
    };
    if (const auto media = programme.other_picture_of(planned, queued.cue.media)) then(planned, *media);
    for (const auto& other : programme.others_of(planned))
        then(other, without_refused(programme.cue_of(other, setup_.profile)).media);
    queued.handle = log_.open(queued.record);
    if (player_) player_->say(for_player(queued.cue));
    queue_.push_back(std::move(queued));
}

player::Cue Outlet::for_player(player::Cue cue) const {
    const auto by = clock_().ahead;
    if (cue.start) *cue.start -= by;
    if (cue.stop) *cue.stop -= by;
    for (auto& quiet : cue.quiet) {
        quiet.from -= by;
        quiet.until -= by;
    }
    return cue;
}

void Outlet::tell_guide() {
    const auto clock = clock_();
    const auto now_us = clock.monotonic.time_since_epoch().count();
    const bool due = guide_told_us_ == 0 || now_us - guide_told_us_ > 600'000'000;
    if (setup_.profile.empty() || !player_ || !agenda_.programme() || !due) return;
    guide_told_us_ = now_us;
    std::vector<const PlannedAiring*> airings;
    for (const auto& queued : queue_) airings.push_back(&queued.planned);
    for (const auto& planned : agenda_.coming()) airings.push_back(&planned);
    auto guide = guide_of(*agenda_.programme(), airings);
    for (auto& item : guide.items) item.start -= clock.ahead;
    player_->say(guide);
}

/// Open time that begins soon, once to each player.
void Outlet::tell_avails() {
    if (!setup_.avails || !player_ || !agenda_.programme()) return;
    std::vector<const PlannedAiring*> airings;
    for (const auto& queued : queue_)
        if (!queued.dropped) airings.push_back(&queued.planned);
    for (const auto& planned : agenda_.coming()) airings.push_back(&planned);
    const auto clock = clock_();
    for (auto avail : avails_of(airings, clock.now, clock.now + avails_ahead)) {
        if (avail.event <= avail_told_) continue;
        avail_told_ = avail.event;
        avail.start -= clock.ahead;
        player_->say(avail);
    }
}

/// A clock that only knows that it is not earlier (a board without one, cut off) closes nothing: better a
/// light at night than none by day.
bool Outlet::open_at(Instant at) const {
    if (!agenda_.programme() || clock_().state == content::ClockState::floor) return true;
    const auto& place = agenda_.programme()->place;
    return firmware::open_at(setup_.open.empty() ? place.open : setup_.open, at, place.zone);
}

/// What is on at closing time ends before its display goes off.
void Outlet::tell_panel() {
    const bool on = !setup_.display || open_at(clock_().now) ||
                    (panel_on_ && std::any_of(queue_.begin(), queue_.end(),
                                              [](const Queued& q) { return q.on_air && !q.withdrawn; }));
    if (std::exchange(panel_on_, on) == on) return;
    spdlog::info("outlet {}: the display is switched {}", setup_.id, on ? "on" : "off");
    if (player_) player_->say(player::Panel{on});
}

void Outlet::tell(player::Notice notice) {
    const bool same = notice.text == notice_.text && (notice.text.empty() || notice.locale == notice_.locale);
    if (setup_.feed || same) return;
    notice_ = std::move(notice);
    if (player_) player_->say(notice_);
}

void Outlet::beat() {
    timer_.expires_after(1s);
    timer_.async_wait([this](const auto& ec) {
        if (ec || stopping_) return;
        log_.write_waiting();
        fill();
        tell_guide();
        tell_avails();
        tell_panel();
        beat();
    });
}

/// Ends a player that hangs, so that the next item is on within two seconds.
void Outlet::watch() {
    watch_.expires_after(watch_every);
    watch_.async_wait([this](const auto& ec) {
        if (ec || stopping_) return;
        const auto now = clock_().monotonic.time_since_epoch().count();
        // Who was away (a slow disk, a suspended machine) has not listened, which is not the player's
        // silence.
        if (now - watched_us_ > 2 * duration_cast<microseconds>(watch_every).count()) heard_us_ = now;
        watched_us_ = now;
        const auto patience = spoke_ ? silence_us : starting_us;
        if (player_ && now - heard_us_ > patience) {
            hung_ = true;
            heard_us_ = now;
            player_->kill();
        }
        watch();
    });
}

void Outlet::stop() {
    stopping_ = true;
    timer_.cancel();
    watch_.cancel();
    restart_.cancel();
    if (player_) player_->say(player::Quit{});
}

OutletView Outlet::view() const {
    auto view = seen_;
    view.journal_fault = log_.fault();
    view.closed = setup_.display ? !panel_on_ : !open_at(clock_().now);
    for (const auto& queued : queue_) {
        if (queued.on_air)
            view.on_air = queued.record;
        else if (!queued.dropped && view.next.size() < 5)
            view.next.push_back(queued.planned);
    }
    for (const auto& planned : agenda_.coming()) {
        if (view.next.size() >= 5) break;
        view.next.push_back(planned);
    }
    return view;
}

}  // namespace riverlight::firmware
