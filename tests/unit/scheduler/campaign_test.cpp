#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scheduler/campaign/check.hpp"
#include "scheduler/campaign/read.hpp"
#include "tests/unit/scheduler/fixture.hpp"

namespace riverlight {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

std::vector<std::string> findings_of(const std::string& toml) {
    std::vector<std::string> out;
    for (const auto& f : scheduler::read_schedule_toml(toml, "mekong.toml").findings) out.push_back(f.text());
    return out;
}

constexpr auto head = "format = 1\nname = \"mekong\"\n";

struct Fault {
    const char* name;
    const char* toml;
    const char* expected;
};

class CampaignFault : public ::testing::TestWithParam<Fault> {};

TEST_P(CampaignFault, IsReportedWithFileLineAndRemedy) {
    const auto findings = findings_of(std::string(head) + GetParam().toml);
    EXPECT_THAT(findings, Contains(HasSubstr(GetParam().expected)));
    for (const auto& text : findings) EXPECT_THAT(text, HasSubstr("mekong.toml:"));
}

INSTANTIATE_TEST_SUITE_P(
    Each, CampaignFault,
    ::testing::Values(
        Fault{"unknown_key",
              "[[campaign]]\nid = \"a\"\nprioriti = 3\n[[campaign.booking]]\nid = \"b\"\nkind = "
              "\"filler\"\nsegments = [\"s\"]\n",
              "did you mean 'priority'"},
        Fault{"unknown_kind",
              "[[campaign]]\nid = \"a\"\n[[campaign.booking]]\nid = \"b\"\nkind = \"rotatoin\"\nsegments = "
              "[\"s\"]\n",
              "did you mean 'rotation'"},
        Fault{"unknown_word",
              "[[campaign]]\nid = \"a\"\n[[campaign.booking]]\nid = \"b\"\nkind = \"fixed\"\nat = "
              "12:00:00\nlate = \"makegood\"\nsegments = [\"s\"]\n",
              "'late' is 'makegood'; it must be \"join\", \"skip\" or \"make_good\" (did you mean "
              "'make_good'?)"},
        Fault{"no_count",
              "[[campaign]]\nid = \"a\"\n[[campaign.booking]]\nid = \"b\"\nkind = \"rotation\"\nsegments = "
              "[\"s\"]\n",
              "exactly one of"},
        Fault{"no_daypart",
              "[dayparts.morning]\nfrom = 06:00:00\nuntil = 09:00:00\n[[campaign]]\nid = "
              "\"a\"\n[[campaign.booking]]\nid = \"b\"\nkind = \"filler\"\ndayparts = "
              "[\"mornign\"]\nsegments = [\"s\"]\n",
              "did you mean 'morning'"},
        Fault{"bad_rrule",
              "[[campaign]]\nid = \"a\"\n[[campaign.booking]]\nid = \"b\"\nkind = \"filler\"\nrrule = "
              "\"FREQ=SOMETIMES\"\nsegments = [\"s\"]\n",
              "rrule"},
        Fault{"twins",
              "[[campaign]]\nid = \"a\"\n[[campaign.booking]]\nid = \"b\"\nkind = \"filler\"\nsegments = "
              "[\"s\"]\n[[campaign.booking]]\nid = \"b\"\nkind = \"filler\"\nsegments = [\"s\"]\n",
              "booked already on line 5"},
        Fault{"not_toml", "[[campaign]\n", "mekong.toml:3"},
        Fault{"never",
              "[[campaign]]\nid = \"a\"\nfrom = 2026-02-01\nuntil = 2026-01-01\n[[campaign.booking]]\nid = "
              "\"b\"\nkind = \"filler\"\nsegments = [\"s\"]\n",
              "never airs"}),
    [](const auto& fault) { return std::string(fault.param.name); });

TEST(Campaign, ReportsTheLineOfTheError) {
    EXPECT_THAT(findings_of(std::string(head) + "\n\n[[campaign]]\nid = \"a\"\nprioriti = 3\n"),
                Contains(HasSubstr("mekong.toml:7: error")));
}

TEST(Campaign, EveryErrorIsReportedInOnePassWithItsLine) {
    const auto findings =
        findings_of(std::string(head) +
                    "[[campaign]]\nid = \"A\"\npriority = 101\n[[campaign.booking]]\nid = "
                    "\"b\"\nkind = \"fixed\"\nat = 25:00:00\nstart = \"hrad\"\nsegments = []\n"
                    "[[campaign]]\nid = \"c\"\n");
    // A time that is no TOML ends the reading of a file, so it is tested by itself.
    EXPECT_THAT(findings, ::testing::Each(HasSubstr("mekong.toml:")));
    const auto rest = findings_of(std::string(head) +
                                  "[[campaign]]\nid = \"A\"\npriority = 101\n[[campaign.booking]]\nid = "
                                  "\"b\"\nkind = \"fixed\"\nat = \"noon\"\nstart = \"hrad\"\nsegments = []\n"
                                  "[[campaign]]\nid = \"c\"\n");
    for (const auto* fault :
         {":4: error: campaign A: 'id'", ":5: error: campaign A: 'priority'", ":9: error: booking b: 'at'",
          "did you mean 'hard'", "needs 'segments'", ":12: error: campaign c: has no [[campaign.booking]]"})
        EXPECT_THAT(rest, Contains(HasSubstr(fault)));
}

TEST(Campaign, UnknownSegmentIsAnErrorAndAnUnclearedOneAWarning) {
    auto c = test::catalogue({test::segment("false-promise", 30)});
    const auto s = test::schedule(
        "[[campaign]]\nid = \"a\"\n[[campaign.booking]]\nid = \"b\"\nkind = \"filler\"\nsegments = "
        "[\"false-promis\"]\n");
    const auto found = scheduler::check_schedule(s, c, "s.toml");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found[0].error);
    EXPECT_THAT(found[0].text(), HasSubstr("did you mean 'false-promise'"));
    c.countries["KH"].clearances.clear();
    const auto ok = test::schedule(
        "[[campaign]]\nid = \"a\"\n[[campaign.booking]]\nid = \"b\"\nkind = \"filler\"\nsegments = "
        "[\"false-promise\"]\n");
    const auto warned = scheduler::check_schedule(ok, c, "s.toml");
    ASSERT_EQ(warned.size(), 1U);
    EXPECT_FALSE(warned[0].error);
    EXPECT_THAT(warned[0].text(), HasSubstr("no clearance in KH"));
}

}  // namespace
}  // namespace riverlight
