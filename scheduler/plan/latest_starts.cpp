#include "scheduler/plan/latest_starts.hpp"

#include <algorithm>
#include <cassert>
#include <span>

namespace riverlight::scheduler {
namespace {

/// What is known, going backward, of the later airings of one segment or topic.
struct LaterAirings {
    DayTime next = never;   ///< the latest start of the next one
    DayTime bound = never;  ///< the latest start here that keeps the distances which they ask for
};

class LatestStarts {
  public:
    explicit LatestStarts(const Day& day)
        : day_(day), segments_(day.segments.size()), topics_(day.topic_separations.size()) {}

    /// From the last placement to the first.
    void run(std::vector<Placement>& placements) {
        auto next = day_.end();
        for (auto end = placements.size(); end > 0;) {
            auto begin = end - 1;
            const auto task = placements[begin].task;
            while (task && begin > 0 && placements[begin - 1].task == task) --begin;
            const std::span parts(placements.data() + begin, end - begin);
            if (task) limit(parts, next);
            next = parts.front().latest;
            for (auto part = parts.rbegin(); part != parts.rend(); ++part) note(*part);
            end = begin;
        }
    }

  private:
    const Item& item(const Placement& p) const { return day_.bookings[p.booking].items[p.item]; }

    /// All parts of a task can be put off by what the least flexible of them can. `next`: the latest start of
    /// what follows.
    void limit(std::span<Placement> parts, DayTime next) const {
        auto by = next - (parts.back().start + parts.back().length);
        for (const auto& part : parts) by = std::min(by, latest_of(part) - part.start);
        for (auto& part : parts) part.latest = part.start + std::max(milliseconds{}, by);
    }

    DayTime latest_of(const Placement& p) const {
        const auto& one = item(p);
        const auto& booking = day_.bookings[p.booking];
        const auto& facts = day_.segments[one.key];
        auto latest = p.latest;
        for (const auto& allowed : one.allowed) {
            if (allowed.from <= p.start && p.start + p.length <= allowed.until)
                latest = std::min(latest, allowed.until - p.length);
        }
        const auto keep_distance = [&](const LaterAirings& later, milliseconds own) {
            if (later.next != never) latest = std::min({latest, later.next - own, later.bound});
        };
        keep_distance(segments_[one.key], booking.separation);
        for (const auto topic : facts.topics) keep_distance(topics_[topic], booking.topic_separation);
        const auto distance = day_.children_distance;
        if (facts.child && rated_ != never) latest = std::min(latest, rated_ - distance - p.length);
        if (facts.rated && child_ != never) latest = std::min(latest, child_ - distance - p.length);
        return latest;
    }

    void note(const Placement& p) {
        const auto& one = item(p);
        const auto& booking = day_.bookings[p.booking];
        const auto& facts = day_.segments[one.key];
        const auto add = [&](LaterAirings& later, milliseconds own) {
            later.next = p.latest;
            later.bound = std::min(later.bound, p.latest - own);
        };
        add(segments_[one.key], booking.separation);
        for (const auto topic : facts.topics) add(topics_[topic], booking.topic_separation);
        if (facts.child) child_ = p.latest;
        if (facts.rated) rated_ = p.latest;
    }

    const Day& day_;
    std::vector<LaterAirings> segments_, topics_;
    DayTime child_ = never, rated_ = never;  ///< the latest start of the next of its kind
};

}  // namespace

void compute_latest_starts(const Day& day, std::vector<Placement>& placements) {
    assert(std::is_sorted(placements.begin(), placements.end(),
                          [](const Placement& a, const Placement& b) { return a.start < b.start; }));
    LatestStarts(day).run(placements);
}

}  // namespace riverlight::scheduler
