#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "scheduler/plan/plan.hpp"

/// One place's broadcast day as the planner works on it: whole numbers and indices, so that planning neither
/// hashes nor copies text. Inside `scheduler/plan` only.
namespace riverlight::scheduler {

/// Milliseconds since the broadcast day began.
using Tick = std::int64_t;
inline constexpr Tick never = INT64_MAX / 4;
inline constexpr Tick hour_ticks = 3'600'000;
/// A picture shorter than this helps nobody.
inline constexpr Tick least_shown = 1000;

/// Half-open: [from, until).
struct Stretch {
    Tick from = 0, until = 0;
};
/// Whether [from, until) lies in one of `stretches`.
[[nodiscard]] bool covers(const std::vector<Stretch>& stretches, Tick from, Tick until);
/// The first tick ≥ `from` at which `length` fits into one of `stretches`; never if none.
[[nodiscard]] Tick first_fit(const std::vector<Stretch>& stretches, Tick from, Tick length);

/// Ordered and disjoint; touching ones are one.
[[nodiscard]] std::vector<Stretch> joined(std::vector<Stretch> stretches);

/// A segment that a claim may air, and when.
struct Item {
    const content::Manifest* segment = nullptr;
    std::uint32_t key = 0;  ///< index into Day::segments
    int position = 0;       ///< in the booking's list
    int weight = 1;
    Tick length = 0;
    Tick last_start = never;       ///< near the day's end; of weight only where it is cut
    std::vector<Stretch> allowed;  ///< windows ∩ embargo ∩ rating ∩ clearance ∩ day's edges
};

/// A booking as it stands for one place and day.
struct Claim {
    const Campaign* campaign = nullptr;
    const Booking* booking = nullptr;
    int priority = 0;
    std::vector<Stretch> open;  ///< its windows ∩ the campaign's embargo and expiry ∩ the place's open hours
    Tick share_of = 0;          ///< a share is of so much: when its items may be on but for the day's edges
    std::vector<Item> items;    ///< in the booking's order; none that may not air at all
    std::vector<Item> padding;  ///< a block's own fillers
    std::vector<content::LanguageShare> languages;
    std::vector<std::size_t> places_language;  ///< of each language, its index among the place's
    Tick separation = 0, topic_separation = 0;

    [[nodiscard]] bool is(BookingKind kind) const { return booking->kind == kind; }
    /// One of a fixed booking or a block: its own segments are not kept apart.
    [[nodiscard]] bool is_run() const { return is(BookingKind::fixed) || is(BookingKind::block); }
};

[[nodiscard]] Tick length_of(const std::vector<Stretch>& stretches);

/// When at least one of a claim's items may be on; ordered and disjoint.
[[nodiscard]] std::vector<Stretch> allowed_for_any(const Claim& claim);

/// A locale and when it is cleared.
struct Voice {
    std::string_view locale;
    std::vector<Stretch> when;
};

/// What rules need to know of a segment.
struct SegmentFacts {
    const content::Manifest* segment = nullptr;
    Tick widest = 0;                         ///< the largest separation that any claim asks for it
    std::vector<std::uint32_t> topics;       ///< those that some claim keeps apart
    bool child = false, rated = false;       ///< where the country keeps them apart
    std::vector<std::vector<Voice>> voices;  ///< by language of the place: its chain, as far as cleared
    std::vector<Stretch> kept;               ///< when a rotation that keeps it apart has it for its own
};

struct Day {
    Instant from{}, until{};
    Tick length = 0;
    std::vector<Stretch> place_open;
    std::vector<Claim> claims;
    std::vector<SegmentFacts> segments;
    std::vector<Tick> topics;  ///< the largest separation asked for each
    Tick from_children = 0;
    std::vector<Shortfall> impossible;  ///< what can never air that day, and why

    [[nodiscard]] Tick tick(Instant at) const;  ///< rounded up; unclamped
    [[nodiscard]] Instant instant(Tick at) const { return from + std::chrono::milliseconds{at}; }
};

/// The same for the same place, date, seed and booking, wherever it is worked out.
[[nodiscard]] std::uint64_t salt_of(std::uint64_t seed, const std::string& place, std::chrono::local_days day,
                                    const std::string& booking);

}  // namespace riverlight::scheduler
