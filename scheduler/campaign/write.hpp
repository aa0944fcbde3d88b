#pragma once
#include <string>

#include "scheduler/campaign/schedule.hpp"

namespace riverlight::scheduler {

/// The channel's JSON. Keys at their default are left out, so that older boards can read what they know.
[[nodiscard]] std::string write_schedule_json(const Schedule& schedule);

}  // namespace riverlight::scheduler
