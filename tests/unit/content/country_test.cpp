// A place's settings for its screen, read and written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/base/json.hpp"
#include "content/segment/country_json.hpp"
#include "tests/support/refusal.hpp"

namespace riverlight::content {
namespace {

using test::Refuses;

Country read(const std::string& settings) {
    Country country;
    country.code = "KH";
    parse_places(R"({"format":1,"country":"KH","hours":{},"places":[{"id":"kh-1","name":"Clinic",
        "zone":"Asia/Phnom_Penh","languages":[{"language":"km"}],"schedule":"mekong")" +
                     settings + "}]}",
                 "places.json", country);
    return country;
}

std::optional<ReadError> refusal(const std::string& settings) {
    return test::unread([&] { static_cast<void>(read(settings)); });
}

/// The first place as places.json holds it.
boost::json::object written(const Country& country) {
    return parse_json(write_places(country), "written").at("places").at(0).as_object();
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
    for (const auto* key : {"quiet", "subtitles", "signs", "open", "picture"})
        EXPECT_FALSE(written(country).contains(key)) << key;
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
    EXPECT_THAT(refusal(R"(,"signs":["Thai Sign"])"), Refuses(ReadFault::malformed, "places.kh-1.signs"));
    EXPECT_FALSE(refusal(R"(,"outlet":"feed","signs":["tsq"])"));
}

TEST(Places, RefusesInvalidQuietHours) {
    EXPECT_THAT(refusal(R"(,"quiet":[{"daypart":"surgery","gain_db":0}])"),
                Refuses(ReadFault::out_of_range, "places.kh-1.quiet.1.gain_db"));
    EXPECT_THAT(refusal(R"(,"quiet":[{"daypart":"surgery","gain_db":-61}])"),
                Refuses(ReadFault::out_of_range, "places.kh-1.quiet.1.gain_db"));
    EXPECT_THAT(refusal(R"(,"quiet":[{"gain_db":-6}])"),
                Refuses(ReadFault::missing, "places.kh-1.quiet.1.daypart"));
    EXPECT_THAT(refusal(R"(,"quiet":[{"daypart":"surgery","mute":true}])"),
                Refuses(ReadFault::unknown, "places.kh-1.quiet.1.mute"));
}

TEST(Places, RefusesQuietHoursOfAFeed) {
    EXPECT_THAT(refusal(R"(,"outlet":"feed","quiet":[{"daypart":"surgery"}])"),
                Refuses(ReadFault::misplaced, "places.kh-1.quiet"));
    EXPECT_THAT(refusal(R"(,"outlet":"feed","subtitles":false)"),
                Refuses(ReadFault::misplaced, "places.kh-1.subtitles"));
    EXPECT_FALSE(refusal(R"(,"outlet":"feed")"));
}

TEST(Places, ReadsBackOpenHours) {
    const std::string text =
        R"("open":["mon-fri 08:00-20:00","sat 09:00-13:00","22:00-24:00","fri-mon 23:00-02:30"])";
    auto country = read(',' + text);
    const auto open = country.places.at(0).open;
    ASSERT_EQ(open.size(), 4U);
    EXPECT_EQ(open[0].weekdays, 0x1fU);
    EXPECT_EQ(open[2], (OpenHours{0x7f, {std::chrono::hours(22), std::chrono::hours(0)}}));
    for (const auto& hours : open) EXPECT_EQ(parse_open_hours(open_hours_text(hours)), hours);
    EXPECT_EQ(written(country).at("open"), parse_json('{' + text + '}', "text").at("open"));
    parse_places(write_places(country), "places.json", country);
    EXPECT_EQ(country.places.at(0).open, open);
}

TEST(Places, ReadsBackThePicturePreferenceAndItsDefault) {
    EXPECT_EQ(read("").places.at(0).picture, (PicturePreference{720, {"h264"}}));
    EXPECT_FALSE(written(read(R"(,"picture":{"height":720,"codecs":["h264"]})")).contains("picture"));
    auto country = read(R"(,"picture":{"height":1080,"codecs":["hevc","h264"]})");
    const PicturePreference wish{1080, {"hevc", "h264"}};
    EXPECT_EQ(country.places.at(0).picture, wish);
    parse_places(write_places(country), "places.json", country);
    EXPECT_EQ(country.places.at(0).picture, wish);
    EXPECT_EQ(read(R"(,"picture":{"height":540})").places.at(0).picture, (PicturePreference{540, {"h264"}}));
}

TEST(Places, RefusesInvalidPicturePreferences) {
    const auto height = [](const std::string& value) {
        return refusal(R"(,"picture":{"height":)" + value + '}');
    };
    EXPECT_THAT(height("100"), Refuses(ReadFault::out_of_range, "places.kh-1.picture.height"));
    EXPECT_THAT(height("9000"), Refuses(ReadFault::out_of_range, "places.kh-1.picture.height"));
    EXPECT_THAT(height("\"1080\""), Refuses(ReadFault::wrong_type, "places.kh-1.picture.height"));
    for (const auto* wrong : {R"(["av1"])", R"(["h264","h264"])"})
        EXPECT_THAT(refusal(std::string(",\"picture\":{\"codecs\":") + wrong + "}"),
                    Refuses(ReadFault::malformed, "places.kh-1.picture.codecs"))
            << wrong;
    EXPECT_THAT(refusal(R"(,"picture":{"codecs":[]})"),
                Refuses(ReadFault::missing, "places.kh-1.picture.codecs"));
    EXPECT_THAT(refusal(R"(,"picture":{"codec":"hevc"})"),
                Refuses(ReadFault::unknown, "places.kh-1.picture.codec"));
    EXPECT_THAT(refusal(R"(,"outlet":"feed","picture":{"height":1080})"),
                Refuses(ReadFault::misplaced, "places.kh-1.picture"));
}

TEST(Places, RefusesInvalidOpenHours) {
    for (const auto* wrong : {R"(,"open":["mo 08:00-20:00"])", R"(,"open":["mon-fri"])",
                              R"(,"open":["08:00-08:00"])", R"(,"open":["08:00-25:00"])", R"(,"open":[""])"})
        EXPECT_THAT(refusal(wrong), Refuses(ReadFault::malformed, "places.kh-1.open")) << wrong;
    EXPECT_THAT(refusal(R"(,"outlet":"feed","open":["08:00-20:00"])"),
                Refuses(ReadFault::misplaced, "places.kh-1.open"));
}

TEST(Places, ARefusalSaysHowOpenHoursAreWritten) {
    const auto wrong = refusal(R"(,"open":["mon-fri"])");
    ASSERT_TRUE(wrong);
    EXPECT_STREQ(wrong->what(),
                 "places.json: place kh-1: open: 'mon-fri' is not valid; write local hours with or without "
                 "weekdays, such as [\"mon-fri 08:00-20:00\", \"sat 09:00-13:00\"], or leave it out if the "
                 "place is always open");
}

}  // namespace
}  // namespace riverlight::content
