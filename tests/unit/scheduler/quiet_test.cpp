#include "scheduler/plan/quiet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/scheduler/fixture.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const Instant noon = *from_rfc3339("2026-11-23T05:00:00Z");  // in Phnom Penh, a Monday

class QuietHoursTest : public testing::Test {
  protected:
    std::vector<std::string> between(Instant from, Instant until) {
        std::vector<std::string> out;
        for (const auto& q : quiet_between(schedule_, country(), place(), from, until))
            out.push_back(local_text(q.when.from, place().zone).substr(5, 11) + " to " +
                          local_text(q.when.until, place().zone).substr(5, 11) +
                          (q.gain_db ? " " + std::to_string(static_cast<int>(*q.gain_db)) : " none"));
        return out;
    }
    content::Country& country() { return catalogue_.countries.at("KH"); }
    const content::Place& place() { return country().places[0]; }
    content::Catalogue catalogue_ = test::catalogue({test::segment("a", 10)});
    Schedule schedule_ =
        test::schedule("[dayparts.morning]\nfrom = 06:00:00\nuntil = 11:00:00\n" + test::filler);
};

TEST_F(QuietHoursTest, AreDaypartsOfThePlacesSchedule) {
    country().places[0].quiet = {{"morning", {}}, {"unknown", {}}};
    EXPECT_THAT(between(noon - 2h, noon - 1h), ElementsAre("11-23 06:00 to 11-23 11:00 none"));
    EXPECT_THAT(between(noon - 1h, noon + 1h), IsEmpty());
    EXPECT_THAT(between(noon, noon - 2h), IsEmpty());
}
TEST_F(QuietHoursTest, FollowTheWeekdaysOfTheirDaypart) {
    schedule_.dayparts["morning"].weekdays = 0x7e;  // not on Mondays
    country().places[0].quiet = {{"morning", -20.0}};
    EXPECT_THAT(between(noon - 3h, noon), IsEmpty());
    EXPECT_THAT(between(noon + 21h, noon + 22h), ElementsAre("11-24 06:00 to 11-24 11:00 -20"));
}
TEST_F(QuietHoursTest, AreSplitAtMidnight) {
    schedule_.dayparts["night"] = {"night", 0x7f, 22h, 5h, {}};
    country().places[0].quiet = {{"night", {}}};
    EXPECT_THAT(between(noon + 11h, noon + 13h),
                ElementsAre("11-23 22:00 to 11-24 00:00 none", "11-24 00:00 to 11-24 05:00 none"));
}

}  // namespace
}  // namespace riverlight::scheduler
