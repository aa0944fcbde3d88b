#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace riverlight::player {

/// What a display calls itself (VESA E-EDID 1.4, section 3.10.3.4, "Display Product Name"); where it gives no
/// name, its maker's three letters and product code, as DEL-40a1. Empty where the block is none. Untrusted:
/// what a display sends is cut to 13 printable ASCII characters.
[[nodiscard]] std::string display_name(std::span<const std::uint8_t> edid);

}  // namespace riverlight::player
