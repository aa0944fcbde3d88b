#include <algorithm>
#include <set>
#include <tuple>

#include "scheduler/plan/draft.hpp"

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
        for (auto p = placed.rbegin(); p != placed.rend(); ++p) {
            if (p->job >= 0) put_off(*p, next);
            next = p->latest;
            note(*p);
        }
    }

  private:
    const Item& item(const Placed& p) const { return day_.claims[p.claim].items[p.item]; }

    void put_off(Placed& p, Tick next) const {
        const auto& one = item(p);
        const auto& claim = day_.claims[p.claim];
        const auto& facts = day_.segments[one.key];
        auto latest = std::min(p.latest, next - p.length);
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
        p.latest = std::max(p.start, latest);
    }

    void note(const Placed& p) {
        const auto& one = item(p);
        const auto& claim = day_.claims[p.claim];
        const auto& facts = day_.segments[one.key];
        const auto add = [&](Ahead& ahead, Tick own) {
            ahead.nearest = p.latest;
            ahead.bound = std::min(ahead.bound, p.latest - own);
        };
        // Within a run nothing is kept apart; its parts move together.
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
          tallies_(ground.tallies),
          padding_(day_.claims.size()),
          now_(ground.begin) {
        Latest(day_).work_out(placed_);
        for (const auto& p : placed_) {
            if (p.job >= 0) all_.add(p.claim, item(p), p.start, p.start + p.length);
        }
        for (std::uint32_t c = 0; c < day_.claims.size(); ++c) {
            padding_[c].items.resize(day_.claims[c].padding.size());
            if (day_.claims[c].is(BookingKind::filler)) queue(c);
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
    void queue(std::uint32_t c) { fillers_.emplace(-day_.claims[c].priority, tallies_[c].plays, c); }

    void put(const Placed& p) {
        auto start = std::max(now_, p.start);
        if (p.job >= 0) {
            if (!follows_in_run()) start = allowed_start(start, p.latest);
            all_.remove(p.claim, item(p), p.start);
            all_.add(p.claim, item(p), start, start + p.length);
            if (start > now_) fill(start, start);
            past_.add(p.claim, item(p), start, start + p.length);
        }
        airings_.push_back(
            {p.claim, p.item, false, false, p.number, start, start + p.length, p.hard, p.cut, p.into});
        now_ = start + p.length;
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
            const auto to = std::min(until, edge), last = std::min(latest, edge);
            if (!show_one(to, last)) leave_hole(to);
        }
    }

    /// Where the block that is on ends, or the next begins: nothing runs over it.
    Tick next_edge() {
        while (block_ < blocks_.size() && blocks_[block_].when.until <= now_) ++block_;
        if (block_ == blocks_.size()) return day_.length;
        return in_block() ? blocks_[block_].when.until : blocks_[block_].when.from;
    }
    bool in_block() const { return block_ < blocks_.size() && blocks_[block_].when.from <= now_; }

    bool show_one(Tick to, Tick last) {
        if (in_block()) {
            const auto claim = blocks_[block_].claim;
            if (!day_.claims[claim].padding.empty())
                return show(claim, day_.claims[claim].padding, padding_[claim], true, to, last);
        }
        std::vector<std::tuple<int, int, std::uint32_t>> back;
        bool shown = false;
        while (!fillers_.empty() && !shown) {
            const auto first = *fillers_.begin();
            fillers_.erase(fillers_.begin());
            const auto c = std::get<2>(first);
            const auto& claim = day_.claims[c];
            const auto cap = claim.booking->daily_cap;
            if (cap > 0 && tallies_[c].plays >= cap) continue;
            shown = show(c, claim.items, tallies_[c], false, to, last);
            if (shown) {
                queue(c);
            } else {
                back.push_back(first);
            }
        }
        fillers_.insert(back.begin(), back.end());
        return shown;
    }

    /// The length at which an item may be shown now; 0: not at all.
    Tick shown_length(std::uint32_t c, const Item& one, bool padding, Tick to, Tick last, bool whole) const {
        auto length = one.length;
        const auto end = now_ + length;
        const bool fits = end <= to - least_shown || end == to || (end > to && end <= last);
        if (whole && !fits) return 0;
        if (!whole) {
            if (fits) return 0;
            length = end >= to ? to - now_ : to - now_ - least_shown;
            if (length < least_shown) return 0;
        }
        if (now_ > one.last_start || !covers(one.allowed, now_, now_ + length)) return 0;
        const auto& kept = day_.segments[one.key].kept;
        if (!padding && covers(kept, now_, now_)) return 0;
        return all_.refuses(c, one, now_, length) ? 0 : length;
    }

    bool show(std::uint32_t c, const std::vector<Item>& items, Tally& tally, bool padding, Tick to,
              Tick last) {
        for (const bool whole : {true, false}) {
            tried_.assign(items.size(), false);
            for (int i = next_item(items, tally, tried_); i >= 0; i = next_item(items, tally, tried_)) {
                const auto index = static_cast<std::size_t>(i);
                const auto length = shown_length(c, items[index], padding, to, last, whole);
                if (length > 0) {
                    show_item(c, items[index], index, tally, padding, length);
                    return true;
                }
                tried_[index] = true;
            }
        }
        return false;
    }

    void show_item(std::uint32_t c, const Item& one, std::size_t index, Tally& tally, bool padding,
                   Tick length) {
        past_.add(c, one, now_, now_ + length);
        all_.add(c, one, now_, now_ + length);
        ++tally.plays;
        ++tally.items[index];
        airings_.push_back({c, static_cast<std::uint16_t>(index), padding, true, now_, now_, now_ + length,
                            false, length < one.length, 0});
        now_ += length;
    }

    /// Nothing may be shown: slate until something could.
    void leave_hole(Tick to) {
        auto next = to;
        const auto consider = [&](Tick at) {
            if (at > now_) next = std::min(next, at);
        };
        const auto look = [&](std::uint32_t c, const std::vector<Item>& items, bool padding) {
            for (const auto& one : items) {
                for (const auto& s : one.allowed) consider(s.from);
                if (!padding)
                    for (const auto& s : day_.segments[one.key].kept) consider(s.until);
                if (const auto no =
                        all_.refuses(c, one, now_, std::min(one.length, std::max<Tick>(1, to - now_))))
                    consider(no->again);
            }
        };
        if (in_block() && !day_.claims[blocks_[block_].claim].padding.empty()) {
            look(blocks_[block_].claim, day_.claims[blocks_[block_].claim].padding, true);
        } else {
            for (const auto& f : fillers_) look(std::get<2>(f), day_.claims[std::get<2>(f)].items, false);
        }
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
    std::vector<Tally> tallies_, padding_;
    std::set<std::tuple<int, int, std::uint32_t>> fillers_;  ///< −priority, plays, claim
    std::vector<bool> tried_;
    Tick now_;
    std::size_t next_ = 0, block_ = 0;
};

}  // namespace

void settle(const Ground& ground, const std::vector<Placed>& placed, const std::vector<BlockWindow>& blocks,
            std::vector<Draft>& airings, std::vector<Hole>& holes) {
    Settler(ground, placed, blocks, airings, holes).run();
}

}  // namespace riverlight::scheduler
