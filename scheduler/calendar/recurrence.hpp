#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Recurrence by days: a rule of RFC 5545 (RRULE, section 3.3.10) and the days that it includes. Pure.
///
/// A rule's days are those of its periods (days, weeks, months, years) that pass all of its BY parts. Where
/// the RFC leaves a choice, the days are those of python-dateutil, which most programs follow: BYWEEKNO
/// without BYDAY means all seven days of the week. One choice differs from it: BYSETPOS counts from the
/// beginning of the first week, also of the days before the rule's first day, as the RFC says of every
/// period.
namespace riverlight::scheduler {

enum class Frequency : std::uint8_t { daily, weekly, monthly, yearly };

/// BYDAY: a weekday, or the n-th of the month or year.
struct RuleWeekday {
    std::chrono::weekday day;
    int nth = 0;  ///< ±1–53, negative from the end; 0: each
    friend bool operator==(const RuleWeekday&, const RuleWeekday&) = default;
};

struct RecurrenceRule {
    std::string text;  ///< as it was written
    Frequency frequency = Frequency::daily;
    int interval = 1;                                       ///< 1–10,000
    std::optional<int> count;                               ///< 1–1,000,000
    std::optional<std::chrono::local_days> until;           ///< included
    std::chrono::weekday week_start = std::chrono::Monday;  ///< WKST
    std::vector<int> months, month_days, year_days, weeks;  ///< BYMONTH … BYWEEKNO; negative: from the end
    std::vector<RuleWeekday> weekdays;                      ///< BYDAY
    std::vector<int> positions;                             ///< BYSETPOS, within a period
    friend bool operator==(const RecurrenceRule&, const RecurrenceRule&) = default;
};

/// Reads an RRULE of at most 1,000 bytes. Throws ReadError, whose message continues "the rule …", for what is
/// no rule, recurs within a day, names hours or another calendar (RFC 7529), combines parts that the RFC
/// forbids or that programs read differently, or includes no day in 28 years.
[[nodiscard]] RecurrenceRule read_recurrence(const std::string& rrule);

/// False for a rule without any day in 28 years, such as the 31st of February.
[[nodiscard]] bool falls_at_all(const RecurrenceRule& rule);

/// True if the rule that starts on `first` (DTSTART) includes `day`.
[[nodiscard]] bool recurs_on(const RecurrenceRule& rule, std::chrono::local_days first,
                             std::chrono::local_days day);

}  // namespace riverlight::scheduler
