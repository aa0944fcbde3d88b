#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// Parts of local days as people write them: `08:00-20:00`, `mon-fri 08:00-20:00`.
namespace riverlight::content {

/// Minutes from local midnight; `until` ≤ `from` crosses midnight (22:00–05:00).
struct DayWindow {
    std::chrono::minutes from{}, until{};
    friend bool operator==(const DayWindow&, const DayWindow&) = default;
};

/// `01:00-05:00`; `24:00` may end one. Nothing for anything else, for equal ends among them.
[[nodiscard]] std::optional<DayWindow> parse_window(std::string_view text);

/// When a place is open, and its displays are on: a part of the local days of some weekdays; one that crosses
/// midnight belongs to the day it begins on.
struct OpenHours {
    unsigned weekdays = 0x7f;  ///< bit 0 Monday … bit 6 Sunday
    DayWindow window;
    friend bool operator==(const OpenHours&, const OpenHours&) = default;
};

/// Most that a place may name.
inline constexpr std::size_t most_open_hours = 20;

/// `08:00-20:00`, `mon-fri 08:00-20:00`, `sat 09:00-13:00`; weekdays may wrap (`fri-mon`). Nothing for
/// anything else.
[[nodiscard]] std::optional<OpenHours> parse_open_hours(std::string_view text);
/// As parse_open_hours reads it; the weekdays must be one span, as those that it read are.
[[nodiscard]] std::string open_hours_text(const OpenHours& hours);

}  // namespace riverlight::content
