// A place's settings for its screen, read and written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/base/error.hpp"
#include "content/segment/country_json.hpp"

namespace riverlight::content {
namespace {

using testing::HasSubstr;
using testing::Not;

Country read(const std::string& settings) {
    Country country;
    country.code = "KH";
    parse_places(R"({"format":1,"country":"KH","hours":{},"places":[{"id":"kh-1","name":"Clinic",
        "zone":"Asia/Phnom_Penh","languages":[{"language":"km"}],"schedule":"mekong")" +
                     settings + "}]}",
                 "places.json", country);
    return country;
}

std::string refusal(const std::string& settings) {
    try {
        static_cast<void>(read(settings));
    } catch (const Error& e) {
        return e.what();
    }
    return "taken";
}

TEST(Places, ReadsBackQuietHours) {
    auto country =
        read(R"(,"quiet":[{"daypart":"surgery"},{"daypart":"night","gain_db":-12.5}],"subtitles":false)");
    for (int i = 0; i < 2; ++i) {
        const auto& place = country.places.at(0);
        ASSERT_EQ(place.quiet.size(), 2U);
        EXPECT_EQ(place.quiet[0].daypart, "surgery");
        EXPECT_FALSE(place.quiet[0].gain_db);
        EXPECT_EQ(place.quiet[1].gain_db, -12.5);
        EXPECT_FALSE(place.subtitles);
        const auto text = write_places(country);
        country.places.clear();
        parse_places(text, "places.json", country);
    }
}

TEST(Places, DoesNotWriteDefaults) {
    const auto country = read("");
    EXPECT_TRUE(country.places.at(0).subtitles);
    EXPECT_THAT(write_places(country), testing::AllOf(Not(HasSubstr("quiet")), Not(HasSubstr("subtitles"))));
}

TEST(Places, ReadsBackSignLanguagesAndShowsTheFirstAvailable) {
    auto country = read(R"(,"signs":["csd","tsq"])");
    const auto text = write_places(country);
    country.places.clear();
    parse_places(text, "places.json", country);
    const auto& place = country.places.at(0);
    EXPECT_THAT(place.signs, testing::ElementsAre("csd", "tsq"));
    Localisation words;
    EXPECT_EQ(sign_at(place, words), "");
    words.signs = {{"csl", "x"}, {"tsq", "y"}};
    EXPECT_EQ(sign_at(place, words), "tsq");
    words.signs["csd"] = "z";
    EXPECT_EQ(sign_at(place, words), "csd");
    EXPECT_EQ(sign_at(read("").places.at(0), words), "") << "a place that asks for none";
    EXPECT_THAT(write_places(read("")), Not(HasSubstr("signs")));
    EXPECT_THAT(refusal(R"(,"signs":["Thai Sign"])"), HasSubstr("tsq"));
    EXPECT_EQ(refusal(R"(,"outlet":"feed","signs":["tsq"])"), "taken");
}

TEST(Places, RefusesInvalidQuietHours) {
    EXPECT_THAT(refusal(R"(,"quiet":[{"daypart":"surgery","gain_db":0}])"), HasSubstr("below 0"));
    EXPECT_THAT(refusal(R"(,"quiet":[{"daypart":"surgery","gain_db":-61}])"), HasSubstr("from -60"));
    EXPECT_THAT(refusal(R"(,"quiet":[{"gain_db":-6}])"), HasSubstr("daypart"));
    EXPECT_THAT(refusal(R"(,"quiet":[{"daypart":"surgery","mute":true}])"), HasSubstr("mute"));
}

TEST(Places, RefusesQuietHoursOfAFeedWithAReason) {
    EXPECT_THAT(refusal(R"(,"outlet":"feed","quiet":[{"daypart":"surgery"}])"), HasSubstr("renditions"));
    EXPECT_THAT(refusal(R"(,"outlet":"feed","subtitles":false)"), HasSubstr("renditions"));
    EXPECT_EQ(refusal(R"(,"outlet":"feed")"), "taken");
}

TEST(Places, ReadsBackOpenHours) {
    const auto text =
        R"("open":["mon-fri 08:00-20:00","sat 09:00-13:00","22:00-24:00","fri-mon 23:00-02:30"])";
    auto country = read(std::string(",") + text);
    const auto open = country.places.at(0).open;
    ASSERT_EQ(open.size(), 4U);
    EXPECT_EQ(open[0].weekdays, 0x1fU);
    EXPECT_EQ(open[2], (OpenHours{0x7f, {std::chrono::hours(22), std::chrono::hours(0)}}));
    for (const auto& hours : open) EXPECT_EQ(parse_open_hours(open_hours_text(hours)), hours);
    const auto written = write_places(country);
    EXPECT_THAT(written, testing::AllOf(HasSubstr("\"fri-mon 23:00-02:30\""), HasSubstr("\"22:00-24:00\"")));
    parse_places(written, "places.json", country);
    EXPECT_EQ(country.places.at(0).open, open);
    EXPECT_THAT(write_places(read("")), Not(HasSubstr("open")));
}

TEST(Places, ReadsBackThePicturePreferenceAndItsDefault) {
    EXPECT_EQ(read("").places.at(0).picture, (PicturePreference{720, {"h264"}}));
    EXPECT_THAT(write_places(read("")), Not(HasSubstr("picture")));
    EXPECT_THAT(write_places(read(R"(,"picture":{"height":720,"codecs":["h264"]})")),
                Not(HasSubstr("picture")));
    auto country = read(R"(,"picture":{"height":1080,"codecs":["hevc","h264"]})");
    const PicturePreference wish{1080, {"hevc", "h264"}};
    EXPECT_EQ(country.places.at(0).picture, wish);
    parse_places(write_places(country), "places.json", country);
    EXPECT_EQ(country.places.at(0).picture, wish);
    EXPECT_EQ(read(R"(,"picture":{"height":540})").places.at(0).picture, (PicturePreference{540, {"h264"}}));
}

TEST(Places, RefusesInvalidPicturePreferences) {
    for (const auto* wrong : {R"({"height":100})", R"({"height":9000})", R"({"height":"1080"})"})
        EXPECT_THAT(refusal(std::string(",\"picture\":") + wrong),
                    testing::AllOf(HasSubstr("kh-1"), HasSubstr("height")))
            << wrong;
    for (const auto* wrong : {R"(["av1"])", R"(["h264","h264"])"})
        EXPECT_THAT(refusal(std::string(",\"picture\":{\"codecs\":") + wrong + "}"),
                    testing::AllOf(HasSubstr("codecs"), HasSubstr("[\"hevc\", \"h264\"]")))
            << wrong;
    EXPECT_THAT(refusal(R"(,"picture":{"codecs":[]})"), HasSubstr("codecs: is empty"));
    EXPECT_THAT(refusal(R"(,"picture":{"codec":"hevc"})"), HasSubstr("codec"));
    EXPECT_THAT(refusal(R"(,"outlet":"feed","picture":{"height":1080})"), HasSubstr("profile"));
}

TEST(Places, RefusesInvalidOpenHoursWithAnExample) {
    for (const auto* wrong : {R"(,"open":["mo 08:00-20:00"])", R"(,"open":["mon-fri"])",
                              R"(,"open":["08:00-08:00"])", R"(,"open":["08:00-25:00"])", R"(,"open":[""])"})
        EXPECT_THAT(refusal(wrong),
                    testing::AllOf(HasSubstr("kh-1"), HasSubstr("open"), HasSubstr("mon-fri 08:00-20:00")))
            << wrong;
    EXPECT_THAT(refusal(R"(,"outlet":"feed","open":["08:00-20:00"])"), HasSubstr("screens"));
}

}  // namespace
}  // namespace riverlight::content
