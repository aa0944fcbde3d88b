#include "player/av/hardware_decoder.hpp"

extern "C" {
#include <libavutil/hwcontext.h>
#include <libavutil/pixdesc.h>
}
#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <mutex>
#include <set>
#include <string_view>
#include <vector>

#include "player/av/frame.hpp"

namespace riverlight::player::av {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view v4l2 = "V4L2", vaapi = "VA-API";

struct FreeBuffer {
    void operator()(AVBufferRef* p) const { av_buffer_unref(&p); }
};
using Buffer = std::unique_ptr<AVBufferRef, FreeBuffer>;

/// Copies frames from the device's memory into the system's.
class HardwareDecoder final : public Decoder {
  public:
    HardwareDecoder(Handle<AVCodecContext> context, std::string_view name)
        : context_(std::move(context)), name_(name) {}
    int send(const AVPacket* packet) override {
        if (packet) context_->reordered_opaque = packet->dts;
        return avcodec_send_packet(context_.get(), packet);
    }
    int receive(AVFrame* frame) override {
        const int code = avcodec_receive_frame(context_.get(), frame);
        return code == 0 && frame->hw_frames_ctx ? download(*frame) : code;
    }
    /// libav decodes in software what VA-API's driver does not support.
    [[nodiscard]] std::string hardware() const override {
        const bool in_software = name_ == vaapi && context_->pix_fmt != AV_PIX_FMT_VAAPI;
        return in_software ? std::string() : std::string(name_);
    }

  private:
    static int download(AVFrame& frame) {
        const auto device = new_frame();
        av_frame_move_ref(device.get(), &frame);
        if (const int code = av_hwframe_transfer_data(&frame, device.get(), 0); code < 0) return code;
        return av_frame_copy_props(&frame, device.get());
    }

    Handle<AVCodecContext> context_;
    std::string_view name_;
};

/// The files of a folder whose names begin with `prefix`, sorted.
std::vector<std::string> devices(const char* folder, std::string_view prefix) {
    std::vector<std::string> out;
    std::error_code none;
    for (const auto& one : fs::directory_iterator(folder, none))
        if (one.path().filename().string().starts_with(prefix)) out.push_back(one.path());
    std::sort(out.begin(), out.end());
    return out;
}

/// libav's wrapper of a mem2mem decoder for the codec; null: it has none.
const AVCodec* v4l2_codec(AVCodecID id) {
    struct Wrapper {
        AVCodecID id;
        const char* name;
    };
    static constexpr std::array wrappers{
        Wrapper{AV_CODEC_ID_H264, "h264_v4l2m2m"},        Wrapper{AV_CODEC_ID_HEVC, "hevc_v4l2m2m"},
        Wrapper{AV_CODEC_ID_MPEG2VIDEO, "mpeg2_v4l2m2m"}, Wrapper{AV_CODEC_ID_MPEG4, "mpeg4_v4l2m2m"},
        Wrapper{AV_CODEC_ID_VP8, "vp8_v4l2m2m"},          Wrapper{AV_CODEC_ID_VP9, "vp9_v4l2m2m"}};
    const auto found =
        std::find_if(wrappers.begin(), wrappers.end(), [&](const Wrapper& w) { return w.id == id; });
    return found == wrappers.end() ? nullptr : avcodec_find_decoder_by_name(found->name);
}

/// V4L2 frames do not report interlacing, and only 8-bit 4:2:0 is sure to come out unchanged.
bool fits_v4l2(const AVCodecParameters& p) {
    return (p.format == AV_PIX_FMT_YUV420P || p.format == AV_PIX_FMT_YUVJ420P) &&
           (p.field_order == AV_FIELD_PROGRESSIVE || p.field_order == AV_FIELD_UNKNOWN);
}

Handle<AVCodecContext> context_for(const AVCodec& codec, const AVStream& stream, const MediaLimits& limits) {
    auto context = made(avcodec_alloc_context3(&codec));
    if (avcodec_parameters_to_context(context.get(), stream.codecpar) < 0) return nullptr;
    context->pkt_timebase = stream.time_base;
    context->max_pixels = limits.max_pixels;
    context->thread_count = 1;
    return context;
}

/// VA-API where the driver supports the stream's profile; otherwise libav's default, in software.
AVPixelFormat choose_format(AVCodecContext* context, const AVPixelFormat* offered) {
    for (const auto* format = offered; *format != AV_PIX_FMT_NONE; ++format)
        if (*format == AV_PIX_FMT_VAAPI) return *format;
    return avcodec_default_get_format(context, offered);
}

bool takes_vaapi(const AVCodec& codec) {
    for (int i = 0;; ++i) {
        const auto* config = avcodec_get_hw_config(&codec, i);
        if (!config) return false;
        if (config->device_type == AV_HWDEVICE_TYPE_VAAPI &&
            (config->methods & AV_CODEC_HW_CONFIG_METHOD_HW_DEVICE_CTX))
            return true;
    }
}

class SystemHardwareDecoders final : public HardwareDecoders {
  public:
    std::unique_ptr<Decoder> open(const AVStream& stream, const MediaLimits& limits) override {
        const std::lock_guard hold(mutex_);
        find_devices();
        if (auto found = open_v4l2(stream, limits)) return found;
        return open_vaapi(stream, limits);
    }
    void exclude(const std::string& hardware) override {
        const std::lock_guard hold(mutex_);
        excluded_.insert(hardware);
    }

  private:
    void find_devices() {
        if (searched_) return;
        searched_ = true;
        has_v4l2_ = !devices("/dev", "video").empty();
        for (const auto& node : devices("/dev/dri", "renderD")) {
            AVBufferRef* raw = nullptr;
            if (av_hwdevice_ctx_create(&raw, AV_HWDEVICE_TYPE_VAAPI, node.c_str(), nullptr, 0) == 0)
                nodes_.emplace_back(raw);
        }
    }

    std::unique_ptr<Decoder> open_v4l2(const AVStream& stream, const MediaLimits& limits) const {
        const auto* codec = v4l2_codec(stream.codecpar->codec_id);
        if (!has_v4l2_ || !codec || excluded_.contains(v4l2) || !fits_v4l2(*stream.codecpar)) return nullptr;
        auto context = context_for(*codec, stream, limits);
        if (!context || avcodec_open2(context.get(), codec, nullptr) < 0) return nullptr;
        return std::make_unique<HardwareDecoder>(std::move(context), v4l2);
    }

    std::unique_ptr<Decoder> open_vaapi(const AVStream& stream, const MediaLimits& limits) const {
        const auto* codec = avcodec_find_decoder(stream.codecpar->codec_id);
        if (!codec || excluded_.contains(vaapi) || !takes_vaapi(*codec)) return nullptr;
        for (const auto& node : nodes_) {
            auto context = context_for(*codec, stream, limits);
            if (!context) return nullptr;
            context->hw_device_ctx = av_buffer_ref(node.get());
            context->get_format = choose_format;
            if (context->hw_device_ctx && avcodec_open2(context.get(), codec, nullptr) == 0)
                return std::make_unique<HardwareDecoder>(std::move(context), vaapi);
        }
        return nullptr;
    }

    std::mutex mutex_;  ///< guards all members below
    bool searched_ = false, has_v4l2_ = false;
    std::vector<Buffer> nodes_;  ///< render nodes that VA-API has a driver for
    std::set<std::string, std::less<>> excluded_;
};

}  // namespace

HardwareDecoders& system_hardware_decoders() {
    static SystemHardwareDecoders decoders;
    return decoders;
}

}  // namespace riverlight::player::av
