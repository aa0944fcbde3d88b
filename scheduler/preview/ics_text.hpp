#pragma once
#include <string>
#include <string_view>

#include "content/base/instant.hpp"

/// Text forms of iCalendar (RFC 5545).
namespace riverlight::scheduler {

/// A content line, folded at 75 octets between letters, with CRLF (3.1).
[[nodiscard]] std::string ics_line(std::string_view line);
/// TEXT (3.3.11). Control characters, which it may not contain, are dropped.
[[nodiscard]] std::string ics_escaped(std::string_view text);
/// DATE-TIME in UTC: 20261123T060000Z. Whole seconds, rounded down.
[[nodiscard]] std::string ics_utc(Instant at);

}  // namespace riverlight::scheduler
