#include "scheduler/plan/rotation.hpp"

#include <algorithm>
#include <cassert>

namespace riverlight::scheduler {
namespace {

using std::chrono::seconds;

/// The time at which the windows have been open for `into`, not counting the time between them.
DayTime at_open_time(const std::vector<Interval>& windows, milliseconds into) {
    for (const auto& window : windows) {
        if (into < window.length()) return window.from + into;
        into -= window.length();
    }
    return windows.back().until;
}

milliseconds open_within(const std::vector<Interval>& windows, const Interval& part) {
    milliseconds sum{};
    for (const auto& window : windows)
        sum +=
            std::max(milliseconds{}, std::min(part.until, window.until) - std::max(part.from, window.from));
    return sum;
}

/// Plays an hour are counted over the booking's own windows. Plays a day and shares are spread over the time
/// in which its segments may air; if there is none, over the windows, so that every play becomes a shortfall.
std::vector<Interval> windows_to_pace(const DayBooking& booking) {
    if (booking.booking->plays_per_hour > 0) return booking.open;
    auto allowed = allowed_for_any(booking);
    return allowed.empty() ? booking.open : allowed;
}

std::int64_t plays_wanted(const DayBooking& day_booking, milliseconds open) {
    const auto& booking = *day_booking.booking;
    std::int64_t wanted = booking.plays_per_day;
    if (booking.plays_per_hour > 0) {
        wanted = (open * booking.plays_per_hour + one_hour / 2) / one_hour;
    } else if (booking.share_percent > 0) {
        std::int64_t weights = 0;
        milliseconds airtime{};
        for (const auto& item : day_booking.items) {
            weights += item.weight;
            airtime += item.weight * item.length;
        }
        wanted = (day_booking.share_base * booking.share_percent * weights + 50 * airtime) /
                 (100 * std::max(milliseconds{1}, airtime));
    }
    return booking.daily_cap > 0 ? std::min<std::int64_t>(wanted, booking.daily_cap) : wanted;
}

std::vector<HourQuota> quotas_of_hours(const std::vector<Interval>& windows, milliseconds open,
                                       std::int64_t count, milliseconds day_length) {
    std::vector<HourQuota> quotas;
    for (auto from = day_begin; from < day_begin + day_length; from += one_hour) {
        const auto wanted = count * open_within(windows, {from, from + one_hour});
        quotas.push_back(
            {std::max<std::int64_t>(0, (wanted + open - milliseconds{1}) / open - 1), wanted / open + 1});
    }
    return quotas;
}

/// Keeps each play in its hour unless the quotas of its hour and the next let it slip into the next.
void keep_to_hours(PacedRotation& rotation) {
    std::vector<std::int64_t> ideal(rotation.quotas.size());
    for (const auto& play : rotation.plays) ++ideal[hour_of(play.ideal)];
    for (auto& play : rotation.plays) {
        const auto hour = hour_of(play.ideal);
        play.earliest = std::max(play.earliest, begin_of_hour(hour));
        const bool may_slip = hour + 1 < ideal.size() && ideal[hour] - 1 >= rotation.quotas[hour].least &&
                              ideal[hour + 1] + 1 <= rotation.quotas[hour + 1].most;
        const auto end = begin_of_hour(hour + (may_slip ? 2 : 1));
        play.deadline = std::min(play.deadline, end - milliseconds{1});
        // A play whose ideal time is close to its deadline may come earlier: a quarter of its time is left.
        const auto room = (play.deadline - play.earliest) / 4;
        const auto last = std::chrono::floor<seconds>(play.deadline - room);
        play.ideal = std::max(play.earliest, std::min<DayTime>(play.ideal, last));
        assert(play.earliest <= play.ideal && play.ideal <= play.deadline);
    }
}

}  // namespace

PacedRotation pace_rotation(const DayBooking& booking, milliseconds day_length, std::uint64_t salt) {
    PacedRotation out;
    out.windows = windows_to_pace(booking);
    const auto open = total_length(out.windows);
    const auto count = open > milliseconds{} ? plays_wanted(booking, open) : 0;
    if (count <= 0) return out;
    const bool early = booking.booking->pacing == Pacing::early;
    const auto cell = std::max(milliseconds{1}, open / count);
    const milliseconds offset{salt % static_cast<std::uint64_t>(cell.count())};
    // Ideal times are whole seconds, which are easier to read in a guide.
    const auto ideal = [&](std::int64_t n) {
        const auto whole = std::chrono::floor<seconds>(open * n / count + offset);
        return at_open_time(out.windows, std::max<milliseconds>(open * n / count, whole));
    };
    out.plays.reserve(static_cast<std::size_t>(count));
    for (std::int64_t n = 0; n < count; ++n) {
        const auto number = static_cast<int>(n);
        const auto end = out.windows.back().until - milliseconds{1};
        if (early) {
            out.plays.push_back({out.windows.front().from, out.windows.front().from, end, number});
            continue;
        }
        const auto earliest = at_open_time(out.windows, open * n / count);
        const auto last = n + 1 < count ? ideal(n + 1) - milliseconds{1} : end;
        out.plays.push_back({earliest, ideal(n), std::max(ideal(n), last), number});
    }
    if (early) return out;
    out.quotas = quotas_of_hours(out.windows, open, count, day_length);
    keep_to_hours(out);
    return out;
}

std::vector<RotationPlay> spread_plays(const std::vector<Interval>& windows, DayTime from,
                                       std::size_t count) {
    std::vector<Interval> left;
    for (const auto& window : windows) {
        if (window.until > from) left.push_back({std::max(window.from, from), window.until});
    }
    std::vector<RotationPlay> plays;
    const auto open = total_length(left);
    if (open == milliseconds{}) return plays;
    const auto cells = static_cast<std::int64_t>(count);
    for (std::int64_t n = 0; n < cells; ++n) {
        const auto release = at_open_time(left, open * n / cells);
        plays.push_back(
            {left.front().from, release, left.back().until - milliseconds{1}, static_cast<int>(n)});
    }
    assert(plays.size() == count);
    return plays;
}

}  // namespace riverlight::scheduler
