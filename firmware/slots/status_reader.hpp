#pragma once
#include <chrono>
#include <optional>
#include <string>

namespace riverlight::firmware {

/// The body of `GET /v1/status` from the board's own page on 127.0.0.1; none if it does not answer with 200
/// and at most 1 MiB within `patience`. Blocks. Never throws.
[[nodiscard]] std::optional<std::string> read_status(std::uint16_t port, std::chrono::seconds patience);

}  // namespace riverlight::firmware
