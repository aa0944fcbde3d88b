#pragma once
#include <cstdint>
#include <string>

#include "player/av/picture.hpp"

/// Still images. All functions throw Error with the path and the reason.
namespace riverlight::player {

/// Reads a photograph or a drawing: JPEG, PNG, WebP, BMP, TIFF, GIF (its first picture) or AVIF, of up to 120
/// million pixels. It is scaled and cropped so that it fills width × height; `background` (0xRRGGBB) stands
/// behind what is transparent. Refuses a file that is damaged or cut off.
[[nodiscard]] Picture load_image(const std::string& path, int width, int height,
                                 std::uint32_t background = 0);
/// JPEG (full range, BT.709), scaled down to at most `max_width` pixels.
[[nodiscard]] std::string to_jpeg(const Picture& picture, int max_width);
/// Writes to_jpeg() to a temporary file and renames it, so that readers never see half a file.
void save_jpeg(const Picture& picture, const std::string& path, int max_width);
/// Full-size PNG, for people and golden images.
void save_png(const Picture& picture, const std::string& path);
void save_png_bgra(const std::uint8_t* bgra, int width, int height, const std::string& path);

}  // namespace riverlight::player
