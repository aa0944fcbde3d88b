#pragma once
#include <string>
#include <vector>

#include "scheduler/plan/plan.hpp"

namespace riverlight::scheduler {

/// An SVG 1.1 picture, 1,600 units wide: for each day a panel with a local time axis and a lane for each
/// campaign, by priority; hatched where a play is lost; a lane for the slate where nothing may air. Labels
/// are text, so the viewer's fonts show any script. It references nothing outside itself.
[[nodiscard]] std::string preview_svg(const std::vector<Plan>& plans, const Schedule& schedule,
                                      const content::Place& place);

}  // namespace riverlight::scheduler
