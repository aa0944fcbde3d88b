#pragma once
#include <chrono>
#include <string>

/// Recurrence by days (RFC 5545 RRULE), through libical.
namespace riverlight::scheduler {

/// What is wrong with a rule for our use; empty if nothing is. Allowed: DAILY, WEEKLY, MONTHLY and YEARLY, no
/// BYHOUR, BYMINUTE or BYSECOND, at most 1,000 bytes, and at least one day in 28 years.
[[nodiscard]] std::string rrule_fault(const std::string& rrule);

/// True if the rule that starts on `first` includes `day`. An empty rule is daily. False for a rule whose
/// expansion up to `day` needs more than 40,000 steps.
[[nodiscard]] bool recurs_on(const std::string& rrule, std::chrono::local_days first,
                             std::chrono::local_days day);

}  // namespace riverlight::scheduler
