#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "firmware/clock/clock.hpp"
#include "firmware/outlet/programme.hpp"

namespace riverlight::firmware {

/// What a player is told besides its cues: the notice, the panel, a feed's guide and avails. Each answer is
/// the command that is due, if any; asking counts as telling. Pure.
class Announcements {
  public:
    /// Airings in order.
    using Airings = std::vector<const scheduler::PlannedAiring*>;

    /// A new player knows nothing. Returns the notice that it is to show.
    [[nodiscard]] std::optional<player::Notice> restart();
    /// If it differs from the one shown.
    [[nodiscard]] std::optional<player::Notice> show(player::Notice notice);
    /// If the display is to be switched. A new player is started with the panel as it was set last.
    [[nodiscard]] std::optional<player::Panel> switch_panel(bool on);
    [[nodiscard]] bool panel_on() const { return panel_on_; }
    /// The guide, at once to a new player and then every ten minutes.
    [[nodiscard]] std::optional<player::Guide> guide(const Programme& programme, const Airings& airings,
                                                     const ClockReading& now);
    /// Open time that begins within seconds; each avail once.
    [[nodiscard]] std::vector<player::Avail> avails(const Airings& airings, const ClockReading& now);

  private:
    player::Notice notice_;  ///< on the screen now
    bool panel_on_ = true;
    std::optional<MonotonicTime> guide_sent_;  ///< to this player
    std::optional<std::int64_t> last_avail_;   ///< sent to this player, by its event
};

}  // namespace riverlight::firmware
