#include <libical/ical.h>

#include <memory>

#include "scheduler/calendar/calendar.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;

constexpr int most_steps = 40'000;

struct IteratorFree {
    void operator()(icalrecur_iterator* it) const { icalrecur_iterator_free(it); }
};

icaltimetype to_ical(local_days day) {
    const year_month_day date{day};
    auto time = icaltime_null_time();  // a null *date* has hours of −1, from which iteration never returns
    time.is_date = 1;
    time.year = static_cast<int>(date.year());
    time.month = static_cast<int>(static_cast<unsigned>(date.month()));
    time.day = static_cast<int>(static_cast<unsigned>(date.day()));
    return time;
}

icalrecurrencetype parse(const std::string& rrule) {
    icalerror_set_errors_are_fatal(0);
    return icalrecurrencetype_from_string(rrule.c_str());
}

bool any_by(const short* values) {
    return values[0] != ICAL_RECURRENCE_ARRAY_MAX;
}

}  // namespace

std::string rrule_fault(const std::string& rrule) {
    if (rrule.size() > 1000) return "is longer than 1,000 bytes";
    const auto rule = parse(rrule);
    if (rule.freq == ICAL_NO_RECURRENCE)
        return "is not an RFC 5545 RRULE; write for example FREQ=WEEKLY;BYDAY=MO,FR";
    if (rule.freq < ICAL_DAILY_RECURRENCE)
        return "recurs within a day; use FREQ=DAILY, WEEKLY, MONTHLY or YEARLY, and `at` for the time";
    if (any_by(rule.by_hour) || any_by(rule.by_minute) || any_by(rule.by_second))
        return "names hours; the time of day goes into `at`";
    return {};
}

bool recurs_on(const std::string& rrule, local_days first, local_days day) {
    if (day < first) return false;
    if (rrule.empty()) return true;
    const auto wanted = to_ical(day);
    const std::unique_ptr<icalrecur_iterator, IteratorFree> it(
        icalrecur_iterator_new(parse(rrule), to_ical(first)));
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
