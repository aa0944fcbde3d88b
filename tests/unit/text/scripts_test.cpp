// Every committed language at the four sizes of screens in use.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "player/text/breaks.hpp"
#include "player/text/engine.hpp"
#include "player/text/fonts.hpp"
#include "tests/unit/text/samples.hpp"

namespace riverlight::player {
namespace {

using testing::IsEmpty;

struct Size {
    int width, height;
};

class Scripts : public testing::TestWithParam<Size> {};

/// Each line ends at a line break opportunity.
void expect_legal(const std::string& text, const std::string& locale, const std::vector<std::string>& lines) {
    const auto breaks = find_breaks(text, locale);
    std::size_t at = 0;
    for (const auto& line : lines) {
        const auto found = text.find(line, at);
        ASSERT_NE(found, std::string::npos) << locale << ": " << line;
        EXPECT_EQ(without_blanks(text.substr(at, found - at)), "") << locale << ": text is missing";
        at = found + line.size();
        const bool legal = std::any_of(breaks.lines.begin(), breaks.lines.end(), [&](const Break& b) {
            return b.at >= at && without_blanks(text.substr(at, b.at - at)).empty();
        });
        EXPECT_TRUE(legal) << locale << ": broken after " << line;
    }
    EXPECT_EQ(without_blanks(text.substr(at)), "") << locale;
}

TEST_P(Scripts, NothingIsOutsideMissingOrBrokenWrongly) {
    const auto [width, height] = GetParam();
    const TextEngine engine(width, height);
    for (const auto& [locale, paragraphs] : samples()) {
        for (const auto& text : paragraphs) {
            TextReport report;
            engine.layout(text, locale, {}, report, {});
            EXPECT_FALSE(report.outside) << locale << ": " << text;
            EXPECT_THAT(report.missing, IsEmpty()) << locale << ": " << text;
            expect_legal(text, locale, report.lines);
        }
    }
}

/// Pixels of text, which is white on a dark background.
bool inked(const Overlay& page, int x, int y) {
    const auto at =
        (static_cast<std::size_t>(y) * static_cast<std::size_t>(page.width) + static_cast<std::size_t>(x)) *
        4;
    return page.bgra[at + 2] > 110;
}

TEST_P(Scripts, NoPixelOfTheLongestParagraphLeavesTheSafeArea) {
    const int width = GetParam().width, height = GetParam().height;
    const TextEngine engine(width, height);
    for (const auto& sample : samples()) {  // named: clang 14 captures no structured binding
        const auto& locale = sample.locale;
        const auto& paragraphs = sample.paragraphs;
        const auto& longest = *std::max_element(paragraphs.begin(), paragraphs.end(),
                                                [](auto& a, auto& b) { return a.size() < b.size(); });
        TextReport report;
        std::size_t seen = 0;
        engine.layout(longest, locale, {}, report, [&](const Overlay& page) {
            for (int y = 0; y < height; ++y) {
                for (int x = 0; x < width; ++x) {
                    if (!inked(page, x, y)) continue;
                    ++seen;
                    const bool safe = x >= width / 20 - 1 && x <= width - width / 20 &&
                                      y >= height / 20 - 1 && y <= height - height / 20;
                    ASSERT_TRUE(safe) << locale << " at " << x << ',' << y;
                }
            }
        });
        EXPECT_GT(seen, 1000U) << locale;
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, Scripts,
                         testing::Values(Size{1920, 1080}, Size{1280, 720}, Size{1080, 1920}, Size{720, 576}),
                         [](const auto& i) {
                             return std::to_string(i.param.width) + "x" + std::to_string(i.param.height);
                         });

TEST(Fonts, TheLocalesOwnScriptComesFirst) {
    EXPECT_TRUE(font_stack("ABC", "km").starts_with("Noto Sans Khmer, "));
    EXPECT_TRUE(font_stack("字", "zh-Hant").starts_with("Noto Sans CJK TC, "));
    EXPECT_TRUE(font_stack("字", "zh-HK").starts_with("Noto Sans CJK HK, "));
    EXPECT_TRUE(font_stack("字", "ja").starts_with("Noto Sans CJK JP, "));
    EXPECT_TRUE(font_stack("", "kkh-Lana").starts_with("Noto Sans Tai Tham, "));
    EXPECT_NE(font_stack("ခ", "en").find("Noto Sans Myanmar"), std::string::npos)
        << "then the text's other scripts";
    EXPECT_TRUE(font_stack("abc", "no locale at all").starts_with("Noto Sans"));
}

TEST(Fonts, KnowTheDirectionOfAText) {
    EXPECT_TRUE(is_right_to_left("ئۇيغۇر abc", "ug"));
    EXPECT_FALSE(is_right_to_left("abc ئۇيغۇر", "ug"));
    EXPECT_TRUE(is_right_to_left("123", "ar")) << "digits have no strong direction";
    EXPECT_FALSE(is_right_to_left("123", "km"));
}

}  // namespace
}  // namespace riverlight::player
