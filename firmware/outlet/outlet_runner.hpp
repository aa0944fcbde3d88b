#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "firmware/clock/clock.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/outlet/folder_limit.hpp"
#include "firmware/outlet/journal_log.hpp"
#include "firmware/outlet/outlet_supervisor.hpp"
#include "firmware/outlet/plan_maker.hpp"
#include "firmware/outlet/player_process.hpp"

namespace riverlight::firmware {

/// Runs an OutletSupervisor: hands it what happens with the time, and carries out what it decides. Owns the
/// player process and the thread that plans. On the loop's thread.
class OutletRunner {
  public:
    /// Makes the outlet's folders. Nothing is on before the first play(). `loop` and `journal` outlive this.
    OutletRunner(boost::asio::io_context& loop, const OutletSetup& setup, Journal& journal,
                 std::function<ClockReading()> clock);
    ~OutletRunner();
    OutletRunner(const OutletRunner&) = delete;
    OutletRunner& operator=(const OutletRunner&) = delete;

    /// Puts a programme on. What is on air stays, unless its country no longer clears it: then it ends at
    /// once. Everything behind it is planned again. nullptr: no release is held yet; the slate is on.
    void play(std::shared_ptr<const Programme> programme);
    /// Shows a notice to the people in front of a screen, until the next; empty: none. A feed shows none.
    void show(player::Notice notice);
    /// Asks the player to end, which takes it a second at most, and closes what was on air.
    void stop();

    [[nodiscard]] OutletView view() const { return supervisor_.view(clock_()); }
    /// Names of the media files that the player has, or is told to open next.
    [[nodiscard]] std::set<std::string> media() const { return supervisor_.media(); }
    /// A plan is being made, on a thread of its own.
    [[nodiscard]] bool is_planning() const { return planner_.is_busy(); }

  private:
    void handle(const OutletEvent& event);
    /// Returns what the supervisor is to be told of it, if anything.
    [[nodiscard]] std::optional<OutletEvent> carry_out(const OutletAction& action);
    void start_player(const std::vector<std::string>& command_line);
    void poll();
    void check_folders();

    boost::asio::io_context& loop_;
    std::function<ClockReading()> clock_;
    JournalLog log_;
    OutletSupervisor supervisor_;
    std::unique_ptr<PlayerProcess> player_;
    PlanMaker planner_;
    std::vector<FolderLimit> folders_;  ///< that the player fills
    int polls_ = 0;                     ///< since they were looked at
    boost::asio::steady_timer timer_;
};

}  // namespace riverlight::firmware
