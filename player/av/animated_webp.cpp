#include "player/av/animated_webp.hpp"

#include <string_view>

namespace riverlight::player::av {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t chunk_header = 8;
constexpr std::uint8_t animation = 0x02, alpha = 0x10;  // flags of VP8X

std::uint32_t little_endian(Bytes bytes, std::size_t at, std::size_t count) {
    std::uint32_t value = 0;
    for (std::size_t i = count; i-- > 0;) value = value << 8 | bytes[at + i];
    return value;
}

std::string little_endian_text(std::uint32_t value, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += static_cast<char>(value >> 8 * i & 0xFF);
    return text;
}

std::string_view text_of(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A chunk's data, without its padding; nothing where it is not whole. `at` moves behind it.
struct Chunk {
    std::string_view name;
    Bytes data;
};
std::optional<Chunk> next_chunk(Bytes file, std::size_t& at) {
    if (at + chunk_header > file.size()) return {};
    const std::size_t size = little_endian(file, at + 4, 4);
    if (size > file.size() - at - chunk_header) return {};
    const Chunk chunk{text_of(file.subspan(at, 4)), file.subspan(at + chunk_header, size)};
    at += chunk_header + size + (size & 1);
    return chunk;
}

std::string chunk_text(std::string_view name, std::string_view data) {
    return std::string(name) + little_endian_text(static_cast<std::uint32_t>(data.size()), 4) +
           std::string(data) + std::string(data.size() & 1, '\0');
}

/// Of the data of an ANMF chunk.
std::optional<WebpPicture> picture_of(Bytes frame) {
    constexpr std::size_t header = 16;
    if (frame.size() < header) return {};
    WebpPicture picture;
    picture.x = static_cast<int>(little_endian(frame, 0, 3)) * 2;
    picture.y = static_cast<int>(little_endian(frame, 3, 3)) * 2;
    const auto size = text_of(frame.subspan(6, 6));  // as VP8X has it: less one, three bytes each
    std::string chunks;
    bool transparent = false, coded = false;
    std::size_t at = header;
    while (const auto chunk = next_chunk(frame, at)) {
        if (chunk->name != "ALPH" && chunk->name != "VP8 " && chunk->name != "VP8L") continue;
        transparent = transparent || chunk->name != "VP8 ";
        coded = coded || chunk->name != "ALPH";
        chunks += chunk_text(chunk->name, text_of(chunk->data));
    }
    if (!coded) return {};
    const auto flags = little_endian_text(transparent ? alpha : 0, 4);
    const auto all = "WEBP" + chunk_text("VP8X", flags + std::string(size)) + chunks;
    picture.bytes = chunk_text("RIFF", all);
    return picture;
}

}  // namespace

std::optional<WebpPicture> first_of_animated_webp(Bytes file) {
    if (file.size() < 12 || text_of(file.first(4)) != "RIFF" || text_of(file.subspan(8, 4)) != "WEBP")
        return {};
    std::size_t at = 12;
    int width = 0, height = 0;
    while (const auto chunk = next_chunk(file, at)) {
        if (chunk->name == "VP8X" && chunk->data.size() >= 10 && (chunk->data[0] & animation)) {
            width = static_cast<int>(little_endian(chunk->data, 4, 3)) + 1;
            height = static_cast<int>(little_endian(chunk->data, 7, 3)) + 1;
        }
        if (chunk->name != "ANMF" || width == 0) continue;
        auto picture = picture_of(chunk->data);
        if (picture) {
            picture->width = width;
            picture->height = height;
        }
        return picture;
    }
    return {};
}

}  // namespace riverlight::player::av
