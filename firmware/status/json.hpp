#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "firmware/status/board_view.hpp"

namespace riverlight::firmware {

/// The body of `/v1/status`: format 1, for people's own tools.
[[nodiscard]] std::string status_json(const BoardView& view);
/// The body of PUT health, canonical JSON. `disk_free` in bytes; none: unknown.
[[nodiscard]] std::string health_json(const BoardView& view, std::optional<std::uint64_t> disk_free);

}  // namespace riverlight::firmware
