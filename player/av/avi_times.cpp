#include "player/av/avi_times.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <string_view>
#include <vector>

namespace riverlight::player::av {
namespace {

/// What encoders put before the sound, in samples, and AVI does not say: of MP3 LAME's 576 and the decoder's
/// 529, of the others what libavcodec's encoders put there.
int priming_samples(AVCodecID codec) {
    switch (codec) {
        case AV_CODEC_ID_MP3:
            return 1105;
        case AV_CODEC_ID_AAC:
            return 1024;
        case AV_CODEC_ID_MP2:
            return 481;
        case AV_CODEC_ID_AC3:
            return 256;
        default:
            return 0;
    }
}

/// A chunk that holds something.
struct Timed {
    std::size_t place = 0;   ///< in the order of the file
    std::int64_t at = 0;     ///< of its first byte
    std::int64_t units = 0;  ///< its time
    std::int64_t empty = 0;  ///< chunks of no bytes before it, in its stream
};

std::vector<Timed> timed_chunks(const AviLayout& layout, std::size_t stream) {
    const auto& header = layout.streams[stream];
    std::vector<Timed> all;
    std::int64_t units = header.start, empty = 0;
    for (std::size_t place = 0; place < layout.chunks.size(); ++place) {
        const auto& chunk = layout.chunks[place];
        if (chunk.stream != stream) continue;
        if (chunk.bytes > 0)
            all.push_back({place, chunk.at, units, empty});
        else if (header.sample_size == 0)
            ++empty;
        units += header.sample_size > 0 ? chunk.bytes / header.sample_size : 1;
    }
    return all;
}

/// A header that says more is damaged.
bool is_plausible(const AviStream& header) {
    constexpr std::uint32_t most = 10'000'000;
    constexpr double longest = 86'400;  // seconds
    return header.scale > 0 && header.rate > 0 && header.scale < most && header.rate < most &&
           double(header.start) * header.scale / header.rate < longest;
}

/// How much later than counted the sound may be, in seconds, so that the order of the chunks is that of their
/// times.
struct Lag {
    double least = -std::numeric_limits<double>::infinity();
    double most = std::numeric_limits<double>::infinity();

    [[nodiscard]] bool holds(double lag, double slack) const {
        return least - slack <= lag && lag <= most + slack;
    }
};

/// A stream's chunks.
struct ChunkRow {
    ChunkRow(const AviLayout& layout, std::size_t stream)
        : chunks(timed_chunks(layout, stream)),
          unit(double(layout.streams[stream].scale) / layout.streams[stream].rate) {
        if (chunks.size() < 2) return;
        late = chunks[1].empty - chunks[0].empty;
        chunks[0].units += late;
    }
    [[nodiscard]] double time(std::size_t i) const { return static_cast<double>(chunks[i].units) * unit; }

