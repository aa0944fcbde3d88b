#pragma once
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace riverlight {

/// Why a TOML text is refused before it is parsed.
struct TomlFault {
    int line = 0;
    std::string message;  ///< begins with a verb: `is nested deeper …`
};

constexpr std::size_t toml_deepest = 64;           ///< brackets in brackets, or parts of one dotted key
constexpr std::size_t toml_most_values = 200'000;  ///< values, and parts of dotted keys

/// Checks untrusted TOML for nesting and counts that would cost the parser its stack, or memory far beyond
/// the text's size. Returns nothing if the text may be parsed. Linear time; does not allocate.
[[nodiscard]] std::optional<TomlFault> toml_shape_fault(std::string_view text);

/// Parses TOML 1.0 of at most `cap` bytes into JSON with the same keys. Local dates become `YYYY-MM-DD`,
/// local times `HH:MM:SS`, date-times RFC 3339. Throws ReadError with the line for text that is not TOML.
[[nodiscard]] boost::json::value parse_toml(std::string_view text, const std::string& file,
                                            std::size_t cap = 1U << 20);

}  // namespace riverlight
