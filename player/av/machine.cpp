// The machine's own decoders, through libav's wrappers of V4L2 and VA-API.
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

#include "player/av/decoder.hpp"

namespace riverlight::player::av {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view v4l2 = "V4L2", vaapi = "VA-API";

struct FreeBuffer {
    void operator()(AVBufferRef* p) const { av_buffer_unref(&p); }
};
using Buffer = std::unique_ptr<AVBufferRef, FreeBuffer>;

/// Frames that may lie in a device's memory are brought into the system's.
class Hardware final : public Decoder {
  public:
    Hardware(Handle<AVCodecContext> context, std::string_view machine)
        : context_(std::move(context)), machine_(machine) {}
    int send(const AVPacket* packet) override { return avcodec_send_packet(context_.get(), packet); }
    int receive(AVFrame* frame) override {
        const int code = avcodec_receive_frame(context_.get(), frame);
        return code == 0 && frame->hw_frames_ctx ? bring(*frame) : code;
    }
    /// libav decodes by itself what VA-API's driver does not know.
    [[nodiscard]] std::string machine() const override {
        const bool by_itself = machine_ == vaapi && context_->pix_fmt != AV_PIX_FMT_VAAPI;
        return by_itself ? std::string() : std::string(machine_);
    }

  private:
    static int bring(AVFrame& frame) {
        const auto there = new_frame();
        av_frame_move_ref(there.get(), &frame);
        if (const int code = av_hwframe_transfer_data(&frame, there.get(), 0); code < 0) return code;
        return av_frame_copy_props(&frame, there.get());
    }

    Handle<AVCodecContext> context_;
    std::string_view machine_;
};

/// Existing files of a folder whose names begin so, in order.
std::vector<std::string> devices(const char* folder, std::string_view begin) {
    std::vector<std::string> out;
    std::error_code none;
    for (const auto& one : fs::directory_iterator(folder, none))
        if (one.path().filename().string().starts_with(begin)) out.push_back(one.path());
    std::sort(out.begin(), out.end());
    return out;
}

/// libav's wrapper of a mem2mem decoder for that codec; null: it has none.
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

/// Its frames say nothing of fields, and only one kind of picture is sure to come out as it went in.
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

/// The device's memory where the driver knows the stream's profile; else whatever libav does without it.
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

class ThisMachine final : public Machine {
  public:
    std::unique_ptr<Decoder> open(const AVStream& stream, const MediaLimits& limits) override {
        const std::lock_guard hold(mutex_);
        look();
        if (auto found = open_v4l2(stream, limits)) return found;
        return open_vaapi(stream, limits);
    }
    void distrust(const std::string& machine) override {
        const std::lock_guard hold(mutex_);
        distrusted_.insert(machine);
    }

  private:
    void look() {
        if (looked_) return;
        looked_ = true;
        has_v4l2_ = !devices("/dev", "video").empty();
        for (const auto& node : devices("/dev/dri", "renderD")) {
            AVBufferRef* raw = nullptr;
            if (av_hwdevice_ctx_create(&raw, AV_HWDEVICE_TYPE_VAAPI, node.c_str(), nullptr, 0) == 0)
                nodes_.emplace_back(raw);
        }
    }

    std::unique_ptr<Decoder> open_v4l2(const AVStream& stream, const MediaLimits& limits) const {
        const auto* codec = v4l2_codec(stream.codecpar->codec_id);
        if (!has_v4l2_ || !codec || distrusted_.contains(v4l2) || !fits_v4l2(*stream.codecpar))
            return nullptr;
        auto context = context_for(*codec, stream, limits);
        if (!context || avcodec_open2(context.get(), codec, nullptr) < 0) return nullptr;
        return std::make_unique<Hardware>(std::move(context), v4l2);
    }

    std::unique_ptr<Decoder> open_vaapi(const AVStream& stream, const MediaLimits& limits) const {
        const auto* codec = avcodec_find_decoder(stream.codecpar->codec_id);
        if (!codec || distrusted_.contains(vaapi) || !takes_vaapi(*codec)) return nullptr;
        for (const auto& node : nodes_) {
            auto context = context_for(*codec, stream, limits);
            if (!context) return nullptr;
            context->hw_device_ctx = av_buffer_ref(node.get());
            context->get_format = choose_format;
            if (context->hw_device_ctx && avcodec_open2(context.get(), codec, nullptr) == 0)
                return std::make_unique<Hardware>(std::move(context), vaapi);
        }
        return nullptr;
    }

    std::mutex mutex_;  ///< guards all below
    bool looked_ = false, has_v4l2_ = false;
    std::vector<Buffer> nodes_;  ///< devices that VA-API has a driver for
    std::set<std::string, std::less<>> distrusted_;
};

}  // namespace

Machine& this_machine() {
    static ThisMachine machine;
    return machine;
}

}  // namespace riverlight::player::av
