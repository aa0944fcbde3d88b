#pragma once
#include <array>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "content/http/server.hpp"
#include "firmware/clock/timekeeper.hpp"
#include "firmware/config/config.hpp"
#include "firmware/follow/follower.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/journal/salvage.hpp"
#include "firmware/nearby/sharing.hpp"
#include "firmware/outlet_group.hpp"
#include "firmware/repeating_timer.hpp"
#include "firmware/report/reporter.hpp"
#include "firmware/staging/stager.hpp"
#include "firmware/start/crash_loop_guard.hpp"
#include "firmware/start/optional_part.hpp"
#include "firmware/status/routes.hpp"
#include "firmware/stick/monitor.hpp"
#include "firmware/update/update_runner.hpp"

namespace riverlight::firmware {

/// One run of a board: makes its parts, connects them, and calls them in time. It decides nothing itself.
/// Owner: the daemon's loop thread; the channel, the office and the hashing of a factory loop have threads of
/// their own.
class Board {
  public:
    /// `config` as settings_for(start) returns it; `system`: where the system's files are; `start` and `loop`
    /// must outlive the board. `leftovers`: folders whose journals are taken over. `on_restart` is called
    /// once, from the loop, when the board can start again in a better mode; it has to stop the board. The
    /// outlets begin first; every part that they do not need may fail, and is tried again. Throws Error if no
    /// outlet can be made.
    Board(boost::asio::io_context& loop, Config config, const SystemPaths& system, StartDecision& start,
          const std::vector<std::string>& leftovers, std::function<void()> on_restart);
    Board(const Board&) = delete;
    Board& operator=(const Board&) = delete;

    /// Stops all parts in order; players take up to 700 ms.
    void stop();
    /// How far each outlet has come.
    [[nodiscard]] std::vector<OutletProgress> progress() const { return outlets_.progress(); }
    /// Whether a transfer with the channel or the office, or a plan, is still under way on its own thread.
    [[nodiscard]] bool is_busy() const;

  private:
    [[nodiscard]] bool normal() const { return start_.mode == RunMode::normal; }
    void prepare_journal(const std::vector<std::string>& leftovers);
    void take_over_journals(const std::vector<std::string>& leftovers);
    void start_playing();
    [[nodiscard]] std::string survived_release() const;
    [[nodiscard]] std::string refused_release();
    void start_optional_parts(boost::asio::io_context& loop);
    [[nodiscard]] std::unique_ptr<http::Server> make_server(boost::asio::io_context& loop);
    [[nodiscard]] std::unique_ptr<Reporter> make_reporter(boost::asio::io_context& loop);
    [[nodiscard]] std::unique_ptr<UpdateRunner> make_update_runner();
    [[nodiscard]] std::unique_ptr<Follower> make_follower(boost::asio::io_context& loop);
    void retry_parts();
    void poll(const std::function<void()>& on_restart);
    void keep_journal();
    void begin_salvage();
    void salvage();
    void show_stick_notice();
    void poll_update();
    [[nodiscard]] std::vector<PartFault> part_faults() const;
    [[nodiscard]] BoardView view() const;
    [[nodiscard]] ViewParts view_parts() const;

    // One member for each part: a composition root has more than a dozen. In the order of their dependencies.
    Config config_;
    SystemPaths system_;
    std::optional<UpdateRunner::Setup> update_setup_;  ///< none: packages update this system
    StartDecision& start_;
    Journal journal_;
    content::Store store_;
    Timekeeper time_;
    CrashLoopGuard guard_;
    OutletGroup outlets_;
    ProgrammeStager stager_;
    StatusRoutes routes_;
    std::string began_with_;  ///< the release that this run began with; empty: with none, or another
    OptionalPart<StickMonitor> sticks_{BoardPart::sticks};
    OptionalPart<http::Server> server_{BoardPart::status_page};
    OptionalPart<Reporter> reporter_{BoardPart::office};     ///< wanted if an office is set up
    OptionalPart<UpdateRunner> update_{BoardPart::update};   ///< wanted in an image, in the normal mode
    OptionalPart<NearbySharing> nearby_{BoardPart::nearby};  ///< wanted in the normal mode, as is the …
    OptionalPart<Follower> follower_{BoardPart::channel};  ///< … its visit must end before what it calls goes
    std::optional<JournalSalvage> salvage_;                ///< while files set aside are being read
    RepeatingTimer poll_, minute_, salvage_timer_;
};

}  // namespace riverlight::firmware
