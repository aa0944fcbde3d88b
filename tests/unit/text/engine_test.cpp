// What is drawn for viewers: subtitles, straps, cards.
#include "player/text/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "tests/unit/text/samples.hpp"

namespace riverlight::player {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const std::string slavery =
    "No one shall be held in slavery or servitude; slavery and the slave trade shall be prohibited in all "
    "their "
    "forms.";

std::string joined(const std::vector<std::string>& parts) {
    return without_blanks(std::accumulate(parts.begin(), parts.end(), std::string()));
}

/// How many pixels are opaque enough to be visible.
std::size_t seen(const Overlay& o) {
    std::size_t count = 0;
    for (std::size_t i = 3; i < o.bgra.size(); i += 4) count += o.bgra[i] > 16;
    return count;
}

void expect_inside(const Overlay& o, int width, int height, const std::string& what) {
    EXPECT_GE(o.x, width / 20 - 1) << what;
    EXPECT_LE(o.x + o.width, width - width / 20 + 1) << what;
    EXPECT_GE(o.y, height / 20 - 1) << what;
    EXPECT_LE(o.y + o.height, height - height / 20 + 1) << what;
}

class EngineTest : public testing::Test {
  protected:
    TextEngine engine_{1280, 720};
};

TEST_F(EngineTest, SubtitlesStayInTheSafeAreaInBalancedLines) {
    TextReport report;
    const auto overlay = engine_.subtitle(slavery, "en", 0, &report);
    ASSERT_THAT(report.lines, SizeIs(2));
    EXPECT_NEAR(static_cast<double>(report.lines[0].size()), static_cast<double>(report.lines[1].size()), 12);
    EXPECT_FALSE(report.outside);
    expect_inside(overlay, 1280, 720, "en");
    EXPECT_EQ(joined(report.lines), without_blanks(slavery)) << "nothing is lost or repeated";
}

TEST_F(EngineTest, LongSubtitlesAreCutIntoPagesAtTheirFullSize) {
    for (const auto& [locale, paragraphs] : samples()) {
        const auto& text = *std::max_element(paragraphs.begin(), paragraphs.end(),
                                             [](auto& a, auto& b) { return a.size() < b.size(); });
        std::string together;
        for (const auto& page : engine_.subtitle_pages({text, {}}, locale)) {
            TextReport report;
            const auto overlay = engine_.subtitle(page, {}, locale, 0, &report);
            EXPECT_FALSE(report.outside) << locale;
            EXPECT_LE(report.lines.size(), 3U) << locale;
            EXPECT_GE(report.px, 36) << locale << ": of 40";
            expect_inside(overlay, 1280, 720, locale);
            together += page.text;
        }
        EXPECT_EQ(without_blanks(together), without_blanks(text)) << locale;
    }
}

TEST_F(EngineTest, PlacementsStayInTheSafeArea) {
    for (const double across : {0.0, 0.5, 1.0, 7.0}) {
        for (const double down : {-3.0, 0.0, 0.5, 1.0}) {
            const auto o = engine_.subtitle({slavery, {}}, {across, down}, "en", 120);
            expect_inside(o, 1280, 720, "placed");
            EXPECT_LE(o.y + o.height, 720 - 36 - 120 + 1) << "above the strap";
        }
    }
    EXPECT_LT(engine_.subtitle({"top", {}}, {0.5, 0}, "en").y, 60);
}

TEST_F(EngineTest, ItalicsAreVisible) {
    const auto upright = engine_.subtitle({"Call now", {}}, {}, "en"),
               italic = engine_.subtitle({"Call now", {{0, 8}}}, {}, "en"),
               half = engine_.subtitle({"Call now", {{0, 4}}}, {}, "en");
    EXPECT_NE(upright.bgra, italic.bgra);
    EXPECT_NE(upright.bgra, half.bgra);
    EXPECT_NE(italic.bgra, half.bgra);
}

TEST_F(EngineTest, AStrapLiftsTheSubtitle) {
    const auto plain = engine_.subtitle("Call", "en"), lifted = engine_.subtitle("Call", "en", 120);
    EXPECT_EQ(plain.y - lifted.y, 120);
}

TEST(Engine, StrapsAndLowerThirdsFitEverySize) {
    const std::pair<int, int> sizes[] = {{1920, 1080}, {1280, 720}, {1080, 1920}, {720, 576}};
    for (const auto& [width, height] : sizes) {
        const TextEngine engine(width, height);
        TextReport report;
        const auto strap = engine.strap("Universal Declaration", "000 000 855", "en", &report);
        expect_inside(strap, width, height, "strap");
        EXPECT_THAT(report.lines, ElementsAre("Universal Declaration", "000 000 855"));
        const auto third = engine.lower_third("A name", "what the named is", "en", &report);
        expect_inside(third, width, height, "lower third");
        EXPECT_LT(third.y + third.height, strap.y) << "they can be shown together";
        EXPECT_FALSE(report.outside);
    }
}

TEST_F(EngineTest, AStrapThatDoesNotFitIsReported) {
    TextReport report;
    static_cast<void>(engine_.strap(
        slavery + slavery + slavery + slavery + slavery + slavery + slavery + slavery, "000", "en", &report));
    EXPECT_TRUE(report.outside);
}

TEST_F(EngineTest, AGlyphThatNoFontHasIsReported) {
    TextReport report;
    static_cast<void>(engine_.subtitle("call \xF4\x80\x80\x81 now", "en", 0, &report));
    EXPECT_THAT(report.missing, ElementsAre(char32_t{0x100001}));
}

TEST_F(EngineTest, PictographsAreDrawn) {
    for (const char* text :
         {"call \U0001F4DE 1300", "call \U0001F4F1 \u260E\uFE0F \u2706", "\U0001F6A8 \u26A0\uFE0F stop",
          "\U0001F468\u200D\U0001F469\u200D\U0001F467 home", "good \U0001F44D\U0001F3FD"}) {
        TextReport report;
        static_cast<void>(engine_.subtitle(text, "en", 0, &report));
        EXPECT_THAT(report.missing, IsEmpty()) << text;
    }
}

TEST_F(EngineTest, CardsShrinkUntilTheyFit) {
    std::string flood;
    for (int i = 0; i < 6; ++i) flood += slavery + ' ';
    TextReport report;
    const auto card = engine_.card("Article 4", flood, "en", {}, false, &report);
    EXPECT_FALSE(report.outside);
    EXPECT_LT(report.px, 56);
    EXPECT_EQ(card.width, 1280);
    EXPECT_EQ(card.height, 720);
    TextReport too_much;
    std::string ocean;
    for (int i = 0; i < 10; ++i) ocean += flood;
    static_cast<void>(engine_.card("Article 4", ocean, "en", {}, false, &too_much));
    EXPECT_TRUE(too_much.outside) << "text that does not fit is reported";
    EXPECT_GE(too_much.px, 20) << "type is at least half of full size";
}

TEST(Engine, ASubtitledCardEndsAboveTwoLinesOverAStrap) {
    const std::pair<int, int> sizes[] = {{1920, 1080}, {1280, 720}, {1080, 1920}, {720, 576}};
    for (const auto& [width, height] : sizes) {
        const TextEngine engine(width, height);
        const auto strap = engine.strap("Universal Declaration", "000 000 855", "en");
        std::size_t fitting = 0;
        for (const auto& [locale, paragraphs] : samples()) {
            const CardStyle style{0, 0xffffff, 0, true};
            TextReport report;
            const auto card = engine.card("", paragraphs.front(), locale, style, false, &report);
            if (report.outside) continue;  // reported: its author must shorten it
            ++fitting;
            int lowest = 0;
            for (std::size_t i = 0; i < card.bgra.size(); i += 4)
                if (card.bgra[i] > 200) lowest = static_cast<int>(i / 4) / width;
            ASSERT_GT(lowest, 0) << locale;
            const auto subtitle = engine.subtitle(
                "Ajgy", "en", strap.height + height / 60);  // one line, as tall as any in Latin
            const auto two_lines = 2 * subtitle.height - height / 60;
            EXPECT_LE(lowest, strap.y - height / 60 - two_lines) << locale << ' ' << width << 'x' << height;
        }
        EXPECT_GE(fitting, samples().size() * 9 / 10);
    }
}

TEST_F(EngineTest, ARightToLeftCardBeginsAtTheRight) {
    const auto ink_of = [&](const std::string& text, const std::string& locale) {
        const auto card = engine_.card("", text, locale, {0, 0xffffff, 0}, false);
        double sum = 0, count = 0;
        for (std::size_t i = 0; i < card.bgra.size(); i += 4) {
            if (card.bgra[i] < 200) continue;
            sum += static_cast<double>(i / 4 % 1280);
            ++count;
        }
        return sum / count;
    };
    EXPECT_GT(ink_of("مرحبا", "ar"), 900);
    EXPECT_LT(ink_of("Hello", "en"), 380);
}

TEST_F(EngineTest, LongTextsTakeMorePages) {
    std::string ocean;
    for (int i = 0; i < 40; ++i) ocean += slavery + '\n';
    TextReport report;
    std::size_t drawn = 0;
    engine_.layout(ocean, "en", {}, report, [&](const Overlay&) { ++drawn; });
    EXPECT_GT(report.pages, 1U);
    EXPECT_EQ(drawn, report.pages);
    EXPECT_FALSE(report.outside);
    EXPECT_EQ(joined(report.lines), without_blanks(ocean));
}

TEST_F(EngineTest, FixedSizesAndWidthsAreKept) {
    TextReport fixed;
    BoxStyle style;
    style.px = 33;
    style.width = 300;
    style.font = "Noto Serif";
    engine_.layout(slavery, "en", style, fixed, {});
    EXPECT_EQ(fixed.px, 33);
    EXPECT_GE(fixed.lines.size(), 6U);
    TextReport huge;
    style.px = 400;
    style.width = 0;
    engine_.layout("unbreakable", "en", style, huge, {});
    EXPECT_GT(huge.lines.size(), 1U) << "broken between letters to stay in the safe area";
    EXPECT_FALSE(huge.outside);
}

TEST_F(EngineTest, EmptyTextDrawsNothing) {
    EXPECT_TRUE(engine_.subtitle("", "en").empty());
    EXPECT_TRUE(engine_.subtitle(" \n \u200b", "my").empty());
    EXPECT_TRUE(engine_.strap("", "", "en").empty());
    EXPECT_TRUE(engine_.lower_third("", "", "en").empty());
    EXPECT_THAT(engine_.subtitle_pages({"", {}}, "en"), IsEmpty());
}

TEST_F(EngineTest, TheSlateIsWholeAndOpaque) {
    const auto slate = engine_.slate("", "", "km");
    ASSERT_EQ(slate.bgra.size(), 1280U * 720U * 4U);
    for (std::size_t i = 3; i < slate.bgra.size(); i += 4) ASSERT_EQ(slate.bgra[i], 255);
    EXPECT_EQ(seen(slate), 1280U * 720U);
}

}  // namespace
}  // namespace riverlight::player
