#include "scheduler/plan/rotation.hpp"

#include <algorithm>
#include <numeric>

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;

milliseconds length_of(const std::vector<Span>& spans) {
    milliseconds sum{0};
    for (const auto& span : spans) sum += duration_cast<milliseconds>(span.until - span.from);
    return sum;
}

/// The instant that lies `into` the open windows, as if the time between them did not exist.
Instant at_open_time(const std::vector<Span>& spans, milliseconds into) {
    for (const auto& span : spans) {
        const auto length = duration_cast<milliseconds>(span.until - span.from);
        if (into < length) return span.from + into;
        into -= length;
    }
    return spans.back().until;
}

std::int64_t plays_wanted(const Resolved& rotation, milliseconds open) {
    const auto& booking = *rotation.booking;
    std::int64_t wanted = booking.plays_per_day;
    if (booking.plays_per_hour > 0) {
        constexpr auto hour = milliseconds{hours{1}}.count();
        wanted = (open.count() * booking.plays_per_hour + hour / 2) / hour;
    } else if (booking.share_percent > 0) {
        const auto sum = std::accumulate(
            rotation.segments.begin(), rotation.segments.end(), milliseconds{0},
            [](milliseconds total, const Playable& p) { return total + p.segment->duration; });
        const auto round = std::max<std::int64_t>(1, sum.count());
        const auto count = static_cast<std::int64_t>(rotation.segments.size());
        wanted = (open.count() * booking.share_percent * count + 50 * round) / (100 * round);
    }
    return booking.daily_cap > 0 ? std::min<std::int64_t>(wanted, booking.daily_cap) : wanted;
}

}  // namespace

std::vector<Turn> turns_of(const Resolved& rotation, std::uint64_t salt) {
    const auto open = length_of(rotation.open);
    const auto count = plays_wanted(rotation, open);
    std::vector<Turn> turns;
    if (count <= 0) return turns;
    const auto half_cell = open.count() / count / 2;
    const auto offset =
        half_cell > 0 ? static_cast<std::int64_t>(salt % static_cast<std::uint64_t>(half_cell)) : 0;
    for (std::int64_t n = 0; n < count; ++n) {
        const milliseconds from{open.count() * n / count}, until{open.count() * (n + 1) / count};
        // Whole seconds read well in guides; the pace is not harmed by less than one.
        const auto ideal = at_open_time(rotation.open, floor<seconds>(from + milliseconds{offset}));
        const auto last = at_open_time(rotation.open, until - milliseconds{1});
        turns.push_back({std::min(ideal, last), last, static_cast<int>(n)});
    }
    return turns;
}

}  // namespace riverlight::scheduler
