#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/plan/plan.hpp"

/// One place's broadcast day as the planner works on it: times since the day began and indices instead of
/// ids, so that planning neither hashes nor copies text. Inside `scheduler/plan` only.
namespace riverlight::scheduler {

using std::chrono::milliseconds;

/// Counts from the begin of one broadcast day. Times of two days cannot be compared.
struct BroadcastDayClock {
    using duration = milliseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<BroadcastDayClock>;
    static constexpr bool is_steady = true;
};
using DayTime = BroadcastDayClock::time_point;

inline constexpr DayTime day_begin{};
/// Later than every time of a day, with room to add to it: "not at all" in minima.
inline constexpr DayTime never{milliseconds{INT64_MAX / 4}};
inline constexpr milliseconds one_hour = std::chrono::hours{1};
/// Nothing is shown for less than this.
inline constexpr milliseconds shortest_shown{1000};

/// The hour of the day, from 0, that contains `at`.
[[nodiscard]] inline std::size_t hour_of(DayTime at) {
    return static_cast<std::size_t>(at.time_since_epoch() / one_hour);
}
[[nodiscard]] inline DayTime begin_of_hour(std::size_t hour) {
    return day_begin + static_cast<std::int64_t>(hour) * one_hour;
}

/// Half-open: [from, until).
struct Interval {
    DayTime from{}, until{};
    [[nodiscard]] milliseconds length() const { return until - from; }
    [[nodiscard]] bool overlaps(const Interval& other) const {
        return from < other.until && other.from < until;
    }
};
/// True if one of `intervals` contains all of [from, until).
[[nodiscard]] bool covers(const std::vector<Interval>& intervals, DayTime from, DayTime until);
/// The first time ≥ `from` at which `length` fits into one of `intervals`; never if there is none.
[[nodiscard]] DayTime first_fit(const std::vector<Interval>& intervals, DayTime from, milliseconds length);
/// In order and disjoint; those that touch become one.
[[nodiscard]] std::vector<Interval> merged(std::vector<Interval> intervals);
/// Of disjoint intervals.
[[nodiscard]] milliseconds total_length(const std::vector<Interval>& intervals);

/// Indices into Day::bookings and Day::segments.
using BookingIndex = std::uint32_t;
using SegmentIndex = std::uint32_t;

/// A segment that a booking may air that day, and when.
struct Item {
    const content::Manifest* segment = nullptr;
    SegmentIndex key = 0;
    int position = 0;  ///< in the booking's list
    int weight = 1;
    milliseconds length{};
    DayTime last_start = never;     ///< near the end of the day, for fillers, which may be cut
    std::vector<Interval> allowed;  ///< windows ∩ embargo ∩ rating ∩ clearance, less the day's edges
};

/// A booking that may air on the day, with what the day makes of its rules.
struct DayBooking {
    const Campaign* campaign = nullptr;
    const Booking* booking = nullptr;
    int priority = 0;
    std::vector<Interval> open;  ///< its windows ∩ the campaign's embargo and expiry ∩ the place's open hours
    milliseconds share_base{};  ///< a share is a part of this: when its items may be on, day's edges included
    std::vector<Item> items;    ///< in the booking's order, without those that may not air at all; not empty
    std::vector<Item> padding;  ///< a block's own fillers
    std::vector<content::LanguageShare> languages;
    std::vector<std::size_t> place_languages;  ///< for each language its index among the place's
    milliseconds separation{}, topic_separation{};

    [[nodiscard]] bool is(BookingKind kind) const { return booking->kind == kind; }
    /// True for a fixed booking or a block: separations do not apply within its own run.
    [[nodiscard]] bool is_run() const { return is(BookingKind::fixed) || is(BookingKind::block); }
};

/// When at least one of a booking's items may be on; in order and disjoint.
[[nodiscard]] std::vector<Interval> allowed_for_any(const DayBooking& booking);

/// A locale and when it is cleared.
struct ClearedLocale {
    std::string_view locale;
    std::vector<Interval> when;
};

/// What the separation rules and the choice of locale need to know of a segment.
struct SegmentFacts {
    const content::Manifest* segment = nullptr;
    milliseconds widest_separation{};                 ///< the largest that any booking asks for
    std::vector<std::uint32_t> topics;                ///< indices into Day::topic_separations
    bool child = false, rated = false;                ///< only where the country keeps the two apart
    std::vector<std::vector<ClearedLocale>> locales;  ///< by language of the place, in order of preference
    std::vector<Interval> rotation_only;  ///< when a rotation with a separation owns it: no filler uses it
};

struct Day {
    Instant from{}, until{};
    milliseconds length{};
    std::vector<Interval> place_open;  ///< in order and disjoint
    std::vector<DayBooking> bookings;
    std::vector<SegmentFacts> segments;
    std::vector<milliseconds> topic_separations;  ///< the largest that any booking asks for, by topic
    milliseconds children_distance{};             ///< between rated segments and those made for children
    std::vector<Shortfall> impossible;            ///< what can never air that day, and why

    [[nodiscard]] DayTime end() const { return day_begin + length; }
    /// Rounded up to the millisecond; may lie outside the day.
    [[nodiscard]] DayTime time_of(Instant at) const;
    [[nodiscard]] Instant instant_of(DayTime at) const { return from + at.time_since_epoch(); }
};

/// A number that depends on these four alone, and so is the same on a board and in the office.
[[nodiscard]] std::uint64_t salt_of(std::uint64_t seed, const std::string& place, std::chrono::local_days day,
                                    const std::string& booking);

}  // namespace riverlight::scheduler
