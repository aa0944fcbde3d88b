#include "firmware/outlet/airing_queue.hpp"

#include <algorithm>
#include <cassert>

namespace riverlight::firmware {

using namespace std::chrono_literals;

namespace {

constexpr auto touching = 40ms;  // one frame at 25 Hz

}  // namespace

std::string AiringQueue::name_for(const std::string& airing) {
    return airing + '-' + std::to_string(++names_);
}

bool AiringQueue::follows_last(const scheduler::PlannedAiring& planned) const {
    return planned.start - end_ <= touching;
}

QueuedAiring* AiringQueue::find(const std::string& cue) {
    const auto found =
        std::find_if(queue_.begin(), queue_.end(), [&](const auto& q) { return q.cue.airing == cue; });
    return found == queue_.end() ? nullptr : &*found;
}

void AiringQueue::erase(const QueuedAiring& queued) {
    const auto at = std::find_if(queue_.begin(), queue_.end(), [&](const auto& q) { return &q == &queued; });
    assert(at != queue_.end());
    queue_.erase(at);
}

std::size_t AiringQueue::kept() const {
    return static_cast<std::size_t>(
        std::count_if(queue_.begin(), queue_.end(), [](const auto& q) { return !q.is_dropped(); }));
}

bool AiringQueue::keeps(const std::string& airing) const {
    return std::any_of(queue_.begin(), queue_.end(),
                       [&](const auto& q) { return !q.is_dropped() && q.planned.id == airing; });
}

bool AiringQueue::is_on_air() const {
    return std::any_of(queue_.begin(), queue_.end(),
                       [](const auto& q) { return q.is_on_air() && q.state != CueState::withdrawn; });
}

std::vector<scheduler::Aired> AiringQueue::aired(Instant now, Instant before) const {
    std::vector<scheduler::Aired> aired;
    auto end = now;
    for (const auto& q : queue_) {
        const auto& p = q.planned;
        assert(!q.is_on_air() || q.record.started);
        const auto start = q.is_on_air() ? *q.record.started : std::max(end, p.start);
        if (!q.is_on_air() && (q.is_dropped() || start >= before)) continue;
        aired.push_back({p.id, p.booking, p.segment, start, start + (p.end - p.start)});
        end = std::max(end, aired.back().end);
    }
    return aired;
}

std::set<std::string> AiringQueue::media() const {
    std::set<std::string> names;
    for (const auto& q : queue_) names.merge(media_files(q.cue));
    return names;
}

}  // namespace riverlight::firmware
