#include "tools/fleet/simulated_board.hpp"

#include <cassert>
#include <utility>

#include "content/airing/shown.hpp"
#include "content/airing/time_fix.hpp"

namespace riverlight::fleet {
namespace {

using namespace std::chrono_literals;
using content::AiringStatus;
using std::chrono::milliseconds;

constexpr auto longest_pause = 10min;  ///< between two looks at the agenda
constexpr std::size_t most_missed = 10'000;
constexpr int failed_percent = 2, cut_percent = 2;

milliseconds length_of(const scheduler::PlannedAiring& planned) {
    return std::chrono::round<milliseconds>(planned.end - planned.start);
}

/// Ends a record with the evidence that a player gives of what it showed.
void close(content::AiringRecord& r, const content::Shown& shown, std::chrono::microseconds lasted) {
    content::write_shown(shown, r.evidence);
    r.status = content::status_of(shown);
    r.frames = shown.shown / 40ms;
    r.samples = shown.shown / 1ms * 48;
    r.monotonic_end = *r.monotonic_start + lasted;
    r.ended = *r.started + lasted;
    if (r.status != AiringStatus::aired) r.reason = "a made-up fault";
}

/// Makes a closed record of what was not shown claim that it was.
void tell(Lie lie, content::AiringRecord& r, milliseconds length) {
    const auto frames = r.frames, samples = r.samples;
    close(r, {length, length, 0ms, true}, length);
    r.reason.clear();
    switch (lie) {
        case Lie::without_evidence:
            r.frames = r.samples = 0;
            return;
        case Lie::ends_before_start:
            r.ended = *r.started - 1min;
            r.monotonic_end = *r.monotonic_start - 1min;
            return;
        case Lie::far_from_plan:
            *r.started -= std::chrono::days{500};
            *r.ended -= std::chrono::days{500};
            return;
        case Lie::overclaim:
            r.frames = frames;
            r.samples = samples;
            return;
        case Lie::overlap:
            return;
    }
}

}  // namespace

SimulatedBoard::SimulatedBoard(Setup setup) : setup_(std::move(setup)), chance_(setup_.seed + 1) {}

void SimulatedBoard::start(Instant from, std::chrono::seconds behind, Instant fixed) {
    if (boot_) return;
    auto& log = setup_.begin_log();
    auto id = "boot-" + setup_.board + '-' + std::to_string(setup_.seed) + '-' + std::to_string(++boots_);
    firmware::RecordKeeper keeper(log, {"screen", setup_.place, id});
    boot_.emplace(Boot{from, std::move(id), behind, fixed, log, std::move(keeper), {}});
    boot_->agenda.set_in_service_since(since_);
    now_ = from;
}

firmware::ClockReading SimulatedBoard::clock(Instant now) const {
    firmware::ClockReading c;
    const bool wrong = boot_->behind > 0s && now < boot_->fixed;
    c.now = wrong ? now - boot_->behind : now;
    c.state = wrong ? content::ClockState::floor : content::ClockState::synchronised;
    if (!wrong) c.error = 10ms;
    c.monotonic = MonotonicTime{20s} + (now - boot_->began);
    return c;
}

void SimulatedBoard::run_until(Instant until) {
    while (boot_ && now_ < until) {
        if (!on_air_) {
            look_at_clock();
            look_at_agenda();
        } else if (on_air_->end <= until) {
            end();
        } else {
            break;
        }
    }
    if (boot_) flush();
}

void SimulatedBoard::cut_power(Instant at) {
    run_until(at);
    if (!boot_) return;
    if (on_air_) {
        boot_->log.update(boot_->log.open(on_air_->record), on_air_->record);
        setup_.on_deed({on_air_->planned, AiringStatus::interrupted, on_air_->began, 0ms, 0ms, {}});
    }
    on_air_.reset();
    boot_.reset();
}

/// A clock that becomes right.
void SimulatedBoard::look_at_clock() {
    if (boot_->behind == 0s || now_ < boot_->fixed) return;
    boot_->behind = 0s;
    const auto c = clock(now_);
    waiting_.push_back(
        record_of(content::TimeFix{setup_.board, boot_->id, c.now, c.monotonic, 10ms}, setup_.place));
}

/// What comes next: an airing, or a pause.
void SimulatedBoard::look_at_agenda() {
    auto& agenda = boot_->agenda;
    const auto c = clock(now_);
    if (const auto programme = setup_.programme(now_); programme != agenda.programme())
        agenda.begin(programme);
    const auto aired = [&](Instant since, Instant) {
        flush();
        return boot_->log.aired_since(since);
    };
    if (auto asked = agenda.ask(c, aired)) static_cast<void>(agenda.accept(firmware::make_plan(*asked), c));
    if (const auto missed = agenda.take_missed(c.now, most_missed); !missed.empty()) {
        flush();
        boot_->keeper.skip(missed, c);
        for (const auto& one : missed) setup_.on_deed({one.planned, AiringStatus::skipped, {}, 0ms, 0ms, {}});
    }
    if (agenda.coming().empty() || agenda.coming().front().start > c.now) {
        const auto wait = agenda.coming().empty() ? longest_pause : agenda.coming().front().start - c.now;
        now_ += std::min<std::chrono::microseconds>(wait, longest_pause);
        return;
    }
    begin(agenda.take_next());
}

void SimulatedBoard::begin(scheduler::PlannedAiring planned) {
    const auto c = clock(now_);
    auto r = boot_->keeper.planned(planned);
    r.sha256 = std::string(64, 'a');
    r.started = c.now;
    r.clock = c.state;
    r.clock_error = c.error;
    r.monotonic_start = c.monotonic;
    const auto end = now_ + (planned.end - c.now);
    on_air_ = OnAir{std::move(planned), std::move(r), now_, end};
}

std::optional<Lie> SimulatedBoard::draw_lie() {
    if (setup_.lies_percent == 0) return {};
    if (std::uniform_int_distribution<int>(0, 99)(chance_) >= setup_.lies_percent) return {};
    return Lie{static_cast<std::uint8_t>(std::uniform_int_distribution<int>(0, lie_count - 1)(chance_))};
}

/// Most airings go well.
void SimulatedBoard::end() {
    auto on = std::move(*on_air_);
    on_air_.reset();
    boot_->agenda.set_done(on.planned);
    const auto length = length_of(on.planned), lasted = std::chrono::round<milliseconds>(on.end - on.began);
    const auto luck = std::uniform_int_distribution<int>(0, 99)(chance_);
    auto lie = draw_lie();
    content::Shown shown{length, lasted, 0ms, luck >= failed_percent + cut_percent};
    if (luck < failed_percent) shown.shown = 0ms;
    if (luck >= failed_percent && !shown.end_shown) shown.shown /= 3;
    if (lie == Lie::overclaim) shown = {length, lasted / 3, 0ms, false};
    const bool is_played = !lie || lie == Lie::overlap || lie == Lie::overclaim;
    if (!is_played) shown = {length, 0ms, 0ms, false};
    close(on.record, shown, on.end - on.began);
    const auto happened = *on.record.status;
    // Where nothing was on, nothing overlaps. Nor does what begins ten seconds later beside something short:
    // the office allows clocks some seconds.
    const bool claims_next =
        lie == Lie::overlap && happened == AiringStatus::aired && on.end - on.began > 20s;
    if (lie == Lie::overlap) lie.reset();
    if (lie) tell(*lie, on.record, length);
    // What showed nothing was tried all the time.
    const auto on_air = shown.shown > 0ms ? shown.shown : lasted;
    setup_.on_deed({on.planned, happened, is_played ? std::optional(on.began) : std::nullopt, shown.shown,
                    is_played ? on_air : 0ms, lie});
    waiting_.push_back(on.record);
    if (claims_next) claim_next(on);
    now_ = on.end;
}

/// Claims that what comes next was on too, ten seconds after the begin of `beside`; and plays none of it.
void SimulatedBoard::claim_next(const OnAir& beside) {
    auto& agenda = boot_->agenda;
    if (agenda.coming().empty()) return;
    const auto planned = agenda.take_next();
    agenda.set_done(planned);
    auto r = boot_->keeper.planned(planned);
    r.sha256 = std::string(64, 'b');
    r.started = *beside.record.started + 10s;
    r.clock = beside.record.clock;
    r.clock_error = beside.record.clock_error;
    r.monotonic_start = *beside.record.monotonic_start + 10s;
    tell(Lie::overlap, r, length_of(planned));
    setup_.on_deed({planned, AiringStatus::skipped, {}, 0ms, 0ms, Lie::overlap});
    waiting_.push_back(std::move(r));
}

void SimulatedBoard::flush() {
    boot_->log.add(std::exchange(waiting_, {}));
    assert(boot_->log.fault().empty());
}

}  // namespace riverlight::fleet
