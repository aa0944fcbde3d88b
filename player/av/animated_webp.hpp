#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace riverlight::player::av {

/// The first picture of an animated WebP, as a file of its own.
struct WebpPicture {
    std::string bytes;          ///< a WebP of one picture
    int x = 0, y = 0;           ///< where it stands on the canvas; even
    int width = 0, height = 0;  ///< of the canvas
};

/// libav reads no animated WebP (WebP Container Specification, "Extended File Format"). Nothing for any other
/// file, and for one that ends before its first picture does.
[[nodiscard]] std::optional<WebpPicture> first_of_animated_webp(std::span<const std::uint8_t> file);

}  // namespace riverlight::player::av
