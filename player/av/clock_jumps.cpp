#include "player/av/clock_jumps.hpp"

#include <cassert>
#include <utility>

namespace riverlight::player::av {
namespace {

constexpr AVRational ticks{1, 90'000};
/// A longer step ahead is a jump of the clock: so long no station is silent in mid-stream, and lost packets
/// leave shorter holes. Decoding times never step back (ISO/IEC 13818-1, 2.4.3.7); damaged ones do a little.
constexpr std::int64_t longest_step = std::int64_t{5} * 90'000, longest_step_back = 90'000 / 2;

}  // namespace

/// Whether `time` is near the stream's last, where it counts in `part`.
bool ClockJumps::continues(const Position& position, std::int64_t time, std::size_t part) const {
    const auto step = time + offsets_[part] - (position.last + offsets_[position.part]);
    return step >= -longest_step_back && step <= longest_step;
}

void ClockJumps::enter_part(Position& position, std::int64_t time) {
    const auto next = position.part + 1;
    if (next < offsets_.size() && continues(position, time, next)) {  // another stream came here first
        position.part = next;
        return;
    }
    offsets_.push_back(position.last + offsets_[position.part] + position.usual - time);
    position.part = offsets_.size() - 1;
}

void ClockJumps::renumber(const std::map<int, int>& indices) {
    std::map<int, Position> renumbered;
    for (const auto& [from, to] : indices)
        if (const auto found = positions_.find(from); found != positions_.end())
            renumbered[to] = found->second;
    positions_ = std::move(renumbered);
}

void ClockJumps::move(AVPacket& packet, AVRational time_base) {
    const auto own = packet.dts != AV_NOPTS_VALUE ? packet.dts : packet.pts;
    if (own == AV_NOPTS_VALUE) return;
    const auto time = av_rescale_q(own, time_base, ticks);
    auto [found, first] = positions_.try_emplace(packet.stream_index);
    auto& position = found->second;
    if (first) {
        position.part = offsets_.size() - 1;
    } else if (!continues(position, time, position.part)) {
        enter_part(position, time);
    } else if (time > position.last) {
        position.usual = time - position.last;
    }
    position.last = time;
    const auto offset = av_rescale_q(offsets_[position.part], ticks, time_base);
    if (packet.pts != AV_NOPTS_VALUE) packet.pts += offset;
    if (packet.dts != AV_NOPTS_VALUE) packet.dts += offset;
}

}  // namespace riverlight::player::av
