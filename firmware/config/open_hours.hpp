#pragma once
#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/instant.hpp"
#include "firmware/config/sync_config.hpp"

/// When a place is open, and its displays are on: `open` of [place] in riverlightd.toml.
namespace riverlight::firmware {

/// A part of the local days of some weekdays; one that crosses midnight belongs to the day it begins on.
struct OpenHours {
    unsigned weekdays = 0x7f;  ///< bit 0 Monday … bit 6 Sunday
    DayWindow window;
    friend bool operator==(const OpenHours&, const OpenHours&) = default;
};

/// `08:00-20:00`, `mon-fri 08:00-20:00`, `sat 09:00-13:00`; weekdays may wrap (`fri-mon`). Nothing for
/// anything else.
[[nodiscard]] std::optional<OpenHours> parse_open_hours(std::string_view text);

/// `open` of [place]; empty where it is left out. Throws Error with file, line, what is wrong and how it is
/// written. `text` is that of `file`.
[[nodiscard]] std::vector<OpenHours> read_open_hours(const boost::json::value& place, const std::string& file,
                                                     std::string_view text);

}  // namespace riverlight::firmware
