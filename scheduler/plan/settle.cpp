#include <algorithm>
#include <span>

#include "scheduler/plan/draft.hpp"
#include "scheduler/plan/fillers.hpp"

namespace riverlight::scheduler {
namespace {

/// The nearest later starts of one segment, topic or kind, as the backward pass meets them.
struct Ahead {
    Tick nearest = never;  ///< latest start of the next
    Tick bound = never;    ///< least of what the later ones' own distances leave
};

/// How far each may be put off so that it and all behind it keep their times, hours and distances.
class Latest {
  public:
    explicit Latest(const Day& day) : day_(day), segments_(day.segments.size()), topics_(day.topics.size()) {}

    void work_out(std::vector<Placed>& placed) {
        Tick next = day_.length;
        for (auto end = placed.size(); end > 0;) {
            auto begin = end - 1;
            const auto job = placed[begin].job;
            while (job >= 0 && begin > 0 && placed[begin - 1].job == job) --begin;
            const std::span parts(placed.data() + begin, end - begin);
            if (job >= 0) put_off(parts, next);
            next = parts.front().latest;
            for (auto p = parts.rbegin(); p != parts.rend(); ++p) note(*p);
            end = begin;
        }
    }

  private:
    const Item& item(const Placed& p) const { return day_.claims[p.claim].items[p.item]; }

    /// All parts of a job: they move together, as far as each can.
    void put_off(std::span<Placed> parts, Tick next) const {
        auto by = next - (parts.back().start + parts.back().length);
        for (const auto& p : parts) by = std::min(by, latest_of(p) - p.start);
        for (auto& p : parts) p.latest = p.start + std::max<Tick>(0, by);
    }

    Tick latest_of(const Placed& p) const {
        const auto& one = item(p);
        const auto& claim = day_.claims[p.claim];
        const auto& facts = day_.segments[one.key];
        auto latest = p.latest;
        for (const auto& s : one.allowed) {
            if (s.from <= p.start && p.start + p.length <= s.until)
                latest = std::min(latest, s.until - p.length);
        }
        const auto keep = [&](const Ahead& ahead, Tick own) {
            if (ahead.nearest != never) latest = std::min(latest, std::min(ahead.nearest - own, ahead.bound));
        };
        keep(segments_[one.key], claim.separation);
        for (const auto topic : facts.topics) keep(topics_[topic], claim.topic_separation);
        if (facts.child && rated_ != never) latest = std::min(latest, rated_ - day_.from_children - p.length);
        if (facts.rated && child_ != never) latest = std::min(latest, child_ - day_.from_children - p.length);
        return latest;
    }

    void note(const Placed& p) {
        const auto& one = item(p);
        const auto& claim = day_.claims[p.claim];
        const auto& facts = day_.segments[one.key];
        const auto add = [&](Ahead& ahead, Tick own) {
            ahead.nearest = p.latest;
            ahead.bound = std::min(ahead.bound, p.latest - own);
        };
        add(segments_[one.key], claim.separation);
        for (const auto topic : facts.topics) add(topics_[topic], claim.topic_separation);
        if (facts.child) child_ = p.latest;
        if (facts.rated) rated_ = p.latest;
    }

    const Day& day_;
    std::vector<Ahead> segments_, topics_;
    Tick child_ = never, rated_ = never;
};

class Settler {
  public:
    Settler(const Ground& ground, std::vector<Placed> placed, const std::vector<BlockWindow>& blocks,
            std::vector<Draft>& airings, std::vector<Hole>& holes)
        : day_(*ground.day),
          placed_(std::move(placed)),
          blocks_(blocks),
          airings_(airings),
          holes_(holes),
          past_(ground.rules),
          all_(ground.rules),
          fillers_(ground),
          now_(ground.begin) {
        Latest(day_).work_out(placed_);
        for (const auto& p : placed_) {
            if (p.job >= 0) all_.add(p.claim, item(p), p.start, p.start + p.length);
        }
    }

    void run() {
        for (next_ = 0; next_ < placed_.size(); ++next_) {
            const auto& p = placed_[next_];
            fill(p.start, p.latest);
            put(p);
        }
        fill(day_.length, day_.length);
    }

  private:
    const Item& item(const Placed& p) const { return day_.claims[p.claim].items[p.item]; }

