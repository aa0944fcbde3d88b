// Where lines may end.
#include "player/text/breaks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "player/text/lines.hpp"
#include "player/text/utf8.hpp"
#include "tests/unit/text/samples.hpp"

namespace riverlight::player {
namespace {

using testing::Contains;
using testing::ElementsAre;

/// The text with a bar at each line break opportunity.
std::string barred(std::string_view text, std::string_view locale) {
    std::string out;
    std::size_t from = 0;
    for (const auto& b : find_breaks(text, locale).lines) {
        out += (from ? "|" : "") + std::string(text.substr(from, b.at - from));
        from = b.at;
    }
    return out;
}

TEST(Breaks, AreWhereSyllablesEndInEveryLanguage) {
    const auto all = samples();
    ASSERT_GE(all.size(), 40U);
    for (const auto& [locale, paragraphs] : all) {
        for (const auto& text : paragraphs) {
            const auto breaks = find_breaks(text, locale);
            ASSERT_FALSE(breaks.lines.empty()) << locale;
            EXPECT_EQ(breaks.lines.back().at, text.size()) << locale;
            std::size_t before = 0;
            for (const auto& b : breaks.lines) {
                EXPECT_GT(b.at, before) << locale;
                before = b.at;
                EXPECT_TRUE(std::binary_search(breaks.syllables.begin(), breaks.syllables.end(), b.at))
                    << locale;
            }
            for (const auto at : breaks.syllables)
                EXPECT_TRUE(std::binary_search(breaks.graphemes.begin(), breaks.graphemes.end(), at))
                    << locale;
        }
    }
}

TEST(Breaks, WordsAreFoundWithoutSpaces) {
    EXPECT_EQ(barred("ภาษาไทย", "th"), "ภาษา|ไทย");
    EXPECT_EQ(barred("ပြည်သူများအတွက်", "my"), "ပြည်|သူများ|အတွက်");
    EXPECT_GE(find_breaks("ເປັນຂ້າທາດຫຼືຢູ່ໃນພາວະຈຳຍອມ", "lo").lines.size(), 5U);
    EXPECT_GE(find_breaks("គ្មានជនណាម្នាក់ត្រូវស្ថិតក្នុងទាសភាព", "km").lines.size(), 4U);
}

TEST(Breaks, AShanSyllableKeepsItsClosingConsonant) {
    const auto breaks = find_breaks("ႁပ်ႉႁွင်းတူၺ်းထိုင်တေႃႇ", "shn");
    EXPECT_EQ(breaks.syllables.size(), 5U);
    for (const auto at : breaks.syllables) {
        std::size_t next = at;
        const std::string_view text = "ႁပ်ႉႁွင်းတူၺ်းထိုင်တေႃႇ";
        if (at == text.size()) continue;
        static_cast<void>(next_code_point(text, next));
        EXPECT_NE(next_code_point(text, next), char32_t{0x103a})
            << "a line would begin with a closing consonant";
    }
}

TEST(Breaks, NoLineBeginsWithALoneConsonant) {
    for (const std::string_view text : {"မရှိစေရ။", "အစာအဟာရ၊ အဝတ်"}) {
        for (const auto& b : find_breaks(text, "my").lines) {
            const auto line = text.substr(b.at);
            EXPECT_FALSE(line.starts_with("ရ။") || line.starts_with("ရ၊")) << text;
        }
    }
}

TEST(Breaks, RepetitionSignsStayWithTheirWord) {
    const std::pair<const char*, const char*> cases[] = {{"ต่างๆ", "ๆ"},    {"គ្រប់ៗ", "ៗ"},    {"ຕ່າງໆ", "ໆ"},
                                                         {"กรุงเทพฯ", "ฯ"}, {"你好。", "。"}, {"「你」", "」"},
                                                         {"ごちっ", "っ"}};
    for (const auto& [text, sign] : cases) {
        const auto at = std::string_view(text).find(sign);
        for (const auto& b : find_breaks(text, "und").lines) EXPECT_NE(b.at, at) << text;
    }
}

TEST(Breaks, FollowNewerRulesThanDebiansIcu) {
    EXPECT_EQ(barred("a -x b", "en"), "a |-x |b") << "LB20a";
    EXPECT_EQ(barred("and/or", "en"), "and/or") << "as browsers do";
    EXPECT_EQ(barred("well-known", "en"), "well-|known");
    EXPECT_EQ(barred("ꦲꦏ꧀ꦱꦫꦗꦮ", "jv-Java"), "ꦲ|ꦏ꧀ꦱ|ꦫ|ꦗ|ꦮ") << "LB28a, not after a virama";
}

TEST(Breaks, KoreanAndChinesePreferEndsOfWords) {
    const std::string_view text = "인간이 언론과";
    for (const auto& b : find_breaks(text, "ko").lines)
        EXPECT_EQ(b.quality, b.at == text.size() || text[b.at - 1] == ' ' ? BreakQuality::phrase
                                                                          : BreakQuality::uncertain)
            << b.at;
}

TEST(Breaks, AreValidForAnyText) {
    EXPECT_TRUE(rc::check("breaks of whatever text end at its end and never inside a code point", [] {
        std::string text;
        for (const auto c : *rc::gen::container<std::vector<int>>(
                 rc::gen::oneOf(rc::gen::inRange(0x20, 0x3fff), rc::gen::inRange(0x0e00, 0x1100),
                                rc::gen::inRange(0x1780, 0x1a00), rc::gen::inRange(0xa980, 0xaa80))))
            text += to_utf8(static_cast<char32_t>(c));
        text = clean_utf8(text);
        std::erase(text, '\n');
        if (text.empty()) return;
        const auto breaks =
            find_breaks(text, *rc::gen::element<std::string>("th", "km", "my", "zh", "ja", "und"));
        RC_ASSERT(breaks.lines.back().at == text.size());
        RC_ASSERT(breaks.syllables.back() == text.size());
        for (const auto at : breaks.graphemes)
            RC_ASSERT(at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80);
    }));
}

/// Ten pixels a byte.
MeasuredParagraph measured(std::string_view text, std::string_view locale) {
    MeasuredParagraph out{std::string(text), find_breaks(text, locale), {}};
    for (std::size_t i = 0; i <= text.size(); ++i) out.x.push_back(10.0 * static_cast<double>(i));
    return out;
}

std::vector<std::string> texts(const MeasuredParagraph& of, const std::vector<Line>& lines) {
    std::vector<std::string> out;
    for (const auto& line : lines) out.push_back(of.text.substr(line.from, line.until - line.from));
    return out;
}

TEST(Lines, AreFilledOrBalanced) {
    const auto text = measured("one two three four", "en");
    EXPECT_THAT(texts(text, fill_lines(text, {140, 140})), ElementsAre("one two three", "four"));
    EXPECT_THAT(texts(text, balance_lines(text, {140, 140})), ElementsAre("one two", "three four"));
}

TEST(Lines, ALongWordIsBrokenOnlyBeyondTheMaximumWidth) {
    const auto text = measured("an unbreakable word", "en");
    EXPECT_THAT(texts(text, fill_lines(text, {80, 130})), ElementsAre("an", "unbreakable", "word"))
        << "wider than the limit, but not than the maximum";
    EXPECT_THAT(texts(text, fill_lines(text, {80, 80})), ElementsAre("an", "unbreaka", "ble word"));
    EXPECT_THAT(texts(text, fill_lines(text, {1, 1})).front(), "a") << "one cluster a line in the worst case";
}

TEST(Lines, AreValidForAnyTextAndWidth) {
    const auto all = samples();
    EXPECT_TRUE(rc::check(
        "lines keep every letter in order, fit, and balance_lines() needs no more of them than fill_lines()",
        [&] {
            const auto& sample = *rc::gen::elementOf(all);
            const auto text = measured(*rc::gen::elementOf(sample.paragraphs), sample.locale);
            const double width = *rc::gen::inRange(50, 4000);
            const auto filled = fill_lines(text, {width, width}), even = balance_lines(text, {width, width});
            for (const auto* lines : {&filled, &even}) {
                std::string together;
                for (const auto& line : *lines) {
                    together += text.text.substr(line.from, line.until - line.from);
                    RC_ASSERT(std::binary_search(text.breaks.graphemes.begin(), text.breaks.graphemes.end(),
                                                 line.until));
                }
                RC_ASSERT(without_blanks(together) == without_blanks(text.text));
            }
            if (filled.size() < max_balanced) RC_ASSERT(even.size() <= filled.size());
        }));
}

TEST(Utf8, InvalidBytesBecomeTheReplacementCharacter) {
    EXPECT_EQ(clean_utf8("a\xFFz"), "a\xEF\xBF\xBDz");
    EXPECT_EQ(clean_utf8("a\x01\x07 b\nc"), "a b\nc");
    EXPECT_EQ(clean_utf8("\xEF\xBB\xBF"
                         "a\r\nb\rc\u2028d\te"),
              "a\nb\nc\nd e");
    EXPECT_FALSE(is_utf8("\xC0\xAF")) << "an overlong form";
    EXPECT_FALSE(is_utf8("\xED\xA0\x80")) << "a surrogate";
    EXPECT_TRUE(rc::check("cleaned text is UTF-8", [] {
        std::string bytes;
        for (const auto c : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 256)))
            bytes += static_cast<char>(c);
        RC_ASSERT(is_utf8(clean_utf8(bytes)));
    }));
}

}  // namespace
}  // namespace riverlight::player
