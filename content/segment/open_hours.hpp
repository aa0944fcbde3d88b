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

/// Parses `01:00-05:00`; the end may be `24:00`. Nothing for any other text, or if both ends are equal.
[[nodiscard]] std::optional<DayWindow> parse_window(std::string_view text);

/// When a place is open and its displays are on: a window of the day on some weekdays. A window that crosses
/// midnight belongs to the day on which it begins.
struct OpenHours {
    unsigned weekdays = 0x7f;  ///< bit 0 Monday … bit 6 Sunday
    DayWindow window;
    friend bool operator==(const OpenHours&, const OpenHours&) = default;
};

/// The most opening hours that a place may have.
inline constexpr std::size_t most_open_hours = 20;

/// Parses `08:00-20:00`, `mon-fri 08:00-20:00`, `sat 09:00-13:00`; weekdays may wrap (`fri-mon`). Nothing for
/// any other text.
[[nodiscard]] std::optional<OpenHours> parse_open_hours(std::string_view text);
/// The text that parse_open_hours reads. The weekdays must form one range.
[[nodiscard]] std::string open_hours_text(const OpenHours& hours);

}  // namespace riverlight::content
