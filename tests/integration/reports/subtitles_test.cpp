// Subtitle files as editors, converters and translators leave them: what is shown when, which lines are named
// as not shown, or where the file is refused.
#include "player/text/subtitles.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "content/base/error.hpp"
#include "tests/support/refusal.hpp"

namespace riverlight::reports {
namespace {

using player::TextPlacement;
using player::UnreadLine;

struct Shown {
    std::int64_t from, until;  ///< ms
    std::string text;
    TextPlacement placement{};
    bool operator==(const Shown&) const = default;
};
void PrintTo(const Shown& shown, std::ostream* out) {
    *out << shown.from << " to " << shown.until << ": " << testing::PrintToString(shown.text) << " at "
         << shown.placement.across << ", " << shown.placement.down;
}

struct Refusal {
    ReadFault kind;
    int line;
};

struct Texts {
    std::string name;
    std::string bytes;
    std::vector<Shown> shown{};
    std::vector<int> unread{};  ///< numbers of the lines that are named
    std::optional<Refusal> refusal{};
};
void PrintTo(const Texts& texts, std::ostream* out) {
    *out << texts.name;
}

class Subtitles : public testing::TestWithParam<Texts> {};

TEST_P(Subtitles, AreShownAsMeant) {
    const auto& report = GetParam();
    std::vector<player::SubtitleCue> cues;
    std::vector<UnreadLine> left;
    const auto fault = test::unread([&] { cues = player::parse_subtitles(report.bytes, "x", &left); });
    if (report.refusal) {
        EXPECT_THAT(fault, testing::AllOf(test::Refuses(report.refusal->kind, ""),
                                          test::AtLine(report.refusal->line)));
        return;
    }
    ASSERT_FALSE(fault) << fault->what();
    std::vector<Shown> shown;
    shown.reserve(cues.size());
    for (const auto& cue : cues)
        shown.push_back({cue.from.count(), cue.until.count(), cue.text.text, cue.placement});
    EXPECT_EQ(shown, report.shown);
    std::vector<int> unread;
    unread.reserve(left.size());
    for (const auto& line : left) unread.push_back(line.line);
    EXPECT_EQ(unread, report.unread);
}

std::string utf16(const std::string& ascii, bool little, bool mark) {
    std::string out = mark ? little ? "\xff\xfe" : "\xfe\xff" : "";
    for (const char c : ascii) out += little ? std::string{c, '\0'} : std::string{'\0', c};
    return out;
}
std::string with_ends(std::string text, const std::string& end) {
    for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + end.size()))
        text.replace(at, 1, end);
    return text;
}

