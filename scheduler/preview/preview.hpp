#pragma once
#include <string>
#include <vector>

#include "scheduler/plan/plan.hpp"

/// Plans as people and programs read them: one place, one broadcast day after the other. Pure.
namespace riverlight::scheduler {

/// One line an airing in local time, then what a booking asked for and does not get. UTF-8, for a terminal
/// of 100 columns or more.
[[nodiscard]] std::string preview_table(const std::vector<Plan>& plans);

/// {"format":1,"plans":[…]}, each as write_plan gives it; a newline at the end.
[[nodiscard]] std::string preview_json(const std::vector<Plan>& plans);

/// An iCalendar object (RFC 5545), times in UTC, lines folded at 75 octets, CRLF. Each unbroken run of one
/// booking is an event (its airings in DESCRIPTION), each play that gives way a CANCELLED one. UIDs are those
/// of airings, so that a calendar that takes a later preview in moves events and does not double them.
/// iCalendar knows whole seconds: starts are rounded down.
[[nodiscard]] std::string preview_ics(const std::vector<Plan>& plans, const Schedule& schedule,
                                      const content::Place& place);

/// One SVG 1.1 picture, 1,600 units wide: a panel for each day on a local time axis, in it a lane for each
/// campaign that airs or should, by priority; hatched where it gives way; a lane for the slate where nothing
/// airs. Labels are text, so the viewer's fonts show any script; nothing is fetched from elsewhere.
[[nodiscard]] std::string preview_svg(const std::vector<Plan>& plans, const Schedule& schedule,
                                      const content::Place& place);

}  // namespace riverlight::scheduler
