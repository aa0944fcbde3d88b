#include "scheduler/plan/rotation.hpp"

#include <algorithm>

namespace riverlight::scheduler {
namespace {

/// The tick that lies `into` the open windows, as if the time between them did not exist.
Tick at_open_time(const std::vector<Stretch>& stretches, Tick into) {
    for (const auto& s : stretches) {
        if (into < s.until - s.from) return s.from + into;
        into -= s.until - s.from;
    }
    return stretches.back().until;
}

Tick open_within(const std::vector<Stretch>& stretches, Tick from, Tick until) {
    Tick sum = 0;
    for (const auto& s : stretches)
        sum += std::max<Tick>(0, std::min(until, s.until) - std::max(from, s.from));
    return sum;
}

/// A count an hour holds for the booking's own windows. A count a day and a share are spread over the hours
/// in which its segments may air at all; where there is none, over the windows, that each play is owned up
/// to.
std::vector<Stretch> paced_windows(const Claim& claim) {
    if (claim.booking->plays_per_hour > 0) return claim.open;
    auto allowed = allowed_for_any(claim);
    return allowed.empty() ? claim.open : allowed;
}

Tick plays_wanted(const Claim& claim, Tick open) {
    const auto& booking = *claim.booking;
    Tick wanted = booking.plays_per_day;
    if (booking.plays_per_hour > 0) {
        wanted = (open * booking.plays_per_hour + hour_ticks / 2) / hour_ticks;
    } else if (booking.share_percent > 0) {
        Tick weights = 0, airtime = 0;
        for (const auto& item : claim.items) {
            weights += item.weight;
            airtime += item.weight * item.length;
        }
        wanted = (claim.share_of * booking.share_percent * weights + 50 * airtime) /
                 (100 * std::max<Tick>(1, airtime));
    }
    return booking.daily_cap > 0 ? std::min<Tick>(wanted, booking.daily_cap) : wanted;
}

std::vector<HourBounds> bounds_of_hours(const std::vector<Stretch>& windows, Tick open, Tick count,
                                        Tick day_length) {
    std::vector<HourBounds> hours;
    for (Tick from = 0; from < day_length; from += hour_ticks) {
        const auto wanted = count * open_within(windows, from, from + hour_ticks);
        hours.push_back({std::max<Tick>(0, (wanted + open - 1) / open - 1), wanted / open + 1});
    }
    return hours;
}

/// Holds each turn to its hour unless the counts of both hours stand it slipping into the next.
void hold_to_hours(Rotation& rotation) {
    std::vector<Tick> ideal(rotation.hours.size());
    const auto hour_of = [](Tick at) { return static_cast<std::size_t>(at / hour_ticks); };
    for (const auto& turn : rotation.turns) ++ideal[hour_of(turn.release)];
    for (auto& turn : rotation.turns) {
        const auto hour = hour_of(turn.release);
        turn.earliest = std::max(turn.earliest, static_cast<Tick>(hour) * hour_ticks);
        const bool may_slip = hour + 1 < ideal.size() && ideal[hour] - 1 >= rotation.hours[hour].least &&
                              ideal[hour + 1] + 1 <= rotation.hours[hour + 1].most;
        const auto end = static_cast<Tick>(hour + (may_slip ? 2 : 1)) * hour_ticks;
        turn.deadline = std::min(turn.deadline, end - 1);
        // A turn whose ideal time leaves it little room may come earlier.
        const auto room = (turn.deadline - turn.earliest) / 4;
        const auto last = (turn.deadline - room) / 1000 * 1000;
        turn.release = std::max(turn.earliest, std::min(turn.release, last));
    }
}

}  // namespace

Rotation pace(const Claim& claim, Tick day_length, std::uint64_t salt) {
    Rotation out;
    out.paced = paced_windows(claim);
    const auto open = length_of(out.paced);
    const auto count = open > 0 ? plays_wanted(claim, open) : 0;
    if (count <= 0) return out;
    const bool early = claim.booking->pacing == Pacing::early;
    const auto cell = std::max<Tick>(1, open / count);
    const auto offset = static_cast<Tick>(salt % static_cast<std::uint64_t>(cell));
    // Whole seconds read well in guides; the pace is not harmed by less than one.
    const auto ideal = [&](Tick n) {
        return at_open_time(out.paced, std::max(open * n / count, (open * n / count + offset) / 1000 * 1000));
    };
    out.turns.reserve(static_cast<std::size_t>(count));
    for (Tick n = 0; n < count; ++n) {
        if (early) {
            out.turns.push_back({out.paced.front().from, out.paced.front().from, out.paced.back().until - 1,
                                 static_cast<int>(n)});
            continue;
        }
        const auto earliest = at_open_time(out.paced, open * n / count);
        const auto last = n + 1 < count ? ideal(n + 1) - 1 : out.paced.back().until - 1;
        out.turns.push_back({earliest, ideal(n), std::max(ideal(n), last), static_cast<int>(n)});
    }
    if (early) return out;
    out.hours = bounds_of_hours(out.paced, open, count, day_length);
    hold_to_hours(out);
    return out;
}

std::vector<Turn> spread(const std::vector<Stretch>& windows, Tick from, std::size_t count) {
    std::vector<Stretch> left;
    for (const auto& s : windows) {
        if (s.until > from) left.push_back({std::max(s.from, from), s.until});
    }
    std::vector<Turn> turns;
    const auto open = length_of(left);
    if (open == 0) return turns;
    const auto cells = static_cast<Tick>(count);
    for (Tick n = 0; n < cells; ++n) {
        const auto release = at_open_time(left, open * n / cells);
        turns.push_back({left.front().from, release, left.back().until - 1, static_cast<int>(n)});
    }
    return turns;
}

}  // namespace riverlight::scheduler
