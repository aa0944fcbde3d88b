// The programme guide of a day: XMLTV, a calendar and a table.
#include "tools/traffic/guide.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/unit/scheduler/fixture.hpp"
#include "tests/unit/tools/traffic_day.hpp"
#include "tools/traffic/csv.hpp"
#include "tools/traffic/xml.hpp"

namespace riverlight::traffic {
namespace {

using testing::Contains;

/// The properties of a calendar (RFC 5545), unfolded.
std::vector<std::string> properties(const std::string& ics) {
    std::vector<std::string> out;
    std::istringstream lines(ics);
    for (std::string line; std::getline(lines, line);) {
        EXPECT_TRUE(line.ends_with('\r')) << line;
        line.pop_back();
        if (line.starts_with(' '))
            out.back() += line.substr(1);
        else
            out.push_back(line);
    }
    return out;
}

/// The only programme of a guide in XMLTV.
XmlElement programme_of(std::string xml) {
    const std::string doctype = "<!DOCTYPE tv SYSTEM \"xmltv.dtd\">\n";  // our reader accepts none
    xml.erase(xml.find(doctype), doctype.size());
    std::vector<XmlElement> all;
    read_xml(xml, "guide", "tv", "programme", [&](const XmlElement& one) { all.push_back(one); });
    EXPECT_EQ(all.size(), 1U);
    return all.at(0);
}

TEST(PlaceGuide, XmltvHoldsTimesTitlesTopicsRatingAndAiringId) {
    auto catalogue = test::catalogue(
        {test::segment("fair-work", 30, {"km", "en"}, content::Rating::guidance, {"labour", "a&b"})});
    catalogue.segments.at("fair-work").locales.at("km").title = "ការងារ <សមរម្យ>";
    const std::vector<Plan> plans{plan_of({planned(1, morning + 8h, 30s)})};
    const auto programme =
        programme_of(guide_xmltv({catalogue.countries.at("KH").places[0], catalogue, plans}));
    EXPECT_EQ(programme.attribute("start"), "20261124080000 +0700");
    EXPECT_EQ(programme.attribute("stop"), "20261124080030 +0700");
    std::vector<std::pair<std::string, std::string>> titles;
    std::vector<std::string> categories;
    for (const auto& child : programme.children) {
        if (child.name == "title") titles.emplace_back(child.attribute("lang"), child.text);
        if (child.name == "category") categories.push_back(child.attribute("lang") + ' ' + child.text);
    }
    ASSERT_EQ(titles.size(), 2U);
    EXPECT_EQ(titles[0], std::pair(std::string("km"), std::string("ការងារ <សមរម្យ>")));
    EXPECT_EQ(titles[1].first, "en");
    EXPECT_THAT(categories, testing::ElementsAre("en labour", "en a&b"));
    EXPECT_EQ(programme.text_at("language"), "km");
    EXPECT_EQ(programme.text_at("rating/value"), "guidance");
    EXPECT_EQ(programme.text_at("episode-num"), hex_id(1));
    EXPECT_EQ(programme.find("episode-num")->attribute("system"), "riverlight.airing");
}

TEST(PlaceGuide, CalendarAndTableHoldTitlesTopicsAndRatingByAiringId) {
    auto catalogue = test::catalogue(
        {test::segment("fair-work", 30, {"km", "en"}, content::Rating::guidance, {"labour", "a&b"})});
    catalogue.segments.at("fair-work").locales.at("km").title = "ការងារ <សមរម្យ>";
    const std::vector<Plan> plans{plan_of({planned(1, morning + 8h, 30s)})};
    const auto& place = catalogue.countries.at("KH").places[0];
    const PlaceGuide guide{place, catalogue, plans};
    const auto ics = properties(guide_ics(guide));
    for (const auto* line : {"DTSTART:20261124T010000Z", "SUMMARY;LANGUAGE=km:ការងារ <សមរម្យ>",
                             "CATEGORIES:mekong,labour,a&b,rating guidance"})
        EXPECT_THAT(ics, Contains(line));
    EXPECT_THAT(ics, Contains("UID:" + hex_id(1) + "@riverlight"));
    const auto rows = read_csv_rows(guide_csv(guide), "g");
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[1].cells.back(), hex_id(1));
    EXPECT_THAT(rows[1].cells, Contains("ការងារ <សមរម្យ>"));
    EXPECT_THAT(rows[1].cells, Contains(spot_code("fair-work", "km")));
}

}  // namespace
}  // namespace riverlight::traffic
