#pragma once
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "player/screen/run.hpp"

namespace riverlight::player {

/// A screen on a thread of its own, which alone touches the display: it draws, waits for vertical blanks and
/// looks after plugs. It never waits for the player: what does not come in time, the display shows the frame
/// before for. A driver that hangs keeps the thread; then show() does not come back, and whoever watches the
/// player sees it.
class Screen {
  public:
    /// So many frames wait their turn: what a slow moment of the player may cost, and what sound is ahead by.
    static constexpr std::size_t frames_ahead = 3;

    /// `panel_on` false: the display is off until it is switched on.
    Screen(std::unique_ptr<Display> display, const ScreenSpec& spec, Ratio beat, bool panel_on = true);
    ~Screen();
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    /// Waits until there is room, which the display's clock makes. Throws Error where the thread ended, with
    /// its reason.
    void show(Layers layers, std::int64_t frame);
    /// The display is switched off, or on again, as soon as its thread gets to it.
    void set_panel(bool on);
    /// When that frame is seen.
    [[nodiscard]] Moment due(std::int64_t frame) const;
    [[nodiscard]] std::map<std::string, std::string> evidence() const;
    [[nodiscard]] std::string trouble() const;
    [[nodiscard]] Socket socket() const;

  private:
    struct Waiting {
        std::int64_t frame = 0;
        Layers layers;
    };
    void run();
    void loop();
    void publish();

    std::unique_ptr<Display> display_;  // the thread's, as is run_
    ScreenRun run_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    // guarded by mutex_
    std::deque<Waiting> queue_;
    Timing timing_;
    std::map<std::string, std::string> evidence_;
    std::string trouble_, ended_;
    Socket socket_;
    bool stop_ = false, panel_on_;
    std::thread thread_;
};

}  // namespace riverlight::player
