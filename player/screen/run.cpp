#include "player/screen/run.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "player/av/raster.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr auto look_every = 1s, look_thoroughly_every = 5s;
/// The commit goes in so long after the blank before: the driver has left its interrupt by then.
constexpr auto after_blank = 500us;
/// How soon a device that was busy is asked again.
constexpr auto busy_for = 1ms;
/// Frames later than this are not caught up with: the machine slept.
constexpr auto too_late = 1s;
constexpr Ratio unplugged_refresh{50, 1};

Timing timing_from(Ratio refresh, Ratio beat, Moment first) {
    return {Cadence(refresh, beat, 0, 0), BlankClock(refresh, 0, first)};
}

}  // namespace

ScreenRun::ScreenRun(Display& display, ScreenSpec spec, Ratio beat, std::chrono::milliseconds lead,
                     Moment now, bool panel_on)
    : display_(display),
      spec_(std::move(spec)),
      beat_(beat),
      timing_(timing_from(unplugged_refresh, beat, now + lead)),
      panel_on_(panel_on),
      next_look_(now),
      next_thorough_(now) {}

void ScreenRun::set_panel(bool on, Moment now) {
    if (std::exchange(panel_on_, on) != on) next_look_ = now;
}

/// From the frame that waits on, times follow the new clock; it comes on the blank nearest to where it would
/// have.
void ScreenRun::anchor(Ratio refresh, Moment now, const std::optional<Display::Blank>& blank) {
    const auto due = std::max(timing_.due(frame_), now);
    BlankClock clock(refresh, blank ? blank->count : 0, blank ? blank->at : due);
    const auto half = nanoseconds(500'000'000 * refresh.den / refresh.num);
    timing_ = {Cadence(refresh, beat_, frame_, clock.blank_at(due + half)), clock};
}

void ScreenRun::go_dark(const std::string& why, Moment now) {
    trouble_ = why;
    if (!lit_ && !asleep_) return;
    lit_ = asleep_ = drawn_ = false;
    ++unplugged_;
    connector_ = {};
    power_.clear();
    anchor(unplugged_refresh, now, {});
    try {
        display_.dark();
    } catch (const Error&) {  // it is away; that is why
    }
}

void ScreenRun::light(const Connector& connector, Moment now) {
    const auto& mode = choose_mode(connector.modes, spec_.mode, beat_);
    display_.light(connector, mode, layers_.picture ? picture(true) : black(mode.width, mode.height));
    apart_.reset();
    lit_ = true;
    drawn_ = false;
    ++plugged_;
    connector_ = connector;
    mode_ = mode;
    trouble_.clear();
    anchor(mode.refresh, now, display_.last_blank());
}

/// A display that is off keeps its mode and its clock; one that was never lit is lit when it comes on.
void ScreenRun::switch_panel(const Connector& connector, Moment now) {
    if (panel_on_ && !lit_) {
        asleep_ = false;
        return light(connector, now);
    }
    if (panel_on_) {
        display_.wake(layers_.picture ? picture(!apart_.value_or(false)) : black(mode_.width, mode_.height));
        anchor(mode_.refresh, now, display_.last_blank());
    } else {
        display_.sleep(connector);
        connector_ = connector;
        trouble_.clear();
    }
    asleep_ = !panel_on_;
    drawn_ = false;
}

/// Whether what is plugged in is still what is lit.
void ScreenRun::look(Moment now) {
    next_look_ = now + look_every;
    const bool thoroughly = !lit_ && !asleep_ && now >= next_thorough_;
    if (thoroughly) next_thorough_ = now + look_thoroughly_every;
    try {
        const auto all = display_.connectors(thoroughly);
        const auto* chosen = choose_connector(all, spec_.connector);
        if ((lit_ || asleep_) &&
            (!chosen || chosen->id != connector_.id || chosen->display != connector_.display))
            go_dark("the display was unplugged", now);
        if (!chosen) {
            trouble_ = spec_.connector.empty() ? "no display is plugged in"
                                               : "no display is plugged into " + spec_.connector;
            return;
        }
        if (!lit_ && !asleep_ && panel_on_) light(*chosen, now);
        if (asleep_ == panel_on_) switch_panel(*chosen, now);
        power_ = display_.power();
    } catch (const Error& e) {
        go_dark(e.what(), now);
    }
}

