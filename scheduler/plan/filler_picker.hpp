#pragma once
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "scheduler/plan/layout.hpp"

namespace riverlight::scheduler {

/// Picks the filler for each opening between other airings: of the highest priority; whole rather than cut;
/// then by plays and weights. A filler repeats itself only as often as its weight asks for, if another of its
/// priority can be shown as whole: one that could not be shown for a while catches up in turn with the
/// others, not in a row. Inside `scheduler/plan` only.
class FillerPicker {
  public:
    /// `effort` must outlive it.
    FillerPicker(const PlacementProblem& problem, Effort& effort);

    struct Filler {
        BookingIndex booking = 0;
        std::size_t item = 0;
        bool padding = false;  ///< one of a block's own fillers
        milliseconds length{};
    };
    /// Time to fill, from `now` on: a filler may end by `to`, or as late as `last` if it is whole.
    struct Opening {
        DayTime now{}, to{}, last{};
    };
    /// `block`: the block that is on; if it has fillers of its own, only they are used. Counts its result as
    /// shown. Nothing if no filler may be shown.
    [[nodiscard]] std::optional<Filler> pick(const Opening& opening, std::optional<BookingIndex> block,
                                             const SeparationRules& rules);
    /// The first later time, at most `opening.to`, at which another pick may succeed.
    [[nodiscard]] DayTime next_retry(const Opening& opening, std::optional<BookingIndex> block,
                                     const SeparationRules& rules) const;
    /// An item that is no filler airs next.
    void note_airing(const Item& item);

  private:
    /// The filler bookings of one priority: plays and booking, fewest plays first.
    using PriorityClass = std::set<std::pair<int, BookingIndex>>;
    struct Preference {
        bool whole = true, repeated = false;
    };
    static constexpr std::array preferences{Preference{true, false}, Preference{true, true},
                                            Preference{false, false}, Preference{false, true}};
    /// The items of one booking: its own, or a block's padding.
    struct Source {
        BookingIndex booking = 0;
        bool padding = false;
    };

    [[nodiscard]] bool has_padding(std::optional<BookingIndex> block) const;
    [[nodiscard]] std::optional<Filler> pick_of_class(const Opening& opening, PriorityClass& fillers,
                                                      const SeparationRules& rules);
    [[nodiscard]] std::optional<Filler> pick_of_block(const Opening& opening, BookingIndex block,
                                                      const SeparationRules& rules);
    /// The item that is due, of those that may be shown in this way, and for how long. `sources`: how many
    /// bookings take turns with this one.
    [[nodiscard]] std::optional<std::pair<std::size_t, milliseconds>> pick_item_of(
        Source source, const Opening& opening, Preference preference, std::int64_t sources,
        const SeparationRules& rules);
    /// For how long an item may be shown now; 0: not at all.
    [[nodiscard]] milliseconds length_of(Source source, std::size_t item, const Opening& opening, bool whole,
                                         const SeparationRules& rules) const;
    /// True if an item was on last, as often in a row as its weight asks for.
    [[nodiscard]] bool would_repeat(const std::vector<Item>& items, std::size_t item,
                                    std::int64_t sources) const;
    [[nodiscard]] const std::vector<Item>& items_of(Source source) const {
        const auto& booking = day_.bookings[source.booking];
        return source.padding ? booking.padding : booking.items;
    }
    [[nodiscard]] PlayTally& tally_of(Source source) {
        return (source.padding ? padding_tallies_ : tallies_)[source.booking];
    }
    Filler count_shown(Source source, std::size_t item, milliseconds length);
    [[nodiscard]] bool may_air_more(BookingIndex booking, int plays) const;

    const Day& day_;
    Effort& effort_;
    int tries_left_ = 0;                                ///< for the opening at hand
    std::vector<PlayTally> tallies_, padding_tallies_;  ///< by booking
    std::map<int, PriorityClass> classes_;              ///< by negated priority: the highest comes first
    std::optional<SegmentIndex> last_;                  ///< what aired last
    std::int64_t in_a_row_ = 0;                         ///< how often it has aired without another between
};

}  // namespace riverlight::scheduler
