#pragma once
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "player/screen/screen_controller.hpp"

namespace riverlight::player {

/// Runs a ScreenController on a thread of its own, the only one that touches the display: it draws, waits for
/// vertical blanks and probes connectors. It never waits for the player: if a frame does not come in time,
/// the display keeps the one before. If the driver hangs, show() does not return, and the daemon, which hears
/// no `health` events, restarts the player.
class Screen {
  public:
    /// Frames that wait for their blank: bridges a slow frame of the player. Sound is ahead by as much.
    static constexpr std::size_t frames_ahead = 3;

    /// `panel_on` false: the display is off until it is switched on.
    Screen(std::unique_ptr<Display> display, const ScreenSpec& spec, Ratio frame_rate, bool panel_on = true);
    ~Screen();
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    /// Queues the frame. Waits until there is room, so the display's clock paces the caller. Throws Error
    /// with the reason if the thread has ended.
    void show(Layers layers, std::int64_t frame);
    /// Switches the display off, or on again, soon.
    void set_panel(bool on);
    /// When frame `frame` is seen.
    [[nodiscard]] SteadyTime due(std::int64_t frame) const;
    [[nodiscard]] Evidence evidence() const;
    [[nodiscard]] FrameFate fate_of(std::int64_t frame) const { return controller_.fate_of(frame); }
    [[nodiscard]] std::string trouble() const;
    [[nodiscard]] ConnectorId connector() const;

  private:
    struct Queued {
        std::int64_t frame = 0;
        Layers layers;
    };
    void run();
    void loop();
    /// Copies what other threads ask for.
    void publish();
    /// Waits until `next` or until there is something to do. True if it is time to end.
    [[nodiscard]] bool wait_until(SteadyTime next, bool panel_was_on);
    [[nodiscard]] std::optional<Queued> take_queued();

    // More than 12 members: what the thread owns, and a copy of what others ask for, under the lock.
    std::unique_ptr<Display> display_;  // only the thread uses it, as controller_, but for fate_of()
    ScreenController controller_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    // guarded by mutex_
    std::deque<Queued> queue_;
    Timing timing_;
    Evidence evidence_;
    std::string trouble_;
    std::optional<std::string> end_reason_;  ///< why the thread ended
    ConnectorId connector_;
    bool stop_ = false, panel_on_;
    std::thread thread_;
};

}  // namespace riverlight::player
