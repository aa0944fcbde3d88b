#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "content/airing/shown.hpp"
#include "firmware/clock/clock.hpp"
#include "firmware/outlet/airing_log.hpp"
#include "firmware/outlet/outlet_setup.hpp"
#include "firmware/outlet/programme.hpp"

namespace riverlight::firmware {

/// Where an airing that the player was told to play has got to. It leaves the queue when the player reports
/// it off air.
enum class CueState : std::uint8_t {
    queued,     ///< the player is to play it
    on_air,     ///< its first frame left
    dropped,    ///< queued, then dropped; the player has not answered yet
    late_drop,  ///< came on air before the player read the drop
    withdrawn,  ///< dropped on air: its country no longer clears it
};

/// An airing that the player was told to play, with its open record.
struct QueuedAiring {
    /// One of the cue's alternatives: as it would be planned, and the digest of its picture.
    struct Alternative {
        scheduler::PlannedAiring planned;
        std::string sha256;
    };

    scheduler::PlannedAiring planned;
    player::Cue cue;
    std::vector<Alternative> alternatives;  ///< in the order of the cue's
    content::AiringRecord record;
    AiringLog::Handle handle;
    CueState state = CueState::queued;
    player::MediaChoice shown;             ///< which of the cue's media airs
    std::optional<content::Shown> left{};  ///< what had left the outlet at its last progress

    /// Whether it is on the outlet now.
    [[nodiscard]] bool is_on_air() const;
    /// Whether the player was told to drop it.
    [[nodiscard]] bool is_dropped() const;
    void on_air();
    void drop();
    /// The player shows that choice; one that the cue does not have changes nothing.
    void show(player::MediaChoice choice);
    /// The alternative that airs; nullptr: the airing as planned.
    [[nodiscard]] const Alternative* alternative() const;
    /// What airs, as it would have been planned.
    [[nodiscard]] const scheduler::PlannedAiring& shown_as() const;
};

/// The cue for a planned airing with what airs instead where its media is missing or broken. Its record is
/// not opened yet. `name` is the cue's, `record` what is known of the airing before it is on.
[[nodiscard]] QueuedAiring prepare(const Programme& programme, const scheduler::PlannedAiring& planned,
                                   const OutletSetup& setup, const std::string& name,
                                   content::AiringRecord record);
/// The cue with its instants by the system's clock, as the player wants them.
[[nodiscard]] player::Cue by_system_clock(player::Cue cue, const ClockReading& now);
/// Names of the media files that a cue and its alternatives name.
[[nodiscard]] std::set<std::string> media_files(const player::Cue& cue);

}  // namespace riverlight::firmware
