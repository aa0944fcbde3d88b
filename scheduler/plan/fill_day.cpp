#include "scheduler/plan/fill_day.hpp"

#include <algorithm>
#include <cassert>

#include "scheduler/plan/filler_picker.hpp"
#include "scheduler/plan/latest_starts.hpp"

namespace riverlight::scheduler {
namespace {

class DayFiller {
  public:
    DayFiller(const PlacementProblem& problem, std::vector<Placement> placements,
              const std::vector<BlockWindow>& blocks)
        : day_(*problem.day),
          placements_(std::move(placements)),
          blocks_(blocks),
          settled_(problem.rules),
          all_(problem.rules),
          fillers_(problem, effort_),
          now_(problem.begin) {
        settled_.count(effort_);
        all_.count(effort_);
        compute_latest_starts(day_, placements_);
        for (const auto& p : placements_) {
            if (p.task) all_.add(p.booking, item(p), p.start, p.start + p.length);
        }
    }

    DraftPlan run() {
        for (next_ = 0; next_ < placements_.size(); ++next_) {
            const auto& p = placements_[next_];
            fill(p.start, p.latest);
            settle(p);
        }
        fill(day_.end(), day_.end());
        return std::move(out_);
    }

  private:
    const Item& item(const Placement& p) const { return day_.bookings[p.booking].items[p.item]; }

    void append(const DraftAiring& airing) {
        assert(airing.start >= now_ && airing.end > airing.start && airing.end <= day_.end());
        out_.airings.push_back(airing);
        now_ = airing.end;
    }

    /// Fixes the start of the next placement.
    void settle(const Placement& p) {
        if (p.task && !continues_run()) put_off(allowed_start(std::max(now_, p.start), p.latest));
        const auto start = std::max(now_, p.start);
        assert(p.task || start == p.start);  // hard starts do not move
        if (p.task) {
            if (start > now_) fill(start, start);
            settled_.add(p.booking, item(p), start, start + p.length);
        }
        append({p.booking, p.item, false, p.number, start, start + p.length, p.hard, p.cut, p.into});
        fillers_.note_airing(item(p));
    }

    /// Moves the next placement, a run as a whole, to `start`, so that fillers before it keep their distance
    /// from where each part will be.
    void put_off(DayTime start) {
        const auto task = placements_[next_].task;
        const auto by = start - placements_[next_].start;
        for (auto part = next_; part < placements_.size() && placements_[part].task == task; ++part) {
            auto& p = placements_[part];
            all_.remove(p.booking, item(p), p.start);
            p.start += by;
            all_.add(p.booking, item(p), p.start, p.start + p.length);
        }
    }

    bool continues_run() const { return next_ > 0 && placements_[next_ - 1].task == placements_[next_].task; }

    /// The first start from `start` on at which the next placement, a run as a whole, keeps its distance from
    /// everything settled: an airing before it may have been put off. `start` itself if there is none up to
    /// `latest`.
    DayTime allowed_start(DayTime start, DayTime latest) const {
        for (;;) {
            auto at = start, retry = start;
            const auto task = placements_[next_].task;
            for (auto part = next_; part < placements_.size() && placements_[part].task == task; ++part) {
                const auto& p = placements_[part];
                if (const auto conflict = settled_.find_conflict(p.booking, item(p), at, p.length))
                    retry = std::max(retry, start + (conflict->retry - at));
                at += p.length;
            }
            if (retry == start || retry > latest) return start;
            start = retry;
        }
    }

    /// Fills from now to `until`, or up to `latest` where that shows a filler whole.
    void fill(DayTime until, DayTime latest) {
        while (now_ < until) {
            const auto edge = next_edge();
            assert(edge > now_);
            const FillerPicker::Opening opening{now_, std::min(until, edge), std::min(latest, edge)};
            const auto block = current_block();
            if (const auto filler = fillers_.pick(opening, block, all_)) {
                append_filler(*filler);
            } else {
                leave_gap(fillers_.next_retry(opening, block, all_));
            }
        }
    }

    /// Where the current block ends, the next begins, or the place closes: no filler runs past it.
    DayTime next_edge() {
        while (block_ < blocks_.size() && blocks_[block_].when.until <= now_) ++block_;
        const auto closing = closing_time();
        if (block_ == blocks_.size()) return closing;
        const auto& window = blocks_[block_].when;
        return std::min(closing, current_block() ? window.until : window.from);
    }
    DayTime closing_time() {
        const auto& open = day_.place_open;
        while (open_ < open.size() && open[open_].until <= now_) ++open_;
        return open_ < open.size() && open[open_].from <= now_ ? open[open_].until : day_.end();
    }
    std::optional<BookingIndex> current_block() const {
        if (block_ == blocks_.size() || blocks_[block_].when.from > now_) return {};
        return blocks_[block_].booking;
    }

    void append_filler(const FillerPicker::Filler& filler) {
        const auto& booking = day_.bookings[filler.booking];
        const auto& one = filler.padding ? booking.padding[filler.item] : booking.items[filler.item];
        const auto end = now_ + filler.length;
        settled_.add(filler.booking, one, now_, end);
        all_.add(filler.booking, one, now_, end);
        append({filler.booking,
                static_cast<std::uint16_t>(filler.item),
                filler.padding,
                {},
                now_,
                end,
                false,
                filler.length < one.length,
                milliseconds{}});
    }

    void leave_gap(DayTime until) {
        assert(until > now_);
        auto& gaps = out_.gaps;
        if (!gaps.empty() && gaps.back().until == now_) {
            gaps.back().until = until;
        } else {
            gaps.push_back({now_, until});
        }
        now_ = until;
    }

    const Day& day_;
    std::vector<Placement> placements_;
    const std::vector<BlockWindow>& blocks_;
    SeparationRules settled_;  ///< airings whose time is fixed
    SeparationRules all_;      ///< and placements still to come, at their earliest possible time
    Effort effort_;
    FillerPicker fillers_;
    DayTime now_;
    std::size_t next_ = 0, block_ = 0, open_ = 0;  ///< indices of placements, blocks and open hours
    DraftPlan out_;
};

}  // namespace

DraftPlan fill_day(const PlacementProblem& problem, std::vector<Placement> placements,
                   const std::vector<BlockWindow>& blocks) {
    return DayFiller(problem, std::move(placements), blocks).run();
}

}  // namespace riverlight::scheduler
