#pragma once
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "content/airing/system_report.hpp"
#include "content/sync/sync.hpp"
#include "content/update/waves.hpp"
#include "firmware/update/system_paths.hpp"

namespace riverlight::firmware {

/// A board that waves choose from.
struct WaveSubject {
    SystemIdentity system;  ///< that runs
    content::WaveBoard board;
    /// Digests of bundles that are not installed (again): refused for good, or installed already.
    std::set<std::string> barred{};
    bool tags_known = true;  ///< false: there is no release yet, and the board may be in more waves
};

/// What the channel has for a board.
struct WaveChoice {
    std::optional<content::Wave> wave{};  ///< a newer version than runs; none: there is none
    /// Why it may not begin: hold or start; not_newer if there is none and `older` is what there is.
    content::UpdateWait wait = content::UpdateWait::none;
    std::optional<content::SystemVersion> older{};
    friend bool operator==(const WaveChoice&, const WaveChoice&) = default;
};

/// The newest version that is for this board, is newer than what runs, is not barred, and may begin at `now`;
/// if none may, the newest that waits. A channel whose versions for this board are all older than what runs
/// has nothing for it: a board never goes back to an older version by its channel. Pure.
[[nodiscard]] WaveChoice choose_wave(const content::Waves& waves, const WaveSubject& subject, Instant now);

/// What a visit of the channel, or the import of a stick, is asked for: the bundle of the chosen wave if that
/// may begin. The bundle of a wave that waits stays if it is here; so does one that may
/// be for this board.
[[nodiscard]] content::SystemImageRequest make_image_request(WaveSubject subject,
                                                             std::function<Instant()> now);

}  // namespace riverlight::firmware
