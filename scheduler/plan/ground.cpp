#include "scheduler/plan/ground.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

namespace riverlight::scheduler {
namespace {

class GroundLayer {
  public:
    GroundLayer(const Day& day, const std::vector<Rotation>& rotations, Tick begin, const Past& past,
                const std::vector<Tick>& starts, const std::vector<Tick>& ends)
        : day_(day),
          past_(past),
          starts_(starts),
          ends_(ends),
          begin_(begin),
          out_{Ground{&day, begin, {}, Rules(day), std::vector<Tally>(day.claims.size()), {}, rotations},
               {},
               {},
               {}} {
        for (std::size_t c = 0; c < day.claims.size(); ++c)
            out_.ground.tallies[c].items.resize(day.claims[c].items.size());
        for (const auto& a : past.airings) {
            out_.ground.rules.add(a.claim, item_of(day, a), a.start, a.end);
            if (a.padding) continue;
            ++out_.ground.tallies[a.claim].plays;
            ++out_.ground.tallies[a.claim].items[a.item];
        }
    }

    Groundwork run() {
        for (const auto c : hard_claims()) {
            if (claim(c).is(BookingKind::block)) {
                lay_block(c);
            } else {
                lay_hard(c);
            }
        }
        for (std::uint32_t c = 0; c < day_.claims.size(); ++c) {
            if (claim(c).is(BookingKind::fixed) && !claim(c).booking->hard) add_soft(c);
            if (claim(c).is(BookingKind::rotation)) add_turns(c);
        }
        finish();
        return std::move(out_);
    }

  private:
    const Claim& claim(std::uint32_t c) const { return day_.claims[c]; }
    bool done(std::uint32_t c, Tick number) const { return past_.done.contains({c, number}); }

    std::vector<std::uint32_t> hard_claims() const {
        std::vector<std::uint32_t> order;
        for (std::uint32_t c = 0; c < day_.claims.size(); ++c) {
            const bool fixed = claim(c).is(BookingKind::fixed) && claim(c).booking->hard;
            if (fixed || claim(c).is(BookingKind::block)) order.push_back(c);
        }
        std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            if (claim(a).priority != claim(b).priority) return claim(a).priority > claim(b).priority;
            return std::pair(starts_[a], claim(a).booking->id) < std::pair(starts_[b], claim(b).booking->id);
        });
        return order;
    }

    void fall(std::uint32_t c, int item, Tick number, Tick when, Tick until, Obstacle why,
              std::int64_t by = -1) {
        out_.falls.push_back({c, number, item, when, until, why, by});
    }

    /// What of a run is still to come, as indices of items.
    std::vector<std::uint16_t> left_of(std::uint32_t c) const {
        std::vector<std::uint16_t> left;
        for (std::size_t i = 0; i < claim(c).items.size(); ++i) {
            if (!done(c, claim(c).items[i].position)) left.push_back(static_cast<std::uint16_t>(i));
        }
        return left;
    }
    Tick length_of(std::uint32_t c, const std::vector<std::uint16_t>& run) const {
        return std::accumulate(run.begin(), run.end(), Tick{0},
                               [&](Tick sum, std::uint16_t i) { return sum + claim(c).items[i].length; });
    }

    /// What stands in [from, until); −1: nothing.
    std::int64_t rival(Tick from, Tick until) const {
        for (const auto& r : reserved_) {
            if (r.when.from < until && from < r.when.until) return r.claim;
        }
        for (const auto& b : out_.blocks) {
            if (b.when.from < until && from < b.when.until) return b.claim;
        }
        return -1;
    }
    bool over_cap(std::uint32_t c, std::size_t more) const {
        const auto cap = claim(c).booking->daily_cap;
        return cap > 0 && out_.ground.tallies[c].plays + static_cast<int>(more) > cap;
    }

    /// Whether a run brings a segment for children too near a rated one by itself.
    bool at_odds(std::uint32_t c, const std::vector<std::uint16_t>& run) const {
        if (day_.from_children == 0) return false;
        Tick at = 0, child = -never, rated = -never;
        for (const auto i : run) {
            const auto& item = claim(c).items[i];
            const auto& facts = day_.segments[item.key];
            if ((facts.child && at < rated + day_.from_children) ||
                (facts.rated && at < child + day_.from_children))
                return true;
            at += item.length;
            if (facts.child) child = at;
            if (facts.rated) rated = at;
        }
        return false;
    }

