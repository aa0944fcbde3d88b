#include "scheduler/calendar/recurrence.hpp"

#include <algorithm>

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;

int number_of(month m) {
    return static_cast<int>(static_cast<unsigned>(m));
}
int number_of(std::chrono::day d) {
    return static_cast<int>(static_cast<unsigned>(d));
}
int count_of(days time) {
    return static_cast<int>(time.count());
}

/// A half-open part of the calendar.
struct Period {
    local_days from, until;
    [[nodiscard]] int length() const { return count_of(until - from); }
    /// 1 is its first day.
    [[nodiscard]] int number_of(local_days day) const { return count_of(day - from) + 1; }
};

Period month_of(local_days day) {
    const year_month_day date{day};
    const auto begin = date.year() / date.month();
    return {local_days{begin / 1}, local_days{(begin + months{1}) / 1}};
}

Period year_of(local_days day) {
    const auto year = year_month_day{day}.year();
    return {local_days{year / January / 1}, local_days{(year + years{1}) / January / 1}};
}

local_days week_begin(local_days day, weekday week_start) {
    return day - (weekday{day} - week_start);
}

/// Week 1 is the first with at least four days in the year (RFC 5545, BYWEEKNO).
local_days first_week(year of, weekday week_start) {
    return week_begin(local_days{of / January / 4}, week_start);
}

/// True if one of `wanted` is `number`, counted from 1, or from the end of `length` by negative numbers.
bool has_number(const std::vector<int>& wanted, int number, int length) {
    return std::any_of(wanted.begin(), wanted.end(),
                       [&](int n) { return n == number || n == number - length - 1; });
}

/// A rule with what it leaves to its first day.
class Expansion {
  public:
    Expansion(const RecurrenceRule& rule, local_days first) : rule_(rule), first_(first) {
        if (!rule.weeks.empty() || !rule.year_days.empty() || !rule.month_days.empty() ||
            !rule.weekdays.empty())
            return;
        const year_month_day date{first};
        switch (rule.frequency) {
            case Frequency::yearly:
                if (rule.months.empty()) rule_.months = {number_of(date.month())};
                [[fallthrough]];
            case Frequency::monthly:
                rule_.month_days = {number_of(date.day())};
                return;
            case Frequency::weekly:
                rule_.weekdays = {{weekday{first}}};
                return;
            case Frequency::daily:
                return;
        }
    }

    /// Without COUNT and UNTIL.
    [[nodiscard]] bool includes(local_days day) const {
        if (!is_due(day) || !passes(day)) return false;
        if (rule_.positions.empty()) return true;
        const auto all = days_of(period_of(day));
        return std::binary_search(all.begin(), all.end(), day);
    }

    /// True if fewer than COUNT days come before `day`.
    [[nodiscard]] bool counts(local_days day) const {
        if (!rule_.count) return true;
        int before = 0;
        for (auto period = period_of(first_); period.from < day; period = period_of(period.until)) {
            if (!is_due(period.from)) continue;
            for (const auto found : days_of(period))
                if (found >= first_ && found < day && ++before >= *rule_.count) return false;
        }
        return true;
    }

    /// Whether any day comes within 28 years, whatever INTERVAL, COUNT and UNTIL say: the calendar repeats
    /// its weekdays and leap days after so many (within one century).
    [[nodiscard]] bool falls_at_all() const {
        for (auto period = period_of(first_); period.from < first_ + days{29 * 366};
             period = period_of(period.until))
            if (!days_of(period).empty()) return true;
        return false;
    }

  private:
    [[nodiscard]] Period period_of(local_days day) const {
        switch (rule_.frequency) {
            case Frequency::yearly:
                return year_of(day);
            case Frequency::monthly:
                return month_of(day);
            case Frequency::weekly: {
                const auto begin = week_begin(day, rule_.week_start);
                return {begin, begin + weeks{1}};
            }
            case Frequency::daily:
                break;
        }
        return {day, day + days{1}};
    }

    /// True if the period of `day` is a whole number of INTERVALs after the first.
    [[nodiscard]] bool is_due(local_days day) const {
        const year_month_day from{first_}, at{day};
        const auto years_apart = static_cast<int>((at.year() - from.year()).count());
        switch (rule_.frequency) {
            case Frequency::yearly:
                return years_apart % rule_.interval == 0;
            case Frequency::monthly:
                return (years_apart * 12 + number_of(at.month()) - number_of(from.month())) %
                           rule_.interval ==
                       0;
            case Frequency::weekly:
                return count_of(week_begin(day, rule_.week_start) - week_begin(first_, rule_.week_start)) /
                           7 % rule_.interval ==
                       0;
            case Frequency::daily:
                break;
        }
        return count_of(day - first_) % rule_.interval == 0;
    }

    /// The period's days that pass all BY parts, BYSETPOS too, in order.
    [[nodiscard]] std::vector<local_days> days_of(const Period& period) const {
        std::vector<local_days> all, chosen;
        for (auto day = period.from; day < period.until; day += days{1})
            if (passes(day)) all.push_back(day);
        if (rule_.positions.empty()) return all;
        const auto size = static_cast<int>(all.size());
        for (int n = 1; n <= size; ++n)
            if (has_number(rule_.positions, n, size)) chosen.push_back(all[static_cast<std::size_t>(n - 1)]);
        return chosen;
    }

    [[nodiscard]] bool passes(local_days day) const {
        const auto has = [&](const std::vector<int>& wanted, const Period& period) {
            return wanted.empty() || has_number(wanted, period.number_of(day), period.length());
        };
        return (rule_.months.empty() ||
                has_number(rule_.months, number_of(year_month_day{day}.month()), 12)) &&
               has(rule_.month_days, month_of(day)) && has(rule_.year_days, year_of(day)) &&
               passes_week(day) && passes_weekday(day);
    }

    [[nodiscard]] bool passes_week(local_days day) const {
        if (rule_.weeks.empty()) return true;
        const auto begin = week_begin(day, rule_.week_start);
        const auto year = year_month_day{begin + days{3}}.year();  // most of the week's days are in it
        const auto first = first_week(year, rule_.week_start),
                   next = first_week(year + years{1}, rule_.week_start);
        return has_number(rule_.weeks, count_of(begin - first) / 7 + 1, count_of(next - first) / 7);
    }

    [[nodiscard]] bool passes_weekday(local_days day) const {
        if (rule_.weekdays.empty()) return true;
        const bool in_month = rule_.frequency == Frequency::monthly ||
                              (rule_.frequency == Frequency::yearly && !rule_.months.empty());
        const auto whole = in_month ? month_of(day) : year_of(day);
        const int from_begin = count_of(day - whole.from) / 7 + 1;
        const int from_end = count_of(whole.until - day - days{1}) / 7 + 1;
        return std::any_of(rule_.weekdays.begin(), rule_.weekdays.end(), [&](const RuleWeekday& wanted) {
            return weekday{day} == wanted.day &&
                   (wanted.nth == 0 || wanted.nth == from_begin || -wanted.nth == from_end);
        });
    }

    RecurrenceRule rule_;
    local_days first_;
};

}  // namespace

bool falls_at_all(const RecurrenceRule& rule) {
    return Expansion(rule, local_days{year{2024} / January / 1}).falls_at_all();
}

bool recurs_on(const RecurrenceRule& rule, local_days first, local_days day) {
    if (day < first || (rule.until && day > *rule.until)) return false;
    const Expansion expansion(rule, first);
    return expansion.includes(day) && expansion.counts(day);
}

}  // namespace riverlight::scheduler
