#include "firmware/config/open_hours.hpp"

#include "content/base/error.hpp"
#include "firmware/config/sync_config.hpp"

namespace riverlight::firmware {

namespace json = boost::json;

std::vector<OpenHours> read_open_hours(const json::value& place, const std::string& file,
                                       std::string_view text) {
    std::vector<OpenHours> open;
    const auto* list = place.get_object().if_contains("open");
    if (!list) return open;
    const auto fail = [&](ReadFault kind, const std::string& why) {
        throw ReadError(kind, setting_place(file, text, "place", "open"),
                        why +
                            "; write local hours with or without weekdays, such as [\"mon-fri 08:00-20:00\", "
                            "\"sat 09:00-13:00\"], or leave it out where the display is always on");
    };
    if (!list->is_array() || list->get_array().empty() || list->get_array().size() > content::most_open_hours)
        fail(ReadFault::wrong_type,
             "must be a list of 1 to " + std::to_string(content::most_open_hours) + " texts");
    for (const auto& item : list->get_array()) {
        const std::string words(item.is_string() ? std::string_view(item.get_string()) : std::string_view());
        const auto hours = content::parse_open_hours(words);
        if (!hours) fail(ReadFault::malformed, "'" + words.substr(0, 40) + "' is not understood");
        open.push_back(*hours);
    }
    return open;
}

}  // namespace riverlight::firmware
