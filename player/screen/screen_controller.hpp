#pragma once
#include <map>
#include <memory>
#include <string>

#include "player/evidence/evidence.hpp"
#include "player/evidence/fate_ledger.hpp"
#include "player/screen/compositor.hpp"
#include "player/screen/display.hpp"

namespace riverlight::player {

/// When frames are seen. The screen promises it, and sound is kept in step with it.
struct Timing {
    Cadence cadence;
    VblankClock clock;
    [[nodiscard]] SteadyTime due(std::int64_t frame) const { return clock.time_of(cadence.vblank_of(frame)); }
};

/// Puts frames onto vertical blanks and follows displays that are plugged, unplugged and switched off. While
/// no display shows them, frames take their turn by a clock of the nominal rate, so none is lost or delayed.
/// Never blocks on time: the caller passes it in and is told when to call again. One thread.
class ScreenController {
  public:
    /// Frame 0 is due `lead` after `now`. `panel_on` false: the display is off until it is switched on.
    ScreenController(Display& display, ScreenSpec spec, Ratio frame_rate, std::chrono::milliseconds lead,
                     SteadyTime now, bool panel_on = true);
    /// Switches the display off, or on again, with the next step().
    void set_panel(bool on, SteadyTime now);
    [[nodiscard]] const Timing& timing() const { return timing_; }
    /// True if submit() may be called.
    [[nodiscard]] bool ready_for_frame() const { return !frame_waits_; }
    /// The next frame. Its layers' picture is not null.
    void submit(Layers layers, std::int64_t frame, SteadyTime now);
    /// Does what is due at `now`. Returns when to call it again.
    [[nodiscard]] SteadyTime step(SteadyTime now);
    /// `connector`, `display` (its name), `mode`, `text` (plane or picture: where it was put last), `panel`
    /// (on or off: as wanted), `dpms` (what the driver says), `path` (Display::description());
    /// `frames_shown`, `frames_dark` (the panel was off), `frames_unseen` (no display), `frames_late`,
    /// `frames_skipped`, `plugged`, `unplugged`.
    [[nodiscard]] Evidence evidence() const;
    /// What became of a frame: left once the display flipped to it, lost where it was off, gone or too late.
    /// From any thread.
    [[nodiscard]] FrameFate fate_of(std::int64_t frame) const { return frames_.fate_of(frame); }
    /// Why nobody sees the screen; empty: it is seen, or switched off on purpose.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }
    /// The kernel's id of the display's connector; 0: no display.
    [[nodiscard]] std::uint32_t connector() const { return connector_.id; }

  private:
    enum class State {
        no_display,
        showing,         ///< frames are seen
        suspended,       ///< switched off after it was enabled; its mode is kept
        off_from_start,  ///< switched off, and never enabled
    };
    struct Counts {
        std::int64_t shown = 0, dark = 0, unseen = 0, late = 0, skipped = 0, plugged = 0, unplugged = 0;
    };
    void probe(SteadyTime now);
    void enable(const Connector& connector, SteadyTime now);
    void switch_panel(const Connector& connector, SteadyTime now);
    void lose_display(const std::string& why, SteadyTime now);
    void restart_timing(Ratio refresh, SteadyTime now, const std::optional<Display::Vblank>& vblank);
    void draw_waiting();
    [[nodiscard]] SteadyTime present(SteadyTime now);
    /// The waiting frame was shown.
    void finish_shown();
    /// The waiting frame has had its turn, and nobody saw it.
    void finish_unseen(std::int64_t& count);
    void finish_frame(std::int64_t& count);
    [[nodiscard]] bool has_mode() const { return state_ == State::showing || state_ == State::suspended; }
    [[nodiscard]] bool is_off() const {
        return state_ == State::suspended || state_ == State::off_from_start;
    }

    // More than 12 members: beside its settings the display in use, the frame that waits for its blank, and
    // when that is.
    Display& display_;
    ScreenSpec spec_;
    Ratio frame_rate_;
    bool panel_on_;  ///< as wanted
    State state_ = State::no_display;
    Connector connector_;  ///< of the display, unless there is none
    Mode mode_;            ///< while has_mode()
    std::string dpms_, trouble_;
    SteadyTime next_probe_, next_full_probe_;
    Timing timing_;
    Compositor compositor_;
    Layers layers_;           ///< the last frame's: what a display shows when it is enabled
    std::int64_t frame_ = 0;  ///< the one that waits, or the next to come
    bool frame_waits_ = false, drawn_ = false;
    Counts counts_;
    FateLedger frames_;
};

}  // namespace riverlight::player
