#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/fleet/fleet_channel.hpp"
#include "tools/fleet/ledger.hpp"
#include "tools/office/figures/tally.hpp"

/// What the office's figures of a place's day have to be, worked out from the releases and the ledger. The
/// rules are those of tools/office/README.md, written a second time: the two must agree.
namespace riverlight::fleet {

/// One row that the office has to export.
struct ExpectedRow {
    std::string airing;
    Instant start{}, end{};
    LedgerSubject subject;
    std::optional<Instant> made{};  ///< by a release in the middle of the day
    bool is_waived = false;
    office::Outcome outcome{};
    std::chrono::milliseconds shown{};
};

struct ExpectedDay {
    std::vector<ExpectedRow> rows;  ///< by id
    office::Tally tally;
    std::map<office::Subject, office::Tally> by_subject;  ///< they add up to `tally`
};

/// `releases`: all, by the time at which the office took them over. `since`: from when on the place has had a
/// board. The day is over.
[[nodiscard]] ExpectedDay expected_day(const std::vector<std::shared_ptr<const FleetRelease>>& releases,
                                       const content::Place& place, std::chrono::local_days day,
                                       Instant since, const PlaceLedger& ledger,
                                       const LedgerSubjects& subjects);

}  // namespace riverlight::fleet
