#include "player/av/frame.hpp"

#include <cassert>

namespace riverlight::player::av {

Handle<AVFrame> wrap(const Picture& picture) {
    assert(picture.width % 2 == 0 && picture.height % 2 == 0);
    assert(picture.u.size() * 4 == picture.y.size() && picture.v.size() == picture.u.size());
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

Handle<AVFrame> allocate_frame(int width, int height, AVPixelFormat format) {
    auto frame = new_frame();
    frame->format = format;
    frame->width = width;
    frame->height = height;
    check(av_frame_get_buffer(frame.get(), 0), "a picture's buffer");
    return frame;
}

Picture copy_picture(const AVFrame& frame, Picture into) {
    assert(frame.format == AV_PIX_FMT_YUV420P);
    into.width = frame.width;
    into.height = frame.height;
    const auto copy = [](std::vector<std::uint8_t>& plane, const std::uint8_t* from, int stride, int width,
                         int height) {
        plane.clear();
        plane.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
        for (int row = 0; row < height; ++row) {
            const auto* begin = from + static_cast<std::ptrdiff_t>(row) * stride;
            plane.insert(plane.end(), begin, begin + width);  // appending does not zero the memory first
        }
    };
    copy(into.y, frame.data[0], frame.linesize[0], frame.width, frame.height);
    copy(into.u, frame.data[1], frame.linesize[1], frame.width / 2, frame.height / 2);
    copy(into.v, frame.data[2], frame.linesize[2], frame.width / 2, frame.height / 2);
    return into;
}

}  // namespace riverlight::player::av
