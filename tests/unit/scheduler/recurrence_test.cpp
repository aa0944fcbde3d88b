#include "scheduler/calendar/recurrence.hpp"

#include <gtest/gtest.h>

#include "content/base/error.hpp"
#include "content/base/instant.hpp"
#include "tests/unit/scheduler/fixture.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;
using test::date;

/// The first days of a rule that starts on `first`, in three years.
std::vector<std::string> first_days(const std::string& rrule, const char* first, std::size_t count) {
    const auto rule = read_recurrence(rrule);
    std::vector<std::string> out;
    for (auto day = date(first); out.size() < count && day < date(first) + days{1100}; day += days{1})
        if (recurs_on(rule, date(first), day)) out.push_back(to_iso(day));
    return out;
}
using Days = std::vector<std::string>;

TEST(Recurrence, WeeksBeginAtWkst) {
    EXPECT_EQ(first_days("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", "2026-01-01", 3),
              (Days{"2026-01-04", "2026-01-18", "2026-02-01"}));
    EXPECT_EQ(first_days("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU", "2026-01-01", 3),
              (Days{"2026-01-11", "2026-01-25", "2026-02-08"}));
    // RFC 5545, 3.3.10: the example that WKST is explained with.
    EXPECT_EQ(first_days("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05", 9),
              (Days{"1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"}));
    EXPECT_EQ(first_days("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05", 9),
              (Days{"1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"}));
}

TEST(Recurrence, DaysOfTheMonthExpandAYear) {
    EXPECT_EQ(first_days("FREQ=YEARLY;BYMONTHDAY=-1", "2026-01-01", 4),
              (Days{"2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"}));
    EXPECT_EQ(first_days("FREQ=DAILY;BYMONTHDAY=-1", "2026-01-01", 2), (Days{"2026-01-31", "2026-02-28"}));
    EXPECT_EQ(first_days("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-01", 3),
              (Days{"2026-01-31", "2026-03-31", "2026-05-31"}));
}

TEST(Recurrence, WeekNumbersAreThoseOfTheirYear) {
    EXPECT_EQ(first_days("FREQ=YEARLY;BYWEEKNO=1", "2026-01-05", 7),
              (Days{"2027-01-04", "2027-01-05", "2027-01-06", "2027-01-07", "2027-01-08", "2027-01-09",
                    "2027-01-10"}));
    EXPECT_EQ(first_days("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12", 3),
              (Days{"1997-05-12", "1998-05-11", "1999-05-17"}));
    EXPECT_EQ(first_days("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=FR", "2026-01-01", 2),
              (Days{"2027-01-01", "2027-12-31"}))
        << "2026 has 53 weeks, the last of which ends in 2027";
}

TEST(Recurrence, TheLastWeekEndsInTheNextYear) {
    EXPECT_EQ(first_days("FREQ=YEARLY;BYWEEKNO=53", "2010-01-04", 9), Days{}) << "2010 to 2012 have 52 weeks";
    EXPECT_EQ(first_days("FREQ=YEARLY;BYWEEKNO=52;BYDAY=SU", "2010-01-04", 2),
              (Days{"2011-01-02", "2012-01-01"}));
    EXPECT_EQ(first_days("FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO,SU", "2020-01-06", 2),
              (Days{"2020-12-28", "2021-01-03"}));
    EXPECT_EQ(first_days("FREQ=YEARLY;BYWEEKNO=-52;BYDAY=MO", "2029-05-10", 2),
              (Days{"2029-12-31", "2030-12-30"}));
}

TEST(Recurrence, PositionsChooseWithinAPeriod) {
    EXPECT_EQ(first_days("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-01-01", 3),
              (Days{"2026-01-30", "2026-02-27", "2026-03-31"}));
    EXPECT_EQ(first_days("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2", "2026-01-01", 2),
              (Days{"2026-01-07", "2026-01-14"}))
        << "Friday the 2nd is the third of its week";
    EXPECT_EQ(first_days("FREQ=YEARLY;BYDAY=20MO", "1997-05-19", 2), (Days{"1997-05-19", "1998-05-18"}));
}

TEST(Recurrence, AListOfWeekdaysIsAUnion) {
    EXPECT_EQ(first_days("FREQ=MONTHLY;BYDAY=1FR,SA", "2026-01-01", 4),
              (Days{"2026-01-02", "2026-01-03", "2026-01-10", "2026-01-17"}));
}

TEST(Recurrence, TheFirstDaySaysWhatTheRuleDoesNot) {
    EXPECT_EQ(first_days("FREQ=WEEKLY", "2026-11-24", 2), (Days{"2026-11-24", "2026-12-01"}));
    EXPECT_EQ(first_days("FREQ=YEARLY", "2024-02-29", 5), (Days{"2024-02-29"})) << "the next is in 2028";
    EXPECT_EQ(first_days("FREQ=YEARLY;BYMONTH=2,4", "2026-01-30", 2), (Days{"2026-04-30", "2027-04-30"}));
    EXPECT_EQ(first_days("FREQ=DAILY;INTERVAL=400", "2026-01-01", 2), (Days{"2026-01-01", "2027-02-05"}));
}

