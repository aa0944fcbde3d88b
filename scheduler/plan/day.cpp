#include "scheduler/plan/day.hpp"

#include <algorithm>

#include "content/base/crypto.hpp"

namespace riverlight::scheduler {

bool covers(const std::vector<Interval>& intervals, DayTime from, DayTime until) {
    return std::any_of(intervals.begin(), intervals.end(),
                       [&](const Interval& one) { return one.from <= from && until <= one.until; });
}

DayTime first_fit(const std::vector<Interval>& intervals, DayTime from, milliseconds length) {
    auto first = never;
    for (const auto& one : intervals) {
        const auto start = std::max(from, one.from);
        if (start + length <= one.until) first = std::min(first, start);
    }
    return first;
}

std::vector<Interval> merged(std::vector<Interval> intervals) {
    std::sort(intervals.begin(), intervals.end(),
              [](const Interval& a, const Interval& b) { return a.from < b.from; });
    std::vector<Interval> out;
    for (const auto& one : intervals) {
        if (!out.empty() && one.from <= out.back().until) {
            out.back().until = std::max(out.back().until, one.until);
        } else {
            out.push_back(one);
        }
    }
    return out;
}

milliseconds total_length(const std::vector<Interval>& intervals) {
    milliseconds sum{};
    for (const auto& one : intervals) sum += one.length();
    return sum;
}

std::vector<Interval> allowed_for_any(const DayBooking& booking) {
    std::vector<Interval> all;
    for (const auto& item : booking.items) all.insert(all.end(), item.allowed.begin(), item.allowed.end());
    return merged(std::move(all));
}

DayTime Day::time_of(Instant at) const {
    return day_begin + std::chrono::ceil<milliseconds>(at - from);
}

std::uint64_t salt_of(std::uint64_t seed, const std::string& place, std::chrono::local_days day,
                      const std::string& booking) {
    const auto hex = sha256_hex(std::to_string(seed) + '\n' + place + '\n' + to_iso(day) + '\n' + booking);
    return std::stoull(hex.substr(0, 15), nullptr, 16);
}

}  // namespace riverlight::scheduler
