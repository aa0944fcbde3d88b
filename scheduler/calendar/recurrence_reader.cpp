#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <set>
#include <string_view>

#include "content/base/error.hpp"
#include "content/base/instant.hpp"
#include "content/base/suggest.hpp"
#include "scheduler/calendar/recurrence.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;

constexpr std::size_t longest_rule = 1000;  ///< bytes
constexpr int most_interval = 10'000, most_count = 1'000'000;

/// One `NAME=VALUE` of the rule, both in upper case.
struct Part {
    std::string name, value;
};

[[noreturn]] void refuse(ReadFault kind, const std::string& part, const std::string& why,
                         const std::string& near = {}) {
    throw ReadError(kind, Where().in(part, ""), why, near);
}

std::string upper(std::string_view text) {
    std::string out(text);
    for (auto& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

/// The parts between separators; also those without text.
std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> out;
    for (;;) {
        const auto end = text.find(separator);
        out.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return out;
        text.remove_prefix(end + 1);
    }
}

/// A decimal number with an optional sign; nothing for any other text.
std::optional<int> number(std::string_view text) {
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-')) return {};
    }
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return {};
    return value;
}

int positive(const Part& part, int most) {
    const auto value = number(part.value);
    if (!value || *value < 1 || *value > most)
        refuse(ReadFault::out_of_range, part.name,
               "needs a number from 1 to " + std::to_string(most) + " after " + part.name);
    return *value;
}

enum class NumberSign { positive, any };

std::vector<int> numbers(const Part& part, int most, NumberSign sign = NumberSign::any) {
    std::vector<int> out;
    for (const auto text : split(part.value, ',')) {
        const auto value = number(text);
        const int least = sign == NumberSign::any ? -most : 1;
        if (!value || *value < least || *value > most || *value == 0)
            refuse(ReadFault::out_of_range, part.name,
                   "has '" + std::string(text) + "' in " + part.name + "; it takes numbers from 1 to " +
                       std::to_string(most) + (sign == NumberSign::any ? ", negative from the end" : ""));
        out.push_back(*value);
    }
    return out;
}

constexpr std::array<std::string_view, 7> weekday_names{"SU", "MO", "TU", "WE", "TH", "FR", "SA"};

weekday weekday_of(const Part& part, std::string_view text) {
    const auto found = std::find(weekday_names.begin(), weekday_names.end(), text);
    if (found == weekday_names.end())
        refuse(
            ReadFault::malformed, part.name,
            "has '" + std::string(text) + "' in " + part.name + "; weekdays are MO, TU, WE, TH, FR, SA, SU");
    return weekday{static_cast<unsigned>(found - weekday_names.begin())};
}

std::vector<RuleWeekday> weekdays(const Part& part) {
    std::vector<RuleWeekday> out;
    for (const auto text : split(part.value, ',')) {
        const auto name = text.size() < 2 ? text : text.substr(text.size() - 2);
        RuleWeekday wanted{weekday_of(part, name)};
        if (text.size() > 2) {
            const auto nth = number(text.substr(0, text.size() - 2));
            if (!nth || *nth == 0 || *nth < -53 || *nth > 53)
                refuse(
                    ReadFault::out_of_range, part.name,
                    "has '" + std::string(text) + "' in BYDAY; the number is 1 to 53, negative from the end");
            wanted.nth = *nth;
        }
        out.push_back(wanted);
    }
    return out;
}

