#include "player/av/image_header.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

namespace riverlight::player::av {
namespace {

enum class Order : std::uint8_t { big, little };

/// An image's bytes. Where it ends, zeros follow: a size of 0 is none.
class Image {
  public:
    explicit Image(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    [[nodiscard]] std::size_t size() const { return bytes_.size(); }
    [[nodiscard]] bool has(std::size_t at, std::string_view text) const {
        return at <= size() && text.size() <= size() - at &&
               std::equal(text.begin(), text.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(at),
                          [](char c, std::uint8_t byte) { return static_cast<std::uint8_t>(c) == byte; });
    }
    /// A number of so many bytes, at most four.
    [[nodiscard]] std::uint32_t number(std::size_t at, std::size_t bytes, Order order) const {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < bytes; ++i) {
            const auto place = at + (order == Order::big ? i : bytes - 1 - i);
            value = value << 8 | (place < size() ? bytes_[place] : 0U);
        }
        return value;
    }
    [[nodiscard]] std::uint32_t little(std::size_t at, std::size_t bytes) const {
        return number(at, bytes, Order::little);
    }
    [[nodiscard]] std::uint32_t big(std::size_t at, std::size_t bytes) const {
        return number(at, bytes, Order::big);
    }

  private:
    std::span<const std::uint8_t> bytes_;
};

/// PNG, third edition, 11.2.1: IHDR is the first chunk.
DeclaredSize size_of_png(const Image& image) {
    return {image.big(16, 4), image.big(20, 4)};
}

/// ITU-T T.81, B.2.2: the first frame header. Other segments are passed over by their lengths.
DeclaredSize size_of_jpeg(const Image& image) {
    for (std::size_t at = 2; at + 9 <= image.size();) {
        const auto marker = image.big(at + 1, 1);
        if (image.big(at, 1) != 0xff || marker == 0xff) {
            ++at;  // fill bytes
            continue;
        }
        const bool frame =
            marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (frame) return {image.big(at + 7, 2), image.big(at + 5, 2)};
        at += 2 + std::max<std::size_t>(2, image.big(at + 2, 2));
    }
    return {};
}

/// RFC 9649: the canvas of the extended format, else the size of the lossy (RFC 6386, 9.1) or lossless one.
DeclaredSize size_of_webp(const Image& image) {
    if (image.has(12, "VP8X"))
        return {std::int64_t{image.little(24, 3)} + 1, std::int64_t{image.little(27, 3)} + 1};
    if (image.has(12, "VP8L")) {
        const auto bits = image.little(21, 4);
        return {(bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1};
    }
    return {image.little(26, 2) & 0x3fff, image.little(28, 2) & 0x3fff};
}

/// GIF89a, 18 and 20: the screen; the picture's descriptor stands behind the table of colours.
DeclaredSize size_of_gif(const Image& image) {
    DeclaredSize size{image.little(6, 2), image.little(8, 2)};
    const auto flags = image.little(10, 1);
    const std::size_t at = 13 + (flags & 0x80 ? std::size_t{3} << ((flags & 7) + 1) : 0);
    if (image.has(at, ",")) {
        size.width = std::max<std::int64_t>(size.width, image.little(at + 5, 2));
        size.height = std::max<std::int64_t>(size.height, image.little(at + 7, 2));
    }
    return size;
}

/// BITMAPINFOHEADER and its successors; BITMAPCOREHEADER has 12 bytes. A negative height: from the top down.
DeclaredSize size_of_bmp(const Image& image) {
    if (image.little(14, 4) == 12) return {image.little(18, 2), image.little(20, 2)};
    const auto height = static_cast<std::int32_t>(image.little(22, 4));
    return {image.little(18, 4), std::abs(std::int64_t{height})};
}

/// TIFF 6.0, 2: tags 256 and 257 of the first directory.
DeclaredSize size_of_tiff(const Image& image, Order order) {
    constexpr std::uint32_t width = 256, height = 257, of_two_bytes = 3;
    DeclaredSize size;
    const std::size_t directory = image.number(4, 4, order);
    const auto entries = image.number(directory, 2, order);
    for (std::size_t i = 0; i < entries; ++i) {
        const auto at = directory + 2 + i * 12;
        if (at >= image.size()) break;
        const auto tag = image.number(at, 2, order);
        const auto value =
            image.number(at + 8, image.number(at + 2, 2, order) == of_two_bytes ? 2 : 4, order);
        if (tag == width) size.width = value;
        if (tag == height) size.height = value;
    }
    return size;
}

DeclaredSize size_of(const Image& image) {
    if (image.has(0, "\x89PNG\r\n")) return size_of_png(image);
    if (image.has(0, "\xff\xd8")) return size_of_jpeg(image);
    if (image.has(0, "RIFF") && image.has(8, "WEBP")) return size_of_webp(image);
    if (image.has(0, "GIF8")) return size_of_gif(image);
    if (image.has(0, "BM")) return size_of_bmp(image);
    if (image.has(0, "II*")) return size_of_tiff(image, Order::little);
    if (image.has(0, std::string_view("MM\0*", 4))) return size_of_tiff(image, Order::big);
    return {};
}

}  // namespace

std::optional<DeclaredSize> declared_size(std::span<const std::uint8_t> image) {
    const auto size = size_of(Image(image));
    return size.width > 0 && size.height > 0 ? std::optional(size) : std::nullopt;
}

}  // namespace riverlight::player::av
