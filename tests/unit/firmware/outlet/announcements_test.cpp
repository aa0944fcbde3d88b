#include "firmware/outlet/announcements.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/firmware/outlet/fixture.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

class AnnouncementsTest : public test::OutletFixture {
  protected:
    /// Two airings of a minute with a minute between them.
    AnnouncementsTest() {
        for (const auto begin : {0min, 2min}) {
            scheduler::PlannedAiring airing;
            airing.segment = "spot";
            airing.locale = airing.locale_asked = "km";
            airing.start = now_.now + begin;
            airing.end = airing.start + 1min;
            planned_.push_back(airing);
        }
        for (const auto& one : planned_) airings_.push_back(&one);
    }
    std::optional<player::Guide> guide() { return said_.guide(*programme(), airings_, now_); }

    std::vector<scheduler::PlannedAiring> planned_;
    Announcements::Airings airings_;
    Announcements said_;
};

TEST_F(AnnouncementsTest, ANoticeIsSaidWhenItChangesAndToANewPlayer) {
    EXPECT_FALSE(said_.show({"", "en"})) << "nothing is shown, and nothing was";
    EXPECT_EQ(said_.show({"Remove the stick", "en"})->text, "Remove the stick");
    EXPECT_FALSE(said_.show({"Remove the stick", "en"}));
    EXPECT_EQ(said_.show({"Remove the stick", "km"})->locale, "km") << "in another language's type";
    EXPECT_EQ(said_.restart()->text, "Remove the stick");
    EXPECT_EQ(said_.show({"", "km"})->text, "");
    EXPECT_FALSE(said_.show({"", "en"})) << "no text has no language";
    EXPECT_FALSE(said_.restart());
}

TEST_F(AnnouncementsTest, APanelIsSwitchedOnlyWhenItChanges) {
    EXPECT_TRUE(said_.panel_on());
    EXPECT_FALSE(said_.switch_panel(true));
    EXPECT_FALSE(said_.switch_panel(false)->on);
    EXPECT_FALSE(said_.switch_panel(false));
    EXPECT_FALSE(said_.restart());
    EXPECT_FALSE(said_.panel_on()) << "a new player is started with it off";
    EXPECT_TRUE(said_.switch_panel(true)->on);
}

TEST_F(AnnouncementsTest, TheGuideIsSaidAtOnceThenEveryTenMinutesAndToANewPlayer) {
    ASSERT_TRUE(guide());
    pass(10min);
    EXPECT_FALSE(guide());
    pass(1us);
    EXPECT_TRUE(guide());
    EXPECT_FALSE(said_.restart());
    EXPECT_TRUE(guide());
}

TEST_F(AnnouncementsTest, TheGuideAndAvailsAreOfTheSystemsClock) {
    now_.ahead = 1h;
    const auto told = guide();
    ASSERT_TRUE(told);
    ASSERT_THAT(told->items, SizeIs(testing::Ge(1U)));
    EXPECT_EQ(told->items.front().start, planned_.front().start - 1h);
    pass(50s);
    const auto avails = said_.avails(airings_, now_);
    ASSERT_THAT(avails, SizeIs(1));
    EXPECT_EQ(avails[0].start, planned_[0].end - 1h);
}

TEST_F(AnnouncementsTest, AnAvailIsSaidFifteenSecondsAheadAndOnce) {
    pass(44s);
    EXPECT_THAT(said_.avails(airings_, now_), IsEmpty()) << "the plan may still change";
    pass(2s);
    const auto avails = said_.avails(airings_, now_);
    ASSERT_THAT(avails, SizeIs(1));
    EXPECT_EQ(avails[0].start, planned_[0].end);
    EXPECT_EQ(avails[0].duration, 1min);
    EXPECT_THAT(said_.avails(airings_, now_), IsEmpty());
    EXPECT_FALSE(said_.restart());
    EXPECT_THAT(said_.avails(airings_, now_), SizeIs(1)) << "a new player knows nothing";
}

}  // namespace
}  // namespace riverlight::firmware
