// Lines, glyphs and subtitles, in the words of the Universal Declaration, Article 4.
#include "player/text/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>

#include "player/text/breaks.hpp"

namespace riverlight::player {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

struct Sample {
    std::string locale, text;
};
const std::vector<Sample> article_4{
    {"en",
     "No one shall be held in slavery or servitude; slavery and the slave trade shall be prohibited in all "
     "their forms."},
    {"th", "บุคคลใดจะตกอยู่ในความเป็นทาส หรือสภาวะจำยอมไม่ได้ ทั้งนี้ ห้ามความเป็นทาส และการค้าทาสทุกรูปแบบ"},
    {"km",
     "គ្មានជនណាម្នាក់ត្រូវស្ថិតក្នុងទាសភាពឬស្ថិតក្នុងភាពជាអ្នកបម្រើដាច់ថ្លៃឡើយ ទាសភាពនិងការជួញដូរទាសករត្រូវហាមឃាត់គ្រប់ទម្រង់ទាំងអស់"},
    {"lo", "ບໍ່ມີບຸກຄົນໃດ ຈະຕົກເປັນຂ້າທາດ ຫຼືຢູ່ໃນພາວະຈຳຍອມໃດໆ; ການເປັນທາດ ແລະ ການຄ້າທາດ ຕ້ອງຖືກຫ້າມໃນທຸກຮູບແບບ"},
    {"my", "မည်သူ့ကိုမျှ ကျေးကျွန်အဖြစ် သို့မဟုတ် အစေအပါးအဖြစ် နှိပ်စက်မထားရ။ ကျေးကျွန်စနစ်နှင့် ကျေးကျွန်ရောင်းဝယ်မှုအားလုံးကို တားမြစ်ရမည်"},
    {"vi",
     "Không ai phải làm nô lệ hoặc bị cưỡng bức làm việc như nô lệ; mọi hình thức nô lệ và buôn bán nô lệ "
     "đều bị cấm chỉ."},
    {"zh-Hans", "任何人不得使为奴隶或奴役；一切形式的奴隶制度和奴隶买卖，均应予以禁止。"},
};

TEST(Breaks, AreWhereGraphemesEndInEveryLanguage) {
    for (const auto& [locale, text] : article_4) {
        const auto breaks = breaks_of(text, locale);
        ASSERT_FALSE(breaks.lines.empty()) << locale;
        EXPECT_EQ(breaks.lines.back(), text.size()) << locale;
        EXPECT_GT(breaks.lines.size(), 8U) << locale << ": words are found where no spaces are";
        for (const auto at : breaks.lines) EXPECT_THAT(breaks.graphemes, Contains(at)) << locale;
        EXPECT_TRUE(std::is_sorted(breaks.lines.begin(), breaks.lines.end()));
    }
}

TEST(Breaks, HoldForAnyText) {
    rc::check("breaks of whatever text end at its end and never inside a code point", [] {
        std::string text;
        for (const auto c : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0x20, 0x3fff)))
            text += to_utf8(static_cast<char32_t>(c));
        text = clean_utf8(text);
        text.erase(std::remove(text.begin(), text.end(), '\n'), text.end());
        if (text.empty()) return;
        const auto breaks = breaks_of(text, "th");
        RC_ASSERT(breaks.lines.back() == text.size());
        for (const auto at : breaks.graphemes)
            RC_ASSERT(at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80);
    });
}

TEST(Utf8, WhatIsNotBecomesTheReplacementCharacter) {
    EXPECT_EQ(clean_utf8("a\xFFz"), "a\xEF\xBF\xBDz");
    EXPECT_EQ(clean_utf8("a\x01\x07 b\nc"), "a b\nc");
    EXPECT_FALSE(is_utf8("\xC0\xAF")) << "an overlong form";
    EXPECT_FALSE(is_utf8("\xED\xA0\x80")) << "a surrogate";
    rc::check("cleaned text is UTF-8", [] {
        std::string bytes;
        for (const auto c : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 256)))
            bytes += static_cast<char>(c);
        RC_ASSERT(is_utf8(clean_utf8(bytes)));
    });
}

class EngineTest : public testing::Test {
  protected:
    TextEngine engine_{1280, 720};
};

TEST_F(EngineTest, SubtitlesStayInTheSafeAreaInBalancedLines) {
    for (const auto& [locale, text] : article_4) {
        TextReport report;
        const auto overlay = engine_.subtitle(text, locale, 0, &report);
        EXPECT_FALSE(report.outside) << locale;
        EXPECT_THAT(report.missing, IsEmpty()) << locale;
        EXPECT_GE(report.lines.size(), 1U);
        EXPECT_LE(report.lines.size(), 4U) << locale;
        EXPECT_GE(overlay.x, 64) << locale;
        EXPECT_LE(overlay.x + overlay.width, 1280 - 64) << locale;
        EXPECT_LE(overlay.y + overlay.height, 720 - 36) << locale;
        // Nothing of the text is lost or doubled by breaking it; only blanks at the breaks go.
        const auto letters = [](std::string s) {
            std::erase(s, ' ');
            return s;
        };
        EXPECT_EQ(letters(std::accumulate(report.lines.begin(), report.lines.end(), std::string())),
                  letters(text))
            << locale;
    }
}

