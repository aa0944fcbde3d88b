#include "content/segment/open_hours.hpp"

#include "content/base/weekdays.hpp"
#include "content/segment/forms.hpp"

namespace riverlight::content {
namespace {

constexpr std::chrono::minutes midnight{0}, day_end{24 * 60};

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

}  // namespace

std::optional<DayWindow> parse_window(std::string_view text) {
    const auto dash = text.find('-');
    if (dash == text.npos) return {};
    const auto from = time_of_day(trimmed(text.substr(0, dash)));
    const auto until = time_of_day(trimmed(text.substr(dash + 1)));
    if (!from || !until || *from == day_end || *from == *until || (*from == midnight && *until == day_end))
        return {};
    return DayWindow{*from, *until == day_end ? midnight : *until};
}

std::optional<OpenHours> parse_open_hours(std::string_view text) {
    OpenHours hours;
    if (const auto space = text.find(' '); space != std::string_view::npos && space > 0) {
        const auto weekdays = parse_weekdays(text.substr(0, space));
        if (!weekdays) return {};
        hours.weekdays = *weekdays;
        text.remove_prefix(space + 1);
    }
    const auto window = parse_window(text);
    if (!window) return {};
    hours.window = *window;
    return hours;
}

std::string open_hours_text(const OpenHours& hours) {
    const auto weekdays = format_weekdays(hours.weekdays);
    const auto until = hours.window.until == midnight ? day_end : hours.window.until;
    return weekdays + (weekdays.empty() ? "" : " ") + time_of_day_text(hours.window.from) + '-' +
           time_of_day_text(until);
}

}  // namespace riverlight::content
