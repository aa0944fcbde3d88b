#pragma once
#include <optional>
#include <string>

#include "content/base/instant.hpp"

namespace riverlight::firmware {

/// What a board's people are told of the last stick: written by who imports, shown by the daemon.
struct StickNote {
    enum class State { reading, done, failed } state = State::reading;
    std::string words;  ///< one sentence or more, plain
    Instant at{};
    std::optional<int> percent{};  ///< of what is copied, while it is
};

/// `<state>/stick.json`, format 1.
void write_stick_note(const std::string& state_folder, const StickNote& note);
/// Nothing where there was no stick yet, or the file is spoiled.
[[nodiscard]] std::optional<StickNote> read_stick_note(const std::string& state_folder);

}  // namespace riverlight::firmware
