#include "scheduler/plan/day.hpp"

#include <algorithm>

#include "content/base/crypto.hpp"

namespace riverlight::scheduler {

using namespace std::chrono;

bool covers(const std::vector<Stretch>& stretches, Tick from, Tick until) {
    return std::any_of(stretches.begin(), stretches.end(),
                       [&](const Stretch& s) { return s.from <= from && until <= s.until; });
}

Tick first_fit(const std::vector<Stretch>& stretches, Tick from, Tick length) {
    Tick first = never;
    for (const auto& s : stretches) {
        const auto start = std::max(from, s.from);
        if (start + length <= s.until) first = std::min(first, start);
    }
    return first;
}

Tick Day::tick(Instant at) const {
    return ceil<milliseconds>(at - from).count();
}

std::uint64_t salt_of(std::uint64_t seed, const std::string& place, local_days day,
                      const std::string& booking) {
    const auto hex = sha256_hex(std::to_string(seed) + '\n' + place + '\n' + to_iso(day) + '\n' + booking);
    return std::stoull(hex.substr(0, 15), nullptr, 16);
}

std::vector<Stretch> joined(std::vector<Stretch> stretches) {
    std::sort(stretches.begin(), stretches.end(),
              [](const Stretch& a, const Stretch& b) { return a.from < b.from; });
    std::vector<Stretch> out;
    for (const auto& s : stretches) {
        if (!out.empty() && s.from <= out.back().until) {
            out.back().until = std::max(out.back().until, s.until);
        } else {
            out.push_back(s);
        }
    }
    return out;
}

Tick length_of(const std::vector<Stretch>& stretches) {
    Tick sum = 0;
    for (const auto& s : stretches) sum += s.until - s.from;
    return sum;
}

std::vector<Stretch> allowed_for_any(const Claim& claim) {
    std::vector<Stretch> all;
    for (const auto& item : claim.items) all.insert(all.end(), item.allowed.begin(), item.allowed.end());
    return joined(std::move(all));
}

}  // namespace riverlight::scheduler
