#pragma once
#include <map>
#include <memory>
#include <string>

#include "player/canvas/canvas.hpp"
#include "player/screen/display.hpp"

namespace riverlight::player {

/// When frames are seen: what a screen promises and its sound keeps to.
struct Timing {
    Cadence cadence;
    BlankClock clock;
    [[nodiscard]] Moment due(std::int64_t frame) const { return clock.time_of(cadence.blank_of(frame)); }
};

/// What a screen does, step by step: frames onto vertical blanks, displays that come and go. Time is handed
/// in. A display that is away costs no frame: each has its turn, unseen, by the mode's own clock.
class ScreenRun {
  public:
    /// Frame 0 is due `lead` after `now`. `rotate`, connector and mode as `spec` says. `panel_on` false: the
    /// display is off until it is switched on.
    ScreenRun(Display& display, ScreenSpec spec, Ratio beat, std::chrono::milliseconds lead, Moment now,
              bool panel_on = true);
    /// The display is switched off, or on again: frames go on, unseen. The next step() does it.
    void set_panel(bool on, Moment now);
    [[nodiscard]] const Timing& timing() const { return timing_; }
    /// True: give() it the next frame.
    [[nodiscard]] bool hungry() const { return !waiting_; }
    void give(Layers layers, std::int64_t frame, Moment now);
    /// Does what is to be done by now; says when there is something to do again.
    [[nodiscard]] Moment step(Moment now);
    /// connector, display (EDID's name), mode, text (plane | picture: where it was put last), panel (on |
    /// off: as it was told), dpms (what the driver says), path; frames_shown, frames_dark (the panel was
    /// off), frames_unseen (the display was away), frames_late, frames_skipped, plugged, unplugged.
    [[nodiscard]] std::map<std::string, std::string> evidence() const;
    /// Why nobody sees it; empty: it is seen.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }
    /// The kernel's id of the connector that is lit or sleeps; 0: none.
    [[nodiscard]] std::uint32_t connector() const { return connector_.id; }

  private:
    void look(Moment now);
    void light(const Connector& connector, Moment now);
    void switch_panel(const Connector& connector, Moment now);
    [[nodiscard]] bool seen() const { return lit_ && !asleep_; }
    void go_dark(const std::string& why, Moment now);
    void anchor(Ratio refresh, Moment now, const std::optional<Display::Blank>& blank);
    void watch_blanks();
    [[nodiscard]] bool texts_apart();
    [[nodiscard]] const Picture& picture(bool with_texts);
    [[nodiscard]] Moment hand_over(Moment now);

    Display& display_;
    ScreenSpec spec_;
    Ratio beat_;
    Timing timing_;
    bool panel_on_;
    bool lit_ = false, asleep_ = false;  ///< asleep: off, whether it was lit before or not
    bool waiting_ = false, drawn_ = false;
    std::int64_t frame_ = 0;  ///< the one that waits, or the next to come
    Connector connector_;     ///< while lit or asleep
    Mode mode_;
    Layers layers_;  ///< the last; what a display that comes is shown at once
    std::optional<Canvas> canvas_;
    Picture turned_;
    std::optional<bool> apart_;  ///< whether the display took the texts that it was given last
    std::shared_ptr<const Overlay> laid_strap_, laid_subtitle_;
    Moment next_look_{}, next_thorough_{};
    std::string power_, trouble_;
    std::int64_t shown_ = 0, unseen_ = 0, dark_ = 0, late_ = 0, skipped_ = 0, plugged_ = 0, unplugged_ = 0;
};

}  // namespace riverlight::player
