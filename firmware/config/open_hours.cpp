#include "firmware/config/open_hours.hpp"

#include "content/base/error.hpp"
#include "content/base/weekdays.hpp"

namespace riverlight::firmware {
namespace {

namespace json = boost::json;

constexpr std::size_t most = 20;

}  // namespace

std::optional<OpenHours> parse_open_hours(std::string_view text) {
    OpenHours hours;
    if (const auto space = text.find(' '); space != std::string_view::npos && space > 0) {
        const auto weekdays = weekdays_of(text.substr(0, space));
        if (!weekdays) return {};
        hours.weekdays = *weekdays;
        text.remove_prefix(space + 1);
    }
    const auto window = parse_window(text);
    if (!window) return {};
    hours.window = *window;
    return hours;
}

std::vector<OpenHours> read_open_hours(const json::value& place, const std::string& file,
                                       std::string_view text) {
    std::vector<OpenHours> open;
    const auto* list = place.get_object().if_contains("open");
    if (!list) return open;
    const auto fail = [&](const std::string& why) {
        throw Error(setting_place(file, text, "place", "open") + ": " + why +
                    "; write local hours with or without weekdays, such as [\"mon-fri 08:00-20:00\", "
                    "\"sat 09:00-13:00\"], or leave it out where the display is always on");
    };
    if (!list->is_array() || list->get_array().empty() || list->get_array().size() > most)
        fail("must be a list of 1 to " + std::to_string(most) + " texts");
    for (const auto& item : list->get_array()) {
        const std::string words(item.is_string() ? std::string_view(item.get_string()) : std::string_view());
        const auto hours = parse_open_hours(words);
        if (!hours) fail("'" + words.substr(0, 40) + "' is not understood");
        open.push_back(*hours);
    }
    return open;
}

}  // namespace riverlight::firmware
