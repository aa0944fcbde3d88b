#include "player/screen/screen_controller.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "content/base/error.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr auto probe_every = 1s, full_probe_every = 5s;
/// A flip is committed so long after the blank before its own: the driver has left its interrupt by then.
constexpr auto after_vblank = 500us;
/// How soon a flip is tried again that found the display busy.
constexpr auto busy_retry = 1ms;
/// Frames later than this are not caught up with: the machine was suspended.
constexpr auto max_lateness = 1s;
/// The clock of frames while there is no display.
constexpr Ratio no_display_refresh{50, 1};

Timing timing_from(Ratio refresh, Ratio frame_rate, SteadyTime first) {
    return {Cadence(refresh, frame_rate, 0, 0), VblankClock(refresh, 0, first)};
}

}  // namespace

ScreenController::ScreenController(Display& display, ScreenSpec spec, Ratio frame_rate,
                                   std::chrono::milliseconds lead, SteadyTime now, bool panel_on)
    : display_(display),
      spec_(std::move(spec)),
      frame_rate_(frame_rate),
      panel_on_(panel_on),
      next_probe_(now),
      next_full_probe_(now),
      timing_(timing_from(no_display_refresh, frame_rate, now + lead)),
      compositor_(spec_.rotate) {}

void ScreenController::set_panel(bool on, SteadyTime now) {
    if (std::exchange(panel_on_, on) != on) next_probe_ = now;
}

/// From the waiting frame on, times follow a new clock. The frame goes to the blank nearest to its old time.
void ScreenController::restart_timing(Ratio refresh, SteadyTime now,
                                      const std::optional<Display::Vblank>& vblank) {
    const auto due = std::max(timing_.due(frame_), now);
    VblankClock clock(refresh, vblank ? vblank->count : 0, vblank ? vblank->at : due);
    const auto half = nanoseconds(500'000'000 * refresh.den / refresh.num);
    timing_ = {Cadence(refresh, frame_rate_, frame_, clock.vblank_at(due + half)), clock};
}

void ScreenController::lose_display(const std::string& why, SteadyTime now) {
    trouble_ = why;
    if (state_ == State::no_display) return;
    state_ = State::no_display;
    drawn_ = false;
    ++counts_.unplugged;
    connector_ = {};
    dpms_.clear();
    restart_timing(no_display_refresh, now, {});
    try {
        display_.disable();
    } catch (const Error&) {  // it is gone: that is why
    }
}

void ScreenController::enable(const Connector& connector, SteadyTime now) {
    assert(state_ == State::no_display && panel_on_);
    const auto& mode = choose_mode(connector.modes, spec_.mode, frame_rate_);
    display_.enable(connector, mode,
                    layers_.picture ? compositor_.compose(layers_, true) : black(mode.width, mode.height));
    compositor_.reset_plane();
    state_ = State::showing;
    drawn_ = false;
    ++counts_.plugged;
    connector_ = connector;
    mode_ = mode;
    trouble_.clear();
    restart_timing(mode.refresh, now, display_.last_vblank());
}

void ScreenController::switch_panel(const Connector& connector, SteadyTime now) {
    if (!panel_on_) {
        display_.power_off(connector);
        connector_ = connector;
        trouble_.clear();
        state_ = has_mode() ? State::suspended : State::off_from_start;
    } else if (!has_mode()) {
        state_ = State::no_display;
        return enable(connector, now);
    } else {
        const bool with_texts = !compositor_.texts_on_plane();
        display_.power_on(layers_.picture ? compositor_.compose(layers_, with_texts)
                                          : black(mode_.width, mode_.height));
        restart_timing(mode_.refresh, now, display_.last_vblank());
        state_ = State::showing;
    }
    drawn_ = false;
}