    struct Objection {
        Obstacle why{};
        std::int64_t by = -1;
        int item = -1;
        bool rivalry = false;
    };
    /// Why a run cannot stand exactly there; nothing if it can.
    std::optional<Objection> objection(std::uint32_t c, const std::vector<std::uint16_t>& run,
                                       Tick start) const {
        const auto end = start + length_of(c, run);
        if (over_cap(c, run.size())) return Objection{Obstacle::daily_cap};
        if (end > day_.length) return Objection{Obstacle::day_end};
        if (at_odds(c, run)) return Objection{Obstacle::children, c};
        if (const auto by = rival(start, end); by >= 0) return Objection{Obstacle::taken, by, -1, true};
        for (const auto i : run) {
            const auto& item = claim(c).items[i];
            if (auto no = objection_to(c, item, start)) {
                no->item = i;
                return no;
            }
            start += item.length;
        }
        return {};
    }
    std::optional<Objection> objection_to(std::uint32_t c, const Item& item, Tick start) const {
        if (!covers(item.allowed, start, start + item.length)) {
            const bool open = covers(claim(c).open, start, start + item.length);
            return Objection{open ? Obstacle::rating : Obstacle::window};
        }
        if (const auto no = out_.ground.rules.refuses(c, item, start, item.length))
            return Objection{no->why, no->by};
        return {};
    }

    void put(std::uint32_t c, std::uint16_t i, Tick start, Tick length, Tick into = 0) {
        const auto& item = claim(c).items[i];
        out_.hard.push_back(
            {c, i, item.position, start, length, start, -1, true, into + length < item.length, into});
        out_.ground.rules.add(c, item, start, start + length);
        ++out_.ground.tallies[c].plays;
        ++out_.ground.tallies[c].items[i];
    }

    void lay_hard(std::uint32_t c) {
        const auto run = left_of(c);
        if (run.empty()) return;
        const auto start = starts_[c];
        const auto& b = *claim(c).booking;
        if (start < begin_) return late_hard(c, run);
        const auto no = objection(c, run, start);
        if (!no) return put_run(c, run, start);
        if (b.late == LateRule::make_good && no->rivalry) return add_run(c, run, start, day_.length, false);
        fall(c, no->item, claim(c).items[run.front()].position, start, start, no->why, no->by);
    }

    void put_run(std::uint32_t c, const std::vector<std::uint16_t>& run, Tick start) {
        reserved_.push_back({{start, start + length_of(c, run)}, c});
        for (const auto i : run) {
            put(c, i, start, claim(c).items[i].length);
            start += claim(c).items[i].length;
        }
    }

    /// A hard start whose time has passed.
    void late_hard(std::uint32_t c, const std::vector<std::uint16_t>& run) {
        const auto& b = *claim(c).booking;
        const auto limit = starts_[c] + std::chrono::milliseconds(b.late_limit).count();
        if (b.late == LateRule::make_good) return add_run(c, run, begin_, day_.length, true);
        if (b.late == LateRule::join && begin_ <= limit && join(c, run, starts_[c])) return;
        fall(c, -1, claim(c).items[run.front()].position, starts_[c], starts_[c], Obstacle::missed);
    }

    /// Goes on where a run that started at `start` would be by now. False: it is over, or cannot.
    bool join(std::uint32_t c, const std::vector<std::uint16_t>& run, Tick start) {
        const auto& items = claim(c).items;
        // Positions count from the run's first segment, whatever of it is done.
        Tick at = start;
        std::vector<std::uint16_t> left;
        Tick into = 0;
        for (std::uint16_t i = 0; i < items.size(); ++i) {
            const auto end = at + items[i].length;
            if (end > begin_ && std::find(run.begin(), run.end(), i) != run.end()) {
                if (left.empty()) into = std::max<Tick>(0, begin_ - at);
                left.push_back(i);
            }
            at = end;
        }
        if (left.empty() || at_odds(c, left)) return false;
        const auto end = begin_ + length_of(c, left) - into;
        if (end > day_.length || rival(begin_, end) >= 0) return false;
        at = begin_;
        for (const auto i : left) {
            const auto length = items[i].length - (i == left.front() ? into : 0);
            if (!covers(items[i].allowed, at, at + length) ||
                out_.ground.rules.refuses(c, items[i], at, length))
                return false;
            at += length;
        }
        reserved_.push_back({{begin_, end}, c});
        at = begin_;
        for (const auto i : left) {
            const auto skip = i == left.front() ? into : 0;
            put(c, i, at, items[i].length - skip, skip);
            at += items[i].length - skip;
        }
        return true;
    }

    void add_run(std::uint32_t c, std::vector<std::uint16_t> run, Tick release, Tick deadline, bool missed) {
        if (over_cap(c, run.size()))
            return fall(c, -1, claim(c).items[run.front()].position, release, release, Obstacle::daily_cap);
        const auto number = claim(c).items[run.front()].position;
        if (at_odds(c, run)) return fall(c, -1, number, release, deadline, Obstacle::children, c);
        release = std::max(release, begin_);
        out_.ground.jobs.push_back({c, number, release, deadline, release, std::move(run), missed, 0});
    }

