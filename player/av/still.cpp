#include "player/av/still.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <optional>
#include <span>
#include <utility>

#include "content/base/files.hpp"
#include "player/av/animated_webp.hpp"
#include "player/av/frame.hpp"
#include "player/av/image_header.hpp"
#include "player/av/image_orientation.hpp"
#include "player/av/open_format.hpp"
#include "player/av/reader.hpp"

namespace riverlight::player {

using namespace av;

namespace {

constexpr std::uint64_t largest_image = 256U << 20;  ///< bytes

/// Sets the colour matrix: swscale would guess BT.601 on both sides.
void use_bt709(SwsContext* sws, bool from_full, bool to_full) {
    const int* matrix = sws_getCoefficients(SWS_CS_ITU709);
    sws_setColorspaceDetails(sws, matrix, from_full, matrix, to_full, 0, 1 << 16, 1 << 16);
}

Handle<AVFrame> scale(const AVFrame& from, int width, int height, AVPixelFormat format, bool from_full,
                      bool to_full) {
    auto sws = made(sws_getContext(from.width, from.height, static_cast<AVPixelFormat>(from.format), width,
                                   height, format, SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT,
                                   nullptr, nullptr, nullptr));
    use_bt709(sws.get(), from_full, to_full);
    auto out = allocate_frame(width, height, format);
    sws_scale(sws.get(), from.data, from.linesize, 0, from.height, out->data, out->linesize);
    return out;
}

std::string encode(const AVFrame& frame, AVCodecID id, AVPixelFormat format) {
    const auto* codec = avcodec_find_encoder(id);
    if (!codec)
        throw Error(
            "this libav has no encoder for still images; install Debian's libavcodec-extra or libavcodec");
    auto context = made(avcodec_alloc_context3(codec));
    context->width = frame.width;
    context->height = frame.height;
    context->pix_fmt = format;
    context->time_base = {1, 25};
    context->thread_count = 1;
    if (id == AV_CODEC_ID_MJPEG) {
        context->color_range = AVCOL_RANGE_JPEG;
        context->flags |= AV_CODEC_FLAG_QSCALE;
        context->global_quality = 4 * FF_QP2LAMBDA;
    }
    check(avcodec_open2(context.get(), codec, nullptr), "encoding a still image");
    auto packet = new_packet();
    check(avcodec_send_frame(context.get(), &frame), "encoding a still image");
    check(avcodec_send_frame(context.get(), nullptr), "encoding a still image");
    check(avcodec_receive_packet(context.get(), packet.get()), "encoding a still image");
    return {reinterpret_cast<const char*>(packet->data), static_cast<std::size_t>(packet->size)};
}

Handle<AVFrame> wrap_bgra(const std::uint8_t* bgra, int width, int height) {
    auto frame = new_frame();
    frame->format = AV_PIX_FMT_BGRA;
    frame->width = width;
    frame->height = height;
    frame->data[0] = const_cast<std::uint8_t*>(bgra);
    frame->linesize[0] = width * 4;
    return frame;
}

/// Index of a sample in a plane.
std::size_t at(int x, int y, int stride) {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(stride) + static_cast<std::size_t>(x);
}

/// The middle of a picture; the cut begins at an even pixel.
Picture crop(const Picture& from, int width, int height) {
    Picture out = black(width, height);
    const int x0 = (from.width - width) / 2 & ~1, y0 = (from.height - height) / 2 & ~1;
    for (int row = 0; row < height; ++row)
        std::memcpy(out.y.data() + at(0, row, width), from.y.data() + at(x0, row + y0, from.width),
                    static_cast<std::size_t>(width));
    for (int row = 0; row < height / 2; ++row) {
        const auto source = at(x0 / 2, row + y0 / 2, from.width / 2), into = at(0, row, width / 2);
        std::memcpy(out.u.data() + into, from.u.data() + source, static_cast<std::size_t>(width / 2));
        std::memcpy(out.v.data() + into, from.v.data() + source, static_cast<std::size_t>(width / 2));
    }
    return out;
}

/// True for a JPEG whose end-of-image marker is missing (ITU-T T.81, B.1.1): libav shows grey or green in
/// place of what is not there, and does not say so.
bool is_cut_off_jpeg(const std::string& bytes) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    if (bytes.size() < 4 || byte(0) != 0xff || byte(1) != 0xd8) return false;
    for (std::size_t at = 2; at + 1 < bytes.size();) {
        if (byte(at) != 0xff || byte(at + 1) == 0 || byte(at + 1) == 0xff || (byte(at + 1) & 0xf8) == 0xd0) {
            ++at;  // coded data, fill bytes, restart markers
            continue;
        }
        if (byte(at + 1) == 0xd9) return false;
        if (at + 3 >= bytes.size()) return true;
        at += 2 + (std::size_t{byte(at + 2)} << 8 | byte(at + 3));  // a segment with its length
    }
    return true;
}

/// Throws Error that names the formats of pictures, not of videos.
Reader open_image(const std::string& path, const MediaLimits& limits) {
    try {
        return Reader(path, Reader::Want::picture, 0, 0, {}, limits);
    } catch (const TooLarge&) {
        throw;
    } catch (const Error& e) {
        const std::string why = e.what();
        throw Error(
            path + ": is not a picture that Riverlight reads; save it as JPEG or PNG" +
            (why.starts_with(path + ": its picture is") ? " (" + why.substr(path.size() + 2) + ")" : ""));
    }
}

/// A picture of one colour, 0xRRGGBB.
Picture plain(int width, int height, std::uint32_t colour) {
    std::array<std::uint8_t, 16> bgra{};
    for (std::size_t i = 0; i < bgra.size(); ++i)
        bgra[i] = i % 4 == 3 ? 255 : static_cast<std::uint8_t>(colour >> i % 4 * 8);
    const auto pixels = from_bgra(bgra.data(), 2, 2);
    auto out = black(width, height);
    std::fill(out.y.begin(), out.y.end(), pixels.y[0]);
    std::fill(out.u.begin(), out.u.end(), pixels.u[0]);
    std::fill(out.v.begin(), out.v.end(), pixels.v[0]);
    return out;
}

/// The canvas of an animated WebP with its first picture; nothing where that does not decode.
std::optional<Picture> composed(const WebpPicture& webp, const MediaLimits& limits) {
    const int width = (webp.width + 1) & ~1, height = (webp.height + 1) & ~1;
    if (static_cast<std::int64_t>(width) * height > limits.max_pixels) return {};
    const Fd file(::memfd_create("webp", MFD_CLOEXEC));
    if (!file ||
        ::write(file.get(), webp.bytes.data(), webp.bytes.size()) != static_cast<ssize_t>(webp.bytes.size()))
        throw Error("no memory for a picture: " + system_reason(errno));
    auto reader = open_image("/proc/self/fd/" + std::to_string(file.get()), limits);
    const auto first = reader.next_picture();
    if (!first || reader.corrupt() > 0) return {};
    const auto& picture = first->picture;
    if (webp.x + picture.width > width || webp.y + picture.height > height) return {};
    auto canvas = plain(width, height, limits.background);
    const auto copy = [&](const std::vector<std::uint8_t>& from, std::vector<std::uint8_t>& to, int divisor) {
        for (int row = 0; row < picture.height / divisor; ++row)
            std::memcpy(to.data() + at(webp.x / divisor, row + webp.y / divisor, width / divisor),
                        from.data() + at(0, row, picture.width / divisor),
                        static_cast<std::size_t>(picture.width / divisor));
    };
    copy(picture.y, canvas.y, 1);
    copy(picture.u, canvas.u, 2);
    copy(picture.v, canvas.v, 2);
    return canvas;
}

/// A plane of a picture, turned.
std::vector<std::uint8_t> turned(const std::vector<std::uint8_t>& plane, int width, int height,
                                 Orientation orientation) {
    const bool swaps = orientation.swaps_sides();
    const int across = swaps ? height : width, down = swaps ? width : height;
    std::vector<std::uint8_t> out(plane.size());
    for (int row = 0; row < down; ++row) {
        for (int column = 0; column < across; ++column) {
            int x = column, y = row;  // where it comes from, as the turns are taken back
            if (orientation.quarter_turns == 1) {
                x = row;
                y = height - 1 - column;
            } else if (orientation.quarter_turns == 2) {
                x = width - 1 - column;
                y = height - 1 - row;
            } else if (orientation.quarter_turns == 3) {
                x = width - 1 - row;
                y = column;
            }
            if (orientation.flipped) x = width - 1 - x;
            out[at(column, row, across)] = plane[at(x, y, width)];
        }
    }
    return out;
}

Picture turned(Picture picture, Orientation orientation) {
    if (orientation == Orientation{}) return picture;
    picture.y = turned(picture.y, picture.width, picture.height, orientation);
    for (auto* plane : {&picture.u, &picture.v})
        *plane = turned(*plane, picture.width / 2, picture.height / 2, orientation);
    if (orientation.swaps_sides()) std::swap(picture.width, picture.height);
    return picture;
}

/// The first picture of a file. Throws Error with the file, the fault and the remedy.
Picture whole_image(const std::string& path, const MediaLimits& limits) {
    const auto bytes = read_file(path, largest_image);
    const std::span image(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    if (const auto size = declared_size(image); size && size->width > limits.max_still_pixels / size->height)
        throw TooLarge(path, size->width, size->height, limits.max_still_pixels);
    const auto webp = first_of_animated_webp(image);
    auto reader = webp ? std::nullopt : std::optional(open_image(path, limits));
    std::optional<Picture> picture;
    try {
        if (webp) {
            picture = composed(*webp, limits);
            VerifiedFile file(path);
            if (picture) picture = turned(std::move(*picture), orientation_in(file));
        } else if (auto first = reader->next_picture();
                   first && reader->corrupt() == 0 && !is_cut_off_jpeg(bytes)) {
            picture = std::move(first->picture);
        }
    } catch (const Error&) {
        picture.reset();  // the sentence below names the file, and what to do
    }
    if (!picture) throw Error(path + ": is damaged or cut off; copy or export it again, whole");
    return std::move(*picture);
}

}  // namespace

Picture load_image(const std::string& path, int width, int height, std::uint32_t background) {
    MediaLimits limits;
    limits.max_pixels = limits.max_still_pixels;  // AVIF is no container of still images alone
    limits.still_images = true;
    limits.background = background;
    const auto p = whole_image(path, limits);
    // Scale until both sides fill the canvas, then crop the middle.
    const std::int64_t across = p.width, down = p.height;
    const bool wide = across * height > down * width;
    const auto scaled_width = wide ? (across * height / down + 1) & ~std::int64_t{1} : width;
    const auto scaled_height = wide ? height : (down * width / across + 1) & ~std::int64_t{1};
    if (scaled_width > limits.max_still_pixels / scaled_height)
        throw Error(path + ": is " + std::to_string(across) + "×" + std::to_string(down) +
                    ", too long and narrow to fill a screen; cut it to the shape of one");
    return crop(copy_picture(*scale(*wrap(p), static_cast<int>(scaled_width), static_cast<int>(scaled_height),
                                    AV_PIX_FMT_YUV420P, false, false)),
                width, height);
}

std::string to_jpeg(const Picture& picture, int max_width) {
    const int width = std::min(max_width, picture.width) & ~1;
    const int height =
        static_cast<int>(static_cast<std::int64_t>(picture.height) * width / picture.width) & ~1;
    const auto small = scale(*wrap(picture), width, height, AV_PIX_FMT_YUVJ420P, false, true);
    small->color_range = AVCOL_RANGE_JPEG;
    return encode(*small, AV_CODEC_ID_MJPEG, AV_PIX_FMT_YUVJ420P);
}

void save_jpeg(const Picture& picture, const std::string& path, int max_width) {
    const auto bytes = to_jpeg(picture, max_width);
    // Written every second: the rename keeps the file whole for readers. Not synced: a power cut may lose it.
    const auto staging = path + ".new";
    std::ofstream out(staging, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out || std::rename(staging.c_str(), path.c_str()) != 0)
        throw Error("cannot write " + path + ": " + system_reason(errno));
}

void save_png(const Picture& picture, const std::string& path) {
    const auto rgb = scale(*wrap(picture), picture.width, picture.height, AV_PIX_FMT_RGB24, false, true);
    write_file_atomically(path, encode(*rgb, AV_CODEC_ID_PNG, AV_PIX_FMT_RGB24));
}

void save_png_bgra(const std::uint8_t* bgra, int width, int height, const std::string& path) {
    const auto rgba = scale(*wrap_bgra(bgra, width, height), width, height, AV_PIX_FMT_RGBA, true, true);
    write_file_atomically(path, encode(*rgba, AV_CODEC_ID_PNG, AV_PIX_FMT_RGBA));
}

}  // namespace riverlight::player