/// Texts that change, or come to a display that was just lit, are offered to it.
bool ScreenRun::texts_apart() {
    if (spec_.rotate != 0) return false;  // a plane is not turned
    if (apart_ && layers_.strap == laid_strap_ && layers_.subtitle == laid_subtitle_) return *apart_;
    laid_strap_ = layers_.strap;
    laid_subtitle_ = layers_.subtitle;
    const std::array<const Overlay*, 2> texts{laid_strap_.get(), laid_subtitle_.get()};
    apart_ = display_.lay(texts, layers_.picture->width, layers_.picture->height);
    return *apart_;
}

/// As the display is to show it; valid until the next call.
const Picture& ScreenRun::picture(bool with_texts) {
    const auto& base = *layers_.picture;
    if (with_texts && !canvas_) canvas_.emplace(black(base.width, base.height));
    Piece texts;
    texts.subtitle = layers_.subtitle;
    texts.strap = layers_.strap;
    const auto& whole = with_texts ? canvas_->compose_over(base, texts) : base;
    if (spec_.rotate == 0) return whole;
    turn(whole, spec_.rotate, turned_);
    return turned_;
}

void ScreenRun::give(Layers layers, std::int64_t frame, Moment now) {
    layers_ = std::move(layers);
    frame_ = frame;
    waiting_ = true;
    drawn_ = false;
    if (timing_.due(frame) + too_late < now)
        anchor(lit_ ? mode_.refresh : unplugged_refresh, now, seen() ? display_.last_blank() : std::nullopt);
}

void ScreenRun::watch_blanks() {
    if (const auto blank = display_.last_blank()) timing_.clock.observe(blank->count, blank->at);
}

/// The frame that waits goes to the display right after the blank before its own.
Moment ScreenRun::hand_over(Moment now) {
    if (!seen()) {
        const auto due = timing_.due(frame_);
        if (now < due) return due;
        waiting_ = false;
        ++(asleep_ ? dark_ : unseen_);
        ++frame_;
        return now;
    }
    // Where the next is due already, this one would only make that late as well.
    if (!drawn_ && now >= timing_.due(frame_ + 1)) {
        waiting_ = false;
        ++skipped_;
        ++frame_;
        return now;
    }
    if (!drawn_) {
        const bool apart = texts_apart();
        display_.draw(picture(!apart));
        drawn_ = true;
        watch_blanks();
    }
    const auto blank = timing_.cadence.blank_of(frame_);
    const auto from = timing_.clock.time_of(blank - 1) + after_blank;
    if (now < from) return from;
    if (!display_.flip()) return now + busy_for;
    late_ += timing_.clock.blank_at(now) >= blank;
    waiting_ = drawn_ = false;
    ++shown_;
    ++frame_;
    return now;
}

Moment ScreenRun::step(Moment now) {
    if (now >= next_look_) look(now);
    if (!waiting_) return next_look_;
    try {
        return std::min(next_look_, hand_over(now));
    } catch (const Error& e) {
        go_dark(e.what(), now);
        next_look_ = now + look_every;
        return now;
    }
}

std::map<std::string, std::string> ScreenRun::evidence() const {
    const bool texts = layers_.strap || layers_.subtitle;
    return {{"connector", lit_ || asleep_ ? connector_.name : "none"},
            {"display", connector_.display},
            {"mode", lit_ ? to_text(mode_) : ""},
            {"text", texts ? (apart_.value_or(false) ? "plane" : "picture") : ""},
            {"panel", panel_on_ ? "on" : "off"},
            {"dpms", power_},
            {"path", display_.path()},
            {"frames_shown", std::to_string(shown_)},
            {"frames_dark", std::to_string(dark_)},
            {"frames_unseen", std::to_string(unseen_)},
            {"frames_late", std::to_string(late_)},
            {"frames_skipped", std::to_string(skipped_)},
            {"plugged", std::to_string(plugged_)},
            {"unplugged", std::to_string(unplugged_)}};
}

}  // namespace riverlight::player
