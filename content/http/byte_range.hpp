#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace riverlight::http {

/// Reads `bytes=a-b` of a file of `size` bytes as [first, last]. Nothing if the whole file is to be sent,
/// also for a range that HTTP forbids; an empty range (last < first) if the file has no such byte (RFC 9110,
/// section 14).
[[nodiscard]] std::optional<std::pair<std::uint64_t, std::uint64_t>> byte_range(std::string_view header,
                                                                                std::uint64_t size);

}  // namespace riverlight::http
