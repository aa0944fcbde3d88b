#pragma once
#include <chrono>
#include <string>
#include <string_view>

#include "tools/office/figures/promise.hpp"

/// How office.db keeps a day's promises: about a byte for each. What a planner works out is left out: an id
/// follows from place, day, booking and number (scheduler/plan/play_ids.hpp), a start from the end before it.
namespace riverlight::office {

/// Byte 0 is the format, 3; the rest is gzip over columns (packed_plan.cpp). The same plan always packs to
/// the same bytes of columns.
[[nodiscard]] std::string pack_plan(const KeptPlan& plan, const std::string& place,
                                    std::chrono::local_days day);
/// What pack_plan() wrote for this place and day. Throws Error for anything else.
[[nodiscard]] KeptPlan unpack_plan(std::string_view packed, const std::string& place,
                                   std::chrono::local_days day);

}  // namespace riverlight::office
