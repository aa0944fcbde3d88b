#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scheduler/campaign/check.hpp"
#include "scheduler/campaign/read.hpp"
#include "tests/unit/scheduler/fixture.hpp"

namespace riverlight {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;

using scheduler::Finding;

std::vector<Finding> findings_of(const std::string& toml) {
    return scheduler::read_schedule_toml(toml, "mekong.toml").findings;
}

MATCHER_P(Proposes, name, "") {
    return arg.meant == name;
}

constexpr auto head = "format = 1\nname = \"mekong\"\n";

struct Fault {
    const char* name;
    const char* toml;
    int line;           ///< of the finding
    const char* words;  ///< of its message
    const char* meant = "";
};

class CampaignFault : public ::testing::TestWithParam<Fault> {};

TEST_P(CampaignFault, IsReportedWithFileLineAndWhatWasMeant) {
    const auto findings = findings_of(std::string(head) + GetParam().toml);
    EXPECT_THAT(findings, Contains(AllOf(Field(&Finding::line, GetParam().line), Proposes(GetParam().meant),
                                         Field(&Finding::error, true),
                                         Field(&Finding::message, HasSubstr(GetParam().words)))));
    for (const auto& finding : findings) EXPECT_EQ(finding.file, "mekong.toml");
}

INSTANTIATE_TEST_SUITE_P(
    Each, CampaignFault,
    ::testing::Values(
        Fault{"unknown_key",
              "[[campaign]]\nid = \"a\"\nprioriti = 3\n[[campaign.booking]]\nid = \"b\"\nkind = "
              "\"filler\"\nsegments = [\"s\"]\n",
              5, "campaign a: unknown key 'prioriti'", "priority"},
        Fault{"unknown_kind",
              "[[campaign]]\nid = \"a\"\n[[campaign.booking]]\nid = \"b\"\nkind = \"rotatoin\"\nsegments = "
              "[\"s\"]\n",
              7, "'rotatoin' is not a kind of booking", "rotation"},
        Fault{"unknown_word",
              "[[campaign]]\nid = \"a\"\n[[campaign.booking]]\nid = \"b\"\nkind = \"fixed\"\nat = "
              "12:00:00\nlate = \"makegood\"\nsegments = [\"s\"]\n",
              9, "'late' is 'makegood'; it must be \"join\", \"skip\" or \"make_good\"", "make_good"},
        Fault{"no_count",
              "[[campaign]]\nid = \"a\"\n[[campaign.booking]]\nid = \"b\"\nkind = \"rotation\"\nsegments = "
              "[\"s\"]\n",
              5, "exactly one of"},
        Fault{"no_daypart",
              "[dayparts.morning]\nfrom = 06:00:00\nuntil = 09:00:00\n[[campaign]]\nid = "
              "\"a\"\n[[campaign.booking]]\nid = \"b\"\nkind = \"filler\"\ndayparts = "
              "[\"mornign\"]\nsegments = [\"s\"]\n",
              11, "no daypart 'mornign'", "morning"},
        Fault{"bad_rrule",
              "[[campaign]]\nid = \"a\"\n[[campaign.booking]]\nid = \"b\"\nkind = \"filler\"\nrrule = "
              "\"FREQ=SOMETIMES\"\nsegments = [\"s\"]\n",
              8, "rrule"},
        Fault{"twins",
              "[[campaign]]\nid = \"a\"\n[[campaign.booking]]\nid = \"b\"\nkind = \"filler\"\nsegments = "
              "[\"s\"]\n[[campaign.booking]]\nid = \"b\"\nkind = \"filler\"\nsegments = [\"s\"]\n",
              9, "booked already on line 5"},
        Fault{"not_toml", "[[campaign]\n", 3, ""},
        Fault{"never",
              "[[campaign]]\nid = \"a\"\nfrom = 2026-02-01\nuntil = 2026-01-01\n[[campaign.booking]]\nid = "
              "\"b\"\nkind = \"filler\"\nsegments = [\"s\"]\n",
              6, "never airs"}),
    [](const auto& fault) { return std::string(fault.param.name); });

TEST(Campaign, ReportsTheLineOfTheError) {
    EXPECT_THAT(findings_of(std::string(head) + "\n\n[[campaign]]\nid = \"a\"\nprioriti = 3\n"),
                Contains(AllOf(Field(&Finding::line, 7), Proposes("priority"))));
}

TEST(Campaign, EveryErrorIsReportedInOnePassWithItsLine) {
    const auto findings =
        findings_of(std::string(head) +
                    "[[campaign]]\nid = \"A\"\npriority = 101\n[[campaign.booking]]\nid = "
                    "\"b\"\nkind = \"fixed\"\nat = 25:00:00\nstart = \"hrad\"\nsegments = []\n"
                    "[[campaign]]\nid = \"c\"\n");
    // A time that is no TOML ends the reading of a file, so it is tested by itself.
    EXPECT_THAT(findings, ::testing::Each(Field(&Finding::file, "mekong.toml")));
    const auto rest = findings_of(std::string(head) +
                                  "[[campaign]]\nid = \"A\"\npriority = 101\n[[campaign.booking]]\nid = "
                                  "\"b\"\nkind = \"fixed\"\nat = \"noon\"\nstart = \"hrad\"\nsegments = []\n"
                                  "[[campaign]]\nid = \"c\"\n");
    const std::pair<int, const char*> faults[] = {{4, "campaign A: 'id'"},
                                                  {5, "campaign A: 'priority'"},
                                                  {6, "booking b: needs 'segments'"},
                                                  {9, "booking b: 'at'"},
                                                  {12, "campaign c: has no [[campaign.booking]]"}};
    for (const auto& [line, words] : faults)
        EXPECT_THAT(rest, Contains(AllOf(Field(&Finding::line, line), Field(&Finding::error, true),
                                         Field(&Finding::message, ::testing::StartsWith(words)))));
    EXPECT_THAT(rest, Contains(AllOf(Field(&Finding::line, 10), Proposes("hard"))));
}

TEST(Campaign, UnknownSegmentIsAnErrorAndAnUnclearedOneAWarning) {
    auto c = test::catalogue({test::segment("false-promise", 30)});
    const auto s = test::schedule(
        "[[campaign]]\nid = \"a\"\n[[campaign.booking]]\nid = \"b\"\nkind = \"filler\"\nsegments = "
        "[\"false-promis\"]\n");
    const auto found = scheduler::check_schedule(s, c, "s.toml");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found[0].error);
    EXPECT_THAT(found[0], Proposes("false-promise"));
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
