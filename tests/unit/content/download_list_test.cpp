// Which media a board downloads for its place.
#include "content/sync/download_list.hpp"

#include <gtest/gtest.h>

namespace riverlight::content {
namespace {

/// One segment in Thai and Khmer, each with a picture and a rendition; Thailand clears Thai.
Facts facts_of_one_segment() {
    Facts facts;
    Manifest segment;
    segment.id = "fair-work";
    for (const auto* locale : {"th", "km"}) {
        auto& words = segment.locales[locale];
        words.picture = std::string("picture-") + locale;
        words.renditions["720p25"] = std::string("rendition-") + locale;
        for (const auto& name : {words.picture, words.renditions["720p25"]})
            segment.files[name].sha256 = name;
        segment.files[words.renditions["720p25"]].profile = "720p25";
    }
    facts.catalogue.segments.emplace(segment.id, segment);
    Country thailand;
    thailand.code = "TH";
    Clearance clearance;
    clearance.segment = segment.id;
    clearance.revision = segment.revision;
    clearance.locales = {"th"};
    thailand.clearances.push_back(clearance);
    for (const auto* outlet : {"screen", "feed"}) {
        Place place;
        place.id = std::string("th-") + outlet;
        place.country = "TH";
        place.schedule = "partner";
        place.outlet = parse_outlet_kind(outlet).value();
        thailand.places.push_back(place);
    }
    facts.catalogue.countries.emplace("TH", thailand);
    facts.schedules["partner"] = R"({"campaign":[{"booking":[{"segments":["fair-work"]}]}]})";
    return facts;
}

std::string names(const std::map<std::string, MediaFile>& media) {
    std::string out;
    for (const auto& [name, file] : media) out += (out.empty() ? "" : " ") + name;
    return out;
}

TEST(DownloadList, HasRenditionsOnlyForFeeds) {
    const auto facts = facts_of_one_segment();
    const auto& places = facts.catalogue.countries.at("TH").places;
    EXPECT_EQ(names(list_downloads(facts, &places[0])), "picture-th");
    EXPECT_EQ(names(list_downloads(facts, &places[1])), "picture-th rendition-th");
}

TEST(DownloadList, HasInterpretersOnlyWhereThePlaceShowsThem) {
    auto facts = facts_of_one_segment();
    auto& segment = facts.catalogue.segments.at("fair-work");
    auto& words = segment.locales.at("th");
    words.signs = {{"csl", "sign-csl"}, {"tsq", "sign-tsq"}};
    words.renditions["720p25+tsq"] = "rendition-th-tsq";
    for (const auto* name : {"sign-csl", "sign-tsq", "rendition-th-tsq"}) segment.files[name].sha256 = name;
    segment.files["rendition-th-tsq"].profile = "720p25";
    auto& places = facts.catalogue.countries.at("TH").places;
    EXPECT_EQ(names(list_downloads(facts, &places[0])), "picture-th");
    EXPECT_EQ(names(list_downloads(facts, &places[1])), "picture-th rendition-th");
    for (auto& place : places) place.signs = {"hab", "tsq", "csl"};
    EXPECT_EQ(names(list_downloads(facts, &places[0])), "picture-th sign-tsq");
    EXPECT_EQ(names(list_downloads(facts, &places[1])), "picture-th rendition-th-tsq sign-tsq");
    EXPECT_EQ(list_downloads(facts, nullptr).size(), 7U) << "all there is";
}

TEST(DownloadList, HasOnePictureForThePlacesScreen) {
    auto facts = facts_of_one_segment();
    auto& segment = facts.catalogue.segments.at("fair-work");
    const auto add = [&](const std::string& name, const std::string& codec, int height) {
        auto& file = segment.files[name];
        file.sha256 = name;
        file.codec = codec;
        file.height = height;
    };
    add("picture-th", "h264", 720);
    add("picture-th-1080", "hevc", 1080);
    add("picture-th-540", "h264", 540);
    segment.locales.at("th").ladder = {"picture-th-1080", "picture-th-540"};
    auto& places = facts.catalogue.countries.at("TH").places;
    EXPECT_EQ(names(list_downloads(facts, &places[0])), "picture-th");
    EXPECT_EQ(names(list_downloads(facts, &places[1])), "picture-th rendition-th")
        << "a feed encodes the house's";
    places[0].picture = {1080, {"hevc", "h264"}};
    EXPECT_EQ(names(list_downloads(facts, &places[0])), "picture-th-1080");
    places[0].picture = {600, {"h264"}};
    EXPECT_EQ(names(list_downloads(facts, &places[0])), "picture-th-540");
    EXPECT_EQ(names(list_downloads(facts, nullptr)),
              "picture-km picture-th picture-th-1080 picture-th-540 rendition-km rendition-th")
        << "who serves all places needs all";
}

TEST(DownloadList, IncludesTheFillersOfABlock) {
    auto facts = facts_of_one_segment();
    facts.schedules["partner"] = R"({"campaign":[{"booking":[{"segments":[],"filler":["fair-work"]}]}]})";
    EXPECT_EQ(names(list_downloads(facts, &facts.catalogue.countries.at("TH").places[0])), "picture-th");
}

}  // namespace
}  // namespace riverlight::content
