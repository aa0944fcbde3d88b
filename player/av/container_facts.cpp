#include "player/av/container_facts.hpp"

#include <cstring>

namespace riverlight::player::av {
namespace {

constexpr std::size_t matrix_bytes = sizeof(DisplayMatrix);
constexpr int longest_picture = 86'400;  ///< seconds; a slower rate is damage

/// The display matrix of the container; null: it has none.
const std::uint8_t* matrix_of(const AVStream& stream) {
    std::size_t bytes = 0;
    const auto* matrix = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &bytes);
    return bytes >= matrix_bytes ? matrix : nullptr;
}

}  // namespace

PictureFormat declared_format(AVFormatContext& format, AVStream& stream) {
    PictureFormat out;
    out.width = stream.codecpar->width;
    out.height = stream.codecpar->height;
    out.orientation = orientation_of(matrix_of(stream));
    out.set_sample_aspect(av_guess_sample_aspect_ratio(&format, &stream, nullptr));
    return out;
}

Ratio declared_rate(AVFormatContext& format, AVStream& stream) {
    const auto rate = av_guess_frame_rate(&format, &stream, nullptr);
    const bool known = rate.num > 0 && rate.den > 0 && rate.den / longest_picture <= rate.num;
    return known ? Ratio{rate.num, rate.den} : Ratio{};
}

void set_orientation(AVStream& stream, Orientation orientation) {
    if (orientation == Orientation{} || matrix_of(stream)) return;
    auto* side_data = av_stream_new_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, matrix_bytes);
    if (!side_data) throw Error("libav ran out of memory");
    const auto matrix = display_matrix_of(orientation);
    std::memcpy(side_data, matrix.data(), matrix_bytes);
}

void add_container_facts(AVFrame& frame, AVFormatContext& format, AVStream& stream) {
    frame.sample_aspect_ratio = av_guess_sample_aspect_ratio(&format, &stream, &frame);
    const auto* matrix = matrix_of(stream);
    if (!matrix || av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX)) return;
    auto* copy = av_frame_new_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX, matrix_bytes);
    if (!copy) throw Error("libav ran out of memory");
    std::memcpy(copy->data, matrix, matrix_bytes);
}

}  // namespace riverlight::player::av
