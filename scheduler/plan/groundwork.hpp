#pragma once
#include <optional>
#include <vector>

#include "scheduler/plan/ground.hpp"

/// The ground of a day in the making, for those that lay bookings down on it. Inside `scheduler/plan` only.
namespace riverlight::scheduler {

/// What stands exactly where it is, and whose it is.
struct Reserved {
    Stretch when;
    std::uint32_t claim = 0;
};

/// Why something cannot stand exactly where it is to.
struct Objection {
    Obstacle why{};
    std::int64_t by = -1;
    int item = -1;
    bool rivalry = false;  ///< only another booking stands in the way
};

class GroundLayer {
  public:
    GroundLayer(const Day& day, const std::vector<Rotation>& rotations, const RunTimes& times, Tick begin,
                const Past& past);

    [[nodiscard]] const Day& day() const { return day_; }
    [[nodiscard]] Tick begin() const { return begin_; }
    [[nodiscard]] Tick start_of(std::uint32_t c) const { return times_.starts[c]; }
    /// A block's.
    [[nodiscard]] Tick end_of(std::uint32_t c) const { return times_.ends[c]; }
    [[nodiscard]] const Claim& claim(std::uint32_t c) const { return day_.claims[c]; }
    [[nodiscard]] const Rotation& rotation(std::uint32_t c) const { return (*out_.ground.rotations)[c]; }
    [[nodiscard]] const Rules& rules() const { return out_.ground.rules; }
    [[nodiscard]] int plays(std::uint32_t c) const { return out_.ground.tallies[c].plays; }
    [[nodiscard]] bool done(std::uint32_t c, Tick number) const { return past_.done.contains({c, number}); }
    [[nodiscard]] bool missed(std::uint32_t c, Tick number) const {
        return past_.missed.contains({c, number});
    }
    [[nodiscard]] const std::vector<Reserved>& reserved() const { return reserved_; }
    [[nodiscard]] const std::vector<BlockWindow>& blocks() const { return out_.blocks; }

    /// What of a run is still to come, as indices of items.
    [[nodiscard]] std::vector<std::uint16_t> left_of(std::uint32_t c) const;
    [[nodiscard]] Tick length_of(std::uint32_t c, const std::vector<std::uint16_t>& run) const;
    /// The claim that stands in [from, until); −1: none.
    [[nodiscard]] std::int64_t rival(Tick from, Tick until) const;
    [[nodiscard]] bool over_cap(std::uint32_t c, std::size_t more) const;
    /// Whether a run brings a segment for children too near a rated one by itself.
    [[nodiscard]] bool at_odds(std::uint32_t c, const std::vector<std::uint16_t>& run) const;
    /// Why a run cannot stand exactly there; nothing if it can.
    [[nodiscard]] std::optional<Objection> objection(std::uint32_t c, const std::vector<std::uint16_t>& run,
                                                     Tick start) const;
    /// The same of one item, other bookings' time apart.
    [[nodiscard]] std::optional<Objection> objection_to(std::uint32_t c, const Item& item, Tick start) const;

    /// An item on its tick, from `into` on.
    void put(std::uint32_t c, std::uint16_t i, Tick start, Tick length, Tick into = 0);
    void reserve(const Stretch& when, std::uint32_t c) { reserved_.push_back({when, c}); }
    void add_block(const Stretch& window, std::uint32_t c) { out_.blocks.push_back({window, c}); }
    void add(Job job) { out_.ground.jobs.push_back(std::move(job)); }
    /// `item`: an index; −1: any of the claim's.
    void fall(std::uint32_t c, int item, Tick number, Tick when, Tick until, Obstacle why,
              std::int64_t by = -1) {
        out_.falls.push_back({c, number, item, when, until, why, by});
    }
    [[nodiscard]] Groundwork finished();

  private:
    const Day& day_;
    const RunTimes& times_;
    const Past& past_;
    Tick begin_;
    Groundwork out_;
    std::vector<Reserved> reserved_;
};

/// A fixed booking, hard or soft: on its tick, as a job that waits, or as a fall.
void lay_fixed(GroundLayer& layer, std::uint32_t c);
/// A block's programme into its window, around what stands there.
void lay_block(GroundLayer& layer, std::uint32_t c);
/// A rotation's turns as jobs; what it missed spread over what is left of its windows.
void add_turns(GroundLayer& layer, std::uint32_t c);

}  // namespace riverlight::scheduler
