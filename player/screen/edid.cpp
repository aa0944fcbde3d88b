#include "player/screen/edid.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace riverlight::player {
namespace {

constexpr std::array<std::uint8_t, 8> header{0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0};
constexpr std::size_t block = 128, first_descriptor = 54, descriptor_size = 18, descriptors = 4;

std::string text_of(std::span<const std::uint8_t> bytes) {
    std::string out;
    for (const auto c : bytes) {
        if (c == '\n') break;
        out += c >= 0x20 && c < 0x7f ? static_cast<char>(c) : '?';
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
}

/// Three letters of five bits each (3.4.1), then the product code, low byte first.
std::string manufacturer_of(std::span<const std::uint8_t> edid) {
    const unsigned letters = unsigned{edid[8]} << 8 | edid[9];
    std::string out;
    for (const int shift : {10, 5, 0}) {
        const unsigned letter = letters >> shift & 31U;
        out += letter >= 1 && letter <= 26 ? static_cast<char>('A' + letter - 1) : '?';
    }
    char code[8];
    std::snprintf(code, sizeof code, "-%02x%02x", edid[11], edid[10]);
    return out + code;
}

}  // namespace

std::string display_name(std::span<const std::uint8_t> edid) {
    if (edid.size() < block || !std::equal(header.begin(), header.end(), edid.begin())) return {};
    for (std::size_t i = 0; i < descriptors; ++i) {
        const auto d = edid.subspan(first_descriptor + i * descriptor_size, descriptor_size);
        if (d[0] != 0 || d[1] != 0 || d[2] != 0 || d[3] != 0xfc) continue;
        if (auto name = text_of(d.subspan(5)); !name.empty()) return name;
    }
    return manufacturer_of(edid);
}

}  // namespace riverlight::player
