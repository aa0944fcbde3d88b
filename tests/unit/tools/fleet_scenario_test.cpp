// Scenarios are read strictly, and troubles are dealt by them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/folder.hpp"
#include "tests/support/refusal.hpp"
#include "tools/fleet/fleet_channel.hpp"
#include "tools/fleet/scenario.hpp"

namespace riverlight::fleet {
namespace {

using test::Refuses;
using test::unread;
using testing::ElementsAre;
using testing::SizeIs;
using namespace std::chrono_literals;

class ScenarioTest : public testing::Test {
  protected:
    ScenarioTest() { std::ofstream(folder_ / "plan.toml") << "format = 1\n"; }
    Scenario read(const std::string& text) {
        std::ofstream(folder_ / "s.toml") << text;
        return read_scenario(folder_ / "s.toml");
    }
    /// A whole scenario, with `more` at its end.
    static std::string scenario(const std::string& more, const std::string& head = "days = 3\n") {
        return "format = 1\nfirst_day = \"2026-03-02\"\n" + head +
               "[[segment]]\nid = \"work\"\nseconds = 60\n"
               "[[country]]\ncode = \"KH\"\nzone = \"Asia/Phnom_Penh\"\nweight = 2\n"
               "languages = [{ language = \"km\", share = 100 }]\n"
               "[[country]]\ncode = \"TH\"\nzone = \"Asia/Bangkok\"\n"
               "languages = [{ language = \"th\", share = 100 }]\n"
               "[[release]]\nat = \"2026-03-01T00:00:00Z\"\nschedule = \"plan.toml\"\n" +
               more;
    }

    test::Folder folder_;
};

TEST_F(ScenarioTest, TheOneThatExplainsTheFormatIsRead) {
    const auto week = read_scenario(FLEET_SCENARIOS "/week.toml");
    EXPECT_EQ(week.days, 7);
    EXPECT_THAT(week.countries, SizeIs(3));
    EXPECT_THAT(week.releases, SizeIs(3));
    ASSERT_THAT(week.troubles, SizeIs(7));
    const auto& offline = std::get<OfflineWeek>(week.troubles[1].trouble);
    EXPECT_EQ(offline.from_day, 2);
    EXPECT_EQ(offline.until_day, 5);
    EXPECT_EQ(std::get<WrongClock>(week.troubles[2].trouble).behind, 24h);
    EXPECT_EQ(week.begin(), *from_rfc3339("2026-03-01T12:00:00Z"));
    EXPECT_EQ(week.end(), *from_rfc3339("2026-03-10T12:00:00Z"));
}

TEST_F(ScenarioTest, WhatTheFormatDoesNotHaveIsRefusedAtItsKey) {
    const auto fault = [&](const std::string& text) {
        return unread([&] { static_cast<void>(read(text)); });
    };
    EXPECT_FALSE(fault(scenario("")));
    EXPECT_THAT(fault(scenario("", "day = 3\n")), Refuses(ReadFault::unknown, "day"));
    EXPECT_THAT(fault(scenario("", "days = 61\n")), Refuses(ReadFault::out_of_range, "days"));
    EXPECT_THAT(fault(scenario("", "boards = 0\n")), Refuses(ReadFault::out_of_range, "boards"));
    EXPECT_THAT(fault(scenario("[[trouble]]\nkind = \"lie\"\npercent = 1\n")),
                Refuses(ReadFault::unknown, "trouble.1.kind"));
    EXPECT_THAT(fault(scenario("[[trouble]]\nkind = \"lies\"\npercent = 101\n")),
                Refuses(ReadFault::out_of_range, "trouble.1.percent"));
    EXPECT_THAT(fault(scenario("[[trouble]]\nkind = \"lies\"\npercent = 1\na_day = 2\n")),
                Refuses(ReadFault::unknown, "trouble.1.a_day"));
    EXPECT_THAT(fault(scenario("[[trouble]]\nkind = \"offline\"\npercent = 1\nuntil_day = 4\n")),
                Refuses(ReadFault::out_of_range, "trouble.1.until_day"));
    EXPECT_THAT(fault(scenario("[[segment]]\nid = \"Work\"\nseconds = 60\n")),
                Refuses(ReadFault::malformed, "segment.2.id"));
    EXPECT_THAT(fault(scenario("[[release]]\nat = \"2026-03-02T00:00:00Z\"\nschedule = \"none.toml\"\n")),
                Refuses(ReadFault::unresolved, "release.2.schedule"));
    EXPECT_THAT(fault(scenario("[[release]]\nat = \"2026-02-02T00:00:00Z\"\nschedule = \"plan.toml\"\n")),
                Refuses(ReadFault::misplaced, "release"));
    EXPECT_THAT(fault("format = 2\n"), Refuses(ReadFault::unsupported, "format"));
}

TEST_F(ScenarioTest, CountriesTakeTurnsByWeight) {
    EXPECT_THAT(place_ids(read(scenario("", "boards = 5\n"))),
                ElementsAre("kh-00000", "kh-00001", "th-00002", "kh-00003", "kh-00004"));
}

}  // namespace
}  // namespace riverlight::fleet
