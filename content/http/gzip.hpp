#pragma once
#include <cstdint>
#include <string>
#include <string_view>

/// RFC 1952: compressed bodies between board and office, and on sticks.
namespace riverlight::http {

[[nodiscard]] std::string gzip(std::string_view bytes);
/// Decompresses exactly one member. Throws Error for anything else, and as soon as the output would exceed
/// `cap` bytes.
[[nodiscard]] std::string gunzip(std::string_view bytes, std::uint64_t cap);

}  // namespace riverlight::http
