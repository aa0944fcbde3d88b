#include "firmware/outlet/outlet.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <filesystem>
#include <set>

namespace riverlight::firmware {

using namespace std::chrono;
using namespace std::chrono_literals;
using scheduler::PlannedAiring;

namespace {

constexpr std::ptrdiff_t ahead = 3;  // on air, and two behind it
/// A sign of life comes ten frames apart. Before the first one, fonts and an encoder are opened.
constexpr std::int64_t silence_us = 1'200'000, starting_us = 12'000'000;
constexpr auto watch_every = 200ms;
constexpr auto horizon = 10min;               // the next day's plan is made this early
constexpr std::size_t most_guide = 150;       // events told to a feed: a line holds that many
constexpr std::size_t most_waiting = 20'000;  // records kept in memory while the journal cannot be written

/// ISO 639-2 of a BCP 47 tag, as a programme guide wants it.
std::string iso_639_2(const std::string& tag) {
    static const std::map<std::string, std::string, std::less<>> known{
        {"en", "eng"},  {"km", "khm"}, {"lo", "lao"}, {"my", "mya"},
        {"shn", "shn"}, {"th", "tha"}, {"vi", "vie"}, {"zh", "zho"}};
    const auto found = known.find(tag.substr(0, tag.find('-')));
    return found == known.end() ? "und" : found->second;
}

}  // namespace

Outlet::Outlet(boost::asio::io_context& loop, OutletSetup setup, Journal& journal,
               std::function<ClockReading()> clock)
    : loop_(loop),
      setup_(std::move(setup)),
      journal_(journal),
      clock_(std::move(clock)),
      timer_(loop),
      restart_(loop),
      watch_(loop) {
    std::filesystem::create_directories(setup_.folder);
    std::filesystem::create_directories(setup_.media);  // a player keeps to it from its start
    seen_.id = setup_.id;
    seen_.spec = setup_.spec;
    seen_.snapshot = setup_.folder + "/snapshot.jpg";
}

Outlet::~Outlet() = default;

void Outlet::play(std::shared_ptr<const Programme> programme) {
    programme_ = std::move(programme);
    planned_.clear();
    replaced_.clear();
    planned_until_ = {};
    // What waits behind the airing on air gives way to the new plan; that airing stays.
    // It leaves the queue when the player has answered, for it may have come on air meanwhile.
    for (auto& queued : queue_) {
        if (queued.dropped || (queued.on_air && still_cleared(queued.record))) continue;
        queued.withdrawn = queued.on_air;
        queued.dropped = true;
        if (player_) player_->say(player::Drop{queued.cue.airing});
    }
    // A board's first release brings its slate a language and a hotline; nothing is on that it could cut off.
    if (player_ && queue_.empty() && slate_words() != slate_) player_.reset();
    if (!player_) start_player();
    fill();
    if (timer_.expiry() <= steady_clock::now()) beat();
    if (watch_.expiry() <= steady_clock::now()) watch();
}

/// Whether the country clears what is on, today where the board stands.
bool Outlet::still_cleared(const AiringRecord& record) const {
    if (!programme_) return true;
    const auto* country = programme_->content->catalogue.country_of(programme_->place);
    const auto day = scheduler::local_day_of(clock_().now, programme_->place.zone).day;
    return country &&
           country->cleared(record.segment, static_cast<int>(record.revision), record.locale_aired, day);
}

/// What the slate says, as the player's options: the place's language, and the hotline to call.
std::vector<std::string> Outlet::slate_words() const {
    if (!programme_) return {};
    const auto& place = programme_->place;
    const auto locale = place.languages.empty() ? std::string("en") : place.languages.front().language;
    std::vector<std::string> words{"--locale", locale};
    const auto* country = programme_->content->catalogue.country_of(place);
    if (const auto* hotline = country ? country->hotline(locale) : nullptr)
        words.insert(words.end(), {"--slate-label", hotline->name, "--slate-number", hotline->number});
    return words;
}

void Outlet::start_player() {
    if (stopping_) return;
    std::vector<std::string> words{setup_.player, "--outlet", setup_.spec, "--snapshot", seen_.snapshot};
    if (!setup_.profile.empty())
        words.insert(words.end(), {"--profile", setup_.profile, "--state", setup_.folder + "/feed"});
    words.insert(words.end(),
                 {"--confine", "--read", setup_.media, "--memory", std::to_string(setup_.memory_mb)});
    slate_ = slate_words();
    words.insert(words.end(), slate_.begin(), slate_.end());
    started_us_ = heard_us_ = clock_().monotonic_us;
    spoke_ = hung_ = false;
    try {
        player_ = std::make_unique<PlayerProcess>(
            loop_, words, [this](const auto& event) { take(event); },
            [this](const auto& why) { player_ended(why); });
    } catch (const Error& e) {
        seen_.trouble = e.what();
        spdlog::error("outlet {}: {}", setup_.id, e.what());
        restart_.expires_after(2s);
        restart_.async_wait([this](const auto& ec) {
            if (!ec) start_player();
        });
        return;
    }
    for (const auto& queued : queue_) player_->say(queued.cue);
    guide_told_us_ = 0;
}

void Outlet::player_ended(const std::string& how) {
    const auto now = clock_();
    const auto why = hung_ ? std::string("the player hung and was ended") : how;
    // Off this call's stack: the process object is still in use by the caller.
    boost::asio::post(loop_, [dead = std::shared_ptr<PlayerProcess>(std::move(player_))] {});
    seen_.slate = true;
    for (auto at = queue_.begin(); at != queue_.end();) {
        if (!at->on_air && !at->dropped) {
            ++at;
            continue;
        }
        close(*at, {at->cue.airing, now.now, "failed", why, at->record.frames, 0, 0, 0, {}});
        at = queue_.erase(at);
    }
    if (stopping_) return;
    spdlog::warn("outlet {}: {}; starting it anew", setup_.id, why);
    seen_.trouble = why;
    ++seen_.restarts;
    // An item that ends its player before it is on air costs itself, not the ones behind it.
    quick_ends_ = now.monotonic_us - started_us_ < 3'000'000 ? quick_ends_ + 1 : 0;
    if (quick_ends_ >= 2 && !queue_.empty()) {
        auto& front = queue_.front();
        close(front, {front.cue.airing, now.now, "failed", why, 0, 0, 0, 0, {}});
        queue_.pop_front();
    }
    restart_.expires_after(quick_ends_ < 3 ? 0ms : quick_ends_ < 10 ? 500ms : 5000ms);
    restart_.async_wait([this](const auto& ec) {
        if (ec || stopping_) return;
        start_player();
        fill();
    });
}

void Outlet::take(const player::Event& event) {
    const auto now = clock_();
    heard_us_ = now.monotonic_us;
    spoke_ = true;
    const auto find = [&](const std::string& airing) {
        return std::find_if(queue_.begin(), queue_.end(),
                            [&](const Queued& q) { return q.cue.airing == airing; });
    };
    if (const auto* on = std::get_if<player::OnAir>(&event)) {
        const auto at = find(on->airing);
        if (at == queue_.end()) return;
        at->on_air = true;
        at->record.started = on->instant;
        at->record.clock = now.state;
        at->record.clock_error_ms = now.error_ms;
        at->record.monotonic_start_us = now.monotonic_us;
        try {
            if (at->handle) journal_.update(*at->handle, at->record);
        } catch (const Error& e) {
            not_written(e);
        }
        seen_.slate = false;
        quick_ends_ = 0;
    } else if (const auto* progress = std::get_if<player::Progress>(&event)) {
        const auto at = find(progress->airing);
        if (at != queue_.end()) at->record.frames = progress->frames;
    } else if (const auto* off = std::get_if<player::OffAir>(&event)) {
        const auto at = find(off->airing);
        if (at == queue_.end()) return;
        close(*at, *off);
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
    }
}

void Outlet::close(Queued& queued, const player::OffAir& how) {
    const auto now = clock_();
    auto& r = queued.record;
    if (!r.started &&
        (queued.dropped || stopping_)) {  // it may yet air: under the new plan, or after a restart
        try {
            if (queued.handle) journal_.forget(*queued.handle);
        } catch (const Error& e) {
            not_written(e);
        }
        return;
    }
    over_[queued.planned.id] = queued.planned.end;
    r.status = how.status == "aired" && r.locale_asked != r.locale_aired ? "substituted" : how.status;
    r.reason = how.reason.substr(0, 1000);
    if (queued.withdrawn && r.status == "truncated")
        r.reason = "withdrawn: " + programme_->place.country + " no longer clears it in " + r.locale_aired;
    if (r.status == "substituted" && r.reason.empty())
        r.reason = "not cleared or not made in " + r.locale_asked;
    if (r.started) r.ended = how.instant;
    r.monotonic_end_us = now.monotonic_us;
    r.frames = how.frames;
    r.lost = how.lost;
    r.repeated = how.repeated;
    r.samples = how.samples;
    r.evidence = how.evidence;
    if (!r.started) {
        r.clock = now.state;
        r.clock_error_ms = now.error_ms;
    }
    try {
        static_cast<void>(queued.handle ? journal_.close(*queued.handle, r) : journal_.add(r));
    } catch (const Error& e) {
        not_written(e);
        if (waiting_.size() < most_waiting) waiting_.push_back(r);
        if (queued.handle) stale_.push_back(*queued.handle);
    }
    if (r.status == "failed") spdlog::warn("outlet {}: {} failed: {}", setup_.id, r.segment, r.reason);
}

AiringRecord Outlet::record_of(const PlannedAiring& planned) const {
    AiringRecord r;
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

player::Cue Outlet::cue_of(const PlannedAiring& planned, AiringRecord& record) const {
    const auto& content = *programme_->content;
    const auto& segment = content.catalogue.segments.at(planned.segment);
    const auto& words = segment.locales.at(planned.locale);
    const auto path = [&](const std::string& sha256) {
        return sha256.empty() ? std::string{} : content.path_of(segment.files.at(sha256));
    };
    record.sha256 = words.picture;
    player::Cue cue;
    cue.picture = path(words.picture);
    cue.sound = path(words.sound);
    cue.subtitles = path(words.subtitles);
    cue.locale = planned.locale;
    cue.duration = planned.cut ? floor<milliseconds>(planned.end - planned.start) : segment.duration;
    const auto* country = content.catalogue.country_of(programme_->place);
    const auto* hotline = country ? country->hotline(planned.locale) : nullptr;
    const auto& number = hotline ? hotline->number : words.hotline;
    if (!words.strap.empty() || !number.empty()) cue.strap = player::Strap{words.strap, number};
    // A rendition shows the segment's own number; where the country has another one, that counts.
    const auto rendition = words.renditions.find(setup_.profile);
    if (rendition != words.renditions.end() && number == words.hotline) {
        const auto& file = segment.files.at(rendition->second);
        cue.rendition = player::Rendition{content.path_of(file), file.parameters};
        record.sha256 = file.sha256;
    }
    // Airings that touch follow each other by themselves; a hard start, or one after a hole, has its instant.
    if (planned.hard || planned.start - follows_ > 40ms) cue.start = planned.start;
    cue.late = planned.late == scheduler::LateRule::skip ? player::Cue::Late::skip : player::Cue::Late::join;
    return cue;
}

void Outlet::not_written(const Error& why) {
    if (seen_.journal_fault.empty()) spdlog::error("outlet {}: {}", setup_.id, why.what());
    seen_.journal_fault = why.what();
}

void Outlet::write_waiting() {
    if (seen_.journal_fault.empty()) return;
    try {
        // First what aired, then its open entry goes: a power cut between leaves one too many, never one too
        // few.
        journal_.add(waiting_);
        if (!waiting_.empty())
            spdlog::info("outlet {}: the journal took {} airings that waited", setup_.id, waiting_.size());
        waiting_.clear();
        for (; !stale_.empty(); stale_.pop_back()) journal_.forget(stale_.back());
        seen_.journal_fault.clear();
    } catch (const Error& e) {
        not_written(e);
    }
}

bool Outlet::known(const std::string& airing) {
    try {
        return journal_.knows(setup_.id, airing);
    } catch (const Error& e) {
        not_written(e);
        return false;
    }
}

/// What is over without having been played becomes records of its own, with the reason.
void Outlet::pass_over(std::deque<PlannedAiring>& list, Instant now, const std::string& reason,
                       std::vector<AiringRecord>& over) {
    const auto clock = clock_();
    for (; !list.empty() && list.front().end <= now; list.pop_front()) {
        const auto& planned = list.front();
        if (planned.start < setup_.since || over_.contains(planned.id) || known(planned.id)) continue;
        auto record = record_of(planned);
        record.status = "skipped";
        record.reason = reason;
        record.clock = clock.state;
        record.clock_error_ms = clock.error_ms;
        over.push_back(std::move(record));
    }
}

void Outlet::pass_over_until(Instant now) {
    std::vector<AiringRecord> over;
    pass_over(planned_, now, "the board was not playing at that time", over);
    pass_over(replaced_, now, "the rest of the day was planned anew after plays were missed", over);
    if (over.empty()) return;
    try {
        journal_.add(over);
    } catch (const Error& e) {
        not_written(e);
        const auto room = std::min(over.size(), most_waiting - waiting_.size());
        waiting_.insert(waiting_.end(), over.begin(), over.begin() + static_cast<std::ptrdiff_t>(room));
    }
}

std::vector<scheduler::Aired> Outlet::aired_since(Instant from) {
    std::vector<scheduler::Aired> aired;
    const auto add = [&](const AiringRecord& r) {
        const bool counts = r.status == "aired" || r.status == "truncated" || r.status == "substituted";
        if (r.outlet == setup_.id && counts && r.started && r.ended && *r.started >= from)
            aired.push_back({r.airing, r.booking, r.segment, *r.started, *r.ended});
    };
    constexpr std::int64_t chunk = 1000;
    try {
        bool further = true;
        for (auto last = journal_.state().last; last > 0 && further; last -= chunk) {
            const auto first = std::max<std::int64_t>(1, last - chunk + 1);
            const auto records = journal_.read(first, static_cast<std::size_t>(last - first + 1));
            for (const auto& r : records) add(r);
            further = !records.empty() &&
                      (!records.front().planned_start || *records.front().planned_start >= from);
        }
    } catch (const Error& e) {
        not_written(e);
    }
    for (const auto& r : waiting_) add(r);
    for (const auto& queued : queue_) {
        const auto& p = queued.planned;
        if (queued.on_air && queued.record.started)
            aired.push_back({p.id, p.booking, p.segment, *queued.record.started,
                             *queued.record.started + (p.end - p.start)});
    }
    return aired;
}

void Outlet::plan_from(Instant now) {
    const auto& p = *programme_;
    const bool first = planned_until_ == Instant{};
    const auto day =
        first ? scheduler::broadcast_day_of(p.schedule, p.place.zone, now).day : planned_day_ + days{1};
    const auto plan = scheduler::plan_day(p.schedule, p.content->catalogue, p.place, day, 0);
    planned_day_ = day;
    std::erase_if(over_, [&](const auto& done) { return done.second + 1h < now; });
    planned_until_ = plan.until;
    if (!first) {
        planned_.insert(planned_.end(), plan.airings.begin(), plan.airings.end());
        return;
    }
    follows_ = {};
    auto aired = aired_since(plan.from);
    std::set<std::string> ids;
    for (const auto& a : aired) ids.insert(a.id);
    // What was due before there was a board, or is over in this run, is not made good.
    for (const auto& a : plan.airings) {
        if ((a.start < setup_.since || over_.contains(a.id)) && a.start < now && ids.insert(a.id).second)
            aired.push_back({a.id, a.booking, a.segment, a.start, std::min(a.end, now)});
    }
    const auto rest = scheduler::plan_rest(p.schedule, p.content->catalogue, p.place, day, 0, aired, now);
    for (const auto& a : rest.airings) ids.insert(a.id);
    for (const auto& a : plan.airings) {
        if (!ids.contains(a.id)) (a.end <= now ? planned_ : replaced_).push_back(a);
    }
    planned_.insert(planned_.end(), rest.airings.begin(), rest.airings.end());
}

/// Where plays went by unheard (a player that would not start, a board that slept), the rest of the day is
/// planned anew.
void Outlet::plan_again_after_trouble(Instant now) {
    const auto went_by = [&](const PlannedAiring& a) {
        return a.end <= now && a.kind != scheduler::BookingKind::filler && !over_.contains(a.id);
    };
    if (planned_until_ == Instant{} || now >= planned_until_ || planned_until_ - now < horizon ||
        std::none_of(planned_.begin(), planned_.end(), went_by))
        return;
    planned_.clear();
    replaced_.clear();
    planned_until_ = {};
}

void Outlet::fill() {
    if (!programme_ || stopping_) return;
    const auto now = clock_().now;
    if (planned_until_ - now > 50h) {  // a clock that was ahead and has been set right
        planned_.clear();
        replaced_.clear();
        planned_until_ = {};
    }
    plan_again_after_trouble(now);
    if (now >= planned_until_ || planned_until_ - now < horizon) {
        if (now >= planned_until_ + 24h) planned_until_ = {};  // a clock that leapt: begin with today
        plan_from(now);
    }
    pass_over_until(now);
    const auto cued = [&] {
        return std::count_if(queue_.begin(), queue_.end(), [](const Queued& q) { return !q.dropped; });
    };
    while (cued() < ahead && !planned_.empty()) {
        const auto planned = planned_.front();
        planned_.pop_front();
        // An airing cut off by a power failure goes on where it is; one this run has done does not come
        // twice.
        const auto waits = [&](const Queued& q) { return !q.dropped && q.planned.id == planned.id; };
        if (over_.contains(planned.id)) continue;
        if (std::any_of(queue_.begin(), queue_.end(), waits)) {
            follows_ = planned.end;
            continue;
        }
        Queued queued;
        queued.planned = planned;
        queued.record = record_of(planned);
        queued.cue = cue_of(planned, queued.record);
        // The same airing may be cued again under a new release; events name the cue, records the airing.
        queued.cue.airing = planned.id + '-' + std::to_string(++cued_);
        try {
            queued.handle = journal_.open(queued.record);
        } catch (const Error& e) {  // the screen goes on; the record waits in memory
            not_written(e);
        }
        follows_ = planned.end;
        if (player_) player_->say(queued.cue);
        queue_.push_back(std::move(queued));
    }
}

void Outlet::tell_guide() {
    const auto now_us = clock_().monotonic_us;
    const bool due = guide_told_us_ == 0 || now_us - guide_told_us_ > 600'000'000;
    if (setup_.profile.empty() || !player_ || !programme_ || !due) return;
    guide_told_us_ = now_us;
    player::Guide guide;
    Instant end{};
    const std::string* campaign = nullptr;
    const auto add = [&](const PlannedAiring& a) {
        if (campaign && *campaign == a.campaign && a.start - end < 1s &&
            end - guide.items.back().start < 3h) {
            guide.items.back().duration = duration_cast<milliseconds>(a.end - guide.items.back().start);
        } else if (guide.items.size() < most_guide) {
            guide.items.push_back(
                {a.start, duration_cast<milliseconds>(a.end - a.start), iso_639_2(a.locale), "", ""});
            const auto& all = programme_->schedule.campaigns;
            const auto found =
                std::find_if(all.begin(), all.end(), [&](const auto& c) { return c.id == a.campaign; });
            guide.items.back().title = (found == all.end() ? a.campaign : found->title).substr(0, 200);
        } else {
            return;
        }
        campaign = &a.campaign;
        end = a.end;
    };
    for (const auto& queued : queue_) add(queued.planned);
    for (const auto& planned : planned_) add(planned);
    player_->say(guide);
}

void Outlet::beat() {
    timer_.expires_after(1s);
    timer_.async_wait([this](const auto& ec) {
        if (ec || stopping_) return;
        write_waiting();
        fill();
        tell_guide();
        beat();
    });
}

/// Ends a player that hangs, so that the next item is on within two seconds.
void Outlet::watch() {
    watch_.expires_after(watch_every);
    watch_.async_wait([this](const auto& ec) {
        if (ec || stopping_) return;
        const auto now = clock_().monotonic_us;
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
    for (const auto& queued : queue_) {
        if (queued.on_air)
            view.on_air = queued.record;
        else if (!queued.dropped && view.next.size() < 5)
            view.next.push_back(queued.planned);
    }
    for (const auto& planned : planned_) {
        if (view.next.size() >= 5) break;
        view.next.push_back(planned);
    }
    return view;
}

}  // namespace riverlight::firmware
