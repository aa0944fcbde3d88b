#pragma once
#include <vector>

#include "firmware/status/board_view.hpp"

namespace riverlight::firmware {

/// What is wrong, worst first; none if all is well. The page, the JSON, the metrics and the health report
/// share them.
[[nodiscard]] std::vector<Alarm> list_alarms(const BoardView& view);

}  // namespace riverlight::firmware
