#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "content/base/instant.hpp"
#include "content/segment/country.hpp"

/// What happens to a fleet: a TOML file, of which `scenarios/week.toml` explains each key. Plain values.
namespace riverlight::fleet {

struct ScenarioSegment {
    std::string id;
    std::chrono::seconds length{};
};

/// A country's places, which are all alike.
struct ScenarioCountry {
    std::string code;  ///< ISO 3166-1 alpha-2, upper case
    std::string zone;
    int weight = 1;  ///< its share of the places
    std::vector<content::LanguageShare> languages;
    std::vector<content::OpenHours> open;
};

struct ScenarioRelease {
    Instant at{};
    std::string schedule;  ///< path of a schedule's TOML
};

/// Troubles, each of its own boards. Days count from 1, the scenario's first.
struct PowerCuts {
    int a_day = 1;
};
struct OfflineWeek {
    int from_day = 1, until_day = 1;  ///< without a network from the first to the end of the last
};
struct WrongClock {
    std::chrono::minutes behind{}, for_minutes{};  ///< at a start every second morning
};
struct ClonedCard {
    int from_day = 1;  ///< a second device has the board's key from then on
};
struct Lies {
    int of_records_percent = 5;
};
struct ReplacedBoard {
    int day = 1;  ///< another device stands in its place after that day
};
using Trouble = std::variant<PowerCuts, OfflineWeek, WrongClock, ClonedCard, Lies, ReplacedBoard>;

struct ScenarioTrouble {
    int percent = 0;  ///< of the boards; at least one board has it
    Trouble trouble;
};

/// More than 12 members: the keys of the file.
struct Scenario {
    std::string file;
    std::chrono::local_days first_day{};
    int days = 7;
    int boards = 200;
    std::uint32_t seed = 1;
    std::chrono::minutes report_every{360};  ///< each board, of simulated time
    std::chrono::seconds visit_every{300};   ///< each board looks for a release, with jitter
    std::vector<ScenarioSegment> segments;
    std::vector<ScenarioCountry> countries;
    std::vector<ScenarioRelease> releases;  ///< by time; the first stands from the begin on
    std::vector<ScenarioTrouble> troubles;

    /// Boards enrol half a day before the first day begins in UTC.
    [[nodiscard]] Instant begin() const { return midnight(0) - std::chrono::hours{12}; }
    /// The last day is over in every zone.
    [[nodiscard]] Instant end() const { return midnight(days) + std::chrono::hours{36}; }
    /// UTC midnight after so many days.
    [[nodiscard]] Instant midnight(int after) const {
        return Instant{first_day.time_since_epoch()} + std::chrono::days{after};
    }
};

/// Strict: throws ReadError at the key for anything that the format does not have.
[[nodiscard]] Scenario read_scenario(const std::string& path);

}  // namespace riverlight::fleet
