#include "player/av/programme_follower.hpp"

#include <cstdlib>
#include <utility>

namespace riverlight::player::av {
namespace {

constexpr AVRational ticks{1, 90'000};
constexpr std::int64_t long_enough = 90'000 / 2;
/// Of the stream before, after the next one has begun: what a multiplexer had not yet sent.
constexpr int most_late = 3;
constexpr std::size_t most_kept = 1'000;

Packets one(Handle<AVPacket> packet) {
    Packets all;
    all.push_back(std::move(packet));
    return all;
}

int index_of(const AVStream* stream) {
    return stream ? stream->index : -1;
}

}  // namespace

/// libav returns the last picture of a stream when the next one begins there, which may be much later.
bool Succession::is_late(int stream, std::int64_t time) const {
    const auto left = left_.find(stream);
    return left != left_.end() && std::abs(time - left->second) < long_enough &&
           std::abs(time - last_) > long_enough;
}

Packets Succession::take(Handle<AVPacket> packet, std::int64_t time) {
    const int stream = packet->stream_index;
    if (stream == current_) {
        began_ = true;
        last_ = time;
        if (!kept_.empty() && ++late_ > most_late) {
            beside_.insert(kept_.front()->stream_index);
            kept_.clear();
        }
        return one(std::move(packet));
    }
    if (current_ < 0 || !began_ || beside_.contains(stream) || is_late(stream, time)) return {};
    if (kept_.empty()) {
        since_ = time;
        late_ = 0;
    } else if (kept_.front()->stream_index != stream) {
        return {};
    }
    kept_.push_back(std::move(packet));
    if (kept_.size() > most_kept) {
        beside_.insert(stream);
        kept_.clear();
        return {};
    }
    if (time - since_ < long_enough) return {};
    left_[current_] = last_;
    current_ = stream;
    last_ = time;
    beside_.clear();
    return std::exchange(kept_, {});
}

ProgrammeFollower::ProgrammeFollower(const AVFormatContext& format, const StreamChoice& streams)
    : format_(&format),
      jumps_occur_((format.iformat->flags & AVFMT_TS_DISCONT) != 0),
      pictures_(index_of(streams.picture)),
      sounds_(index_of(streams.sound)) {}

void ProgrammeFollower::enter_part(const AVFormatContext& format, const StreamChoice& streams) {
    jumps_.renumber(
        {{pictures_.current(), index_of(streams.picture)}, {sounds_.current(), index_of(streams.sound)}});
    format_ = &format;
    pictures_ = Succession(index_of(streams.picture));
    sounds_ = Succession(index_of(streams.sound));
}

Packets ProgrammeFollower::follow(Handle<AVPacket> packet) {
    const auto& stream = *format_->streams[packet->stream_index];
    const auto type = stream.codecpar->codec_type;
    if (type != AVMEDIA_TYPE_VIDEO && type != AVMEDIA_TYPE_AUDIO) return {};
    auto& succession = type == AVMEDIA_TYPE_VIDEO ? pictures_ : sounds_;
    if (!jumps_occur_)
        return packet->stream_index == succession.current() ? one(std::move(packet)) : Packets{};
    const auto own = packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts;
    const auto time = own != AV_NOPTS_VALUE ? av_rescale_q(own, stream.time_base, ticks) : 0;
    const int before = succession.current();
    auto ready = succession.take(std::move(packet), time);
    if (succession.current() != before) jumps_.go_on(before, succession.current());
    for (auto& each : ready) jumps_.move(*each, format_->streams[each->stream_index]->time_base);
    return ready;
}

}  // namespace riverlight::player::av
