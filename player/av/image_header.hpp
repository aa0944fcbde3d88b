#pragma once
#include <cstdint>
#include <optional>
#include <span>

namespace riverlight::player::av {

/// In pixels, as an image's header says. Up to 2^32 − 1 each.
struct DeclaredSize {
    std::int64_t width = 0, height = 0;
    friend bool operator==(const DeclaredSize&, const DeclaredSize&) = default;
};

/// The size that the header of an image declares, read without decoding it: JPEG, PNG, WebP, GIF, BMP and
/// TIFF. Of a GIF, the larger of its screen and its first picture. Nothing for other formats, and where the
/// header is cut off.
[[nodiscard]] std::optional<DeclaredSize> declared_size(std::span<const std::uint8_t> image);

}  // namespace riverlight::player::av
