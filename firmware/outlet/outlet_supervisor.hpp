#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "firmware/outlet/agenda.hpp"
#include "firmware/outlet/airing_queue.hpp"
#include "firmware/outlet/announcements.hpp"
#include "firmware/outlet/failure_pause.hpp"
#include "firmware/outlet/outlet_events.hpp"
#include "firmware/outlet/outlet_setup.hpp"
#include "firmware/outlet/outlet_view.hpp"
#include "firmware/outlet/player_life.hpp"
#include "firmware/outlet/record_keeper.hpp"

namespace riverlight::firmware {

/// Keeps one outlet on air: decides from events and the time what its player is told, when the player is
/// started, killed and started again, and what the journal records. Starts no process, sets no timer, reads
/// no clock: an OutletRunner does. README.md shows its states. On the loop's thread.
class OutletSupervisor {
  public:
    /// `log` outlives this.
    OutletSupervisor(OutletSetup setup, AiringLog& log, UnexpectedEvent unexpected = UnexpectedEvent::abort);

    /// What is to be done about the event, in order. Carry it out before the next call.
    [[nodiscard]] std::vector<OutletAction> handle(const OutletEvent& event, const ClockReading& now);

    [[nodiscard]] PlayerState player_state() const { return player_.state(); }
    /// A StopRequested was handled.
    [[nodiscard]] bool is_stopping() const { return player_.is_stopping(); }
    [[nodiscard]] OutletView view(const ClockReading& now) const;
    /// Names of the media files that the player has, or is told to open next.
    [[nodiscard]] std::set<std::string> media() const { return queue_.media(); }

  private:
    void on(const ProgrammeArrived& event, const ClockReading& now);
    void on(const PlayerReported& event, const ClockReading& now);
    void on(const PlayerEnded& event, const ClockReading& now);
    void on(const PlayerStartFailed& event, const ClockReading& now);
    void on(const NoticeChanged& event, const ClockReading& now);
    void on(const TimePassed& event, const ClockReading& now);
    void on(const PlanMade& event, const ClockReading& now);
    void on(const StopRequested& event, const ClockReading& now);

    void handle_report(const player::OnAir& event, const ClockReading& now);
    void handle_report(const player::OffAir& event, const ClockReading& now);
    void handle_report(const player::Progress& event, const ClockReading& now);
    void handle_report(const player::Trouble& event, const ClockReading& now);
    void handle_report(const player::Health& event, const ClockReading& now);
    void handle_report(const player::Ready& /*event*/, const ClockReading& /*now*/) {}
    void handle_report(const player::Proved& /*event*/, const ClockReading& /*now*/) {}

    void start_player(const ClockReading& now);
    void send(player::Command command);
    void drop_uncleared(const ClockReading& now);
    void drop_replaced();
    void ask_for_plan(const ClockReading& now);
    void fill(const ClockReading& now);
    [[nodiscard]] std::vector<Agenda::Missed> take_missed(const ClockReading& now);
    void fail_passed(const ClockReading& now);
    void play_again();
    void cue(const scheduler::PlannedAiring& planned, const ClockReading& now);
    void close(QueuedAiring& queued, const player::OffAir& event, const ClockReading& now);
    void give_up(QueuedAiring& queued, const std::string& why, const ClockReading& now);
    void switch_panel(const ClockReading& now);
    void announce(const ClockReading& now);
    [[nodiscard]] bool is_slate_outdated() const;
    [[nodiscard]] bool is_open_at(Instant at, const ClockReading& now) const;

    // More than 12 members: one for each part of an outlet, and what its player last said.
    OutletSetup setup_;
    RecordKeeper records_;
    Agenda agenda_;
    AiringQueue queue_;
    PlayerLife player_;
    FailurePause pause_;
    Announcements announcements_;
    std::vector<std::string> slate_;         ///< options of the running player's slate
    player::Health health_;                  ///< the player's last
    std::string trouble_;                    ///< the latest, for people
    std::string rights_fault_;               ///< of the running player; empty: none
    std::optional<MonotonicTime> beat_due_;  ///< queue, guide, avails and panel are brought up to date then
    std::vector<OutletAction> actions_;      ///< decided, not returned yet
};

}  // namespace riverlight::firmware
