#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/segment/country.hpp"

/// A schedule as its author means it: campaigns and their bookings. Values only; read from TOML (authors) or
/// JSON (the channel), same keys.
namespace riverlight::scheduler {

enum class BookingKind { fixed, rotation, block, takeover, filler };
enum class LateRule { join, skip, make_good };
[[nodiscard]] std::string_view to_text(BookingKind kind);
[[nodiscard]] std::string_view to_text(LateRule rule);
[[nodiscard]] std::optional<BookingKind> kind_from_text(std::string_view text);
[[nodiscard]] std::optional<LateRule> late_rule_from_text(std::string_view text);

/// A window of local time on certain days of the week. `until` ≤ `from` crosses midnight and belongs to the
/// day it starts on.
struct Daypart {
    std::string name;
    unsigned weekdays = 0x7f;  ///< bit 0 Monday … bit 6 Sunday
    std::chrono::minutes from{}, until{};
};

/// Whom a campaign is for; an empty list does not restrict. A place must match every list that is not empty.
struct Audience {
    std::vector<std::string> countries, provinces, languages, venues, tags;
};

struct Booking {
    std::string id;  ///< unique within the schedule
    BookingKind kind{};
    std::vector<std::string> segments;  ///< fixed: in order; rotation, filler: taken in turn
    std::vector<std::string> dayparts;  ///< names; empty: all day
    std::string rrule;  ///< RFC 5545 RRULE, DTSTART the campaign's first day at `at`; empty: daily
    // fixed
    std::chrono::seconds at{};  ///< from local midnight
    bool hard = false;
    std::chrono::seconds late_limit{300};
    LateRule late = LateRule::join;
    // rotation: exactly one of the three
    int plays_per_hour = 0;
    int plays_per_day = 0;
    int share_percent = 0;
    std::chrono::seconds separation{0};        ///< least time between starts of the same segment;
                                               ///< not inside a fixed booking's own run
    std::chrono::seconds topic_separation{0};  ///< … of segments that share a topic
    int daily_cap = 0;                         ///< 0: none
    int line = 0;                              ///< in its source, for messages; 0 if unknown
};

struct Campaign {
    std::string id, title;
    std::optional<std::chrono::local_days> from, until;  ///< local dates, both included
    Audience audience;
    int priority = 50;  ///< 0–100, larger first
    std::vector<Booking> bookings;
    int line = 0;
};

struct Schedule {
    std::string name;
    std::map<std::string, Daypart> dayparts;
    std::vector<Campaign> campaigns;
};

/// One thing wrong with a schedule, with where and what to do.
struct Finding {
    std::string file;
    int line = 0;       ///< 0: unknown
    bool error = true;  ///< false: a warning
    std::string message;
    [[nodiscard]] std::string text() const;  ///< `file:line: error: message`
};

struct ScheduleReading {
    Schedule schedule;
    std::vector<Finding> findings;  ///< all of them, in file order; any error: the schedule is not to be used
    [[nodiscard]] bool ok() const;
};

/// Reads an author's TOML, at most 1 MiB; never throws for what is in it: everything wrong is a finding.
[[nodiscard]] ScheduleReading read_schedule_toml(std::string_view text, const std::string& file);
/// Reads the channel's JSON (format 1), at most 8 MiB. Throws Error: signed schedules were checked before
/// they were signed.
[[nodiscard]] Schedule read_schedule_json(std::string_view text, const std::string& what);
[[nodiscard]] std::string write_schedule_json(const Schedule& schedule);

/// What reading cannot see: unknown segments, audience that no place meets, segments cleared nowhere they are
/// booked, dayparts without names, ratings that never air, rotations that cannot fit.
[[nodiscard]] std::vector<Finding> check_schedule(const Schedule& schedule,
                                                  const content::Catalogue& catalogue,
                                                  const std::string& file);

}  // namespace riverlight::scheduler