    void put(const Placed& p) {
        if (p.job >= 0 && !follows_in_run()) put_off(allowed_start(std::max(now_, p.start), p.latest));
        const auto start = std::max(now_, p.start);
        if (p.job >= 0) {
            if (start > now_) fill(start, start);
            past_.add(p.claim, item(p), start, start + p.length);
        }
        airings_.push_back(
            {p.claim, p.item, false, false, p.number, start, start + p.length, p.hard, p.cut, p.into});
        fillers_.note(item(p));
        now_ = start + p.length;
    }

    /// What is next, a run as a whole, moves to `start`: what is filled before it keeps its distance from
    /// where each part will be.
    void put_off(Tick start) {
        const auto job = placed_[next_].job;
        const auto by = start - placed_[next_].start;
        for (auto part = next_; part < placed_.size() && placed_[part].job == job; ++part) {
            auto& p = placed_[part];
            all_.remove(p.claim, item(p), p.start);
            p.start += by;
            all_.add(p.claim, item(p), p.start, p.start + p.length);
        }
    }

    bool follows_in_run() const { return next_ > 0 && placed_[next_ - 1].job == placed_[next_].job; }

    /// The first start from `start` on that what has been settled allows to what is next, a run as a whole:
    /// something may have been put off that one of its parts is kept apart from.
    Tick allowed_start(Tick start, Tick latest) const {
        for (;;) {
            Tick at = start, again = start;
            for (auto part = next_; part < placed_.size() && placed_[part].job == placed_[next_].job;
                 ++part) {
                const auto& p = placed_[part];
                if (const auto no = past_.refuses(p.claim, item(p), at, p.length))
                    again = std::max(again, start + (no->again - at));
                at += p.length;
            }
            if (again == start || again > latest) return start;
            start = again;
        }
    }

    /// Fills from now to `until`, or to `latest` where that shows a filler whole.
    void fill(Tick until, Tick latest) {
        while (now_ < until) {
            const auto edge = next_edge();
            const Fillers::Gap gap{now_, std::min(until, edge), std::min(latest, edge)};
            const auto block = in_block() ? std::int64_t{blocks_[block_].claim} : -1;
            if (const auto shown = fillers_.next(gap, block, all_)) {
                show(*shown);
            } else {
                leave_hole(fillers_.next_chance(gap, block, all_));
            }
        }
    }

    /// Where the block that is on ends, the next begins, or the place closes: nothing runs over it.
    Tick next_edge() {
        while (block_ < blocks_.size() && blocks_[block_].when.until <= now_) ++block_;
        const auto closing = closing_time();
        if (block_ == blocks_.size()) return closing;
        return std::min(closing, in_block() ? blocks_[block_].when.until : blocks_[block_].when.from);
    }
    Tick closing_time() {
        const auto& open = day_.place_open;
        while (open_ < open.size() && open[open_].until <= now_) ++open_;
        return open_ < open.size() && open[open_].from <= now_ ? open[open_].until : day_.length;
    }
    bool in_block() const { return block_ < blocks_.size() && blocks_[block_].when.from <= now_; }

    void show(const Fillers::Shown& shown) {
        const auto& claim = day_.claims[shown.claim];
        const auto& one = shown.padding ? claim.padding[shown.item] : claim.items[shown.item];
        past_.add(shown.claim, one, now_, now_ + shown.length);
        all_.add(shown.claim, one, now_, now_ + shown.length);
        airings_.push_back({shown.claim, static_cast<std::uint16_t>(shown.item), shown.padding, true, now_,
                            now_, now_ + shown.length, false, shown.length < one.length, 0});
        now_ += shown.length;
    }

    /// Nothing may be shown: slate until something could.
    void leave_hole(Tick next) {
        if (!holes_.empty() && holes_.back().until == now_) {
            holes_.back().until = next;
        } else {
            holes_.push_back({now_, next});
        }
        now_ = next;
    }

    const Day& day_;
    std::vector<Placed> placed_;
    const std::vector<BlockWindow>& blocks_;
    std::vector<Draft>& airings_;
    std::vector<Hole>& holes_;
    Rules past_;  ///< what has been settled
    Rules all_;   ///< and what is still to come, at its first possible time
    Fillers fillers_;
    Tick now_;
    std::size_t next_ = 0, block_ = 0, open_ = 0;
};

}  // namespace

void settle(const Ground& ground, const std::vector<Placed>& placed, const std::vector<BlockWindow>& blocks,
            std::vector<Draft>& airings, std::vector<Hole>& holes) {
    Settler(ground, placed, blocks, airings, holes).run();
}

}  // namespace riverlight::scheduler
