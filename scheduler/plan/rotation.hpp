#pragma once
#include <vector>

#include "scheduler/plan/resolve.hpp"

namespace riverlight::scheduler {

/// One play that a rotation owes: its ideal time and the last moment at which it may start.
struct Turn {
    Instant release{}, deadline{};
    int number = 0;  ///< from 0, over the day
};

/// Divides the windows of a rotation into equal cells, one play each; the ideal time lies at the same place
/// of each cell, chosen by `salt` from its first half, so that campaigns do not all ask for the same second.
[[nodiscard]] std::vector<Turn> turns_of(const Resolved& rotation, std::uint64_t salt);

}  // namespace riverlight::scheduler
