#pragma once
#include <string>

#include "scheduler/plan/explain.hpp"
#include "scheduler/plan/plan.hpp"

/// Explanations as people and programs read them.
namespace riverlight::scheduler {

/// What is on, why, and for each other booking why it is not: a sentence a line, in the place's local time.
[[nodiscard]] std::string why_text(const Explanation& why, const content::Place& place);

/// Canonical JSON (format 1): at, place, on_air, because, others with `why` as to_text(Obstacle) gives it; a
/// newline at the end.
[[nodiscard]] std::string why_json(const Explanation& why, const content::Place& place);

}  // namespace riverlight::scheduler
