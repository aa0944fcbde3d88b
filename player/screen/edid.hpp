#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace riverlight::player {

/// The display's name in its EDID (VESA E-EDID 1.4, 3.10.3.4, "Display Product Name"); without one the three
/// letters of its manufacturer and the product code, as DEL-40a1. Empty if `edid` is no EDID. The input is
/// untrusted: the result has at most 13 printable ASCII characters.
[[nodiscard]] std::string display_name(std::span<const std::uint8_t> edid);

}  // namespace riverlight::player
