#include "scheduler/calendar/recurrence.hpp"

#include <libical/ical.h>

#include <algorithm>
#include <cctype>
#include <memory>

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;

constexpr int most_steps = 40'000;

struct IteratorFree {
    void operator()(icalrecur_iterator* it) const { icalrecur_iterator_free(it); }
};

icaltimetype to_ical(local_days day) {
    const year_month_day date{day};
    auto time = icaltime_null_time();  // a null *date* has hour −1, and libical would iterate forever
    time.is_date = 1;
    time.year = static_cast<int>(date.year());
    time.month = static_cast<int>(static_cast<unsigned>(date.month()));
    time.day = static_cast<int>(static_cast<unsigned>(date.day()));
    return time;
}

/// RSCALE (RFC 7529) selects another calendar; libical leaks the memory of its name.
bool names_calendar(std::string_view rrule) {
    constexpr std::string_view name = "RSCALE";
    return std::search(rrule.begin(), rrule.end(), name.begin(), name.end(), [](char a, char b) {
               return std::toupper(static_cast<unsigned char>(a)) == b;
           }) != rrule.end();
}

icalrecurrencetype parse(const std::string& rrule) {
    icalerror_set_errors_are_fatal(0);
    if (names_calendar(rrule)) {
        icalrecurrencetype none;
        icalrecurrencetype_clear(&none);
        return none;
    }
    return icalrecurrencetype_from_string(rrule.c_str());
}

bool any_by(const short* values) {
    return values[0] != ICAL_RECURRENCE_ARRAY_MAX;
}

/// True if the list is empty or one of its values passes.
template <class Passes>
bool any_passes(const short* values, const Passes& passes) {
    if (!any_by(values)) return true;
    for (; *values != ICAL_RECURRENCE_ARRAY_MAX; ++values) {
        if (passes(*values)) return true;
    }
    return false;
}

int last_of_month(year_month_day date) {
    return static_cast<int>(static_cast<unsigned>((date.year() / date.month() / last).day()));
}

/// BYDAY: the weekday, and inside a month also its position, such as the third or the last.
bool day_passes(const icalrecurrencetype& rule, short coded, local_days day) {
    const year_month_day date{day};
    const auto wanted = static_cast<unsigned>(icalrecurrencetype_day_day_of_week(coded)) - 1;  // Sunday 1
    if (weekday{day}.c_encoding() != wanted) return false;
    const int nth = icalrecurrencetype_day_position(coded);
    const bool inside_month = rule.freq == ICAL_MONTHLY_RECURRENCE ||
                              (rule.freq == ICAL_YEARLY_RECURRENCE && any_by(rule.by_month));
    if (nth == 0 || !inside_month) return true;
    const int of_month = static_cast<int>(static_cast<unsigned>(date.day()));
    return nth > 0 ? (of_month - 1) / 7 + 1 == nth : (last_of_month(date) - of_month) / 7 + 1 == -nth;
}

/// A condition for a day to be in the rule, without start and INTERVAL. For a rule without any day libical
/// searches to the year 2582, which takes a second, so it is called only for days that pass this.
bool may_fall_on(const icalrecurrencetype& rule, local_days day) {
    const year_month_day date{day};
    const int month = static_cast<int>(static_cast<unsigned>(date.month()));
    const int of_month = static_cast<int>(static_cast<unsigned>(date.day()));
    return any_passes(rule.by_month, [&](short m) { return m == month; }) &&
           any_passes(rule.by_month_day,
                      [&](short d) { return d == of_month || last_of_month(date) + 1 + d == of_month; }) &&
           any_passes(rule.by_day, [&](short coded) { return day_passes(rule, coded, day); });
}

/// True if `day` is a whole number of the rule's INTERVALs after `first`, for months and years.
bool interval_passes(const icalrecurrencetype& rule, local_days first, local_days day) {
    const year_month_day from{first}, at{day};
    const int years = static_cast<int>(at.year()) - static_cast<int>(from.year());
    const int months = years * 12 + static_cast<int>(static_cast<unsigned>(at.month())) -
                       static_cast<int>(static_cast<unsigned>(from.month()));
    if (rule.freq == ICAL_MONTHLY_RECURRENCE) return months % rule.interval == 0;
    return rule.freq != ICAL_YEARLY_RECURRENCE || any_by(rule.by_week_no) || years % rule.interval == 0;
}

/// The calendar repeats its weekdays and leap days after 28 years (within one century).
bool falls_at_all(const icalrecurrencetype& rule) {
    const local_days start{year{2024} / January / 1};
    for (int n = 0; n < 28 * 366; ++n) {
        if (may_fall_on(rule, start + days{n})) return true;
    }
    return false;
}

}  // namespace

std::string rrule_fault(const std::string& rrule) {
    if (rrule.size() > 1000) return "is longer than 1,000 bytes";
    if (names_calendar(rrule))
        return "names a calendar (RSCALE); leave it out: the days of the Gregorian calendar count";
    const auto rule = parse(rrule);
    if (rule.freq == ICAL_NO_RECURRENCE)
        return "is not an RFC 5545 RRULE; write for example FREQ=WEEKLY;BYDAY=MO,FR";
    if (rule.freq < ICAL_DAILY_RECURRENCE)
        return "recurs within a day; use FREQ=DAILY, WEEKLY, MONTHLY or YEARLY, and `at` for the time";
    if (any_by(rule.by_hour) || any_by(rule.by_minute) || any_by(rule.by_second))
        return "names hours; the time of day goes into `at`";
    if (!falls_at_all(rule)) return "falls on no day of any year; correct its BYMONTH, BYMONTHDAY or BYDAY";
    return {};
}

bool recurs_on(const std::string& rrule, local_days first, local_days day) {
    if (day < first) return false;
    if (rrule.empty()) return true;
    const auto rule = parse(rrule);
    if (rule.freq == ICAL_NO_RECURRENCE) return false;
    if (!may_fall_on(rule, day) || !interval_passes(rule, first, day)) return false;
    const auto wanted = to_ical(day);
    const std::unique_ptr<icalrecur_iterator, IteratorFree> it(icalrecur_iterator_new(rule, to_ical(first)));
    if (!it) return false;
    for (int step = 0; step < most_steps; ++step) {
        const auto next = icalrecur_iterator_next(it.get());
        if (icaltime_is_null_time(next)) return false;
        const int order = icaltime_compare_date_only(next, wanted);
        if (order >= 0) return order == 0;
    }
    return false;
}

}  // namespace riverlight::scheduler
