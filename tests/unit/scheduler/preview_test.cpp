#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libical/ical.h>

#include <memory>

#include "content/base/toml.hpp"
#include "scheduler/plan/planner.hpp"
#include "scheduler/preview/diff.hpp"
#include "scheduler/preview/diff_write.hpp"
#include "scheduler/preview/ics.hpp"
#include "scheduler/preview/overbooked.hpp"
#include "scheduler/preview/svg.hpp"
#include "tests/unit/scheduler/fixture.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;
using test::campaign;
using test::segment;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string fill =
    campaign("fill", "id = \"fill\"\nkind = \"filler\"\nsegments = [\"f20\"]", "priority = 1");
const std::string noon = campaign(
    "noon", "id = \"news\"\nkind = \"fixed\"\nstart = \"hard\"\nat = 12:00:00\nsegments = [\"spot\"]",
    "title = \"ដំណឹង, ពេលថ្ងៃ; <ត្រង់> \\\\ ដែលវែងណាស់ ដើម្បីឱ្យបន្ទាត់ត្រូវបត់នៅកន្លែងត្រឹមត្រូវ\"");
const std::string clash = campaign(
    "clash",
    "id = \"too\"\nkind = \"fixed\"\nstart = \"hard\"\nlate = \"skip\"\nat = 12:00:10\nsegments = [\"spot\"]",
    "priority = 10");

content::Catalogue channel(const std::string& zone = "Asia/Phnom_Penh") {
    return test::catalogue({segment("f20", 20), segment("spot", 30), segment("long", 600)}, zone);
}

struct IcalFree {
    void operator()(icalcomponent* c) const { icalcomponent_free(c); }
};

TEST(PreviewIcs, LibicalReadsItBack) {
    const auto c = channel("Europe/Berlin");
    const auto s = test::schedule(fill + noon + clash);
    const auto& place = c.countries.at("KH").places[0];
    std::vector<Plan> plans;
    for (const auto* day : {"2026-10-25", "2026-10-26"})
        plans.push_back(plan_day(s, c, place, test::date(day), 0));
    const auto text = preview_ics(plans, s, place);
    for (std::size_t at = 0, end = 0; (end = text.find("\r\n", at)) != std::string::npos; at = end + 2) {
        EXPECT_LE(end - at, 75U) << "RFC 5545, 3.1";
        const bool inside_letter =
            text[at] == ' ' && (static_cast<unsigned char>(text[at + 1]) & 0xC0) == 0x80;
        EXPECT_FALSE(inside_letter) << text.substr(at, end - at);
    }
    const std::unique_ptr<icalcomponent, IcalFree> calendar(icalparser_parse_string(text.c_str()));
    ASSERT_TRUE(calendar);
    icalcomponent_strip_errors(calendar.get());
    EXPECT_EQ(icalcomponent_count_errors(calendar.get()), 0);
    std::vector<std::string> news;
    int cancelled = 0;
    for (auto* e = icalcomponent_get_first_component(calendar.get(), ICAL_VEVENT_COMPONENT); e != nullptr;
         e = icalcomponent_get_next_component(calendar.get(), ICAL_VEVENT_COMPONENT)) {
        ASSERT_NE(icalcomponent_get_uid(e), nullptr);
        if (icalcomponent_get_status(e) == ICAL_STATUS_CANCELLED) {
            ++cancelled;
        } else if (std::string(icalcomponent_get_summary(e)).find("news") != std::string::npos) {
            EXPECT_THAT(icalcomponent_get_summary(e), HasSubstr("ដំណឹង, ពេលថ្ងៃ; <ត្រង់> \\ ដែលវែងណាស់"));
            news.emplace_back(icaltime_as_ical_string(icalcomponent_get_dtstart(e)));
        }
    }
    EXPECT_EQ(cancelled, 2);
    EXPECT_EQ(news, (std::vector<std::string>{"20261025T110000Z", "20261026T110000Z"}))
        << "noon, winter time";
}

TEST(PreviewSvg, ShowsLanesScriptsHatchesAndTheClockChange) {
    const auto c = channel("Europe/Berlin");
    const auto s = test::schedule(fill + noon + clash);
    const auto& place = c.countries.at("KH").places[0];
    const auto autumn = preview_svg({plan_day(s, c, place, test::date("2026-10-25"), 0)}, s, place);
    EXPECT_THAT(autumn, HasSubstr("clock goes back 60 min"));
    EXPECT_THAT(autumn, HasSubstr("&lt;ត្រង់&gt;"));
    EXPECT_THAT(autumn, HasSubstr("1 gives way"));
    EXPECT_THAT(autumn, HasSubstr("<path fill=\"url(#hatch)\""));
    EXPECT_THAT(autumn, HasSubstr("Sunday 2026-10-25"));
    const auto spring = preview_svg({plan_day(s, c, place, test::date("2026-03-29"), 0)}, s, place);
    EXPECT_THAT(spring, HasSubstr("clock goes forward 60 min"));
    const auto plain =
        preview_svg({plan_day(test::schedule(fill), c, place, test::date("2026-11-24"), 0)}, s, place);
    EXPECT_THAT(plain, Not(HasSubstr("<path fill=\"url(#hatch)\"")));
    EXPECT_THAT(plain, Not(HasSubstr("clock goes")));
}

