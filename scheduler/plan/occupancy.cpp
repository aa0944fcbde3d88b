#include "scheduler/plan/occupancy.hpp"

#include <algorithm>

namespace riverlight::scheduler {
namespace {

const auto starts_later = [](Tick at, const auto& taken) { return at < taken.from; };

}  // namespace

Occupancy::Occupancy(Tick begin, Tick end) : end_(end), buckets_(static_cast<std::size_t>(end / width) + 1) {
    buckets_[0].taken.push_back({-1, begin, -1});  // so that something stands before everything
}

std::size_t Occupancy::bucket_of(Tick at) const {
    return static_cast<std::size_t>(std::clamp<Tick>(at, 0, end_) / width);
}

Occupancy::Place Occupancy::last_before(Tick at) const {
    auto bucket = bucket_of(at);
    const auto& taken = buckets_[bucket].taken;
    const auto later = std::upper_bound(taken.begin(), taken.end(), std::max<Tick>(at, 0), starts_later);
    if (later != taken.begin()) return {bucket, static_cast<std::size_t>(later - taken.begin()) - 1};
    do {
        --bucket;
    } while (buckets_[bucket].taken.empty());
    return {bucket, buckets_[bucket].taken.size() - 1};
}

Tick Occupancy::next_start(Place place) const {
    if (place.index + 1 < buckets_[place.bucket].taken.size())
        return buckets_[place.bucket].taken[place.index + 1].from;
    for (auto b = place.bucket + 1; b < buckets_.size(); ++b)
        if (!buckets_[b].taken.empty()) return buckets_[b].taken.front().from;
    return end_;
}

void Occupancy::touched(Place place) {
    buckets_[place.bucket].widest_behind = unknown;
}

void Occupancy::take(Tick from, Tick until, int by) {
    touched(last_before(from));
    auto& bucket = buckets_[bucket_of(from)];
    auto& taken = bucket.taken;
    taken.insert(std::upper_bound(taken.begin(), taken.end(), from, starts_later), {from, until, by});
    bucket.widest_behind = unknown;
}

void Occupancy::give_up(Tick from) {
    const auto place = last_before(from);
    auto& taken = buckets_[place.bucket].taken;
    taken.erase(taken.begin() + static_cast<std::ptrdiff_t>(place.index));
    touched(place);
    touched(last_before(from));
}

Tick Occupancy::widest_behind(std::size_t bucket) const {
    auto& widest = buckets_[bucket].widest_behind;
    if (widest != unknown) return widest;
    widest = 0;
    const auto& taken = buckets_[bucket].taken;
    for (std::size_t i = 0; i + 1 < taken.size(); ++i)
        widest = std::max(widest, taken[i + 1].from - taken[i].until);
    if (!taken.empty())
        widest = std::max(widest, next_start({bucket, taken.size() - 1}) - taken.back().until);
    return widest;
}

std::optional<Stretch> Occupancy::free_in(std::size_t bucket, std::size_t index, Tick length) const {
    const auto& taken = buckets_[bucket].taken;
    for (; index < taken.size(); ++index) {
        const auto next = next_start({bucket, index});
        if (next - taken[index].until >= length) return Stretch{taken[index].until, next};
    }
    return {};
}

std::optional<Stretch> Occupancy::free_from(Tick at, Tick length) const {
    const auto place = last_before(at);
    const auto first = std::max(at, buckets_[place.bucket].taken[place.index].until);
    const auto next = next_start(place);
    if (next - first >= length) return Stretch{first, next};
    if (auto found = free_in(place.bucket, place.index + 1, length)) return found;
    for (auto b = place.bucket + 1; b < buckets_.size(); ++b)
        if (widest_behind(b) >= length) return free_in(b, 0, length);
    return {};
}

std::vector<int> Occupancy::on_in(Tick from, Tick until) const {
    std::vector<int> out;
    auto [bucket, index] = last_before(from);
    for (; bucket < buckets_.size(); ++bucket, index = 0) {
        for (const auto& taken = buckets_[bucket].taken; index < taken.size(); ++index) {
            if (taken[index].from >= until) return out;
            if (taken[index].until > from && taken[index].by >= 0) out.push_back(taken[index].by);
        }
    }
    return out;
}

int Occupancy::holder(Tick at) const {
    const auto place = last_before(at);
    const auto& taken = buckets_[place.bucket].taken[place.index];
    return taken.until > at ? taken.by : -1;
}

}  // namespace riverlight::scheduler
