#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "content/base/files.hpp"
#include "firmware/stick/note.hpp"

/// Whether who imports a stick is alive: it may hang or die on what a stick holds, and cannot say so itself.
namespace riverlight::firmware {

/// Held by an importer for as long as it lives, however it ends: a shared lock on `<state>/stick.lock`.
/// Throws DiskFault.
[[nodiscard]] Fd hold_stick_lock(const std::string& state_folder);
/// Whether any importer lives. Never throws; false where the file cannot be opened.
[[nodiscard]] bool stick_is_being_imported(const std::string& state_folder);

inline constexpr std::string_view import_ended_early =
    "The import of the stick ended before it was done: its filesystem is damaged, or it was pulled out too "
    "early. What the board holds is as it was, and plays on. Put the stick in again; if it happens again, "
    "copy the channel onto another stick.";
inline constexpr std::string_view stick_not_opened =
    "The stick could not be opened: its filesystem is damaged, or is neither FAT nor exFAT. What the board "
    "holds plays on. Copy the channel onto another stick, formatted as FAT32 or exFAT.";

/// What people are told of a stick, from its note and from what the note cannot say. Owner: the daemon's loop
/// thread.
class StickWatch {
  public:
    /// An importer that reports nothing for so long hangs: while it copies, it does each second.
    static constexpr std::chrono::minutes patience{3};

    /// `alive`: an importer lives. To be asked again and again.
    [[nodiscard]] std::optional<StickNote> told(std::optional<StickNote> note, bool alive,
                                                std::int64_t monotonic_us);

  private:
    std::string words_;
    std::optional<std::int64_t> since_us_;
};

/// How a run of the import's unit ended (systemd.exec(5): SERVICE_RESULT, EXIT_STATUS), where the importer
/// itself has not said it: the words for its note; nothing where it has. `reading`: its note says that it
/// goes on.
[[nodiscard]] std::string words_of_end(const std::string& service_result, const std::string& exit_status,
                                       bool reading);

}  // namespace riverlight::firmware