    std::vector<Timed> chunks;
    double unit;            ///< seconds
    std::int64_t late = 0;  ///< units: of the first chunk, by those of no bytes behind it
};

/// From which byte on libav does not count how many units of them: chunks of no bytes in sound. A first chunk
/// that is late is one picture or one piece of sound.
std::map<std::int64_t, std::int64_t> missed_units(const ChunkRow& row, bool pictures) {
    std::map<std::int64_t, std::int64_t> missed;
    std::int64_t last = 0;
    for (const auto& chunk : row.chunks) {
        const bool first = &chunk == &row.chunks.front();
        const auto units = (pictures ? 0 : chunk.empty) + (first ? row.late : 0);
        if (units != last) missed[chunk.at] = units;
        last = units;
    }
    return missed;
}

/// `ahead`: how long before it is shown a picture is decoded, in seconds.
Lag lag_of(const ChunkRow& pictures, const ChunkRow& sounds, double ahead) {
    Lag lag;
    std::size_t next = 0;
    for (std::size_t i = 0; i < sounds.chunks.size(); ++i) {
        while (next < pictures.chunks.size() && pictures.chunks[next].place < sounds.chunks[i].place) ++next;
        if (next == 0) continue;
        lag.least = std::max(lag.least, pictures.time(next - 1) - ahead - sounds.time(i));
        if (next < pictures.chunks.size())
            lag.most = std::min(lag.most, pictures.time(next) - ahead - sounds.time(i));
    }
    return lag;
}

/// How much later than counted the sound is, in seconds.
double shift_by_order(const ChunkRow& pictures, const ChunkRow& sounds, const AVStream& picture,
                      const AVStream& sound, double priming) {
    constexpr double rounding = 0.001;
    if (pictures.chunks.empty() || sounds.chunks.empty()) return 0;
    const auto lag = lag_of(pictures, sounds, picture.codecpar->video_delay * pictures.unit);
    if (lag.least > lag.most + rounding || !std::isfinite(lag.least) || !std::isfinite(lag.most)) return 0;
    // Times were rounded to units of up to 32 ms. Where both may have begun together, they did; what people
    // delay, they delay by tenths of a second.
    const auto heard = pictures.time(0) - priming - sounds.time(0);
    const auto tenth = heard + std::round(((lag.least + lag.most) / 2 - heard) * 10) / 10;
    if (lag.holds(tenth, rounding + sounds.unit / 2)) return tenth;
    if (lag.holds(0, rounding)) return 0;
    return picture.index < sound.index ? lag.least : lag.most;
}

/// `units` of a time base, and `seconds` more.
Ratio sum(std::int64_t units, AVRational time_base, double seconds) {
    constexpr std::int64_t ticks = 1'000'000, most = std::int64_t{1} << 60;
    const auto rescaled = av_rescale_q(units, time_base, {1, ticks});
    return reduced(std::clamp(rescaled, -most, most) + std::llround(seconds * ticks), ticks);
}

}  // namespace

std::optional<AviTimes> AviTimes::of(VerifiedFile& file, const AVFormatContext& format,
                                     const StreamChoice& streams) {
    if (std::string_view(format.iformat->name) != "avi" || file.is_named()) return {};
    const auto layout = read_avi_layout(file);
    AviTimes times;
    std::map<int, ChunkRow> rows;
    for (const auto* stream : {streams.picture, streams.sound}) {
        if (!stream || static_cast<std::size_t>(stream->index) >= layout.streams.size()) continue;
        const auto index = static_cast<std::size_t>(stream->index);
        const auto& header = layout.streams[index];
        if (!is_plausible(header)) return {};
        auto& known = times.streams_[stream->index];
        known.start = known.first = header.start;
        if (!layout.written_by_libav) continue;
        const auto& row = rows.emplace(stream->index, ChunkRow(layout, index)).first->second;
        if (!row.chunks.empty()) known.first = row.chunks.front().units;
        known.missed = missed_units(row, stream == streams.picture);
    }
    if (rows.size() != 2) return times;
    times.sound_ = streams.sound->index;
    const auto& sound = *streams.sound->codecpar;
    if (sound.sample_rate > 0)
        times.priming_ = static_cast<double>(priming_samples(sound.codec_id)) / sound.sample_rate;
    times.sound_shift_ = shift_by_order(rows.at(streams.picture->index), rows.at(times.sound_),
                                        *streams.picture, *streams.sound, times.priming_);
    return times;
}

void AviTimes::move(AVPacket& packet) const {
    const auto found = streams_.find(packet.stream_index);
    if (found == streams_.end()) return;
    const auto after = found->second.missed.upper_bound(packet.pos);
    if (after == found->second.missed.begin()) return;
    const auto units = std::prev(after)->second;
    if (packet.pts != AV_NOPTS_VALUE) packet.pts += units;
    if (packet.dts != AV_NOPTS_VALUE) packet.dts += units;
}

Ratio AviTimes::begin_of(const AVStream& stream) const {
    const auto found = streams_.find(stream.index);
    const auto first = found != streams_.end() ? found->second.first : 0;
    if (stream.index == sound_) return sum(first, stream.time_base, sound_shift_ + priming_);
    return reduced(first * stream.time_base.num, stream.time_base.den);
}

Ratio AviTimes::time_of(std::int64_t timestamp, const AVStream& stream) const {
    if (stream.index == sound_) return sum(timestamp, stream.time_base, sound_shift_);
    return reduced(timestamp * stream.time_base.num, stream.time_base.den);
}

std::int64_t AviTimes::start_of(const AVStream& stream) const {
    const auto found = streams_.find(stream.index);
    return found != streams_.end() ? found->second.start : 0;
}

}  // namespace riverlight::player::av
