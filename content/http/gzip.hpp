#pragma once
#include <cstdint>
#include <string>
#include <string_view>

/// RFC 1952, for bodies that cross a slow line. Used at both ends of it.
namespace riverlight::http {

[[nodiscard]] std::string gzip(std::string_view bytes);
/// One whole member and nothing behind it. Throws Error for anything else, and as soon as the output would
/// pass `cap` bytes.
[[nodiscard]] std::string gunzip(std::string_view bytes, std::uint64_t cap);

}  // namespace riverlight::http
