#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "content/base/instant.hpp"
#include "content/segment/open_hours.hpp"

namespace riverlight::firmware {

/// When a place may do without its board.
struct PlaceHours {
    std::vector<content::OpenHours> open{};  ///< of its displays; empty: it never closes
    std::string zone{};                      ///< IANA; empty: there is no programme yet
    bool feed = false;                       ///< one of its outlets is a feed, which never closes
    friend bool operator==(const PlaceHours&, const PlaceHours&) = default;
};

/// An installation and a start need this long, with some to spare: a place that opens sooner is not idle.
inline constexpr std::chrono::minutes update_needs{20};
/// The local hour in which a place that does not close is idle: 03:00 to 04:00.
inline constexpr std::chrono::hours quiet_hour{3};

/// Whether the board may install and start again at `now`.
/// - A place with open hours is idle while it is closed, if it stays so for `update_needs`.
/// - A place that does not close within a day, or has a feed, is idle in `quiet_hour`.
/// - A board without a programme is always idle: nothing but the slate is on.
///
/// Pure. Throws Error for a zone that the tz database lacks.
[[nodiscard]] bool is_idle_at(const PlaceHours& place, Instant now);
/// The first such moment from `now` on, to a quarter of an hour; nothing if there is none within eight days.
[[nodiscard]] std::optional<Instant> next_idle(const PlaceHours& place, Instant now);

}  // namespace riverlight::firmware
