#pragma once
#include <array>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "content/http/server.hpp"
#include "firmware/clock/timekeeper.hpp"
#include "firmware/config/config.hpp"
#include "firmware/follow/follower.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/nearby/sharing.hpp"
#include "firmware/outlet_group.hpp"
#include "firmware/repeating_timer.hpp"
#include "firmware/report/reporter.hpp"
#include "firmware/staging/stager.hpp"
#include "firmware/start/crash_loop_guard.hpp"
#include "firmware/status/routes.hpp"
#include "firmware/stick/monitor.hpp"

namespace riverlight::firmware {

/// One run of a board: makes its parts, connects them, and calls them in time. It decides nothing itself.
/// Owner: the daemon's loop thread; the channel, the office and the hashing of a factory loop have threads of
/// their own.
class Board {
  public:
    /// `config` as settings_for(start) returns it; `start` and `loop` must outlive the board. `leftovers`:
    /// folders whose journals are taken over. `on_restart` is called once, from the loop, when the board can
    /// start again in a better mode; it has to stop the board. Throws Error if the board cannot start.
    Board(boost::asio::io_context& loop, Config config, StartDecision& start,
          const std::vector<std::string>& leftovers, std::function<void()> on_restart);
    Board(const Board&) = delete;
    Board& operator=(const Board&) = delete;

    /// Stops all parts in order; players take up to 700 ms.
    void stop();
    /// Whether a transfer with the channel or the office is still under way, on its own thread.
    [[nodiscard]] bool is_transferring() const;
    [[nodiscard]] std::uint16_t port() const { return server_.port(); }

  private:
    [[nodiscard]] bool normal() const { return start_.mode == RunMode::normal; }
    void take_over_journals(const std::vector<std::string>& leftovers);
    void start_playing();
    void start_reporting(boost::asio::io_context& loop);
    void start_following(boost::asio::io_context& loop);
    void poll(const std::function<void()>& on_restart);
    void keep_journal();
    void show_stick_notice();
    [[nodiscard]] BoardView view() const;
    [[nodiscard]] ViewParts view_parts() const;

    // One member for each part: a composition root has more than a dozen. In the order of their dependencies.
    Config config_;
    StartDecision& start_;
    Journal journal_;
    content::Store store_;
    Timekeeper time_;
    CrashLoopGuard guard_;
    StickMonitor stick_;
    OutletGroup outlets_;
    ProgrammeStager stager_;
    StatusRoutes routes_;
    http::Server server_;
    std::unique_ptr<Reporter> reporter_;     ///< null: no office is set up
    std::unique_ptr<NearbySharing> nearby_;  ///< null in reduced modes, as is the follower
    std::unique_ptr<Follower> follower_;     ///< its visit must end before what it calls goes
    RepeatingTimer poll_, minute_;
};

}  // namespace riverlight::firmware
