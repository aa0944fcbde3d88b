#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tools/fleet/fleet_board.hpp"
#include "tools/fleet/office_reader.hpp"

/// Compares the office's figures with the fleet's ledger: each exported row, each sum, each doubt, each alarm
/// about twins.
namespace riverlight::fleet {

/// What was compared, and where office and ledger say different things.
struct FiguresCheck {
    std::int64_t rows = 0;     ///< promises, each with outcome, times, seconds shown and subject
    std::int64_t sums = 0;     ///< tallies of places, countries, campaigns, segments and languages
    std::int64_t airings = 0;  ///< plays of promises and fillers among the rows
    std::int64_t differences = 0;
    std::vector<std::string> first_differences;  ///< sentences, at most 100
};

struct FiguresSubject {
    const Scenario& scenario;
    const Releases& releases;
    const std::vector<std::unique_ptr<FleetBoard>>& boards;
    const LedgerSubjects& subjects;
    Instant since{};  ///< every place has had a board from then on
};

/// Reads all days of the scenario, which are over. Throws Error if the office does not answer.
[[nodiscard]] FiguresCheck check_figures(const FiguresSubject& subject, OfficeReader& office, int threads);

}  // namespace riverlight::fleet
