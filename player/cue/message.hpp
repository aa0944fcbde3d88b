#pragma once
#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

#include "content/base/instant.hpp"
#include "content/base/json.hpp"

/// What the lines of both directions share: their limits, and how their instants are read.
namespace riverlight::player {

/// What errors call a line.
inline constexpr const char* message_name = "player message";
/// Longest line that either side accepts; a longer one closes the connection.
inline constexpr std::size_t longest_line = 64UL * 1024;

/// Throws Error for what is not one JSON value within the limits.
[[nodiscard]] boost::json::value parse_message(std::string_view line);
/// Empty if the member is absent. Throws Error for a text that is no instant.
[[nodiscard]] std::optional<Instant> read_instant(JsonFields& fields, std::string_view key);
/// Throws Error if the member is absent or no instant.
[[nodiscard]] Instant require_instant(JsonFields& fields, std::string_view key);

}  // namespace riverlight::player
