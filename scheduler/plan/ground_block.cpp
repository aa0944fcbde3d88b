#include <algorithm>
#include <numeric>

#include "scheduler/plan/groundwork.hpp"

/// Blocks: a programme in its order, flowing around what already stands in its window.
namespace riverlight::scheduler {
namespace {

using Run = std::vector<std::uint16_t>;

class Block {
  public:
    Block(GroundLayer& layer, std::uint32_t c)
        : layer_(layer),
          c_(c),
          booking_(*layer.claim(c).booking),
          items_(layer.claim(c).items),
          window_{layer.start_of(c), std::min(layer.end_of(c), layer.day().length)} {}

    void lay() {
        const auto begin = layer_.begin();
        auto run = layer_.left_of(c_);
        if (window_.until <= begin || (window_.from < begin && booking_.rejoin == Rejoin::leave))
            return fall_all(run, Obstacle::missed, -1);
        // Another block is not woven into this one; a hard start of a higher booking is.
        for (const auto& other : layer_.blocks()) {
            if (other.when.from < window_.until && window_.from < other.when.until)
                return fall_all(run, Obstacle::taken, other.claim);
        }
        const Stretch left{std::max(window_.from, begin), window_.until};
        if (window_.from < begin && booking_.rejoin == Rejoin::in_progress) {
            run.resize(items_.size());
            std::iota(run.begin(), run.end(), std::uint16_t{0});
            lay_programme(run, window_);
        } else {
            lay_programme(run, left);
        }
        layer_.add_block(left, c_);
    }

  private:
    void fall_all(const Run& run, Obstacle why, std::int64_t by) {
        for (const auto i : run) layer_.fall(c_, i, items_[i].position, window_.from, window_.until, why, by);
    }

    /// The time between two segments, where the block's open time lies there.
    Tick pad_between(const Run& run, const Stretch& window) const {
        if (booking_.padding != Padding::between || run.size() < 2) return 0;
        auto open = window.until - window.from - layer_.length_of(c_, run);
        for (const auto& r : layer_.reserved())
            open -=
                std::max<Tick>(0, std::min(r.when.until, window.until) - std::max(r.when.from, window.from));
        const auto pad = open / static_cast<Tick>(run.size() - 1) / 1000 * 1000;
        return pad >= least_shown ? pad : 0;
    }

    /// The first free time for a length in [at, end), between what stands there.
    std::optional<Tick> free_for(Tick at, Tick end, Tick length) const {
        for (bool moved = true; moved;) {
            moved = false;
            if (at + length > end) return {};
            for (const auto& r : layer_.reserved()) {
                if (r.when.from < at + length && at < r.when.until) {
                    at = r.when.until;
                    moved = true;
                }
            }
        }
        return at;
    }

    void lay_programme(const Run& run, const Stretch& window) {
        const auto pad = pad_between(run, window);
        auto at = window.from;
        bool full = false;
        for (const auto i : run) {
            const auto free = full ? std::nullopt : free_for(at, window.until, items_[i].length);
            if (free) {
                if (lay_one(i, *free, window.until)) at = *free + items_[i].length + pad;
                continue;
            }
            if (!full && cut_to_end(i, at, window.until)) {
                full = true;
                continue;
            }
            full = full || booking_.trimming == Trimming::cut;
            layer_.fall(c_, i, items_[i].position, window.from, window.until, Obstacle::trimmed);
        }
        for (const auto& s : laid_) layer_.reserve(s, c_);
    }

    /// One segment of the programme where it is due, as far as that is still to come. False: it may not
    /// stand there, and leaves its time to the next.
    bool lay_one(std::uint16_t i, Tick at, Tick end) {
        const auto& item = items_[i];
        const bool done = layer_.done(c_, item.position);
        if (done || at + item.length <= layer_.begin()) {  // its time is over
            if (!done) layer_.fall(c_, i, item.position, at, at, Obstacle::missed);
            return true;
        }
        if (const auto no = layer_.objection_to(c_, item, std::max(at, layer_.begin()))) {
            layer_.fall(c_, i, item.position, at, end, no->why, no->by);
            return false;
        }
        const auto into = std::max<Tick>(0, layer_.begin() - at);
        layer_.put(c_, i, at + into, item.length - into, into);
        laid_.push_back({at + into, at + item.length});
        return true;
    }

    /// The last segment's beginning, where its block is trimmed by cutting.
    bool cut_to_end(std::uint16_t i, Tick at, Tick end) {
        if (booking_.trimming != Trimming::cut) return false;
        for (const auto& r : layer_.reserved()) {
            if (r.when.until > at && r.when.from < end) at = std::max(at, r.when.until);
        }
        const auto length = end - at;
        const auto& item = items_[i];
        if (length < least_shown || length >= item.length || at < layer_.begin()) return false;
        if (!covers(item.allowed, at, end) || layer_.rules().refuses(c_, item, at, length)) return false;
        layer_.put(c_, i, at, length);
        laid_.push_back({at, end});
        return true;
    }

    GroundLayer& layer_;
    std::uint32_t c_;
    const Booking& booking_;
    const std::vector<Item>& items_;
    Stretch window_;
    std::vector<Stretch> laid_;
};

}  // namespace

void lay_block(GroundLayer& layer, std::uint32_t c) {
    Block(layer, c).lay();
}

}  // namespace riverlight::scheduler
