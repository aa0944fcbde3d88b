#include "player/text/subtitles.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <unicode/unistr.h>

#include "content/base/error.hpp"
#include "player/text/legacy_encoding.hpp"
#include "player/text/utf8.hpp"
#include "tests/support/refusal.hpp"

namespace riverlight::player {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using namespace std::chrono_literals;

TEST(Subtitles, ReadsWebVtt) {
    const auto vtt = parse_subtitles(
        "WEBVTT\n\nNOTE aside\n\nSTYLE\n::cue { color: red }\n\nodd id: 7\n00:01.000 --> 00:02.500 "
        "line:90%\n<v Ann>Call "
        "<b>now</b> &amp; <i>ask</i> if 1 < 2\n\n01:00:00.000 --> 01:00:01.000\nlast\nline\n",
        "x.vtt");
    ASSERT_EQ(vtt.size(), 2U);
    EXPECT_EQ(vtt[0].from, 1000ms);
    EXPECT_EQ(vtt[0].until, 2500ms);
    EXPECT_EQ(vtt[0].text.text, "Call now & ask if 1 < 2");
    EXPECT_THAT(vtt[0].text.italics, ElementsAre(Pair(11, 14)));
    EXPECT_EQ(vtt[0].placement, (TextPlacement{0.5, 0.9}));
    EXPECT_EQ(vtt[1].text.text, "last\nline");
}

TEST(Subtitles, ReadsWebVttPlacements) {
    const auto place = [](const std::string& settings) {
        return parse_subtitles("WEBVTT\n\n00:01.000 --> 00:02.000 " + settings + "\nx\n", "x")
            .at(0)
            .placement;
    };
    EXPECT_EQ(place("line:0"), (TextPlacement{0.5, 0}));
    EXPECT_EQ(place("line:-1"), (TextPlacement{0.5, 1}));
    EXPECT_EQ(place("line:10%,start position:20%,line-left align:end"), (TextPlacement{0.2, 0.1}));
    EXPECT_EQ(place("align:left"), (TextPlacement{0, 1}));
    EXPECT_EQ(place("line:5000 position:-3% nonsense : line:"), (TextPlacement{0, 1}));
}

TEST(Subtitles, ReadsVariantsOfSubRip) {
    const auto srt = parse_subtitles(
        "\xEF\xBB\xBF"
        "1\r\n00:00:01,000 --> 00:00:02,000 X1:10 X2:20\r\n<i>one\r\ntwo</i> "
        "{\\an8}three\r\n\r\n2\r\n0:00:00,5 --> "
        "00:00:01\r\nzero\r\n3\r\n00:00:03,000 --> 00:00:04,000\r\nno blank before it\r\n",
        "x.srt");
    ASSERT_EQ(srt.size(), 3U);
    EXPECT_EQ(srt[0].text.text, "zero") << "in order of time, without the next cue's number";
    EXPECT_EQ(srt[0].from, 500ms);
    EXPECT_EQ(srt[1].text.text, "one\ntwo three");
    EXPECT_THAT(srt[1].text.italics, ElementsAre(Pair(0, 7)));
    EXPECT_EQ(srt[1].placement, (TextPlacement{0.5, 0}));
    EXPECT_EQ(parse_subtitles("1\r00:00:01,000 --> 00:00:02,000\rold Mac\r", "x").at(0).text.text, "old Mac");
}

TEST(Subtitles, ABlankLineDoesNotEndACueOfSubRip) {
    std::vector<UnreadLine> unread;
    const auto srt = parse_subtitles(
        "1\n00:00:01,000 --> 00:00:02,000\nbefore the gap\n\n  \nafter the gap\n42\n\n2\n"
        "00:00:03,000 --> 00:00:04,000\n\n7\n\n",
        "x.srt", &unread);
    ASSERT_EQ(srt.size(), 2U);
    EXPECT_EQ(srt[0].text.text, "before the gap\nafter the gap\n42");
    EXPECT_EQ(srt[1].text.text, "7");
    EXPECT_TRUE(unread.empty());
}

TEST(Subtitles, NamesTheLinesThatNoCueShows) {
    std::vector<UnreadLine> unread;
    const auto vtt = parse_subtitles(
        "WEBVTT - a title\nKind: captions\n\nNOTE\nfor me\n\n00:01.000 --> 00:02.000\nshown\n\nlost\n\nname\n"
        "00:03.000 --> 00:04.000\nshown too\n",
        "x.vtt", &unread);
    EXPECT_EQ(vtt.size(), 2U);
    ASSERT_EQ(unread.size(), 1U);
    EXPECT_EQ(unread[0].line, 10);
    EXPECT_EQ(unread[0].text, "lost");
    unread.clear();
    EXPECT_EQ(parse_subtitles("by someone\n1\n00:00:01,000 --> 00:00:02,000\nx\n", "x.srt", &unread).size(),
              1U);
    ASSERT_EQ(unread.size(), 1U);
    EXPECT_EQ(unread[0].line, 1);
    EXPECT_EQ(parse_subtitles("WEBVTT\n00:01.000 --> 00:02.000\nno blank before it\n", "x").size(), 1U);
}

TEST(Subtitles, ReadsEveryCharacterReferenceOfHtml) {
    const auto read = [](const std::string& text) {
        return parse_subtitles("WEBVTT\n\n00:01.000 --> 00:02.000\n" + text + "\n", "x").at(0).text.text;
    };
    EXPECT_EQ(read("don&rsquo;t &#9742; &copy; caf&eacute;"), "don\u2019t \u260e \u00a9 caf\u00e9");
    EXPECT_EQ(read("&#x260E;&#X260e &#146; &#39;"), "\u260e\u260e \u2019 '");
    EXPECT_EQ(read("&#0;&#xD800;&#1114112;&#99999999999;"), "\ufffd\ufffd\ufffd\ufffd");
    EXPECT_EQ(read("&notit; &notin; &copy2026 &CounterClockwiseContourIntegral; &NotEqualTilde;"),
              "\u00acit; \u2209 \u00a92026 \u2233 \u2242\u0338");
    EXPECT_EQ(read("AT&T & co &unknown; &; &#; &#x; a&b"), "AT&T & co &unknown; &; &#; &#x; a&b");
    EXPECT_EQ(read("1 &equals; 1 &amp;lt; &Aacute"), "1 = 1 &lt; \u00c1");
}

/// `text` in an encoding of before Unicode.
std::string encoded(const std::string& text, const char* encoding) {
    const auto letters = icu::UnicodeString::fromUTF8(text);
    std::string out(text.size() * 2, ' ');
    out.resize(static_cast<std::size_t>(
        letters.extract(0, letters.length(), out.data(), static_cast<std::uint32_t>(out.size()), encoding)));
    return out;
}

TEST(Subtitles, SaysHowToConvertOtherEncodings) {
    const std::string time = "1\n00:00:01,000 --> 00:00:04,000\n";
    const auto why = [&](const std::string& text, const char* encoding) -> std::string {
        try {
            static_cast<void>(parse_subtitles(time + encoded(text, encoding) + "\n", "th/subtitles.srt"));
        } catch (const ReadError& e) {
            EXPECT_EQ(e.kind, ReadFault::syntax);
            return e.what();
        }
        return {};
    };
    // Universal Declaration of Human Rights, article 4.
    EXPECT_THAT(why("บุคคลใด จะตกอยู่ในความเป็นทาส หรือสภาวะจำยอมไม่ได้ ทั้งนี้ ห้ามความเป็นทาส และการค้าทาสทุกรูปแบบ",
                    "windows-874"),
                HasSubstr("iconv -f windows-874 -t UTF-8 'th/subtitles.srt'"));
    // windows-1258 writes tones as marks of their own.
    EXPECT_THAT(why("Không ai bi\u0323 b\u0103\u0301t la\u0300m nô lê\u0323 hoă\u0323c bi\u0323 "
                    "c\u01b0\u01a1\u0303ng b\u01b0\u0301c",
                    "windows-1258"),
                HasSubstr("iconv -f windows-1258"));
    EXPECT_THAT(
        why("任何人不得使为奴隶或奴役；一切形式的奴隶制度和奴隶买卖，均应予以禁止。任何人不得加以酷刑",
            "gb18030"),
        HasSubstr("iconv -f GB18030"));
    EXPECT_THAT(why("Nul ne sera tenu en esclavage ni en servitude; l'esclavage et la traite des esclaves "
                    "sont interdits "
                    "sous toutes leurs formes, même déguisées. À bientôt, où êtes-vous allés cet été?",
                    "ISO-8859-1"),
                HasSubstr("iconv -f ISO-8859-1"));
}

// A strap or a cue of a few words.
TEST(Subtitles, KnowsTheEncodingOfShortTextsByTheLanguagesThatAreLikely) {
    const auto probable = [](const std::string& text, const char* encoding) {
        return probable_encoding(encoded(text, encoding));
    };
    for (const auto* text : {"Go\u0323i ngay", "\u0111\u01b0\u01a1\u0300ng dây nóng", "C\u01b0\u0301u tôi",
                             "mi\u00ea\u0303n phi\u0301", "Tô\u0309ng đài 111", "“Nô lê\u0323”"})
        EXPECT_EQ(probable(text, "windows-1258"), "windows-1258") << text;
    for (const auto* text : {"免费热线", "请拨打热线电话：12345", "你好"})
        EXPECT_EQ(probable(text, "gb18030"), "GB18030") << text;
    for (const auto* text : {"โทร", "โทรด่วน 1300", "ช่วยด้วย", "สวัสดี", "โทร ๑๓๐๐"})
        EXPECT_EQ(probable(text, "windows-874"), "windows-874") << text;
    for (const auto* text : {"a café in town", "déjà vu", "the façade", "naïve"})
        EXPECT_EQ(probable(text, "ISO-8859-1"), "ISO-8859-1") << text;
    EXPECT_EQ(probable("Don’t go – call “home”", "windows-1252"), "windows-1252");
}

TEST(Subtitles, ReadsUtf16WithAByteOrderMark) {
    std::string bytes = "\xff\xfe";
    for (const char c : std::string_view("1\n00:00:01,000 --> 00:00:02,000\nhello\n")) bytes += {c, '\0'};
    EXPECT_EQ(parse_subtitles(bytes, "x").at(0).text.text, "hello");
}

const std::string ass =
    "[Script Info]\nPlayResX: 1000\nPlayResY: 500\n\n[V4+ Styles]\nFormat: Name, Fontname, Italic, "
    "Alignment\n"
    "Style: Default,Arial,0,2\nStyle: Voice,Arial,-1,8\n\n[Events]\nFormat: Layer, Start, End, Style, Text\n"
    "Dialogue: 0,0:00:01.00,0:00:02.50,Default,Call, {\\i1}now{\\i0}\\Nplease\n"
    "Comment: 0,0:00:01.00,0:00:02.50,Default,nobody sees this\n"
    "Dialogue: 0,0:00:03.00,0:00:04.00,Voice,above\n"
    "Dialogue: 0,0:00:05.00,0:00:06.00,Default,{\\pos(250,100)\\c&HFF0000&}there\n"
    "Dialogue: 0,0:00:07.00,0:00:08.00,Default,{\\p1}m 0 0 l 100 0{\\p0}\n";

TEST(Subtitles, ReadsAss) {
    const auto cues = parse_subtitles(ass, "x.ass");
    ASSERT_EQ(cues.size(), 3U) << "drawings are not text";
    EXPECT_EQ(cues[0].text.text, "Call, now\nplease");
    EXPECT_THAT(cues[0].text.italics, ElementsAre(Pair(6, 9)));
    EXPECT_EQ(cues[0].until, 2500ms);
    EXPECT_EQ(cues[1].placement, (TextPlacement{0.5, 0}));
    EXPECT_THAT(cues[1].text.italics, ElementsAre(Pair(0, 5)));
    EXPECT_EQ(cues[2].placement, (TextPlacement{0.25, 0.2}));
    EXPECT_THAT(parse_subtitles("[Script Info]\n", "x"), IsEmpty());
}

TEST(Subtitles, ErrorsNameTheLine) {
    const auto fault = [](const std::string& bytes) {
        return test::unread([&] { static_cast<void>(parse_subtitles(bytes, "x.vtt")); });
    };
    const auto refuses = [](ReadFault kind, int line) {
        return AllOf(test::Refuses(kind, ""), test::AtLine(line), test::Of("x.vtt"));
    };
    EXPECT_THAT(fault("WEBVTT\n\n00:01.000 --> 00:xx.000\nhello\n"), refuses(ReadFault::malformed, 3));
    EXPECT_THAT(fault("WEBVTT\n\n00:02.000 --> 00:01.000\nhello\n"), refuses(ReadFault::misplaced, 3));
    EXPECT_FALSE(fault("WEBVTT\n\n")) << "a file without cues";
    EXPECT_THAT(fault("hello\n"), refuses(ReadFault::missing, 1));
    EXPECT_THAT(fault("WEBVTT\n\n00:01.000 --> 00:02.000\n\xFF\n"), refuses(ReadFault::syntax, 1));
    EXPECT_THAT(fault(std::string((4U << 20) + 1, 'x')), refuses(ReadFault::too_large, 1));
    EXPECT_THAT(fault("[Script Info]\n[Events]\nFormat: Start, End, Text\nDialogue: 0:00:01.00,later,x\n"),
                refuses(ReadFault::malformed, 4));
    EXPECT_THAT(fault("[Script Info]\n[Events]\nDialogue: 0,1,2\n"), refuses(ReadFault::missing, 3));
    std::string many = "WEBVTT\n\n";
    for (int i = 0; i < 20'001; ++i) many += "00:01.000 --> 00:02.000\nx\n\n";
    EXPECT_THAT(fault(many), test::Refuses(ReadFault::too_large, ""));
}

TEST(Subtitles, case_51_AnyBytesParseOrThrow) {
    const std::string vtt =
        "WEBVTT\n\n00:01.000 --> 00:02.500 line:10% align:left\nCall <b>now</b> &amp; "
        "<i>ask</i>\n\n00:03.000 --> "
        "00:04.000\n{\\an8}x\n";
    EXPECT_TRUE(rc::check("a few changed bytes do no harm", [&] {
        auto bent = *rc::gen::element(vtt, ass);
        for (int i = *rc::gen::inRange(1, 4); i > 0; --i)
            bent[*rc::gen::inRange<std::size_t>(0, bent.size())] =
                static_cast<char>(*rc::gen::inRange(0, 256));
        try {
            const auto cues = parse_subtitles(bent, "x");
            for (const auto& cue : cues) {
                RC_ASSERT(is_utf8(cue.text.text));
                for (const auto& [from, until] : cue.text.italics)
                    RC_ASSERT(from < until && until <= cue.text.text.size());
                RC_ASSERT(cue.from <= cue.until);
            }
            for (const auto& set : display_sets_of(cues)) RC_ASSERT(set.from < set.until);
        } catch (const Error&) {
        }
    }));
}

TEST(DisplaySets, OverlappingCuesAreShownTogether) {
    const auto cue = [](int from, int until, const std::string& text, TextPlacement place) {
        return SubtitleCue{
            std::chrono::milliseconds(from), std::chrono::milliseconds(until), {text, {{0, 1}}}, place};
    };
    const auto sets =
        display_sets_of({cue(0, 100, "a", {}), cue(50, 200, "b", {}), cue(60, 80, "c", {0.5, 0})});
    ASSERT_EQ(sets.size(), 5U);
    EXPECT_EQ(sets[0].until, 50ms);
    EXPECT_EQ(sets[1].shown.at(0).second.text, "a\nb");
    EXPECT_THAT(sets[1].shown.at(0).second.italics, ElementsAre(Pair(0, 1), Pair(2, 3)));
    ASSERT_EQ(sets[2].shown.size(), 2U) << "two placements";
    EXPECT_EQ(sets[4].from, 100ms);
    EXPECT_EQ(sets[4].shown.at(0).second.text, "b");
    for (std::size_t i = 1; i < sets.size(); ++i) EXPECT_EQ(sets[i].from, sets[i - 1].until);
}

TEST(DisplaySets, LongTextIsSplitIntoPages) {
    const TextEngine engine(640, 360);
    std::string flood;
    for (int i = 0; i < 60; ++i) flood += "word ";
    const SubtitleDisplaySet set{1000ms, 9000ms, {{{}, {flood, {}}}, {{0.5, 0}, {"title", {}}}}};
    const auto pages = split_into_pages(set, engine, "en");
    ASSERT_GE(pages.size(), 2U);
    EXPECT_EQ(pages.front().from, 1000ms);
    EXPECT_EQ(pages.back().until, 9000ms);
    for (std::size_t i = 0; i < pages.size(); ++i) {
        EXPECT_EQ(pages[i].shown.size(), 2U) << "the title stays";
        EXPECT_GE(pages[i].until - pages[i].from, 1000ms);
        EXPECT_EQ(pages[i].from, i ? pages[i - 1].until : 1000ms);
    }
}

TEST(Overlays, MergeAtTheirPositions) {
    const Overlay a{10, 20, 1, 1, {1, 2, 3, 255}}, b{12, 19, 1, 1, {4, 5, 6, 128}};
    const auto both = merge({a, {}, b});
    EXPECT_EQ(both.x, 10);
    EXPECT_EQ(both.y, 19);
    EXPECT_EQ(both.width, 3);
    EXPECT_EQ(both.height, 2);
    EXPECT_EQ(both.bgra[3 * 4], 1);
    EXPECT_EQ(both.bgra[2 * 4 + 3], 128);
    EXPECT_TRUE(merge({}).empty());
}

}  // namespace
}  // namespace riverlight::player