/// Compares what is plugged in with what is in use, and what is wanted with what is on.
void ScreenController::probe(SteadyTime now) {
    next_probe_ = now + probe_every;
    const bool full = state_ == State::no_display && now >= next_full_probe_;
    if (full) next_full_probe_ = now + full_probe_every;
    try {
        const auto all = display_.connectors(full ? Display::Probe::full : Display::Probe::cached);
        const auto* chosen = choose_connector(all, spec_.connector);
        if (state_ != State::no_display &&
            (!chosen || chosen->id != connector_.id || chosen->display != connector_.display))
            lose_display("the display was unplugged", now);
        if (!chosen) {
            trouble_ = spec_.connector.empty() ? "no display is plugged in"
                                               : "no display is plugged into " + spec_.connector;
            return;
        }
        if (state_ == State::no_display && panel_on_) enable(*chosen, now);
        if (is_off() == panel_on_) switch_panel(*chosen, now);
        dpms_ = display_.dpms_state();
    } catch (const Error& e) {
        lose_display(e.what(), now);
    }
}

void ScreenController::submit(Layers layers, std::int64_t frame, SteadyTime now) {
    assert(ready_for_frame() && layers.picture);
    layers_ = std::move(layers);
    frame_ = frame;
    frame_waits_ = true;
    drawn_ = false;
    if (timing_.due(frame) + max_lateness >= now) return;
    const bool showing = state_ == State::showing;
    restart_timing(has_mode() ? mode_.refresh : no_display_refresh, now,
                   showing ? display_.last_vblank() : std::nullopt);
}

void ScreenController::finish_frame(std::int64_t& count) {
    assert(frame_waits_);
    frame_waits_ = drawn_ = false;
    ++count;
    frames_.settle_before(++frame_);
}

void ScreenController::finish_shown() {
    finish_frame(counts_.shown);
}

void ScreenController::finish_unseen(std::int64_t& count) {
    frames_.lose(frame_, frame_ + 1);
    finish_frame(count);
}

void ScreenController::draw_waiting() {
    const bool on_plane = compositor_.put_texts_on_plane(display_, layers_);
    display_.draw(compositor_.compose(layers_, !on_plane));
    drawn_ = true;
    if (const auto vblank = display_.last_vblank()) timing_.clock.observe(vblank->count, vblank->at);
}

/// Commits the waiting frame right after the blank before its own. Returns when to go on.
SteadyTime ScreenController::present(SteadyTime now) {
    if (state_ != State::showing) {
        const auto due = timing_.due(frame_);
        if (now < due) return due;
        finish_unseen(is_off() ? counts_.dark : counts_.unseen);
        return now;
    }
    // If the next frame is due already, showing this one would make that late as well.
    if (!drawn_ && now >= timing_.due(frame_ + 1)) {
        finish_unseen(counts_.skipped);
        return now;
    }
    if (!drawn_) draw_waiting();
    const auto vblank = timing_.cadence.vblank_of(frame_);
    const auto earliest = timing_.clock.time_of(vblank - 1) + after_vblank;
    if (now < earliest) return earliest;
    if (!display_.page_flip()) return now + busy_retry;
    counts_.late += timing_.clock.vblank_at(now) >= vblank;
    finish_shown();
    return now;
}

SteadyTime ScreenController::step(SteadyTime now) {
    if (now >= next_probe_) probe(now);
    if (!frame_waits_) return next_probe_;
    try {
        return std::min(next_probe_, present(now));
    } catch (const Error& e) {
        lose_display(e.what(), now);
        next_probe_ = now + probe_every;
        return now;
    }
}

Evidence ScreenController::evidence() const {
    const bool texts = layers_.strap || layers_.subtitle;
    return {{"connector", state_ == State::no_display ? std::string("none") : connector_.name},
            {"display", connector_.display},
            {"mode", has_mode() ? to_text(mode_) : std::string{}},
            {"text", std::string(texts ? (compositor_.texts_on_plane() ? "plane" : "picture") : "")},
            {"panel", std::string(panel_on_ ? "on" : "off")},
            {"dpms", dpms_},
            {"path", display_.description()},
            {"frames_shown", counts_.shown},
            {"frames_dark", counts_.dark},
            {"frames_unseen", counts_.unseen},
            {"frames_late", counts_.late},
            {"frames_skipped", counts_.skipped},
            {"plugged", counts_.plugged},
            {"unplugged", counts_.unplugged}};
}

}  // namespace riverlight::player
