#include "player/av/open_format.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "player/av/coded_size.hpp"
#include "player/av/decoder.hpp"
#include "player/av/filter_chain.hpp"

namespace riverlight::player::av {
namespace {

constexpr const char* containers =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,avi,wav,mp3,aac,flac,ogg,png_pipe,jpeg_pipe,image2,"
    "yuv4mpegpipe";
constexpr const char* still_image_containers = ",webp_pipe,bmp_pipe,tiff_pipe,gif_pipe,gif";
constexpr const char* author_containers = ",asf,flv,aiff,w64,caf,dv,mxf,amr";

/// Whatever length a file declares, libav allocates no larger block for it: bytes. A picture of 120 million
/// pixels, the largest that is read, fits.
constexpr std::size_t largest_block = 1U << 30;

/// Of some codecs only a decoder knows the size: so that videos of 8K (33 million) are refused by it.
constexpr std::int64_t least_probed_pixels = 40'000'000;

std::int64_t largest_probed(const AVFormatContext& format, const MediaLimits& limits) {
    return std::max(most_pixels(format, limits), least_probed_pixels);
}

/// How much of a file libav looks at to find out about its streams: its own default.
constexpr std::int64_t probed_bytes = 5'000'000;

/// Takes the size that a stream's parameter sets declare, if it is above `largest` pixels: libav itself
/// refuses larger pictures, and then names no size at all. One that is small enough is damaged in another
/// way.
void take_refused_size(AVCodecParameters& p, std::span<const std::uint8_t> sets, std::int64_t largest) {
    const auto codec = p.codec_id == AV_CODEC_ID_H264         ? std::optional(SizedCodec::h264)
                       : p.codec_id == AV_CODEC_ID_HEVC       ? std::optional(SizedCodec::hevc)
                       : p.codec_id == AV_CODEC_ID_MPEG2VIDEO ? std::optional(SizedCodec::mpeg2)
                                                              : std::nullopt;
    if (!codec || (p.width > 0 && p.height > 0)) return;
    const auto size = coded_size(*codec, sets);
    constexpr auto most = std::numeric_limits<int>::max();
    if (!size || size->height <= 0 || size->width <= largest / size->height) return;
    p.width = static_cast<int>(std::min<std::int64_t>(size->width, most));
    p.height = static_cast<int>(std::min<std::int64_t>(size->height, most));
}

/// What libav finds out about the streams, which decodes a picture of each. One thread.
class Probe {
  public:
    Probe(AVFormatContext& format, const MediaLimits& limits)
        : largest_(largest_probed(format, limits)), format_(format) {
        for (unsigned i = 0; i < format.nb_streams; ++i) {
            const auto& p = *format.streams[i]->codecpar;
            sizes_.push_back({p.width, p.height});
            av_dict_set_int(&options_.emplace_back(), "max_pixels", largest_, 0);
        }
    }
    ~Probe() {
        for (auto*& options : options_) av_dict_free(&options);
    }
    Probe(const Probe&) = delete;
    Probe& operator=(const Probe&) = delete;

    [[nodiscard]] int run() {
        const int code = avformat_find_stream_info(&format_, options_.empty() ? nullptr : options_.data());
        // A decoder that refuses a size forgets it.
        for (std::size_t i = 0; i < sizes_.size(); ++i) {
            auto& p = *format_.streams[i]->codecpar;
            if (p.width > 0 && p.height > 0) continue;
            p.width = sizes_[i].width;
            p.height = sizes_[i].height;
            if (p.extradata_size > 0)
                take_refused_size(p, {p.extradata, static_cast<std::size_t>(p.extradata_size)}, largest_);
        }
        return code;
    }

  private:
    std::int64_t largest_;  ///< pixels
    AVFormatContext& format_;
    std::vector<Size> sizes_;             ///< as the container's header says
    std::vector<AVDictionary*> options_;  ///< of the streams that it lists
};

/// Programme streams and Flash videos list their streams nowhere; libav finds each where it begins, and takes
/// no options for those that it finds later. Reads ahead as far as it will look, so that it knows them, and
/// begins again.
void find_unlisted_streams(AVFormatContext& format, std::int64_t largest) {
    if (format.nb_streams > 0 || !(format.ctx_flags & AVFMTCTX_NOHEADER)) return;
    auto packet = new_packet();
    // A demuxer may find another stream behind the packet that it returns.
    for (std::int64_t left = 2 * probed_bytes; left > 0 && av_read_frame(&format, packet.get()) >= 0;) {
        left -= std::max(1, packet->size);
        take_refused_size(*format.streams[packet->stream_index]->codecpar,
                          {packet->data, static_cast<std::size_t>(packet->size)}, largest);
        av_packet_unref(packet.get());
    }
    static_cast<void>(av_seek_frame(&format, -1, 0, AVSEEK_FLAG_BYTE));
}

/// A PNG is a still image, also where it is animated: libav would choose its demuxer of animations, which
/// allocates what a damaged chunk says that its length is. Null where libav may choose.
const AVInputFormat* format_of(FileInput& input) {
    constexpr std::array<std::uint8_t, 8> png{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    std::array<std::uint8_t, 8> head{};
    const auto got = input.file().read(0, head);
    return got == head.size() && head == png ? av_find_input_format("png_pipe") : nullptr;
}

}  // namespace

TooLarge::TooLarge(const std::string& path, std::int64_t width, std::int64_t height, std::int64_t most)
    : Error(path + ": is " + std::to_string(width) + "×" + std::to_string(height) +
            " pixels, more than the " + std::to_string(most / 1'000'000) +
            " million that Riverlight reads; make it smaller, for example 1920×1080") {}

std::int64_t most_pixels(const AVFormatContext& format, const MediaLimits& limits) {
    const std::string_view name = format.iformat->name;
    const bool still = name == "image2" || name.ends_with("_pipe");
    return still ? std::max(limits.max_pixels, limits.max_still_pixels) : limits.max_pixels;
}

Handle<AVFormatContext> open_format(FileInput& input, const MediaLimits& limits) {
    const auto& path = input.file().path();
    const auto fail = [&](const std::string& why) {
        input.finish();
        throw Error(path + ": " + why);
    };
    const auto* const known = format_of(input);
    av_max_alloc(largest_block);
    AVDictionary* options = nullptr;
    av_dict_set(&options, "protocol_whitelist", "file", 0);
    const auto formats = std::string(containers) + (limits.still_images ? still_image_containers : "") +
                         (limits.author_formats ? author_containers : "");
    av_dict_set(&options, "format_whitelist", formats.c_str(), 0);
    av_dict_set(&options, "codec_whitelist", decoders_for(limits).c_str(), 0);
    av_dict_set_int(&options, "max_streams", limits.max_streams, 0);
    AVFormatContext* raw = input.new_format();
    raw->probesize = probed_bytes;
    const auto code = avformat_open_input(&raw, ("file:" + path).c_str(), known, &options);
    av_dict_free(&options);
    if (code < 0)
        fail("is not a media file that Riverlight reads (" + reason(code) +
             "); use for example H.264 and AAC in MP4");
    Handle<AVFormatContext> format(raw);
    find_unlisted_streams(*raw, largest_probed(*raw, limits));
    if (const int found = Probe(*raw, limits).run(); found < 0)
        fail("its streams cannot be read: " + reason(found));
    input.check();
    return format;
}

}  // namespace riverlight::player::av
