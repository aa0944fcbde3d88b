#include "scheduler/plan/rules.hpp"

#include <algorithm>

namespace riverlight::scheduler {
namespace {

bool share_a_topic(const content::Manifest& a, const content::Manifest& b) {
    return std::any_of(a.topics.begin(), a.topics.end(), [&](const std::string& topic) {
        return std::find(b.topics.begin(), b.topics.end(), topic) != b.topics.end();
    });
}

}  // namespace

void Separation::add(const Resolved& by, const content::Manifest& segment, Instant start) {
    const auto& booking = *by.booking;
    widest_ = std::max({widest_, booking.separation, booking.topic_separation});
    aired_.emplace(start, Aired{&segment, booking.separation, booking.topic_separation});
}

bool Separation::allows(const Resolved& by, const content::Manifest& segment, Instant start) const {
    const auto& booking = *by.booking;
    const auto reach = std::max({widest_, booking.separation, booking.topic_separation});
    if (reach.count() == 0) return true;
    const auto last = aired_.upper_bound(start + reach);
    return std::all_of(aired_.lower_bound(start - reach), last, [&](const auto& entry) {
        const auto& [at, other] = entry;
        const auto apart = std::chrono::abs(start - at);
        if (other.segment == &segment && apart < std::max(booking.separation, other.same)) return false;
        return apart >= std::max(booking.topic_separation, other.topic) ||
               !share_a_topic(segment, *other.segment);
    });
}

}  // namespace riverlight::scheduler
