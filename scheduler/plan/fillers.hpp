#pragma once
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "scheduler/plan/layout.hpp"

/// Which filler comes next. Inside `scheduler/plan` only.
namespace riverlight::scheduler {

/// Chooses what closes a gap: of the highest priority, whole before cut, then by plays and weights. A filler
/// does not follow itself where another of its priority may be shown as whole, but for as often as its weight
/// asks for: what could not be shown for a while makes good in turn with the others, not in a row.
class Fillers {
  public:
    explicit Fillers(const Ground& ground);

    struct Shown {
        std::uint32_t claim = 0;
        std::size_t item = 0;
        bool padding = false;
        Tick length = 0;
    };
    /// A gap from `now` on, in which something ends by `to`, or whole by `last`.
    struct Gap {
        Tick now = 0, to = 0, last = 0;
    };
    /// `block`: the claim of the block that is on, −1: none; its own fillers have its time. Counts what it
    /// returns as shown. Nothing where no filler may be shown.
    [[nodiscard]] std::optional<Shown> next(const Gap& gap, std::int64_t block, const Rules& rules);
    /// The first later tick, `to` at the latest, at which another look is worth while.
    [[nodiscard]] Tick next_chance(const Gap& gap, std::int64_t block, const Rules& rules) const;
    /// Something else has aired behind what was before.
    void note(const Item& item);

  private:
    /// The fillers of one priority, fewest plays first.
    using Class = std::set<std::pair<int, std::uint32_t>>;
    struct Way {
        bool whole = true, repeated = false;
    };
    static constexpr std::array ways{Way{true, false}, Way{true, true}, Way{false, false}, Way{false, true}};

    [[nodiscard]] bool has_own(std::int64_t block) const;
    [[nodiscard]] std::optional<Shown> of_class(const Gap& gap, Class& fillers, const Rules& rules);
    [[nodiscard]] std::optional<Shown> of_block(const Gap& gap, std::uint32_t claim, const Rules& rules);
    [[nodiscard]] std::optional<std::pair<std::size_t, Tick>> item_of(std::uint32_t claim, bool padding,
                                                                      const Gap& gap, Way way, Tick bookings,
                                                                      const Rules& rules);
    [[nodiscard]] Tick length_of(std::uint32_t claim, bool padding, std::size_t item, const Gap& gap,
                                 bool whole, const Rules& rules) const;
    [[nodiscard]] bool has_had_its_turn(const std::vector<Item>& items, std::size_t item,
                                        Tick bookings) const;
    [[nodiscard]] const std::vector<Item>& items(std::uint32_t claim, bool padding) const {
        return padding ? day_.claims[claim].padding : day_.claims[claim].items;
    }
    Shown shown(std::uint32_t claim, bool padding, std::size_t item, Tick length);

    const Day& day_;
    std::vector<Tally> tallies_, padding_;
    std::map<int, Class> classes_;  ///< by −priority
    std::vector<bool> tried_;
    std::uint32_t last_ = UINT32_MAX;  ///< the key of what aired last
    Tick in_a_row_ = 0;                ///< how often
};

}  // namespace riverlight::scheduler
