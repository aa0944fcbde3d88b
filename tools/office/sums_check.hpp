#pragma once
#include <vector>

#include "tools/office/records_check.hpp"

/// Included by records_check.cpp only.
namespace riverlight::office {

class Database;

/// Counts again, from plans and records, all that is kept of them as sums and counts (day_sums.hpp,
/// airing_counts.hpp), and adds what differs. Days that were pruned have nothing to be counted from. Within a
/// OneMoment.
void check_sums(const Database& db, std::vector<CheckFinding>& findings);

}  // namespace riverlight::office