TEST(Recurrence, EndsByCountAndDate) {
    EXPECT_EQ(first_days("FREQ=DAILY;COUNT=2", "2026-01-01", 9), (Days{"2026-01-01", "2026-01-02"}));
    EXPECT_EQ(first_days("FREQ=MONTHLY;BYDAY=MO,FR;BYSETPOS=1;COUNT=2", "2026-01-05", 9),
              (Days{"2026-02-02", "2026-03-02"}))
        << "2 January came before the first day";
    for (const auto* until : {"20260102", "20260102T235959"})
        EXPECT_EQ(first_days(std::string("freq=daily;until=") + until, "2026-01-01", 9),
                  (Days{"2026-01-01", "2026-01-02"}))
            << until;
    EXPECT_FALSE(recurs_on(read_recurrence("FREQ=DAILY"), date("2026-01-02"), date("2026-01-01")));
}

struct Wrong {
    const char* rrule;
    ReadFault kind;
    const char* part;
};

TEST(Recurrence, RefusesWithTheKindAndThePart) {
    for (const auto& wrong : {
             Wrong{"every monday", ReadFault::syntax, ""},
             Wrong{"", ReadFault::syntax, ""},
             Wrong{"BYDAY=MO", ReadFault::missing, "FREQ"},
             Wrong{"FREQ=HOURLY", ReadFault::unsupported, "FREQ"},
             Wrong{"FREQ=DAYLY", ReadFault::unknown, "FREQ"},
             Wrong{"FREQ=DAILY;BYDAYS=MO", ReadFault::unknown, "BYDAYS"},
             Wrong{"FREQ=DAILY;BYHOUR=3", ReadFault::unsupported, "BYHOUR"},
             Wrong{"Rscale=CHINESE;FREQ=YEARLY", ReadFault::unsupported, "RSCALE"},
             Wrong{"FREQ=DAILY;FREQ=DAILY", ReadFault::duplicate, "FREQ"},
             Wrong{"FREQ=DAILY;INTERVAL=0", ReadFault::out_of_range, "INTERVAL"},
             Wrong{"FREQ=DAILY;COUNT=99999999999", ReadFault::out_of_range, "COUNT"},
             Wrong{"FREQ=DAILY;COUNT=2;UNTIL=20270101", ReadFault::misplaced, "UNTIL"},
             Wrong{"FREQ=DAILY;UNTIL=20270231", ReadFault::malformed, "UNTIL"},
             // Which day is the last one depends on the place's zone or on `at`.
             Wrong{"FREQ=DAILY;UNTIL=20270109T170000Z", ReadFault::unsupported, "UNTIL"},
             Wrong{"FREQ=DAILY;UNTIL=20270109T235959Z", ReadFault::unsupported, "UNTIL"},
             Wrong{"FREQ=DAILY;UNTIL=20270110T000000", ReadFault::unsupported, "UNTIL"},
             Wrong{"FREQ=DAILY;UNTIL=20270231T235959", ReadFault::malformed, "UNTIL"},
             Wrong{"FREQ=DAILY;UNTIL=2027-01-01", ReadFault::malformed, "UNTIL"},
             Wrong{"FREQ=MONTHLY;BYMONTH=-1", ReadFault::out_of_range, "BYMONTH"},
             Wrong{"FREQ=MONTHLY;BYMONTHDAY=1,,2", ReadFault::out_of_range, "BYMONTHDAY"},
             Wrong{"FREQ=MONTHLY;BYMONTHDAY=+-1", ReadFault::out_of_range, "BYMONTHDAY"},
             Wrong{"FREQ=MONTHLY;BYDAY=54MO", ReadFault::out_of_range, "BYDAY"},
             Wrong{"FREQ=MONTHLY;BYDAY=M", ReadFault::malformed, "BYDAY"},
             Wrong{"FREQ=WEEKLY;BYDAY=2SU", ReadFault::misplaced, "BYDAY"},
             Wrong{"FREQ=WEEKLY;BYMONTHDAY=1", ReadFault::misplaced, "BYMONTHDAY"},
             Wrong{"FREQ=MONTHLY;BYYEARDAY=1", ReadFault::misplaced, "BYYEARDAY"},
             Wrong{"FREQ=MONTHLY;BYWEEKNO=1", ReadFault::misplaced, "BYWEEKNO"},
             Wrong{"FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO", ReadFault::misplaced, "BYDAY"},
             Wrong{"FREQ=YEARLY;BYWEEKNO=1;INTERVAL=2", ReadFault::unsupported, "BYWEEKNO"},
             Wrong{"FREQ=MONTHLY;BYSETPOS=1", ReadFault::misplaced, "BYSETPOS"},
             Wrong{"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", ReadFault::out_of_range, ""},
             Wrong{"FREQ=DAILY;BYDAY=MO;BYSETPOS=2", ReadFault::out_of_range, ""},
         }) {
        try {
            static_cast<void>(read_recurrence(wrong.rrule));
            ADD_FAILURE() << wrong.rrule;
        } catch (const ReadError& e) {
            EXPECT_EQ(e.kind, wrong.kind) << wrong.rrule << ": " << e.what();
            EXPECT_EQ(e.where.key, wrong.part) << wrong.rrule;
        }
    }
    EXPECT_THROW(static_cast<void>(read_recurrence("FREQ=DAILY" + std::string(1000, ';'))), ReadError);
}

}  // namespace
}  // namespace riverlight::scheduler
