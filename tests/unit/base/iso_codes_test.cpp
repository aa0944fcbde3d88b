#include "content/base/iso_codes.hpp"

#include <gtest/gtest.h>
#include <unicode/uloc.h>

#include <set>
#include <string>

namespace riverlight {
namespace {

TEST(LanguageCode, EqualsIcuForAllTwoLetterLanguages) {
    const std::set<std::string> withdrawn{"in", "iw", "ji", "jw", "mo", "sh"};
    int looked_at = 0;
    for (const char* const* tag = uloc_getISOLanguages(); *tag; ++tag) {
        const std::string language = *tag;
        if (language.size() != 2 || withdrawn.contains(language)) continue;
        EXPECT_EQ(LanguageCode::of_tag(language).text(), uloc_getISO3Language(*tag)) << language;
        ++looked_at;
    }
    EXPECT_GT(looked_at, 170);
}

TEST(LanguageCode, UsesOnlyTheLanguageOfATag) {
    const auto code = [](std::string_view tag) { return std::string(LanguageCode::of_tag(tag).text()); };
    EXPECT_EQ(code("zh-Hans"), "zho");
    EXPECT_EQ(code("KM-KH"), "khm");
    EXPECT_EQ(code("lo"), "lao");
    EXPECT_EQ(code("my-MM"), "mya");
    EXPECT_EQ(code("shn"), "shn");
    EXPECT_EQ(code("kkh-Lana"), "kkh");
    for (const auto* none : {"xx", "", "-", "x-private", "i-klingon", "1a", "en1", "english"})
        EXPECT_EQ(LanguageCode::of_tag(none), LanguageCode{}) << none;
    EXPECT_EQ(LanguageCode{}.text(), "und");
}

TEST(LanguageCode, IsReadFromThreeLowerCaseLetters) {
    EXPECT_EQ(LanguageCode::from_text("khm"), LanguageCode::of_tag("km"));
    for (const auto* wrong : {"", "km", "KHM", "k1m", "khme"})
        EXPECT_FALSE(LanguageCode::from_text(wrong)) << wrong;
}

TEST(CountryCode, EqualsIcuForAllCountries) {
    const std::set<std::string> not_of_iso{"AC", "CP", "CQ", "DG", "EA", "IC", "TA", "XK"};
    int looked_at = 0;
    for (const char* const* country = uloc_getISOCountries(); *country; ++country) {
        const std::string two = *country;
        const auto code = CountryCode::of_alpha2(two);
        EXPECT_EQ(code.has_value(), !not_of_iso.contains(two)) << two;
        if (!code) continue;
        EXPECT_EQ(code->text(), uloc_getISO3Country(("und_" + two).c_str()));
        ++looked_at;
    }
    EXPECT_EQ(looked_at, 249);
    for (const auto* none : {"", "K", "kh", "KHM", "ZZ"}) EXPECT_FALSE(CountryCode::of_alpha2(none)) << none;
    EXPECT_EQ(CountryCode::from_text("THA"), CountryCode::of_alpha2("TH"));
    for (const auto* wrong : {"", "TH", "tha", "TH1"}) EXPECT_FALSE(CountryCode::from_text(wrong)) << wrong;
}

}  // namespace
}  // namespace riverlight
