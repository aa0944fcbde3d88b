#pragma once
#include <vector>

#include "scheduler/plan/sketch.hpp"

/// Searches through every order that may matter; bounded by counts, so that they end at the same place on
/// every machine.
namespace riverlight::scheduler {

/// Puts all of `open` down in their own turns: every order of first fits, every item. `budget`: how many
/// placements may still be tried; counted down. False: none was found, and nothing is changed.
[[nodiscard]] bool search_orders(Sketch& sketch, std::vector<int> open, int& budget);

/// Lays all jobs of an empty sketch down, each anywhere in its windows that its hours stand; if not all find
/// a time, without the fewest, and of those without the least. For small days. False: the search gave up,
/// and the sketch is of no use.
[[nodiscard]] bool search_all(Sketch& sketch);

}  // namespace riverlight::scheduler
