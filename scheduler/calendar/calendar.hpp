#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/instant.hpp"

/// Local time: IANA zones (Howard Hinnant's date library over the system's tz database), local days and daily
/// windows. Depends on its arguments and the tz database alone. Every function that takes a zone throws Error
/// for one that the database lacks.
namespace riverlight::scheduler {

/// A local day and the instants that it spans: 23, 24 or 25 hours in zones with daylight saving.
struct LocalDay {
    std::chrono::local_days day{};
    Instant from{}, until{};
};
[[nodiscard]] LocalDay local_day_of(Instant at, const std::string& zone);
[[nodiscard]] LocalDay bounds_of(std::chrono::local_days day, const std::string& zone);

/// The instant of a wall-clock time. A time that a clock change skips gives the first instant after the
/// change; one that comes twice gives the first. `time` may exceed 24 h: 25:00 is 01:00 of the next day.
[[nodiscard]] Instant instant_of(std::chrono::local_days day, std::chrono::seconds time,
                                 const std::string& zone);

/// `2026-11-23 14:03:05`.
[[nodiscard]] std::string local_text(Instant at, const std::string& zone);

/// False for `localtime`, which is another zone on each machine.
[[nodiscard]] bool zone_exists(const std::string& zone);

/// Half-open: [from, until).
struct Span {
    Instant from{}, until{};
    friend bool operator==(const Span&, const Span&) = default;
};

/// The parts of `day` inside a daily window, in order, at most two. `weekdays`: bit 0 Monday … bit 6 Sunday.
/// If `until` ≤ `from` the window crosses midnight; it belongs to the weekday on which it starts. Equal ends
/// mean 24 hours.
[[nodiscard]] std::vector<Span> window_on(std::chrono::local_days day, unsigned weekdays,
                                          std::chrono::minutes from, std::chrono::minutes until,
                                          const std::string& zone);

/// In order and disjoint; those that touch become one.
[[nodiscard]] std::vector<Span> merged(std::vector<Span> spans);
/// What is in both. Both are merged, and so is the result.
[[nodiscard]] std::vector<Span> intersection(const std::vector<Span>& a, const std::vector<Span>& b);
/// True if one of `spans` contains all of [from, until). `spans` are merged.
[[nodiscard]] bool covers(const std::vector<Span>& spans, Instant from, Instant until);

}  // namespace riverlight::scheduler
