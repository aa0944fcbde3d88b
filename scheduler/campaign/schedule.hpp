#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/segment/country.hpp"
#include "scheduler/calendar/moment.hpp"
#include "scheduler/calendar/recurrence.hpp"

/// Schedules: campaigns and their bookings. Values only; authors write TOML, the channel has JSON with the
/// same keys. All dates and times of day in a schedule are those of the broadcast day: with `day_start =
/// "06:00"`, Monday 02:00 is Tuesday 02:00 of the calendar.
namespace riverlight::scheduler {

enum class BookingKind { fixed, rotation, block, takeover, filler };
/// What a fixed booking does if it cannot start in time: join in progress, skip the day, or air later the
/// same day.
enum class LateRule { join, skip, make_good };
/// How a rotation's plays are spread over its windows: evenly, or as early as possible.
enum class Pacing { even, early };
/// Where a block's spare time goes: after its programme, or evenly between its segments.
enum class Padding { end, between };
/// How a block's programme is shortened to its window: whole segments are dropped from its end, or the last
/// one is cut.
enum class Trimming { drop, cut };
/// How a block continues after an interruption: with the segment after the interrupted one, where its
/// programme would be by then, or not at all.
enum class Rejoin { resume, in_progress, leave };
[[nodiscard]] std::string_view to_text(BookingKind kind);
[[nodiscard]] std::string_view to_text(LateRule rule);
[[nodiscard]] std::string_view to_text(Pacing pacing);
[[nodiscard]] std::string_view to_text(Padding padding);
[[nodiscard]] std::string_view to_text(Trimming trimming);
[[nodiscard]] std::string_view to_text(Rejoin rejoin);
[[nodiscard]] std::optional<BookingKind> kind_from_text(std::string_view text);
[[nodiscard]] std::optional<LateRule> late_rule_from_text(std::string_view text);
[[nodiscard]] std::optional<Pacing> pacing_from_text(std::string_view text);
[[nodiscard]] std::optional<Padding> padding_from_text(std::string_view text);
[[nodiscard]] std::optional<Trimming> trimming_from_text(std::string_view text);
[[nodiscard]] std::optional<Rejoin> rejoin_from_text(std::string_view text);

/// Names of a country's sets of holidays (content::Country::holidays). In a country without such a set, the
/// set is empty.
struct HolidayRule {
    std::vector<std::string> only_on;   ///< key `only_on_holidays`: only on days in one of these
    std::vector<std::string> never_on;  ///< key `never_on_holidays`: never on days in one of these
};

/// A window of local time on certain days of the week. `until` ≤ `from` crosses midnight and belongs to the
/// day it starts on.
struct Daypart {
    std::string name;
    unsigned weekdays = 0x7f;  ///< bit 0 Monday … bit 6 Sunday
    std::chrono::minutes from{}, until{};
    HolidayRule holidays{};
};

/// Whom a campaign is for. A place must match every list that is not empty. `languages` also selects which of
/// the place's languages the campaign airs in, with the place's shares.
struct Audience {
    std::vector<std::string> countries, provinces, languages, venues, tags;
};

/// One struct for all kinds, as authors write one table for all: the reader rejects keys that a kind does not
/// take (scheduler/README.md, "A booking's keys").
struct Booking {
    std::string id;  ///< unique within the schedule
    BookingKind kind{};
    std::vector<std::string> segments;    ///< fixed, block: in order; others: by weights
    std::vector<int> weights;             ///< rotation, filler, takeover: a segment's weight, 1–1000, one
                                          ///< for each segment; empty: equal
    std::vector<std::string> dayparts;    ///< names; empty: all day
    std::optional<RecurrenceRule> rrule;  ///< starts on the campaign's first day; none: daily
    std::vector<std::chrono::local_days> exdates;  ///< days on which the rule does not count (EXDATE); sorted
    std::vector<std::chrono::local_days> rdates;   ///< days added to the rule (RDATE); sorted. With no rrule:
                                                   ///< these days only
    HolidayRule holidays;
    // fixed, block
    std::chrono::seconds at{};             ///< from the midnight of its date; [0, 24 h)
    bool hard = false;                     ///< fixed: starts on its frame. Blocks and takeovers always do
    std::chrono::seconds late_limit{300};  ///< fixed: the latest start after `at`; soft starts, and joins
    LateRule late = LateRule::join;        ///< fixed
    // block
    std::chrono::seconds block_until{};  ///< key `until`, a time of day; ≤ `at`: on the next day
    std::vector<std::string> filler;     ///< segments that fill it; empty: the schedule's fillers
    Padding padding = Padding::end;
    Trimming trimming = Trimming::drop;
    Rejoin rejoin = Rejoin::resume;
    // takeover
    std::optional<Moment> takeover_from;   ///< key `from`; absent: from the publication of the schedule
    std::optional<Moment> takeover_until;  ///< key `until`; absent: until a schedule without it is published
    // rotation: exactly one of the three
    int plays_per_hour = 0;
    int plays_per_day = 0;
    int share_percent = 0;  ///< of the time in which its segments may air
    Pacing pacing = Pacing::even;
    std::chrono::seconds separation{0};        ///< least time between starts of the same segment;
                                               ///< not inside a fixed booking's or a block's own run
    std::chrono::seconds topic_separation{0};  ///< … of segments that share a topic
    int daily_cap = 0;                         ///< plays a day; 0: unlimited
    int line = 0;                              ///< in its source, for messages; 0 if unknown
};

struct Campaign {
    std::string id, title;
    std::optional<std::chrono::local_days> from, until;  ///< local dates, inclusive
    std::optional<Moment> embargo;                       ///< nothing of it starts before
    std::optional<Moment> expiry;                        ///< nothing of it is on from then on
    Audience audience;
    int priority = 50;  ///< 0–100, larger first
    std::vector<Booking> bookings;
    int line = 0;
};

struct Schedule {
    std::string name;
    std::chrono::minutes day_start{0};  ///< where the broadcast day begins, local; [0, 24 h)
    std::map<std::string, Daypart> dayparts;
    std::vector<Campaign> campaigns;
};

/// One error or warning about a schedule: where, what, and what to do.
struct Finding {
    std::string file;
    int line = 0;       ///< 0: unknown
    bool error = true;  ///< false: a warning
    std::string message{};
    std::string meant{};  ///< the known name nearest to an unknown one, which `message` proposes
    [[nodiscard]] std::string text() const;  ///< `file:line: error: message`
};

struct ScheduleReading {
    Schedule schedule;
    std::vector<Finding> findings;  ///< in order of line; after an error the schedule must not be used
    [[nodiscard]] bool ok() const;
};

}  // namespace riverlight::scheduler
