#include "scheduler/plan/rules.hpp"

#include <algorithm>

namespace riverlight::scheduler {

Rules::Rules(const Day& day) : day_(&day), segments_(day.segments.size()), topics_(day.topics.size()) {
    for (const auto& facts : day.segments) {
        if (facts.child || facts.rated) longest_ = std::max<Tick>(longest_, facts.segment->duration.count());
    }
}

void Rules::insert(Line& line, const Entry& entry) {
    line.insert(std::upper_bound(line.begin(), line.end(), entry.start,
                                 [](Tick tick, const Entry& e) { return tick < e.start; }),
                entry);
}

void Rules::erase(Line& line, Tick start, std::uint32_t claim) {
    auto at = std::lower_bound(line.begin(), line.end(), start,
                               [](const Entry& e, Tick tick) { return e.start < tick; });
    while (at != line.end() && at->claim != claim) ++at;
    if (at != line.end()) line.erase(at);
}

void Rules::add(std::uint32_t claim, const Item& item, Tick start, Tick end) {
    const auto& facts = day_->segments[item.key];
    const auto& c = day_->claims[claim];
    if (facts.widest > 0) insert(segments_[item.key], {start, end, c.separation, claim});
    for (const auto topic : facts.topics) insert(topics_[topic], {start, end, c.topic_separation, claim});
    if (facts.child) insert(children_, {start, end, day_->from_children, claim});
    if (facts.rated) insert(rated_, {start, end, day_->from_children, claim});
}

void Rules::remove(std::uint32_t claim, const Item& item, Tick start) {
    const auto& facts = day_->segments[item.key];
    if (facts.widest > 0) erase(segments_[item.key], start, claim);
    for (const auto topic : facts.topics) erase(topics_[topic], start, claim);
    if (facts.child) erase(children_, start, claim);
    if (facts.rated) erase(rated_, start, claim);
}

bool Rules::same_run(std::uint32_t a, std::uint32_t b) const {
    return a == b && day_->claims[a].is_run();
}

std::optional<Rules::Refusal> Rules::near(const Line& line, std::uint32_t claim, Tick at, Tick own,
                                          Tick widest, Obstacle why) const {
    std::optional<Refusal> found;
    const auto middle = std::lower_bound(line.begin(), line.end(), at,
                                         [](const Entry& e, Tick tick) { return e.start < tick; });
    const auto consider = [&](const Entry& e) {
        const auto distance = std::max(own, e.distance);
        const auto apart = e.start < at ? at - e.start : e.start - at;
        if (apart >= distance || same_run(claim, e.claim)) return;
        if (!found || e.start + distance > found->again) found = Refusal{why, e.claim, e.start + distance};
    };
    for (auto e = middle; e != line.end() && e->start - at < widest; ++e) consider(*e);
    for (auto e = middle; e != line.begin() && at - std::prev(e)->start < widest; --e)
        consider(*std::prev(e));
    return found;
}

std::optional<Rules::Refusal> Rules::touches(const Line& line, std::uint32_t claim, Tick at,
                                             Tick length) const {
    const auto gap = day_->from_children;
    auto e = std::lower_bound(line.begin(), line.end(), at - gap - longest_,
                              [](const Entry& x, Tick tick) { return x.start < tick; });
    std::optional<Refusal> found;
    for (; e != line.end() && e->start < at + length + gap; ++e) {
        if (e->end + gap > at) found = Refusal{Obstacle::children, e->claim, e->end + gap};
    }
    static_cast<void>(claim);
    return found;
}

std::optional<Rules::Refusal> Rules::refuses(std::uint32_t claim, const Item& item, Tick at,
                                             Tick length) const {
    const auto& facts = day_->segments[item.key];
    const auto& c = day_->claims[claim];
    if (facts.widest > 0) {
        if (auto no = near(segments_[item.key], claim, at, c.separation, facts.widest, Obstacle::separation))
            return no;
    }
    for (const auto topic : facts.topics) {
        if (auto no = near(topics_[topic], claim, at, c.topic_separation, day_->topics[topic],
                           Obstacle::topic_separation))
            return no;
    }
    if (facts.child) {
        if (auto no = touches(rated_, claim, at, length)) return no;
    }
    if (facts.rated) return touches(children_, claim, at, length);
    return {};
}

}  // namespace riverlight::scheduler
