#include "player/av/plausible_times.hpp"

#include <cmath>

namespace riverlight::player::av {
namespace {

/// Sums of a few such values fit into 64 bits, in seconds and in any time base.
constexpr double most_seconds = 4'294'967'296.0, most_ticks = 1'152'921'504'606'846'976.0;

}  // namespace

bool is_plausible(std::int64_t timestamp, AVRational time_base) {
    if (timestamp == AV_NOPTS_VALUE || time_base.num <= 0 || time_base.den <= 0) return false;
    const double ticks = std::abs(static_cast<double>(timestamp));
    return ticks <= most_ticks && ticks * time_base.num / time_base.den <= most_seconds;
}

void remove_implausible_times(AVPacket& packet, AVRational time_base) {
    if (!is_plausible(packet.pts, time_base)) packet.pts = AV_NOPTS_VALUE;
    if (!is_plausible(packet.dts, time_base)) packet.dts = AV_NOPTS_VALUE;
    if (!is_plausible(packet.duration, time_base)) packet.duration = 0;
}

}  // namespace riverlight::player::av
