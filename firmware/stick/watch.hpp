#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "content/base/instant.hpp"
#include "firmware/stick/note.hpp"

/// What people are told of an import that can hang or die without saying so.
namespace riverlight::firmware {

inline constexpr std::string_view import_ended_early =
    "The import of the stick ended before it was done: its filesystem is damaged, or it was pulled out too "
    "early. What the board has is unchanged, and plays on. Put the stick in again; if it happens again, copy "
    "the channel onto another stick.";
inline constexpr std::string_view stick_not_opened =
    "The stick could not be opened: its filesystem is damaged, or is neither FAT nor exFAT. What the board "
    "has "
    "plays on. Copy the channel onto another stick, formatted as FAT32 or exFAT.";

/// Notices an importer that makes no progress. Pure. Owner: the daemon's loop thread.
class StickWatch {
  public:
    /// An importer that reports nothing for so long hangs: while it copies, it reports every second.
    static constexpr std::chrono::minutes patience{3};

    /// Call it every few seconds with the note as it is now.
    void observe(const std::optional<StickNote>& note, MonotonicTime now);
    /// The note as people see it. `importing`: an importer runs.
    [[nodiscard]] std::optional<StickNote> report(std::optional<StickNote> note, bool importing,
                                                  MonotonicTime now) const;

  private:
    struct Progress {
        std::string message;
        MonotonicTime since{};
    };
    std::optional<Progress> last_;  ///< none: nothing is being read
};

/// What to write into the note after a run of the import's systemd unit (systemd.exec(5): SERVICE_RESULT,
/// EXIT_STATUS); empty if the importer has written it itself. `reading`: its note says that it is still
/// reading.
[[nodiscard]] std::string_view explain_unit_result(std::string_view service_result,
                                                   std::string_view exit_status, bool reading);

}  // namespace riverlight::firmware
