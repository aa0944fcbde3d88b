#include "content/segment/forms.hpp"

#include <gtest/gtest.h>
#include <unicode/uloc.h>

#include <set>

namespace riverlight::content {
namespace {

TEST(LanguageCode, EqualsIcuForAllTwoLetterLanguages) {
    const std::set<std::string> withdrawn{"in", "iw", "ji", "jw", "mo", "sh"};
    int looked_at = 0;
    for (const char* const* tag = uloc_getISOLanguages(); *tag; ++tag) {
        const std::string language = *tag;
        if (language.size() != 2 || withdrawn.contains(language)) continue;
        EXPECT_EQ(language_code_3(language), uloc_getISO3Language(*tag)) << language;
        ++looked_at;
    }
    EXPECT_GT(looked_at, 170);
}

TEST(LanguageCode, UsesOnlyTheLanguageOfATag) {
    EXPECT_EQ(language_code_3("zh-Hans"), "zho");
    EXPECT_EQ(language_code_3("KM-KH"), "khm");
    EXPECT_EQ(language_code_3("shn"), "shn");
    EXPECT_EQ(language_code_3("kkh-Lana"), "kkh");
    EXPECT_EQ(language_code_3("xx"), "und");
    EXPECT_EQ(language_code_3(""), "und");
    EXPECT_EQ(language_code_3("-"), "und");
}

}  // namespace
}  // namespace riverlight::content
