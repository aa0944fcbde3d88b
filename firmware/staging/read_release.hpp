#pragma once
#include <memory>
#include <optional>
#include <string>

#include "content/store/content_set.hpp"
#include "firmware/outlet/programme.hpp"

/// From the files of a store to the programme of this board's place.
namespace riverlight::firmware {

/// What a board plays of a store, and how it finds its place there.
struct StagingSetup {
    std::string place;     ///< the board's
    bool factory = false;  ///< the store is a factory loop: its media are hashed before they air
    std::string
        factory_place;   ///< whose schedule a factory loop follows if it does not know `place`; may be empty
    std::string outlet;  ///< of the records that acknowledge withdrawals; may be empty
    content::KeptRelease release = content::KeptRelease::current;  ///< of the store, to play
    bool any_place = false;  ///< a factory loop that knows neither follows the first schedule of its places
};

/// A release that was read, ready to go on air.
struct ReadRelease {
    std::shared_ptr<const Programme> programme;  ///< null: what is on air stays
    std::optional<Instant> signed_until;         ///< of the facts that were read; nothing if none were
    std::string fault;  ///< why the store's own release is not `programme`, for people
};

/// Finds the board's place in a release, and reads the schedule of that place. Pure.
[[nodiscard]] ReadRelease make_programme(const StagingSetup& setup, content::ContentSet loaded);

/// Reads the store's release; if the current one cannot be played, the last good one, unless `on_air` (a
/// release's name, or empty) stays instead: the current release itself, whose files are lost, or the last
/// good one. Reads files of up to some megabytes. Any thread.
[[nodiscard]] ReadRelease read_to_play(const content::Store& store, const StagingSetup& setup,
                                       const std::string& on_air);

/// Hashes a factory loop's media, then reads it. Takes as long as reading the whole disk. Any thread.
[[nodiscard]] ReadRelease read_factory_loop(const content::Store& store, const StagingSetup& setup);

}  // namespace riverlight::firmware