    void add_soft(std::uint32_t c) {
        auto run = left_of(c);
        if (run.empty()) return;
        const auto& b = *claim(c).booking;
        const auto limit = starts_[c] + std::chrono::milliseconds(b.late_limit).count();
        const auto deadline = b.late == LateRule::make_good ? day_.length : limit;
        if (deadline >= begin_) return add_run(c, std::move(run), starts_[c], deadline, starts_[c] < begin_);
        fall(c, -1, claim(c).items[run.front()].position, starts_[c], limit, Obstacle::missed);
    }

    void add_turns(std::uint32_t c) {
        const auto& rotation = out_.ground.rotations[c];
        const auto& b = *claim(c).booking;
        auto room = b.daily_cap > 0 ? b.daily_cap - out_.ground.tallies[c].plays
                                    : static_cast<int>(rotation.turns.size());
        std::vector<const Turn*> missed;
        std::uint32_t order = 0;
        for (const auto& turn : rotation.turns) {
            if (done(c, turn.number)) continue;
            if (turn.deadline < begin_ || past_.missed.contains({c, turn.number})) {
                missed.push_back(&turn);
            } else if (room-- > 0) {
                out_.ground.jobs.push_back({c,
                                            turn.number,
                                            std::max(turn.release, begin_),
                                            last_allowed(c, turn),
                                            std::max(turn.earliest, begin_),
                                            {},
                                            false,
                                            order++});
            } else {
                fall(c, -1, turn.number, turn.release, turn.deadline, Obstacle::daily_cap);
            }
        }
        if (!missed.empty()) make_good(c, missed, room, order);
    }

    /// The last tick of its turn at which any of the claim's segments may start; the turn's own where none
    /// may.
    Tick last_allowed(std::uint32_t c, const Turn& turn) const {
        Tick last = -1;
        for (const auto& item : claim(c).items) {
            for (const auto& s : item.allowed) {
                const auto at = std::min(turn.deadline, s.until - item.length);
                if (at >= std::max(s.from, turn.earliest)) last = std::max(last, at);
            }
        }
        return last >= begin_ ? last : turn.deadline;
    }

    /// Missed plays are spread over what is left of the windows; they may wait until their end.
    void make_good(std::uint32_t c, const std::vector<const Turn*>& missed, int room, std::uint32_t order) {
        const auto again = spread(out_.ground.rotations[c].paced, begin_, missed.size());
        for (std::size_t i = 0; i < missed.size(); ++i) {
            const auto& turn = *missed[i];
            if (room-- <= 0) {
                fall(c, -1, turn.number, turn.release, turn.deadline, Obstacle::daily_cap);
            } else if (again.empty()) {
                fall(c, -1, turn.number, turn.release, turn.deadline, Obstacle::missed);
            } else {
                out_.ground.jobs.push_back({c,
                                            turn.number,
                                            again[i].release,
                                            again[i].deadline,
                                            again[i].earliest,
                                            {},
                                            true,
                                            order++});
            }
        }
    }

    struct Reserved {
        Stretch when;
        std::uint32_t claim = 0;
    };

    /// The first free time for an item in [at, end) of a block, between what stands there.
    std::optional<Tick> free_for(Tick at, Tick end, Tick length) const {
        for (bool moved = true; moved;) {
            moved = false;
            if (at + length > end) return {};
            for (const auto& r : reserved_) {
                if (r.when.from < at + length && at < r.when.until) {
                    at = r.when.until;
                    moved = true;
                }
            }
        }
        return at;
    }

    void lay_block(std::uint32_t c) {
        const auto& b = *claim(c).booking;
        const Stretch window{starts_[c], std::min(ends_[c], day_.length)};
        auto run = left_of(c);
        const auto fall_all = [&](Obstacle why, std::int64_t by) {
            for (const auto i : run)
                fall(c, i, claim(c).items[i].position, window.from, window.until, why, by);
        };
        if (window.until <= begin_ || (window.from < begin_ && b.rejoin == Rejoin::leave))
            return fall_all(Obstacle::missed, -1);
        // Another block is not woven into this one; a hard start of a higher booking is.
        for (const auto& other : out_.blocks) {
            if (other.when.from < window.until && window.from < other.when.until)
                return fall_all(Obstacle::taken, other.claim);
        }
        auto at = std::max(window.from, begin_);
        if (window.from < begin_ && b.rejoin == Rejoin::in_progress) {
            run.resize(claim(c).items.size());
            std::iota(run.begin(), run.end(), std::uint16_t{0});
            lay_programme(c, run, window, window.from);
        } else {
            lay_programme(c, run, {at, window.until}, at);
        }
        out_.blocks.push_back({{at, window.until}, c});
    }

