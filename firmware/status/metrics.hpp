#pragma once
#include <string>

#include "firmware/status/board_view.hpp"

namespace riverlight::firmware {

/// The body of `/metrics`: Prometheus text format 0.0.4, names begin with `riverlight_`.
[[nodiscard]] std::string metrics_text(const BoardView& view);

}  // namespace riverlight::firmware