/// `20261231`, or `20261231T235959`, which is the same day in each place and whatever `at` says. Of another
/// time the last day depends on `at`, and of one in UTC also on the place's zone: programs for calendars
/// write the last start, which in Asia may be on the UTC date before.
local_days until(const Part& part) {
    const std::string_view text = part.value;
    const auto digits = [](std::string_view some) {
        return std::all_of(some.begin(), some.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    const bool timed = (text.size() == 15 || (text.size() == 16 && text[15] == 'Z')) && text[8] == 'T' &&
                       digits(text.substr(9, 6));
    if ((text.size() == 8 || timed) && digits(text.substr(0, 8))) {
        const auto value = [&](std::size_t at, std::size_t size) { return *number(text.substr(at, size)); };
        const auto date = year{value(0, 4)} / month{static_cast<unsigned>(value(4, 2))} /
                          day{static_cast<unsigned>(value(6, 2))};
        if (date.ok() && (!timed || text.substr(9) == "235959")) return local_days{date};
        if (date.ok())
            refuse(ReadFault::unsupported, part.name,
                   "has a time in UNTIL, '" + part.value +
                       "'; write the last day of the place's calendar, as UNTIL=" +
                       std::string(text.substr(0, 8)));
    }
    refuse(ReadFault::malformed, part.name, "has '" + part.value + "' in UNTIL; write a date as 20261231");
}

Frequency frequency(const Part& part) {
    if (part.value == "DAILY") return Frequency::daily;
    if (part.value == "WEEKLY") return Frequency::weekly;
    if (part.value == "MONTHLY") return Frequency::monthly;
    if (part.value == "YEARLY") return Frequency::yearly;
    if (part.value == "HOURLY" || part.value == "MINUTELY" || part.value == "SECONDLY")
        refuse(ReadFault::unsupported, part.name,
               "recurs within a day; use FREQ=DAILY, WEEKLY, MONTHLY or YEARLY, and 'at' for the time");
    static constexpr std::array<std::string_view, 4> known{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
    refuse(ReadFault::unknown, part.name,
           "has '" + part.value + "' in FREQ; it is DAILY, WEEKLY, MONTHLY or YEARLY",
           nearest_name(part.value, known));
}

void set(RecurrenceRule& rule, const Part& part) {
    const auto& name = part.name;
    if (name == "FREQ")
        rule.frequency = frequency(part);
    else if (name == "INTERVAL")
        rule.interval = positive(part, most_interval);
    else if (name == "COUNT")
        rule.count = positive(part, most_count);
    else if (name == "UNTIL")
        rule.until = until(part);
    else if (name == "WKST")
        rule.week_start = weekday_of(part, part.value);
    else if (name == "BYMONTH")
        rule.months = numbers(part, 12, NumberSign::positive);
    else if (name == "BYMONTHDAY")
        rule.month_days = numbers(part, 31);
    else if (name == "BYYEARDAY")
        rule.year_days = numbers(part, 366);
    else if (name == "BYWEEKNO")
        rule.weeks = numbers(part, 53);
    else if (name == "BYDAY")
        rule.weekdays = weekdays(part);
    else if (name == "BYSETPOS")
        rule.positions = numbers(part, 366);
    else if (name == "BYHOUR" || name == "BYMINUTE" || name == "BYSECOND")
        refuse(ReadFault::unsupported, name, "names hours; the time of day goes into 'at'");
    else if (name == "RSCALE" || name == "SKIP")
        refuse(ReadFault::unsupported, name,
               "names a calendar (" + name + "); leave it out: the days of the Gregorian calendar count");
    else {
        static constexpr std::array<std::string_view, 11> known{
            "FREQ",       "INTERVAL",  "COUNT",    "UNTIL", "WKST",    "BYMONTH",
            "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY", "BYSETPOS"};
        refuse(ReadFault::unknown, name, "has a part '" + name + "' that RFC 5545 does not have",
               nearest_name(name, known));
    }
}

/// What RFC 5545 forbids beside each other (3.3.10), and what programs read differently.
void check_parts(const RecurrenceRule& rule) {
    const bool yearly = rule.frequency == Frequency::yearly;
    const bool numbered =
        std::any_of(rule.weekdays.begin(), rule.weekdays.end(), [](const auto& d) { return d.nth != 0; });
    if (rule.count && rule.until)
        refuse(ReadFault::misplaced, "UNTIL", "has COUNT and UNTIL; give one of them");
    if (rule.frequency == Frequency::weekly && !rule.month_days.empty())
        refuse(
            ReadFault::misplaced, "BYMONTHDAY",
            "has BYMONTHDAY in a weekly rule, which has no days of a month; use FREQ=DAILY or MONTHLY, with "
            "BYMONTHDAY and BYDAY");
    if (!yearly && !rule.year_days.empty())
        refuse(ReadFault::misplaced, "BYYEARDAY",
               "has BYYEARDAY, which only a rule with FREQ=YEARLY may have");
    if (!yearly && !rule.weeks.empty())
        refuse(ReadFault::misplaced, "BYWEEKNO", "has BYWEEKNO, which only a rule with FREQ=YEARLY may have");
    if (numbered && (rule.frequency == Frequency::daily || rule.frequency == Frequency::weekly))
        refuse(ReadFault::misplaced, "BYDAY",
               "has a number before a weekday, which only FREQ=MONTHLY and YEARLY may have; for every second "
               "week use "
               "FREQ=WEEKLY;INTERVAL=2");
    if (numbered && !rule.weeks.empty())
        refuse(ReadFault::misplaced, "BYDAY",
               "has a number before a weekday beside BYWEEKNO; leave the number out");
    if (!rule.weeks.empty() && (rule.interval > 1 || !rule.positions.empty()))
        refuse(ReadFault::unsupported, "BYWEEKNO",
               "has BYWEEKNO beside INTERVAL or BYSETPOS, which programs read differently where a week spans "
               "two "
               "years; name the days with 'rdates'");
    const bool any_by = !rule.months.empty() || !rule.month_days.empty() || !rule.year_days.empty() ||
                        !rule.weeks.empty() || !rule.weekdays.empty();
    if (!rule.positions.empty() && !any_by)
        refuse(ReadFault::misplaced, "BYSETPOS",
               "has BYSETPOS and no other BY part to choose from; add BYDAY");
}

}  // namespace

RecurrenceRule read_recurrence(const std::string& rrule) {
    if (rrule.size() > longest_rule) refuse(ReadFault::too_large, "", "is longer than 1,000 bytes");
    RecurrenceRule rule;
    rule.text = rrule;
    std::set<std::string> names;
    for (const auto text : split(rrule, ';')) {
        const auto equals = text.find('=');
        if (equals == std::string_view::npos || equals == 0)
            refuse(ReadFault::syntax, "",
                   "is not an RFC 5545 RRULE; write for example FREQ=WEEKLY;BYDAY=MO,FR");
        const Part part{upper(text.substr(0, equals)), upper(text.substr(equals + 1))};
        if (!names.insert(part.name).second)
            refuse(ReadFault::duplicate, part.name, "has " + part.name + " twice; give it once, with a list");
        set(rule, part);
    }
    if (!names.contains("FREQ"))
        refuse(ReadFault::missing, "FREQ", "lacks FREQ; write for example FREQ=WEEKLY;BYDAY=MO,FR");
    check_parts(rule);
    if (!falls_at_all(rule))
        refuse(ReadFault::out_of_range, "", "falls on no day of any year; correct its BY parts");
    return rule;
}

}  // namespace riverlight::scheduler