    Tick pad_between(std::uint32_t c, const std::vector<std::uint16_t>& run, const Stretch& window) const {
        if (claim(c).booking->padding != Padding::between || run.size() < 2) return 0;
        auto open = window.until - window.from - length_of(c, run);
        for (const auto& r : reserved_)
            open -=
                std::max<Tick>(0, std::min(r.when.until, window.until) - std::max(r.when.from, window.from));
        const auto pad = open / static_cast<Tick>(run.size() - 1) / 1000 * 1000;
        return pad >= least_shown ? pad : 0;
    }

    void lay_programme(std::uint32_t c, const std::vector<std::uint16_t>& run, const Stretch& window,
                       Tick at) {
        const auto pad = pad_between(c, run, window);
        bool full = false;
        std::vector<Stretch> laid;
        for (const auto i : run) {
            const auto& item = claim(c).items[i];
            const auto free = full ? std::nullopt : free_for(at, window.until, item.length);
            if (free && (done(c, item.position) || *free + item.length <= begin_)) {  // its time is over
                if (!done(c, item.position)) fall(c, i, item.position, *free, *free, Obstacle::missed);
                at = *free + item.length + pad;
                continue;
            }
            const auto into = free ? std::max<Tick>(0, begin_ - *free) : 0;
            if (free) {
                if (const auto no = objection_to(c, item, std::max(*free, begin_))) {
                    fall(c, i, item.position, *free, window.until, no->why, no->by);
                    continue;
                }
                put(c, i, *free + into, item.length - into, into);
                laid.push_back({*free + into, *free + item.length});
                at = *free + item.length + pad;
                continue;
            }
            if (!full && cut_to_end(c, i, at, window.until, laid)) {
                full = true;
                continue;
            }
            full = full || claim(c).booking->trimming == Trimming::cut;
            fall(c, i, item.position, window.from, window.until, Obstacle::trimmed);
        }
        for (const auto& s : laid) reserved_.push_back({s, c});
    }

    /// The last segment's beginning, where its block is trimmed by cutting.
    bool cut_to_end(std::uint32_t c, std::uint16_t i, Tick at, Tick end, std::vector<Stretch>& laid) {
        if (claim(c).booking->trimming != Trimming::cut) return false;
        for (const auto& r : reserved_) {
            if (r.when.until > at && r.when.from < end) at = std::max(at, r.when.until);
        }
        const auto length = end - at;
        const auto& item = claim(c).items[i];
        if (length < least_shown || length >= item.length || at < begin_) return false;
        if (!covers(item.allowed, at, end) || out_.ground.rules.refuses(c, item, at, length)) return false;
        put(c, i, at, length);
        laid.push_back({at, end});
        return true;
    }

    void finish() {
        auto& walls = out_.ground.walls;
        for (const auto& r : reserved_) walls.push_back(r.when);
        for (const auto& b : out_.blocks) walls.push_back(b.when);
        std::sort(walls.begin(), walls.end(),
                  [](const Stretch& a, const Stretch& b) { return a.from < b.from; });
        std::vector<Stretch> joined;
        for (const auto& w : walls) {
            if (!joined.empty() && w.from <= joined.back().until) {
                joined.back().until = std::max(joined.back().until, w.until);
            } else {
                joined.push_back(w);
            }
        }
        walls = std::move(joined);
        std::sort(out_.hard.begin(), out_.hard.end(),
                  [](const Placed& a, const Placed& b) { return a.start < b.start; });
        std::sort(out_.blocks.begin(), out_.blocks.end(),
                  [](const BlockWindow& a, const BlockWindow& b) { return a.when.from < b.when.from; });
        std::stable_sort(out_.ground.jobs.begin(), out_.ground.jobs.end(),
                         [](const Job& a, const Job& b) { return a.release < b.release; });
    }

    const Day& day_;
    const Past& past_;
    const std::vector<Tick>&starts_, &ends_;
    Tick begin_;
    Groundwork out_;
    std::vector<Reserved> reserved_;
};

}  // namespace

Groundwork lay_ground(const Day& day, const std::vector<Rotation>& rotations, Tick begin, const Past& past,
                      const std::vector<Tick>& starts, const std::vector<Tick>& ends) {
    return GroundLayer(day, rotations, begin, past, starts, ends).run();
}

}  // namespace riverlight::scheduler