/// Two cues, and how they are shown.
const std::string two = "1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n00:00:03,000 --> 00:00:04,000\ntwo\n";
const std::vector<Shown> both{{1000, 2000, "one"}, {3000, 4000, "two"}};
/// A cue of SubRip or WebVTT with this text, from 1 s to 2 s.
std::string srt(const std::string& text) {
    return "1\n00:00:01,000 --> 00:00:02,000\n" + text + "\n";
}
std::string vtt(const std::string& text) {
    return "WEBVTT\n\n00:01.000 --> 00:02.000\n" + text + "\n";
}
std::string many() {
    std::string text;
    for (int i = 0; i < 20'001; ++i) text += srt("x") + '\n';
    return text;
}

const std::vector<Texts> encodings{
    {"mpv_8392_MarkAndCrLf", "\xef\xbb\xbf" + with_ends(two, "\r\n"), both},
    {"vlc_word_search_3_MarkBeforeTheNumber", "\xef\xbb\xbf" + two, both},
    {"CrOnly", with_ends(two, "\r"), both},
    {"TextModeTwice_CrCrLf", with_ends(two, "\r\r\n"), both},
    {"Memento_170_Utf16Le", utf16(two, true, true), both},
    {"nginx_vod_881_Utf16Be", utf16(two, false, true), both},
    {"nginx_vod_586_Utf16LeWithoutMark", utf16(with_ends(two, "\r\n"), true, false), both},
    {"Utf16BeWithoutMark", utf16(two, false, false), both},
    {"SubtitleForAndroid_3_MarkInTheMiddle",
     two + "\n\xef\xbb\xbf"
           "3\n00:00:05,000 --> 00:00:06,000\nthree\n",
     {{1000, 2000, "one"}, {3000, 4000, "two"}, {5000, 6000, "three"}}},
    {"MarkTwice", "\xef\xbb\xbf\xef\xbb\xbf" + two, both},
    {"MarkBeforeWebVtt", "\xef\xbb\xbfWEBVTT\n\n00:01.000 --> 00:02.000\none\n", {{1000, 2000, "one"}}},
    {"BytesOfZero", "1\n00:00:01,000 --> 00:00:02,000\none\n" + std::string(64, '\0'), {{1000, 2000, "one"}}},
    {"EmptyFile", "", {}, {}, Refusal{ReadFault::missing, 1}},
    {"OnlyBlankLines", "\n\n \n", {}, {}, Refusal{ReadFault::missing, 1}},
    {"MoreThanTwentyThousand", many(), {}, {}, Refusal{ReadFault::too_large, 80'004}},
};

const std::vector<Texts> times{
    {"srtlib_9_PointInsteadOfComma", "1\n00:00:01.000 --> 00:00:02.000\none\n", {{1000, 2000, "one"}}},
    {"subtitleeditor_58_CommaAndPoint", "1\n00:00:01,902 --> 00:00:19.166\none\n", {{1902, 19'166, "one"}}},
    {"cdown_52_FewerDigits", "1\n00:00:01,5 --> 00:00:02,25\none\n", {{1500, 2250, "one"}}},
    {"cdown_55_OneDigitOfSeconds", "9999\n00:00:0,500 --> 00:00:2,00\none\n", {{500, 2000, "one"}}},
    {"nginx_vod_605_NoFraction", "1\n00:00:01 --> 00:00:02\none\n", {{1000, 2000, "one"}}},
    {"srt_parser_3_OneDigitOfHours", "1\n0:00:01,000 --> 0:00:02,000\none\n", {{1000, 2000, "one"}}},
    {"subtitle_js_82_OneDigitEverywhere", "WEBVTT\n\n0:0:1.0 --> 0:0:2.0\none\n", {{1000, 2000, "one"}}},
    {"hls_js_3311_HoursOver99",
     "WEBVTT\n\n166:50:08.000 --> 166:50:09.531\none\n",
     {{600'608'000, 600'609'531, "one"}}},
    {"SpacesBehindTheTimes", "1\n00:00:01,000 --> 00:00:02,000 \t \none\n", {{1000, 2000, "one"}}},
    {"NoSpacesAroundTheArrow", "1\n00:00:01,000-->00:00:02,000\none\n", {{1000, 2000, "one"}}},
    {"MarksOfDirectionAroundTheTimes",
     "\u202b1\n\u200f00:00:01,000 --> 00:00:02,000\u200f\none\n\n\u202b2\n\u202a00:00:03,000 --> "
     "00:00:04,000\u202c\ntwo\n",
     both},
    {"NoBreakSpacesInTheTimes", "1\n00:00:01,000\u00a0-->\u00a000:00:02,000\none\n", {{1000, 2000, "one"}}},
    {"AVProVideo_648_ArrowWithADash",
     "1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n00:00:03,000 \u2013-> 00:00:04,000\ntwo\n",
     {},
     {},
     Refusal{ReadFault::malformed, 6}},
    {"ArrowThatWasTranslated",
     "1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n00:00:03,000 -> 00:00:04,000\ntwo\n",
     {},
     {},
     Refusal{ReadFault::malformed, 6}},
    {"ArrowAsReference",
     "1\n00:00:01,000 --&gt; 00:00:02,000\none\n",
     {},
     {},
     Refusal{ReadFault::malformed, 2}},
    {"TimesThatWereTranslated",
     "1\n00: 00: 01,000 --> 00: 00: 02,000\none\n",
     {},
     {},
     Refusal{ReadFault::malformed, 2}},
    {"HoursOfServiceAreText",
     srt("\n08:00 \u2013 17:00\n08:00 -> 17:00"),
     {{1000, 2000, "08:00 \u2013 17:00\n08:00 -> 17:00"}}},
    {"nginx_vod_805_NegativeTime",
     "1\n-00:00:01,000 --> 00:00:02,000\none\n",
     {},
     {},
     Refusal{ReadFault::malformed, 2}},
    {"EndBeforeBegin", "1\n00:00:02,000 --> 00:00:01,000\none\n", {}, {}, Refusal{ReadFault::misplaced, 2}},
    {"pysubs2_11_EmptyCuesOfNoTime",
     two + "\n3\n00:00:00,00 --> 00:00:00,00\n\n4\n00:00:00,00 --> 00:00:00,00\n", both},
    {"SixtySeconds", "1\n00:00:01,000 --> 00:00:60,000\none\n", {}, {}, Refusal{ReadFault::malformed, 2}},
    {"OutOfOrder", "2\n00:00:03,000 --> 00:00:04,000\ntwo\n\n1\n00:00:01,000 --> 00:00:02,000\none\n", both},
    {"Overlapping",
     "1\n00:00:01,000 --> 00:00:03,000\none\n\n2\n00:00:02,000 --> 00:00:04,000\ntwo\n",
     {{1000, 3000, "one"}, {2000, 4000, "two"}}},
};

const std::vector<Texts> structure{
    {"SwiftSubtitles_8_NoBlankLines",
     "1\n0:00:00.000 --> 0:00:02.000\none\n2\n0:00:02.000 --> 0:00:04.000\ntwo\n",
     {{0, 2000, "one"}, {2000, 4000, "two"}}},
    {"NoNumbers", "00:00:01,000 --> 00:00:02,000\none\n\n00:00:03,000 --> 00:00:04,000\ntwo\n", both},
    {"silviapfeiffer_3_BlankLineBeforeTheText",
     "1\n00:00:01,000 --> 00:00:02,000\n\none\n\n2\n00:00:03,000 --> 00:00:04,000\ntwo\n", both},
    {"Memento_69_BlankLineInsideTheText", srt("one\n\nmore"), {{1000, 2000, "one\nmore"}}},
    {"SubtitleEdit_2147_OnlyANumberAsText", srt("\n200"), {{1000, 2000, "200"}}},
    {"captioning_10_BlankBeforeTheNextNumber",
     "1\n00:00:01,000 --> 00:00:02,000\none\n \n2\n00:00:03,000 --> 00:00:04,000\ntwo\n", both},
    {"Memento_68_CueWithoutText",
     "1\n00:00:01,000 --> 00:00:02,000\n\n\n2\n00:00:03,000 --> 00:00:04,000\ntwo\n",
     {{3000, 4000, "two"}}},
    {"CueOfNoBreakSpace",
     two + "\n3\n00:00:05,000 --> 00:00:06,000\n\u00a0\n\n4\n00:00:07,000 --> 00:00:08,000\n&nbsp;\u200b\n",
     both},
    {"EveryLineDoubled", with_ends(two, "\n\n"), both},
    {"nginx_vod_805_BlanksBeforeTheFirst", "\n \n\n" + two, both},
    {"webvtt_js_27_StyleBlock",
     "WEBVTT\n\nSTYLE\n::cue(b) {\n  color: peachpuff;\n}\n\n00:01.000 --> 00:02.000\none\n",
     {{1000, 2000, "one"}}},
    {"webvtt_js_26_RegionBlock",
     "WEBVTT\n\nREGION\nid:fred\nwidth:40%\nlines:3\n\n00:01.000 --> 00:02.000 region:fred align:left\none\n",
     {{1000, 2000, "one", {0, 1}}}},
    {"subrandr_83_StyleBehindTheFirstCue",
     "WEBVTT\n\n00:01.000 --> 00:02.000\none\n\nSTYLE\n::cue { color: red }\n\nNOTE by me\nand "
     "you\n\n00:03.000 --> 00:04.000\ntwo\n",
     both},
    {"webvtt_303_NoBlankLineBehindTheHeader",
     "WEBVTT\n00:01.000 --> 00:02.000\none\n",
     {{1000, 2000, "one"}}},
    {"hls_js_6302_TimestampMap",
     "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n00:01.000 --> 00:02.000\none\n",
     {{1000, 2000, "one"}}},
    {"http_streaming_1216_NoTimestampMap",
     "WEBVTT\nKind: captions\nLanguage: th\n\n00:01.000 --> 00:02.000 align:start position:0%\none\n",
     {{1000, 2000, "one", {0, 1}}}},
    {"LineBetweenCues",
     "WEBVTT\n\n00:01.000 --> 00:02.000\none\n\nlost\nfor good\n\nname\n00:03.000 --> 00:04.000\ntwo\n",
     both,
     {6, 7}},
};

const std::vector<Texts> markup{
    {"jellyfin_web_3727_An8", srt("{\\an8}one"), {{1000, 2000, "one", {0.5, 0}}}},
    {"HandBrake_2494_FontTag",
     srt("<font face=\"Tahoma\" color=\"#ffff95\">one</font> <FONT color=red>two</FONT>"),
     {{1000, 2000, "one two"}}},
    {"betterplayer_6_FontTagLeftOpen", srt("<font color=\"ffff00\">one"), {{1000, 2000, "one"}}},
    {"SubtitleEdit_11954_ClassesOfColour",
     vtt("<c.magenta.bg_black>one</c> <c.color008000>two</c>"),
     {{1000, 2000, "one two"}}},
    {"KaraokeTimes", vtt("one <00:01.500>two <c>three</c>"), {{1000, 2000, "one two three"}}},
    {"BreakTag", srt("one<br>two<br/>three<BR />four"), {{1000, 2000, "one\ntwo\nthree\nfour"}}},
    {"QMPlay2_59_BreakOfAss", srt("one\\Ntwo\\hthree \\new"), {{1000, 2000, "one\ntwo\u00a0three \\new"}}},
    {"MicroDvdStyles",
     srt("{y:i}one {C:$0000FF}two {speaker: Ann}"),
     {{1000, 2000, "one two {speaker: Ann}"}}},
    {"HeartsAreNoTags", srt("I <3 you > all, 1<2>0"), {{1000, 2000, "I <3 you > all, 1<2>0"}}},
    {"NamesInAngleBracketsAreNoTags",
     srt("<Ann> hello <laughs>, write to <info@example.org>"),
     {{1000, 2000, "<Ann> hello <laughs>, write to <info@example.org>"}}},
    {"UnknownTagOfWebVttIsNamed", vtt("one <blink>two</blink>"), {{1000, 2000, "one two"}}, {4, 4}},
    {"VoicesAndLanguages",
     vtt("<v.loud Ann>one</v> <lang th>two</lang> <ruby>three<rt>four</rt></ruby>"),
     {{1000, 2000, "one two threefour"}}},
    {"UnclosedAngle", srt("a < b and <b"), {{1000, 2000, "a < b and <b"}}},
    {"AmpersandsOfAll", srt("A & B &amp; C &lrm;D"), {{1000, 2000, "A & B & C \u200eD"}}},
    {"KhmerWithZeroWidthSpaces",
     srt("\u1794\u17d2\u179a\u1791\u17c1\u179f\u200b\u1780\u1798\u17d2\u1796\u17bb\u1787\u17b6"),
     {{1000, 2000, "\u1794\u17d2\u179a\u1791\u17c1\u179f\u200b\u1780\u1798\u17d2\u1796\u17bb\u1787\u17b6"}}},
    {"RightToLeft",
     srt("\u202b\u0645\u0627 \u0627\u0644\u062e\u0637\u0628\u061f\u202c"),
     {{1000, 2000, "\u202b\u0645\u0627 \u0627\u0644\u062e\u0637\u0628\u061f\u202c"}}},
};
const auto name = [](const auto& test) { return test.param.name; };
INSTANTIATE_TEST_SUITE_P(Encodings, Subtitles, testing::ValuesIn(encodings), name);
INSTANTIATE_TEST_SUITE_P(Times, Subtitles, testing::ValuesIn(times), name);
INSTANTIATE_TEST_SUITE_P(Structure, Subtitles, testing::ValuesIn(structure), name);
INSTANTIATE_TEST_SUITE_P(Markup, Subtitles, testing::ValuesIn(markup), name);

}  // namespace
}  // namespace riverlight::reports