TEST_F(EngineTest, AStrapLiftsTheSubtitle) {
    const auto plain = engine_.subtitle("Call", "en"), lifted = engine_.subtitle("Call", "en", 120);
    EXPECT_EQ(plain.y - lifted.y, 120);
    const auto strap = engine_.strap("Universal Declaration", "000 000 855", "en");
    EXPECT_FALSE(strap.empty());
    EXPECT_LE(strap.y + strap.height, 720 - 36);
    EXPECT_EQ(strap.bgra.size(),
              static_cast<std::size_t>(strap.width) * static_cast<std::size_t>(strap.height) * 4);
}

TEST_F(EngineTest, AGlyphThatNoFontHasIsTold) {
    TextReport report;
    static_cast<void>(engine_.subtitle("call \xF4\x80\x80\x81 now", "en", 0, &report));
    EXPECT_THAT(report.missing, ElementsAre(char32_t{0x100001}));
}

TEST_F(EngineTest, CardsShrinkUntilTheyFit) {
    std::string flood;
    for (int i = 0; i < 6; ++i) flood += article_4[0].text + ' ';
    TextReport report;
    const auto card = engine_.card("Article 4", flood, "en", {}, false, &report);
    EXPECT_FALSE(report.outside);
    EXPECT_EQ(card.width, 1280);
    EXPECT_EQ(card.height, 720);
    TextReport too_much;
    std::string ocean;
    for (int i = 0; i < 10; ++i) ocean += flood;
    static_cast<void>(engine_.card("Article 4", ocean, "en", {}, false, &too_much));
    EXPECT_TRUE(too_much.outside) << "what cannot fit is told, not cut off in silence";
}

TEST_F(EngineTest, TheSlateIsWholeAndOpaque) {
    const auto slate = engine_.slate("", "", "km");
    ASSERT_EQ(slate.bgra.size(), 1280U * 720U * 4U);
    for (std::size_t i = 3; i < slate.bgra.size(); i += 4) ASSERT_EQ(slate.bgra[i], 255);
}

TEST(Subtitles, ReadsWebVttAndSubRip) {
    const auto vtt = parse_subtitles(
        "WEBVTT\n\nNOTE aside\n\n1\n00:01.000 --> 00:02.500 line:90%\n<v Ann>Call <b>now</b> &amp; "
        "ask\n\n01:00:00.000 --> 01:00:01.000\nlast\nline\n",
        "x.vtt");
    ASSERT_EQ(vtt.size(), 2U);
    EXPECT_EQ(vtt[0].from, 1000ms);
    EXPECT_EQ(vtt[0].until, 2500ms);
    EXPECT_EQ(vtt[0].text, "Call now & ask");
    EXPECT_EQ(vtt[1].text, "last\nline");
    const auto srt = parse_subtitles(
        "\xEF\xBB\xBF"
        "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>one</i>\r\n\r\n2\r\n00:00:00,000 --> "
        "00:00:01,000\r\nzero\r\n",
        "x.srt");
    ASSERT_EQ(srt.size(), 2U);
    EXPECT_EQ(srt[0].text, "zero") << "in order of time";
    EXPECT_EQ(srt[1].text, "one");
}

TEST(Subtitles, NamesTheLineThatIsWrong) {
    const auto fault = [](const std::string& bytes) {
        try {
            static_cast<void>(parse_subtitles(bytes, "x.vtt"));
        } catch (const Error& e) {
            return std::string(e.what());
        }
        return std::string("accepted");
    };
    EXPECT_THAT(fault("WEBVTT\n\n00:01.000 --> 00:xx.000\nhello\n"), HasSubstr("3"));
    EXPECT_EQ(fault("WEBVTT\n\n"), "accepted") << "nothing is said in it";
    EXPECT_THAT(fault("hello\n"), HasSubstr("x.vtt:1: holds no subtitle"));
    EXPECT_THAT(fault("WEBVTT\n\n00:01.000 --> 00:02.000\n\xFF\n"), HasSubstr("UTF-8"));
    EXPECT_NE(fault(std::string((4U << 20) + 1, 'x')), "accepted");
}

TEST(Subtitles, AnyBytesParseOrThrow) {
    const std::string good =
        "WEBVTT\n\n00:01.000 --> 00:02.500\nCall <b>now</b> &amp; ask\n\n00:03.000 --> 00:04.000\nx\n";
    rc::check("one changed byte does no harm", [&] {
        auto bent = good;
        bent[*rc::gen::inRange<std::size_t>(0, good.size())] = static_cast<char>(*rc::gen::inRange(0, 256));
        try {
            for (const auto& cue : parse_subtitles(bent, "x")) RC_ASSERT(is_utf8(cue.text));
        } catch (const Error&) {
        }
    });
}

}  // namespace
}  // namespace riverlight::player
