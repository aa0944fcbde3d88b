#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "content/base/files.hpp"
#include "player/av/handles.hpp"
#include "player/av/scan.hpp"

namespace riverlight::player {

namespace av {

Handle<AVFrame> borrow(const Picture& picture) {
    auto frame = new_frame();
    frame->format = AV_PIX_FMT_YUV420P;
    frame->width = picture.width;
    frame->height = picture.height;
    frame->colorspace = AVCOL_SPC_BT709;
    frame->color_primaries = AVCOL_PRI_BT709;
    frame->color_trc = AVCOL_TRC_BT709;
    frame->color_range = AVCOL_RANGE_MPEG;
    const auto plane = [](const std::vector<std::uint8_t>& v) { return const_cast<std::uint8_t*>(v.data()); };
    frame->data[0] = plane(picture.y);
    frame->data[1] = plane(picture.u);
    frame->data[2] = plane(picture.v);
    frame->linesize[0] = picture.width;
    frame->linesize[1] = frame->linesize[2] = picture.width / 2;
    return frame;
}

Picture copy_picture(const AVFrame& frame, Picture out) {
    out.width = frame.width;
    out.height = frame.height;
    const auto copy = [](std::vector<std::uint8_t>& into, const std::uint8_t* from, int stride, int width,
                         int height) {
        into.clear();
        into.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
        for (int row = 0; row < height; ++row) {
            const auto* begin = from + static_cast<std::ptrdiff_t>(row) * stride;
            into.insert(into.end(), begin, begin + width);  // written once, not zeroed before
        }
    };
    copy(out.y, frame.data[0], frame.linesize[0], frame.width, frame.height);
    copy(out.u, frame.data[1], frame.linesize[1], frame.width / 2, frame.height / 2);
    copy(out.v, frame.data[2], frame.linesize[2], frame.width / 2, frame.height / 2);
    return out;
}

namespace {

/// Sets the matrices by hand: swscale would guess BT.601 on both sides.
void use_bt709(SwsContext* sws, bool from_full, bool to_full) {
    const int* matrix = sws_getCoefficients(SWS_CS_ITU709);
    sws_setColorspaceDetails(sws, matrix, from_full, matrix, to_full, 0, 1 << 16, 1 << 16);
}

Handle<AVFrame> converted(const AVFrame& from, int width, int height, AVPixelFormat format, bool from_full,
                          bool to_full) {
    auto sws = made(sws_getContext(from.width, from.height, static_cast<AVPixelFormat>(from.format), width,
                                   height, format, SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT,
                                   nullptr, nullptr, nullptr));
    use_bt709(sws.get(), from_full, to_full);
    auto out = new_frame();
    out->format = format;
    out->width = width;
    out->height = height;
    check(av_frame_get_buffer(out.get(), 0), "a picture's buffer");
    sws_scale(sws.get(), from.data, from.linesize, 0, from.height, out->data, out->linesize);
    return out;
}

std::string encoded(const AVFrame& frame, AVCodecID id, AVPixelFormat format) {
    const auto* codec = avcodec_find_encoder(id);
    if (!codec)
        throw Error(
            "this libav has no encoder for still pictures; install Debian's libavcodec-extra or libavcodec");
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
    check(avcodec_open2(context.get(), codec, nullptr), "encoding a still picture");
    auto packet = new_packet();
    check(avcodec_send_frame(context.get(), &frame), "encoding a still picture");
    check(avcodec_send_frame(context.get(), nullptr), "encoding a still picture");
    check(avcodec_receive_packet(context.get(), packet.get()), "encoding a still picture");
    return {reinterpret_cast<const char*>(packet->data), static_cast<std::size_t>(packet->size)};
}

Handle<AVFrame> borrow_bgra(const std::uint8_t* bgra, int width, int height) {
    auto frame = new_frame();
    frame->format = AV_PIX_FMT_BGRA;
    frame->width = width;
    frame->height = height;
    frame->data[0] = const_cast<std::uint8_t*>(bgra);
    frame->linesize[0] = width * 4;
    return frame;
}

}  // namespace
}  // namespace av

namespace {

/// BT.709 limited from 8-bit RGB, 16.16 fixed point (ITU-R BT.709-6, item 3.4, scaled to 219 and 224 steps).
struct Yuv {
    int y, u, v;
};
Yuv to_yuv(int r, int g, int b) {
    return {(11966 * r + 40254 * g + 4064 * b + 32768) >> 16,
            (-6596 * r - 22189 * g + 28784 * b + 32768) >> 16,
            (28784 * r - 26145 * g - 2639 * b + 32768) >> 16};
}

std::uint8_t clamp_byte(int value) {
    return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

std::size_t at(int x, int y, int stride) {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(stride) + static_cast<std::size_t>(x);
}

}  // namespace

void lay_over(Picture& picture, const std::uint8_t* bgra, int x, int y, int width, int height) {
    const int left = std::max(0, x), top = std::max(0, y);
    const int right = std::min(picture.width, x + width), bottom = std::min(picture.height, y + height);
    for (int row = top; row < bottom; ++row) {
        const auto* pixel = bgra + at(left - x, row - y, width) * 4;
        for (int column = left; column < right; ++column, pixel += 4) {
            const int alpha = pixel[3];
            if (alpha == 0) continue;
            const int luma = to_yuv(pixel[2], pixel[1], pixel[0]).y + 16 * alpha / 255;
            auto& into = picture.y[at(column, row, picture.width)];
            into = clamp_byte(luma + into * (255 - alpha) / 255);
        }
    }
    // Chroma: the mean of each 2 × 2 block of the overlay, what lies outside it counting as transparent.
    for (int row = top / 2; row < (bottom + 1) / 2; ++row) {
        for (int column = left / 2; column < (right + 1) / 2; ++column) {
            int r = 0, g = 0, b = 0, alpha = 0;
            for (int n = 0; n < 4; ++n) {
                const int px = column * 2 + (n & 1), py = row * 2 + (n >> 1);
                if (px < left || px >= right || py < top || py >= bottom) continue;
                const auto* pixel = bgra + at(px - x, py - y, width) * 4;
                b += pixel[0];
                g += pixel[1];
                r += pixel[2];
                alpha += pixel[3];
            }
            if (alpha == 0) continue;
            const auto chroma = to_yuv(r, g, b);
            const auto index = at(column, row, picture.width / 2);
            const auto mix = [&](std::uint8_t& into, int colour) {
                into = clamp_byte((colour + 2) / 4 + 128 * alpha / 1020 + into * (1020 - alpha) / 1020);
            };
            mix(picture.u[index], chroma.u);
            mix(picture.v[index], chroma.v);
        }
    }
}

Picture black(int width, int height) {
    const auto size = at(0, height, width);
    return {width, height, std::vector<std::uint8_t>(size, 16), std::vector<std::uint8_t>(size / 4, 128),
            std::vector<std::uint8_t>(size / 4, 128)};
}

Picture from_bgra(const std::uint8_t* bgra, int width, int height) {
    auto picture = black(width, height);
    lay_over(picture, bgra, 0, 0, width, height);
    return picture;
}

Picture load_image(const std::string& path, int width, int height) {
    Reader reader(path, Reader::Want::picture, 0, 0);
    const auto first = reader.next_picture();
    if (!first) throw Error(path + ": holds no picture; use a PNG or JPEG file");
    const auto& p = first->picture;
    // Fill: scale until both sides reach, then cut the middle out.
    const auto wide =
        static_cast<std::int64_t>(p.width) * height > static_cast<std::int64_t>(p.height) * width;
    const int scaled_width =
        wide ? static_cast<int>((static_cast<std::int64_t>(p.width) * height / p.height + 1) & ~1) : width;
    const int scaled_height =
        wide ? height : static_cast<int>((static_cast<std::int64_t>(p.height) * width / p.width + 1) & ~1);
    const auto scaled = av::copy_picture(
        *av::converted(*av::borrow(p), scaled_width, scaled_height, AV_PIX_FMT_YUV420P, false, false));
    Picture out = black(width, height);
    const int x0 = (scaled_width - width) / 2 & ~1, y0 = (scaled_height - height) / 2 & ~1;
    for (int row = 0; row < height; ++row)
        std::memcpy(out.y.data() + at(0, row, width), scaled.y.data() + at(x0, row + y0, scaled_width),
                    static_cast<std::size_t>(width));
    for (int row = 0; row < height / 2; ++row) {
        const auto from = at(x0 / 2, row + y0 / 2, scaled_width / 2), into = at(0, row, width / 2);
        std::memcpy(out.u.data() + into, scaled.u.data() + from, static_cast<std::size_t>(width / 2));
        std::memcpy(out.v.data() + into, scaled.v.data() + from, static_cast<std::size_t>(width / 2));
    }
    return out;
}

std::string jpeg_of(const Picture& picture, int widest) {
    const int width = std::min(widest, picture.width) & ~1;
    const int height =
        static_cast<int>(static_cast<std::int64_t>(picture.height) * width / picture.width) & ~1;
    const auto small = av::converted(*av::borrow(picture), width, height, AV_PIX_FMT_YUVJ420P, false, true);
    small->color_range = AVCOL_RANGE_JPEG;
    return av::encoded(*small, AV_CODEC_ID_MJPEG, AV_PIX_FMT_YUVJ420P);
}

void save_jpeg(const Picture& picture, const std::string& path, int widest) {
    const auto bytes = jpeg_of(picture, widest);
    // Rewritten every second: a rename keeps it whole for readers; a power cut may lose it, which harms
    // nobody.
    const auto staging = path + ".new";
    std::ofstream out(staging, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out || std::rename(staging.c_str(), path.c_str()) != 0)
        throw Error("cannot write " + path + ": " + system_reason(errno));
}

void save_png(const Picture& picture, const std::string& path) {
    const auto rgb =
        av::converted(*av::borrow(picture), picture.width, picture.height, AV_PIX_FMT_RGB24, false, true);
    write_file_atomically(path, av::encoded(*rgb, AV_CODEC_ID_PNG, AV_PIX_FMT_RGB24));
}

void save_png_bgra(const std::uint8_t* bgra, int width, int height, const std::string& path) {
    const auto rgba =
        av::converted(*av::borrow_bgra(bgra, width, height), width, height, AV_PIX_FMT_RGBA, true, true);
    write_file_atomically(path, av::encoded(*rgba, AV_CODEC_ID_PNG, AV_PIX_FMT_RGBA));
}

}  // namespace riverlight::player
