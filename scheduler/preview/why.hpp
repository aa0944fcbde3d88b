#pragma once
#include <string>

#include "scheduler/plan/explain.hpp"
#include "scheduler/plan/plan.hpp"

/// Writes explanations.
namespace riverlight::scheduler {

/// For people: what is on and why, and for each other booking why it is not; a line each, in local time.
[[nodiscard]] std::string why_text(const Explanation& why, const content::Place& place);

/// Canonical JSON (format 1): at, place, on_air, because, others with `why` as to_text(Obstacle); ends with a
/// newline.
[[nodiscard]] std::string why_json(const Explanation& why, const content::Place& place);

}  // namespace riverlight::scheduler
