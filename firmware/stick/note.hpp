#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "content/base/instant.hpp"

namespace riverlight::firmware {

/// What the last import of a stick did or is doing: written by the importer, shown by the daemon.
struct StickNote {
    enum class State { reading, done, failed } state = State::reading;
    std::string message;  ///< one sentence or more, for people
    Instant at{};
    std::optional<int> percent{};  ///< of the copy, while there is one
};
[[nodiscard]] std::string_view to_text(StickNote::State state);  ///< as in stick.json and /v1/status

/// `<state>/stick.json`, format 1, replaced atomically. Throws DiskFault.
void write_stick_note(const std::string& state_folder, const StickNote& note);
/// None if there was no stick yet, or the file is damaged.
[[nodiscard]] std::optional<StickNote> read_stick_note(const std::string& state_folder);

}  // namespace riverlight::firmware
