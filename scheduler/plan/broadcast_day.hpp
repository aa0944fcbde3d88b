#pragma once
#include <chrono>
#include <string>

#include "scheduler/calendar/calendar.hpp"
#include "scheduler/campaign/schedule.hpp"

/// Broadcast days: from `day_start` of a local date to `day_start` of the next. Every function throws Error
/// for a zone that the tz database lacks.
namespace riverlight::scheduler {

/// The broadcast day of a date.
[[nodiscard]] LocalDay broadcast_day(const Schedule& schedule, const std::string& zone,
                                     std::chrono::local_days day);
[[nodiscard]] LocalDay broadcast_day(std::chrono::minutes day_start, const std::string& zone,
                                     std::chrono::local_days day);

/// The broadcast day that contains `at`.
[[nodiscard]] LocalDay broadcast_day_of(const Schedule& schedule, const std::string& zone, Instant at);
[[nodiscard]] LocalDay broadcast_day_of(std::chrono::minutes day_start, const std::string& zone, Instant at);

}  // namespace riverlight::scheduler
