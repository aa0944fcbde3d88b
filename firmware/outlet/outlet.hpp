#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "firmware/clock/clock.hpp"
#include "firmware/outlet/agenda.hpp"
#include "firmware/outlet/airing_log.hpp"
#include "firmware/outlet/opening.hpp"
#include "firmware/outlet/player_process.hpp"
#include "firmware/outlet/programme.hpp"

namespace riverlight::firmware {

struct OutletSetup {
    std::string id;
    std::vector<std::string> output;  ///< its part of the player's command line: outputs, profile, names
    std::string hls;                  ///< folder of its HLS output; empty: none
    bool feed = false;
    bool avails = false;  ///< of a feed: open time is told to its partner
    std::string profile, place;
    bool display = false;                  ///< can be switched off
    std::vector<content::OpenHours> open;  ///< the board's own, of a display; none: the place's
    std::string player;                    ///< path of riverlight-player
    std::string folder;                    ///< for its snapshot and a feed's memory
    std::string media;                     ///< folder of what it may read
    int memory_mb = 1024;                  ///< most memory of the player
    bool machine_decoder = true;           ///< of a display: decoders that the machine has come first
    std::string boot_id;
    std::function<bool(const std::string& path)> refused;  ///< of a feed: a rendition that cannot be spliced
    std::function<Instant()> since;  ///< what was planned before this is nobody's loss: no board was there
};

/// What is on, for people.
struct OutletView {
    std::string id;
    std::string hls;                           ///< folder of its HLS output; empty: none
    std::vector<player::OutputState> outputs;  ///< of a feed, as its player last said
    std::optional<content::AiringRecord> on_air;
    std::vector<scheduler::PlannedAiring> next;  ///< at most five
    bool slate = true;
    bool closed = false;                          ///< the place is; a display is off then
    std::map<std::string, std::string> evidence;  ///< what the outlet last proved of itself
    std::int64_t frames = 0, late_frames = 0, resident_bytes = 0, restarts = 0;
    std::string trouble;        ///< the last, empty if none
    std::string journal_fault;  ///< why records wait in memory; empty if none do
    std::string snapshot;
};

/// Supervises one player: keeps two airings ahead of it, opens and closes their records, starts it anew when
/// it ends or falls silent. On the loop's thread.
class Outlet {
  public:
    Outlet(boost::asio::io_context& loop, OutletSetup setup, Journal& journal,
           std::function<ClockReading()> clock);
    ~Outlet();
    /// What is on stays on, unless its country no longer clears it: then it ends at once. What is queued is
    /// planned anew.
    void play(std::shared_ptr<const Programme> programme);
    /// Something for who stands in front of a screen, over whatever is on, until the next; empty: none. A
    /// feed never shows any.
    void tell(player::Notice notice);
    /// Ends the player in order within a second and closes what was on air.
    void stop();
    [[nodiscard]] OutletView view() const;
    /// Names of the media files that the player has, or is told to open next.
    [[nodiscard]] std::set<std::string> media() const;

  private:
    struct Queued {
        scheduler::PlannedAiring planned;
        content::AiringRecord record;
        AiringLog::Handle handle;
        player::Cue cue;
        /// One of the cue's alternatives: as it would be planned, and the digest of its picture.
        struct Alternative {
            scheduler::PlannedAiring planned;
            std::string sha256;
        };
        std::vector<Alternative> alternatives;
        player::MediaChoice took;  ///< which of the cue's media airs
        bool on_air = false;
        bool dropped = false;    ///< taken back; the player's answer says whether it was in time
        bool withdrawn = false;  ///< taken back on air: the country withdrew its clearance
        /// The alternative that airs; null: its own media.
        [[nodiscard]] const Alternative* alternative() const {
            return took.is_own() ? nullptr : &alternatives.at(took.index());
        }
    };
    void start_player();
    void try_again_in(std::chrono::milliseconds delay);
    void player_ended(const std::string& why);
    void take(const player::Event& event);
    void fill();
    void cue(const scheduler::PlannedAiring& planned);
    [[nodiscard]] bool waits(const scheduler::PlannedAiring& planned) const;
    void pass_over_until(Instant now);
    [[nodiscard]] std::vector<scheduler::Aired> aired_since(Instant from);
    [[nodiscard]] content::AiringRecord record_of(const scheduler::PlannedAiring& planned) const;
    /// Notes which of the cue's media airs.
    static void note(Queued& queued, player::MediaChoice took);
    void close(Queued& queued, const player::OffAir& how);
    /// Whether what is really on air may stay there.
    [[nodiscard]] bool still_cleared(const Queued& queued) const;
    /// A cue with its instants by the player's clock, which is the system's.
    [[nodiscard]] player::Cue for_player(player::Cue cue) const;
    void tell_guide();
    void tell_avails();
    [[nodiscard]] bool open_at(Instant at) const;
    void tell_panel();
    void beat();
    void watch();

    boost::asio::io_context& loop_;
    OutletSetup setup_;
    std::function<ClockReading()> clock_;
    AiringLog log_;
    Agenda agenda_;
    player::Notice notice_;  ///< that stands on the screen now
    std::unique_ptr<PlayerProcess> player_;
    std::vector<std::string> slate_;  ///< what the running player was told of its slate
    boost::asio::steady_timer timer_, restart_, watch_;
    std::deque<Queued> queue_;           ///< told to the player, first is or comes on air
    Instant follows_{};                  ///< planned end of the last cue
    std::int64_t cued_ = 0;              ///< cues so far: each has a name of its own
    bool panel_on_ = true;               ///< as the player was told
    bool spoke_ = false;                 ///< the player, since it was started
    bool hung_ = false;                  ///< and is being ended for it
    std::int64_t machine_again_us_ = 0;  ///< from when on the machine's decoders are tried again
    std::int64_t guide_told_us_ = 0;     ///< 0: not yet to this player
    std::int64_t avail_told_ = -1;       ///< the last to this player, by its event; −1: none yet
    std::int64_t watched_us_ = 0;
    std::int64_t heard_us_ = 0, started_us_ = 0;
    int quick_ends_ = 0;
    bool stopping_ = false;
    OutletView seen_;
};

}  // namespace riverlight::firmware
