#include "player/feed/guide.hpp"

#include <cassert>

namespace riverlight::player {
namespace {

using namespace std::chrono;

/// The same airing keeps its event id (EN 300 468, 5.2.4): every five seconds of four days have one of their
/// own.
std::uint16_t event_id(Instant start) {
    const auto since_epoch = duration_cast<seconds>(start.time_since_epoch());
    return static_cast<std::uint16_t>(since_epoch / seconds{5} & 0xffff);
}

}  // namespace

void ProgrammeGuide::set(const Guide& guide) {
    events_.clear();
    for (const auto& item : guide.items)
        events_.push_back({event_id(item.start), item.start, round<seconds>(item.duration), item.language,
                           item.title, item.text, item.rating});
    changed_ = true;
}

std::optional<ProgrammeGuide::Eit> ProgrammeGuide::update(const Service& service, Instant now) {
    std::optional<std::size_t> present;
    for (std::size_t i = 0; i < events_.size() && events_[i].start <= now; ++i) present = i;
    if (!changed_ && present == present_) return {};
    present_ = present;
    changed_ = false;
    const auto version = state_.next_version(pid::eit);
    assert(!present || *present < events_.size());
    const auto event = [&](std::size_t i) {
        return i < events_.size() ? std::optional(events_[i]) : std::nullopt;
    };
    return Eit{eit_present_following(service, present ? event(*present) : std::nullopt,
                                     event(present ? *present + 1 : 0), version),
               eit_schedule(service, events_, now, version)};
}

}  // namespace riverlight::player
