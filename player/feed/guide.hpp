#pragma once
#include <optional>
#include <vector>

#include "player/cue/commands.hpp"
#include "player/feed/feed_state.hpp"
#include "player/feed/tables.hpp"

namespace riverlight::player {

/// A feed's programme guide: makes the EIT, again whenever the present event changes. One thread.
class ProgrammeGuide {
  public:
    struct Eit {
        Sections present_following, schedule;
    };
    /// Takes the versions of the EIT from `state`, which outlives this object.
    explicit ProgrammeGuide(FeedState& state) : state_(state) {}
    /// Replaces all events.
    void set(const Guide& guide);
    /// The EIT at `now` if it differs from the one made last.
    [[nodiscard]] std::optional<Eit> update(const Service& service, Instant now);

  private:
    FeedState& state_;
    std::vector<GuideEvent> events_;
    std::optional<std::size_t> present_;  ///< of events_, in the EIT made last
    bool changed_ = false;
};

}  // namespace riverlight::player