std::vector<std::string> findings_of(const std::string& toml) {
    std::vector<std::string> out;
    for (const auto& f :
         check_plans(test::schedule(toml), channel(), "s.toml", {test::date("2026-11-24"), 2, 5})) {
        EXPECT_GT(f.line, 0);
        EXPECT_FALSE(f.error);
        out.push_back(f.text());
    }
    return out;
}

TEST(CheckPlans, NamesTheOverbookedDaypartTheCountryAndTheLosingCampaign) {
    const std::string evening = "\n[dayparts.evening]\nfrom = 18:00:00\nuntil = 20:00:00\n";
    // 120 minutes have room for 12 plays of 10 minutes; the campaigns ask for 9 and 6.
    const auto findings = findings_of(fill + evening +
                                      campaign("great",
                                               "id = \"g\"\nkind = \"rotation\"\ndayparts = "
                                               "[\"evening\"]\nplays_per_day = 9\nsegments = [\"long\"]",
                                               "priority = 80") +
                                      campaign("small",
                                               "id = \"l\"\nkind = \"rotation\"\ndayparts = "
                                               "[\"evening\"]\nplays_per_day = 6\nsegments = [\"long\"]",
                                               "priority = 20"));
    EXPECT_THAT(findings,
                Contains(::testing::MatchesRegex(
                    "s.toml:[0-9]+: warning: Evening KH is overbooked by [3-6]0 min: campaign small loses "
                    "[3-6] of 6 plays.*")));
    EXPECT_THAT(findings_of(fill), ::testing::IsEmpty());
}

TEST(CheckPlans, NamesConflictingBookingsAndWhenTheSlateShows) {
    EXPECT_THAT(
        findings_of(fill + noon + clash),
        Contains(HasSubstr("booking too: gives way in KH to news: campaign clash loses 1 of 1 plays")));
    EXPECT_THAT(findings_of(noon), Contains(HasSubstr("the slate shows for 1440 min")));
}

TEST(CheckPlans, NamesBookingsThatNeverAir) {
    EXPECT_THAT(findings_of(fill + campaign("gone", "id = \"g\"\nkind = \"filler\"\nsegments = [\"gone\"]")),
                Contains(HasSubstr("booking g: never airs at kh-1")));
}

TEST(ComparePlans, CountsGainedLostMovedAndAltered) {
    const auto c = channel();
    const auto& place = c.countries.at("KH").places[0];
    const auto plan_of = [&](const std::string& toml) {
        return plan_day(test::schedule(toml), c, place, test::date("2026-11-24"), 0);
    };
    auto later = noon;
    later.replace(later.find("12:00:00"), 8, "12:30:00");
    const auto moved = compare_plans(plan_of(fill + noon), plan_of(fill + later));
    EXPECT_EQ(moved.campaigns.at("noon").moved, 1);
    EXPECT_THAT(diff_text({moved}, false), HasSubstr("moved  12:30:00  spot in km, news (was 12:00:00)"));
    const auto gone = compare_plans(plan_of(fill + noon), plan_of(fill));
    EXPECT_EQ(gone.campaigns.at("noon").lost, 1);
    EXPECT_EQ(compare_plans(plan_of(fill), plan_of(fill + noon)).campaigns.at("noon").gained, 1);
    auto other = noon;
    other.replace(other.find("spot"), 4, "f20");
    EXPECT_EQ(compare_plans(plan_of(fill + noon), plan_of(fill + other)).campaigns.at("noon").altered, 1);
    const auto same = compare_plans(plan_of(fill + noon), plan_of(fill + noon));
    EXPECT_TRUE(same.changes.empty());
    EXPECT_EQ(diff_text({same}, true), "nothing changes at these places on these days\n");
}

TEST(TomlShape, IgnoresStringsAndComments) {
    EXPECT_FALSE(toml_shape_fault("a = \"" + std::string(500, '[') + "\"\n# " + std::string(500, '[')));
    EXPECT_FALSE(toml_shape_fault("a = '''\n" + std::string(500, '.') + "\n'''\n" + std::string("b = 1")));
    EXPECT_TRUE(toml_shape_fault("a = " + std::string(65, '[')));
    std::string dotted = "a";
    for (int n = 0; n < 65; ++n) dotted += ".a";
    EXPECT_TRUE(toml_shape_fault(dotted + " = 1"));
    EXPECT_EQ(toml_shape_fault("\n\n" + dotted + " = 1")->line, 3);
}

}  // namespace
}  // namespace riverlight::scheduler
