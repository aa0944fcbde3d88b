#include "player/av/key_picture.hpp"

#include <algorithm>

#include "player/av/frame.hpp"

namespace riverlight::player {

using namespace av;

std::optional<Picture> decode_key_picture(std::span<const std::uint8_t> access_unit, const Coding& coding) {
    const auto* codec =
        avcodec_find_decoder(coding.video == VideoCodec::h264 ? AV_CODEC_ID_H264 : AV_CODEC_ID_MPEG2VIDEO);
    if (!codec) return {};
    const auto context = made(avcodec_alloc_context3(codec));
    context->thread_count = 1;
    auto packet = new_packet();
    auto frame = new_frame();
    const auto size = static_cast<int>(access_unit.size());
    if (avcodec_open2(context.get(), codec, nullptr) < 0 || av_new_packet(packet.get(), size) < 0) return {};
    std::copy(access_unit.begin(), access_unit.end(), packet->data);
    if (avcodec_send_packet(context.get(), packet.get()) < 0) return {};
    avcodec_send_packet(context.get(), nullptr);
    if (avcodec_receive_frame(context.get(), frame.get()) < 0 || frame->format != AV_PIX_FMT_YUV420P)
        return {};
    return copy_picture(*frame);
}

}  // namespace riverlight::player
