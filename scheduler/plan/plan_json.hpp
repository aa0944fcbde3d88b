#pragma once
#include <string>
#include <string_view>

#include "scheduler/plan/plan.hpp"

namespace riverlight::scheduler {

/// A plan as canonical JSON (see canonical_json), format 1: the same bytes for the same plan.
///
/// `shortfalls` lists shortfalls and gaps together, in order of time. A gap is the entry with an empty
/// `campaign`: its `booking` is `slate`, its `why` to_text(GapCause). A shortfall always names its campaign,
/// so a booking may be called `slate` too.
[[nodiscard]] std::string write_plan(const Plan& plan);

/// The `booking` of a gap in JSON.
inline constexpr std::string_view gap_booking = "slate";

}  // namespace riverlight::scheduler
