#include "scheduler/plan/occupancy.hpp"

#include <algorithm>
#include <cassert>

namespace riverlight::scheduler {
namespace {

const auto starts_later = [](DayTime at, const auto& taken) { return at < taken.from; };

}  // namespace

Occupancy::Occupancy(DayTime begin, DayTime end)
    : end_(end), buckets_(static_cast<std::size_t>(end.time_since_epoch() / bucket_width) + 1) {
    assert(begin >= day_begin && end >= day_begin);
    buckets_[0].taken.push_back({day_begin - milliseconds{1}, begin, {}});  // so that last_before finds one
}

std::size_t Occupancy::bucket_of(DayTime at) const {
    return static_cast<std::size_t>(std::clamp(at, day_begin, end_).time_since_epoch() / bucket_width);
}

Occupancy::Position Occupancy::last_before(DayTime at) const {
    auto bucket = bucket_of(at);
    const auto& taken = buckets_[bucket].taken;
    const auto later = std::upper_bound(taken.begin(), taken.end(), std::max(at, day_begin), starts_later);
    if (later != taken.begin()) return {bucket, static_cast<std::size_t>(later - taken.begin()) - 1};
    do {
        --bucket;
    } while (buckets_[bucket].taken.empty());
    return {bucket, buckets_[bucket].taken.size() - 1};
}

DayTime Occupancy::next_start(Position position) const {
    if (position.index + 1 < buckets_[position.bucket].taken.size())
        return buckets_[position.bucket].taken[position.index + 1].from;
    for (auto b = position.bucket + 1; b < buckets_.size(); ++b)
        if (!buckets_[b].taken.empty()) return buckets_[b].taken.front().from;
    return end_;
}

void Occupancy::take(const Interval& when, std::optional<TaskIndex> by) {
    assert(when.from < when.until && when.until <= end_);
    const auto before = last_before(when.from);
    assert(buckets_[before.bucket].taken[before.index].until <= when.from);
    assert(when.until <= next_start(before));
    forget_widest_gap(before);
    auto& bucket = buckets_[bucket_of(when.from)];
    auto& taken = bucket.taken;
    const auto next = std::upper_bound(taken.begin(), taken.end(), when.from, starts_later);
    taken.insert(next, {when.from, when.until, by});
    bucket.widest_gap.reset();
}

void Occupancy::release(DayTime from) {
    const auto position = last_before(from);
    auto& taken = buckets_[position.bucket].taken;
    assert(taken[position.index].from == from);
    taken.erase(taken.begin() + static_cast<std::ptrdiff_t>(position.index));
    forget_widest_gap(position);
    forget_widest_gap(last_before(from));
}

milliseconds Occupancy::widest_gap(std::size_t bucket) const {
    auto& cached = buckets_[bucket].widest_gap;
    if (cached) return *cached;
    milliseconds widest{};
    const auto& taken = buckets_[bucket].taken;
    for (std::size_t i = 0; i + 1 < taken.size(); ++i)
        widest = std::max(widest, taken[i + 1].from - taken[i].until);
    if (!taken.empty())
        widest = std::max(widest, next_start({bucket, taken.size() - 1}) - taken.back().until);
    cached = widest;
    return widest;
}

std::optional<Interval> Occupancy::free_in(std::size_t bucket, std::size_t index, milliseconds length) const {
    const auto& taken = buckets_[bucket].taken;
    for (; index < taken.size(); ++index) {
        const auto next = next_start({bucket, index});
        if (next - taken[index].until >= length) return Interval{taken[index].until, next};
    }
    return {};
}

std::optional<Interval> Occupancy::free_from(DayTime at, milliseconds length) const {
    const auto position = last_before(at);
    const auto first = std::max(at, buckets_[position.bucket].taken[position.index].until);
    const auto next = next_start(position);
    if (next - first >= length) return Interval{first, next};
    if (auto found = free_in(position.bucket, position.index + 1, length)) return found;
    for (auto b = position.bucket + 1; b < buckets_.size(); ++b)
        if (widest_gap(b) >= length) return free_in(b, 0, length);
    return {};
}

std::vector<TaskIndex> Occupancy::tasks_in(const Interval& when) const {
    std::vector<TaskIndex> out;
    auto [bucket, index] = last_before(when.from);
    for (; bucket < buckets_.size(); ++bucket, index = 0) {
        for (const auto& taken = buckets_[bucket].taken; index < taken.size(); ++index) {
            if (taken[index].from >= when.until) return out;
            if (taken[index].until > when.from && taken[index].by) out.push_back(*taken[index].by);
        }
    }
    return out;
}

std::optional<TaskIndex> Occupancy::task_at(DayTime at) const {
    const auto position = last_before(at);
    const auto& taken = buckets_[position.bucket].taken[position.index];
    return taken.until > at ? taken.by : std::nullopt;
}

}  // namespace riverlight::scheduler
