#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "firmware/slots/status_address.hpp"

namespace riverlight::firmware {

/// The body of `GET /v1/status` from the board's own page; none if it does not answer with 200 and at most
/// 1 MiB within `patience`. Blocks. Never throws.
[[nodiscard]] std::optional<std::string> read_status(const StatusAddress& address,
                                                     std::chrono::seconds patience);

}  // namespace riverlight::firmware
