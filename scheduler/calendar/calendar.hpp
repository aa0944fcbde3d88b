#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/instant.hpp"

/// Local time at a place: IANA zones (Howard Hinnant's date over the system's tz database), local days,
/// windows of a day, recurrence (RFC 5545 through libical). Pure but for the tz database. Every function
/// throws Error for a zone that the database lacks.
namespace riverlight::scheduler {

/// A local calendar day and the instants it spans: 23, 24 or 25 hours in zones with daylight saving.
struct LocalDay {
    std::chrono::local_days day{};
    Instant from{}, until{};
};
[[nodiscard]] LocalDay local_day_of(Instant at, const std::string& zone);
[[nodiscard]] LocalDay bounds_of(std::chrono::local_days day, const std::string& zone);

/// The instant of a wall-clock time. One that a clock change skips is the first instant after the gap; one
/// that comes twice is the first. `time` may reach past midnight (25:00 is 01:00 of the next day).
[[nodiscard]] Instant instant_of(std::chrono::local_days day, std::chrono::seconds time,
                                 const std::string& zone);

/// `2026-11-23 14:03:05`, for pages.
[[nodiscard]] std::string local_text(Instant at, const std::string& zone);

[[nodiscard]] bool zone_exists(const std::string& zone);

/// Half-open: [from, until).
struct Span {
    Instant from{}, until{};
    friend bool operator==(const Span&, const Span&) = default;
};

/// The parts of `day` inside a daily window on the weekdays of `weekdays` (bit 0 Monday), ordered, at most
/// two: a window that crosses midnight belongs to the weekday it starts on, so its tail comes from the day
/// before. `until` ≤ `from` crosses midnight; equal ends span the whole day.
[[nodiscard]] std::vector<Span> window_on(std::chrono::local_days day, unsigned weekdays,
                                          std::chrono::minutes from, std::chrono::minutes until,
                                          const std::string& zone);

/// Ordered, disjoint, touching ones joined.
[[nodiscard]] std::vector<Span> merged(std::vector<Span> spans);
/// What lies in both; both merged, and so is the result.
[[nodiscard]] std::vector<Span> intersection(const std::vector<Span>& a, const std::vector<Span>& b);
/// True if [from, until) lies inside one of `spans` (merged).
[[nodiscard]] bool covers(const std::vector<Span>& spans, Instant from, Instant until);

}  // namespace riverlight::scheduler
