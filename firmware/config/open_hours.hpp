#pragma once
#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "content/segment/open_hours.hpp"

namespace riverlight::firmware {

using content::OpenHours;

/// `open` of [place] in riverlightd.toml; empty where it is left out. Throws ReadError with file, line, what
/// is wrong and how it is written. `text` is that of `file`.
[[nodiscard]] std::vector<OpenHours> read_open_hours(const boost::json::value& place, const std::string& file,
                                                     std::string_view text);

}  // namespace riverlight::firmware
