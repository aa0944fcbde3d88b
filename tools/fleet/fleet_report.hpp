#pragma once
#include <boost/json/value.hpp>
#include <string>

#include "tools/fleet/fleet.hpp"

namespace riverlight::fleet {

/// For people: what was sent, what it cost, and what differs.
[[nodiscard]] std::string report_text(const FleetReport& report);
/// For programs: {"format":1,"boards","days",…,"differences":[…]}.
[[nodiscard]] boost::json::value report_json(const FleetReport& report);

}  // namespace riverlight::fleet
