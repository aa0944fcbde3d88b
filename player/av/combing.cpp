#include "player/av/combing.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace riverlight::player::av {
namespace {

constexpr int block = 16;
/// A block of which the rows differ from their neighbours by so much on average, of 256, and by so many
/// times more than from those of the same field, is combed.
constexpr std::int64_t least_difference = 6, sure_difference = 30;
constexpr double times_more = 2;
/// Noise and fine patterns comb a block a little by chance: of so many, one.
constexpr int by_chance = 256;

/// The brightness of a picture: its plane, of 8 bits or of 9 to 16 in two bytes.
class Brightness {
  public:
    Brightness(const AVFrame& frame, int depth)
        : frame_(&frame), wide_(depth > 8), shift_(std::max(0, depth - 8)) {}
    [[nodiscard]] int at(int x, int y) const {
        const auto* row = frame_->data[0] + std::ptrdiff_t{y} * frame_->linesize[0];
        if (!wide_) return row[x];
        return (row[2 * x] | row[2 * x + 1] << 8) >> shift_;
    }

  private:
    const AVFrame* frame_;
    bool wide_;
    int shift_;
};

/// Compares each row with its neighbours, which are of the other field, and with the next ones of its own. In
/// natural pictures the nearer rows are more alike.
enum class Combed : std::uint8_t { no, perhaps, surely };

Combed combing_of(const Brightness& picture, int left, int top) {
    std::int64_t between_fields = 0, within_field = 0;
    for (int y = top; y < top + block; ++y) {
        for (int x = left; x < left + block; ++x) {
            const int twice = 2 * picture.at(x, y);
            between_fields += std::abs(twice - picture.at(x, y - 1) - picture.at(x, y + 1));
            within_field += std::abs(twice - picture.at(x, y - 2) - picture.at(x, y + 2));
        }
    }
    if (static_cast<double>(between_fields) <= times_more * static_cast<double>(within_field))
        return Combed::no;
    constexpr std::int64_t samples = 2 * block * block;  // of a difference that counts twice
    if (between_fields > sure_difference * samples) return Combed::surely;
    return between_fields > least_difference * samples ? Combed::perhaps : Combed::no;
}

}  // namespace

bool is_combed(const AVFrame& frame) {
    const auto* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
    constexpr std::uint64_t others = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BE |
                                     AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BITSTREAM;
    if (!format || (format->flags & others) || format->comp[0].plane != 0 || format->comp[0].shift != 0 ||
        format->comp[0].step != (format->comp[0].depth > 8 ? 2 : 1))
        return true;
    const Brightness picture(frame, format->comp[0].depth);
    int combed = 0, all = 0;
    for (int y = 2; y + block + 2 <= frame.height; y += 2 * block) {
        for (int x = 0; x + block <= frame.width; x += block, ++all) {
            const auto found = combing_of(picture, x, y);
            if (found == Combed::surely) return true;
            combed += found == Combed::perhaps;
        }
    }
    return combed > all / by_chance;
}

}  // namespace riverlight::player::av
