#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "content/airing/system_report.hpp"

/// The states of a board's update, as one table. Pure.
namespace riverlight::firmware {

/// What happens to an update.
enum class UpdateStep : std::uint8_t {
    nothing,   ///< the channel has no newer version for this board
    lack,      ///< it has one, and nothing of its bundle is here
    part,      ///< a part of its bundle is here
    whole,     ///< all of it is here
    begin,     ///< it is to be installed now
    done,      ///< the installer has written it
    refused,   ///< the installer has not, or does not answer
    settled,   ///< the slots: the one that runs is the one that starts next
    written,   ///< the slots: the other one was written and starts next
    unproved,  ///< the slots: the one that runs has to prove itself
};

struct UpdateTransition {
    content::UpdateState from;
    UpdateStep step;
    content::UpdateState to;
};

/// Every step that a state expects. README.md shows the same table.
[[nodiscard]] std::span<const UpdateTransition> update_transitions();
/// The state that follows; nothing where `from` does not expect `step`.
[[nodiscard]] std::optional<content::UpdateState> next_state(content::UpdateState from, UpdateStep step);

[[nodiscard]] std::string_view to_text(UpdateStep step);

}  // namespace riverlight::firmware
