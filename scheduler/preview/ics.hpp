#pragma once
#include <string>
#include <vector>

#include "scheduler/plan/plan.hpp"

namespace riverlight::scheduler {

/// An iCalendar object (RFC 5545): times in UTC, lines folded at 75 octets, CRLF. Consecutive airings of one
/// booking are one event, with the airings in its DESCRIPTION; each shortfall and gap is a CANCELLED event.
/// An event's UID is its first airing's id, so a calendar that imports a later preview moves events instead
/// of doubling them. iCalendar has whole seconds only: starts are rounded down.
[[nodiscard]] std::string preview_ics(const std::vector<Plan>& plans, const Schedule& schedule,
                                      const content::Place& place);

}  // namespace riverlight::scheduler
