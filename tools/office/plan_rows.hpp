#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "tools/office/plan_store.hpp"

/// The rows of a place's day: its facts in `place_day`, its promises in `kept_plan`. Included by the stores
/// and the migrations only.
namespace riverlight::office {

class Database;
class Rows;

/// The columns that facts_in() reads, from `place_day`.
inline constexpr auto fact_columns =
    "place_day.place, place_day.day, place_day.country, place_day.name, place_day.zone, place_day.began, "
    "place_day.ended, place_day.since";
/// The facts of a row whose first columns are `fact_columns`.
[[nodiscard]] DayFacts facts_in(const Rows& row);

/// A stored day whose promises are still packed (packed_plan.hpp).
struct PackedDay {
    DayFacts facts;
    std::string packed;
    bool stands = true;  ///< as of a StoredDay
};
/// Nothing if none is stored.
[[nodiscard]] std::optional<PackedDay> read_packed_day(const Database& db, const std::string& place,
                                                       std::chrono::local_days day);
/// Nothing if none is stored, or it cannot be read.
[[nodiscard]] std::optional<StoredDay> read_day(const Database& db, const std::string& place,
                                                std::chrono::local_days day);
/// In place of what is stored of that day.
void write_day(Database& db, const StoredDay& day);

}  // namespace riverlight::office
