#include "player/cue/cue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "content/base/error.hpp"
#include "player/cue/commands.hpp"
#include "player/cue/events.hpp"
#include "player/cue/message.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;

Cue full_cue() {
    Cue cue;
    cue.airing = "a34f";
    cue.media.picture = "/media/\"quoted\"\\ \xE1\x9E\x81.mp4";
    cue.media.sound = "/media/s.m4a";
    cue.media.subtitles = "/media/s.vtt";
    cue.media.gain_db = -2.5;
    cue.media.locale = "km";
    cue.media.strap = Strap{"Call\nfree", "000 000 855", true};
    cue.media.rendition = Rendition{"/media/r.mp4", "fa8c"};
    cue.start = from_rfc3339("2026-11-24T05:00:00.040Z");
    cue.late = Cue::Late::skip;
    cue.stop = from_rfc3339("2026-11-24T05:01:00Z");
    cue.offset = std::chrono::milliseconds(2'500);
    cue.duration = std::chrono::milliseconds(12'000);
    cue.alternatives = {{{"/media/e.mp4", "", "/media/e.vtt", "en", 1.5, Strap{"Call", "1"}}, {}},
                        {{"/media/f.mp4", "", "", "th", 0, {}, Rendition{"/media/r2.mp4", ""}},
                         Alternative::Filler{"spot", 15s}}};
    cue.quiet = {{*from_rfc3339("2026-11-24T05:00:00Z"), *from_rfc3339("2026-11-24T06:00:00Z"), -12.5},
                 {*from_rfc3339("2026-11-24T05:30:00Z"), *from_rfc3339("2026-11-24T05:40:00Z"), {}}};
    cue.subtitled = false;
    cue.media.sign = Sign{"/media/tsq.mp4", "tsq"};
    cue.alternatives[0].media.sign = Sign{"/media/csd.mp4", "csd"};
    return cue;
}

TEST(CueLine, EveryCommandComesBackAsItWent) {
    Cue least;
    least.airing = "b";
    least.media.picture = "/x.mp4";

    const std::vector<Command> commands{
        full_cue(),
        least,
        Drop{"a"},
        Takeover{full_cue()},
        Quit{true},
        Quit{false},
        Panel{true},
        Notice{"Leave it in", "km"},
        Notice{},
        Panel{false},
        Guide{{{*from_rfc3339("2026-11-24T05:00:00Z"), std::chrono::minutes(30), LanguageCode::of_tag("km"),
                "ការងារ", ""}}},
        Guide{{{*from_rfc3339("2026-11-24T05:00:00Z"), std::chrono::minutes(30), LanguageCode{}, "a", "b",
                GuideRating{*CountryCode::from_text("KHM"), 13}}}},
        Avail{77, *from_rfc3339("2026-11-24T05:00:00Z"), std::chrono::minutes(2)},
        Prove{"/m/a.mp4", "fa8c"}};
    for (const auto& command : commands)
        EXPECT_EQ(to_line(parse_command(to_line(command))), to_line(command));
}

TEST(CueLine, EveryEventComesBackAsItWent) {
    const auto at = *from_rfc3339("2026-11-24T05:00:00Z");
    const std::vector<Event> events{
        Ready{"a"},
        OnAir{"a", at, 125},
        OnAir{"a", at, 125, MediaChoice::from_wire(2)},
        Progress{"a", 250},
        Progress{"a", 250, content::Shown{10s, 9s, 1s, false}},
        OffAir{"a",
               at,
               content::AiringStatus::failed,
               "it broke",
               10,
               1,
               2,
               19'200,
               {{"datagrams_sent", "7"}},
               MediaChoice::from_wire(1)},
        OffAir{"a",
               at,
               content::AiringStatus::truncated,
               "",
               10,
               0,
               0,
               19'200,
               {},
               {},
               content::Shown{{}, 400ms, 0s, true}},
        Trouble{"the disk is full", ""},
        Trouble{"it runs as root", "", Trouble::About::rights},
        Proved{"/m/a.mp4", "is torn"},
        Proved{"/m/a.mp4", ""},
        Health{1000,
               2,
               180 << 20,
               true,
               {{"k", "v"}},
               {{"srt://host:9000", false, "no receiver has come yet", true, {{"dropped", 7}}}}}};
    for (const auto& event : events) EXPECT_EQ(to_line(parse_event(to_line(event))), to_line(event));
}

TEST(CueLine, ACueKeepsItsMediaAndAlternatives) {
    const auto cue = std::get<Cue>(parse_command(to_line(full_cue())));
    EXPECT_EQ(cue.media.strap->label, "Call\nfree");
    ASSERT_TRUE(cue.media.rendition);
    EXPECT_EQ(cue.media.rendition->parameters, "fa8c");
    EXPECT_DOUBLE_EQ(cue.media.gain_db, -2.5);
    EXPECT_EQ(cue.media.sign, full_cue().media.sign);
    EXPECT_EQ(cue.start, full_cue().start);
    ASSERT_EQ(cue.alternatives.size(), 2U);
    EXPECT_EQ(cue.alternatives[0].media.strap->number, "1");
    EXPECT_EQ(cue.alternatives[0].media.sign, full_cue().alternatives[0].media.sign);
    EXPECT_EQ(cue.alternatives[1].media.locale, "th");
    EXPECT_EQ(cue.offset, std::chrono::milliseconds(2'500));
    EXPECT_EQ(to_line(Command(full_cue())).find('\n'), std::string::npos) << "a message is one line";
}

TEST(MediaChoice, GoesFromTheCuesOwnThroughItsAlternatives) {
    const auto cue = full_cue();
    MediaChoice choice;
    EXPECT_TRUE(choice.is_own());
    EXPECT_EQ(choice.to_wire(), 0);
    EXPECT_EQ(media_of(cue, choice), cue.media);
    choice = choice.next();
    EXPECT_FALSE(choice.is_own());
    EXPECT_EQ(choice.index(), 0U);
    EXPECT_EQ(media_of(cue, choice), cue.alternatives[0].media);
    EXPECT_EQ(media_of(cue, choice.next()), cue.alternatives[1].media);
    EXPECT_EQ(choice.next().to_wire(), 2);
    EXPECT_EQ(MediaChoice::from_wire(2), choice.next());
    EXPECT_EQ(media_of(cue, MediaChoice::from_wire(7)), cue.media) << "it has no such alternative";
    EXPECT_THROW(static_cast<void>(MediaChoice::from_wire(-1)), Error);
    EXPECT_THROW(static_cast<void>(MediaChoice::from_wire(most_alternatives + 1)), Error);
}

TEST(CueLine, AnythingElseIsRefused) {
    for (const std::string line :
         {"", "{}", "[]", "cue", R"({"type":"cue"})", R"({"type":"dance","airing":"a"})",
          R"({"type":"drop","airing":"a","more":1})"})
        EXPECT_THROW(static_cast<void>(parse_command(line)), Error) << line;
    auto loud = full_cue();
    loud.media.gain_db = 90;
    EXPECT_THROW(static_cast<void>(parse_command(to_line(Command(loud)))), Error);
    EXPECT_THROW(static_cast<void>(parse_command(std::string(longest_line + 1, ' '))), Error);
}

/// What a player says quotes libraries and files' names.
TEST(CueLine, WhatAPlayerSaysIsPlainText) {
    OffAir off;
    off.airing = "a";
    off.instant = *from_rfc3339("2026-11-24T05:00:00Z");
    off.status = content::AiringStatus::failed;
    off.reason = std::string("two\nlines\0 caf\xe9", 15);
    off.evidence = {{"dis\tplay", "\x1b[31m"}};
    const auto sent = std::get<OffAir>(parse_event(to_line(Event(off))));
    EXPECT_EQ(sent.reason, "two lines  caf") << "its last byte begins a character that does not come";
    EXPECT_EQ(sent.evidence, (std::map<std::string, std::string>{{"dis play", " [31m"}}));
    // As another program may send it.
    const auto line = std::string(R"({"type":"trouble","what":"two\nlines )") + "\xe1\x9e" + R"("})";
    EXPECT_EQ(std::get<Trouble>(parse_event(line)).what, "two lines \xEF\xBF\xBD");
    const auto cut = R"({"type":"trouble","what":")" + std::string(8191, 'a') + "\xE1\x9E\x80\"}";
    EXPECT_EQ(std::get<Trouble>(parse_event(cut)).what, std::string(8191, 'a')) << "cut at a character's end";
}

TEST(CueLine, case_51_BentBytesNeverDoMoreThanThrow) {
    const auto line = to_line(Command(full_cue()));
    EXPECT_TRUE(rc::check("a line with one byte changed parses or throws Error", [&] {
        auto bent = line;
        bent[*rc::gen::inRange<std::size_t>(0, line.size())] = static_cast<char>(*rc::gen::inRange(0, 256));
        try {
            static_cast<void>(parse_command(bent));
        } catch (const Error&) {
        }
    }));
}

}  // namespace
}  // namespace riverlight::player
