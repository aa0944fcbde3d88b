#pragma once
#include <optional>
#include <vector>

#include "player/cue/commands.hpp"
#include "player/feed/tables.hpp"

namespace riverlight::player {

/// A feed's programme guide: makes the EIT, again whenever the present event changes. One thread.
class ProgrammeGuide {
  public:
    struct Eit {
        Sections present_following, schedule;
    };
    /// Replaces all events.
    void set(const Guide& guide);
    /// The EIT at `now` if it differs from the one made last.
    [[nodiscard]] std::optional<Eit> update(const Service& service, Instant now);

  private:
    std::vector<GuideEvent> events_;
    std::optional<std::size_t> present_;  ///< of events_, in the EIT made last
    bool changed_ = false;
    std::uint8_t version_ = 0;  ///< 0…31
};

}  // namespace riverlight::player
