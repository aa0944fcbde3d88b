#pragma once
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace riverlight {

/// Reads TOML 1.0 of at most `cap` bytes into the JSON with the same keys; local dates become `YYYY-MM-DD`,
/// local times `HH:MM:SS`, date-times RFC 3339. Throws Error `file:line:column: …` for text that is not TOML.
[[nodiscard]] boost::json::value parse_toml(std::string_view text, const std::string& file,
                                            std::size_t cap = 1U << 20);

}  // namespace riverlight
