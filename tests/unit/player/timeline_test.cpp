// The timeline with sources that do as they are told, and a clock that is handed in.
#include "player/timeline/timeline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

namespace riverlight::player {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono;
using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");

/// How a made-up file behaves.
struct Script {
    int frames = 3;
    int ready_after = 0;  ///< questions of its state before it is ready; −1: never
    int hang_after = -1;  ///< frames before it delivers nothing more
    int fail_after = -1;  ///< frames before it fails
    bool broken = false;  ///< fails to open
    bool subtitled = false;
};

class Scripted final : public Source {
  public:
    Scripted(Script script, SourceSpec spec)
        : script_(script), spec_(std::move(spec)), next_(spec_.first_frame) {}
    [[nodiscard]] State state() const override {
        if (script_.broken) return State::failed;
        return script_.ready_after >= 0 && asked_++ >= script_.ready_after ? State::ready : State::opening;
    }
    [[nodiscard]] std::string error() const override { return spec_.picture + ": is broken"; }
    [[nodiscard]] Take take(Piece& into) override {
        const auto frames = spec_.frames.value_or(script_.frames);
        if (next_ == script_.fail_after) return Take::failed;
        if (next_ == script_.hang_after) return Take::waiting;
        if (next_ >= frames) return Take::ended;
        into.picture = std::make_shared<const Picture>(
            Picture{2, 2, {static_cast<std::uint8_t>(next_), 0, 0, 0}, {0}, {0}});
        into.samples.assign(static_cast<std::size_t>(spec_.format.samples_a_frame()) * 2, 0.5F);
        if (script_.subtitled) into.subtitle = std::make_shared<const Overlay>();
        ++next_;
        return Take::piece;
    }
    void wait(milliseconds) const override {}

  private:
    Script script_;
    SourceSpec spec_;
    std::int64_t next_;
    mutable int asked_ = 0;
};

class TimelineTest : public testing::Test {
  protected:
    static Cue cue(const std::string& id) {
        Cue c;
        c.airing = c.picture = id;
        return c;
    }
    static Cue cue_at(const std::string& id, milliseconds after, Cue::Late late = Cue::Late::join) {
        auto c = cue(id);
        c.start = noon + after;
        c.late = late;
        return c;
    }
    void say(const Command& command) { timeline_.command(command, now()); }
    [[nodiscard]] Instant now() const { return noon + frame_ * 40ms; }
    /// Frames one after the other, as "a0 a1 b0 -": item and its frame's number, `-` the slate.
    std::string run(int count) {
        std::string out;
        for (int i = 0; i < count; ++i) {
            const auto step = timeline_.step(now(), frame_);
            ++frame_;
            EXPECT_EQ(step.piece.samples.size(), 3840U) << "every frame has its sound, on slate too";
            if (!out.empty()) out += ' ';
            out += step.on_slate
                       ? "-"
                       : step.airing + std::to_string(step.piece.picture ? step.piece.picture->y[0] : 99);
        }
        return out;
    }
    std::vector<std::string> ends() {
        std::vector<std::string> out;
        for (const auto& event : events_)
            if (const auto* off = std::get_if<OffAir>(&event))
                out.push_back(off->airing + ' ' + off->status + ' ' + std::to_string(off->frames));
        return out;
    }
    std::string reason_of(const std::string& airing) {
        for (const auto& event : events_)
            if (const auto* off = std::get_if<OffAir>(&event); off && off->airing == airing)
                return off->reason;
        return "still on";
    }
    std::map<std::string, Script> files_;
    std::vector<Event> events_;
    std::vector<SourceSpec> opened_;
    std::int64_t frame_ = 0;
    Timeline timeline_{{Format{}, 1500ms, false},
                       [this](const SourceSpec& spec) {
                           opened_.push_back(spec);
                           return std::make_unique<Scripted>(files_[spec.picture], spec);
                       },
                       [this](const Event& event) { events_.push_back(event); }};
};

TEST_F(TimelineTest, ItemsFollowEachOtherWithoutAHole) {
    say(cue("a"));
    say(cue("b"));
    say(cue("c"));
    EXPECT_EQ(run(10), "a0 a1 a2 b0 b1 b2 c0 c1 c2 -");
    EXPECT_THAT(ends(), ElementsAre("a aired 3", "b aired 3", "c aired 3"));
    std::vector<std::int64_t> begins;
    for (const auto& event : events_)
        if (const auto* on = std::get_if<OnAir>(&event)) begins.push_back(on->frame);
    EXPECT_THAT(begins, ElementsAre(0, 3, 6));
}

TEST_F(TimelineTest, TheNextItemIsOpenedBeforeItIsDue) {
    say(cue("a"));
    say(cue("b"));
    say(cue("c"));
    EXPECT_EQ(opened_.size(), 2U) << "what airs and what follows, and no more";
    static_cast<void>(run(3));
    EXPECT_EQ(opened_.size(), 2U);
    static_cast<void>(run(1));
    EXPECT_EQ(opened_.size(), 3U);
}

TEST_F(TimelineTest, BehindABrokenItemTheOneAfterItIsOpenedInTime) {
    files_["b"].broken = true;
    files_["c"].ready_after = 4;
    files_["a"].frames = 20;
    say(cue("a"));
    say(cue("b"));
    say(cue("c"));
    EXPECT_THAT(run(22), testing::EndsWith("a19 c0 c1"));
}

TEST_F(TimelineTest, AHardStartFarBackInTheQueueIsOpenedBeforeItsTime) {
    for (const auto* id : {"a", "b", "c"}) files_[id].frames = 200;
    files_["d"].ready_after = 10;
    for (const auto* id : {"a", "b", "c"}) say(cue(id));
    say(cue_at("d", 2s));
    EXPECT_THAT(run(51), testing::EndsWith("a49 d0"));
}

TEST_F(TimelineTest, AHardStartCutsInOnItsFrame) {
    files_["a"].frames = 100;
    say(cue("a"));
    say(cue_at("b", 120ms));
    EXPECT_EQ(run(7), "a0 a1 a2 b0 b1 b2 -");
    EXPECT_THAT(ends(), ElementsAre("a truncated 3", "b aired 3"));
    EXPECT_THAT(reason_of("a"), HasSubstr("next item's start"));
}

TEST_F(TimelineTest, AnItemThatEndsWhereAHardStartBeginsWasNotCut) {
    auto a = cue("a");
    a.duration = 120ms;
    say(a);
    say(cue_at("b", 120ms));
    EXPECT_EQ(run(4), "a0 a1 a2 b0");
    EXPECT_THAT(ends(), ElementsAre("a aired 3"));
}

TEST_F(TimelineTest, AHardStartWaitsForItsFrameOverTheSlate) {
    say(cue_at("a", 80ms));
    EXPECT_EQ(run(4), "- - a0 a1");
}

TEST_F(TimelineTest, AHardStartNotReadyDoesNotTakeTheScreenAway) {
    files_["a"].frames = 100;
    files_["b"] = {100, 20, -1, -1, false};
    say(cue("a"));
    say(cue_at("b", 80ms));
    const auto shown = run(30);
    EXPECT_EQ(shown.find('-'), std::string::npos) << shown;
    EXPECT_THAT(shown, HasSubstr("b0 b1 b2"));
}

TEST_F(TimelineTest, WhatIsLateJoinsInProgressOrIsSkipped) {
    static_cast<void>(run(50));  // two seconds past noon
    files_["a"].frames = 100;
    say(cue_at("a", 1s));
    say(cue_at("b", 1s, Cue::Late::skip));
    EXPECT_EQ(run(1), "a25");
    EXPECT_THAT(ends(), ElementsAre("b skipped 0"));
    EXPECT_THAT(reason_of("b"), HasSubstr("start had passed"));
}

TEST_F(TimelineTest, WhatIsTooLateToJoinHasNotAired) {
    static_cast<void>(run(50));  // two seconds past noon
    say(cue_at("a", 1s));        // three frames long
    say(cue("b"));
    EXPECT_EQ(run(4), "b0 b1 b2 -");
    EXPECT_THAT(ends(), ElementsAre("a skipped 0", "b aired 3"));
    EXPECT_THAT(reason_of("a"), HasSubstr("was over before"));
    for (const auto& event : events_) {
        if (const auto* on = std::get_if<OnAir>(&event)) {
            EXPECT_EQ(on->airing, "b");
        }
    }
}

TEST_F(TimelineTest, AnItemThatGoesOnBeginsWhereItWasLeft) {
    files_["a"].frames = 100;
    auto resumed = cue("a");
    resumed.offset = 1s;
    resumed.duration = 120ms;
    say(resumed);
    EXPECT_EQ(run(4), "a25 a26 a27 -");
    EXPECT_THAT(ends(), ElementsAre("a aired 3"));
}

TEST_F(TimelineTest, AnItemThatGoesOnLateIsFurtherStill) {
    static_cast<void>(run(50));  // two seconds past noon
    files_["a"].frames = 100;
    auto resumed = cue_at("a", 1s);
    resumed.offset = 1s;
    resumed.duration = 1080ms;
    say(resumed);
    EXPECT_EQ(run(3), "a50 a51 -");
}

TEST_F(TimelineTest, ABrokenFileCostsItsOwnPlaceOnly) {
    files_["b"].broken = true;
    say(cue("a"));
    say(cue("b"));
    say(cue("c"));
    EXPECT_EQ(run(7), "a0 a1 a2 c0 c1 c2 -");
    EXPECT_THAT(ends(), ElementsAre("a aired 3", "b failed 0", "c aired 3"));
    EXPECT_EQ(reason_of("b"), "b: is broken");
}

TEST_F(TimelineTest, AFileThatBreaksOnAirEndsThere) {
    files_["a"] = {100, 0, -1, 5, false};
    say(cue("a"));
    say(cue("b"));
    EXPECT_EQ(run(8), "a0 a1 a2 a3 a4 b0 b1 b2");
    EXPECT_THAT(ends(), ElementsAre("a failed 5"));
}

TEST_F(TimelineTest, ADecoderThatHangsIsLeftBehindWithinTwoSeconds) {
    files_["a"] = {100, 0, 4, -1, false};
    files_["b"].frames = 100;
    say(cue("a"));
    say(cue("b"));
    const auto shown = run(50);
    EXPECT_THAT(shown, HasSubstr("b0"));
    EXPECT_EQ(shown.find('-'), std::string::npos) << "the last picture is held until then";
    EXPECT_THAT(reason_of("a"), HasSubstr("delivered nothing for 1500 ms"));
    int repeated = 0;
    for (const auto& event : events_)
        if (const auto* off = std::get_if<OffAir>(&event)) repeated = static_cast<int>(off->repeated);
    EXPECT_GT(repeated, 30) << "held frames are told as repeated";
}

TEST_F(TimelineTest, AFileThatNeverOpensIsLeftBehindWithinTwoSeconds) {
    files_["a"].ready_after = -1;
    say(cue("a"));
    say(cue("b"));
    EXPECT_THAT(run(50), HasSubstr("- b0 b1 b2"));
    EXPECT_THAT(ends(), ElementsAre("a failed 0", "b aired 3"));
}

TEST_F(TimelineTest, DropForgetsWhatIsQueuedAndEndsWhatIsOn) {
    files_["a"].frames = 100;
    say(cue("a"));
    say(cue("b"));
    say(cue("c"));
    static_cast<void>(run(2));
    say(Drop{"b"});
    say(Drop{"a"});
    EXPECT_EQ(run(2), "c0 c1");
    EXPECT_THAT(ends(), ElementsAre("b skipped 0", "a truncated 2"));
}

TEST_F(TimelineTest, ATakeoverIsOnAtOnceAndEmptiesTheQueue) {
    files_["a"].frames = 100;
    say(cue("a"));
    say(cue("b"));
    static_cast<void>(run(2));
    say(Takeover{cue("x")});
    EXPECT_EQ(run(4), "x0 x1 x2 -");
    EXPECT_THAT(ends(), ElementsAre("b skipped 0", "a truncated 2", "x aired 3"));
    EXPECT_EQ(reason_of("a"), "taken over");
}

TEST_F(TimelineTest, StopEndsAnItemOnItsFrame) {
    files_["a"].frames = 100;
    auto c = cue("a");
    c.stop = noon + 120ms;
    say(c);
    EXPECT_EQ(run(4), "a0 a1 a2 -");
    EXPECT_THAT(ends(), ElementsAre("a truncated 3"));
}

TEST_F(TimelineTest, ADurationIsExact) {
    files_["a"].frames = 100;
    auto c = cue("a");
    c.duration = 200ms;
    say(c);
    say(cue("b"));
    EXPECT_EQ(run(6), "a0 a1 a2 a3 a4 b0");
}

TEST_F(TimelineTest, QuitEndsAtOnceOrPlaysTheQueueOut) {
    say(cue("a"));
    say(Quit{true});
    EXPECT_FALSE(timeline_.finished());
    static_cast<void>(run(4));
    EXPECT_TRUE(timeline_.finished());
    say(cue("b"));
    static_cast<void>(run(1));
    say(Quit{false});
    EXPECT_TRUE(timeline_.finished());
    timeline_.close(now(), "the player ends");
    EXPECT_THAT(ends(), ElementsAre("a aired 3", "b truncated 1"));
}

TEST(TimelineProperty, EveryCueEndsOnceAndEveryFrameIsWhole) {
    EXPECT_TRUE(rc::check("whatever files do, each airing has one end and the outlet always a frame", [] {
        std::map<std::string, Script> files;
        std::map<std::string, int> ends;
        std::int64_t shown = 0, told = 0;
        Timeline timeline(
            {Format{}, 400ms, false},
            [&](const SourceSpec& spec) { return std::make_unique<Scripted>(files[spec.picture], spec); },
            [&](const Event& event) {
                if (const auto* off = std::get_if<OffAir>(&event)) {
                    ++ends[off->airing];
                    told += off->frames;
                }
            });
        const auto count = *rc::gen::inRange(1, 12);
        std::int64_t frame = 0;
        const auto steps = [&](int n) {
            for (int i = 0; i < n; ++i, ++frame) {
                const auto step = timeline.step(noon + frame * 40ms, frame);
                RC_ASSERT(step.piece.samples.size() == 3840U);
                RC_ASSERT(step.on_slate == step.airing.empty());
                shown += !step.on_slate;
            }
        };
        for (int i = 0; i < count; ++i) {
            const auto id = std::to_string(i);
            files[id] = {*rc::gen::inRange(0, 20), *rc::gen::inRange(-1, 5), *rc::gen::inRange(-1, 20),
                         *rc::gen::inRange(-1, 20), *rc::gen::inRange(0, 5) == 0};
            Cue cue;
            cue.airing = cue.picture = id;
            if (*rc::gen::inRange(0, 3) == 0) cue.start = noon + milliseconds(*rc::gen::inRange(-500, 3000));
            if (*rc::gen::inRange(0, 3) == 0) cue.late = Cue::Late::skip;
            if (*rc::gen::inRange(0, 8) == 0)
                timeline.command(Takeover{cue}, noon + frame * 40ms);
            else
                timeline.command(cue, noon + frame * 40ms);
            steps(*rc::gen::inRange(0, 10));
        }
        steps(50);
        timeline.close(noon + frame * 40ms, "end");
        RC_ASSERT(static_cast<int>(ends.size()) == count);
        for (const auto& [id, n] : ends) RC_ASSERT(n == 1);
        RC_ASSERT(told == shown);
    }));
}

TEST_F(TimelineTest, WhatIsBrokenAirsInAnotherLanguageWithoutAHole) {
    files_["b"].broken = files_["b-en"].broken = true;
    files_["b-th"].frames = 2;
    auto b = cue("b");
    b.locale = "km";
    b.instead = {{"b-en", "", "", "en", 0, {}}, {"b-th", "", "t.vtt", "th", 3, Strap{"x", "9"}}};
    say(cue("a"));
    say(b);
    say(cue("c"));
    EXPECT_EQ(run(9), "a0 a1 a2 b0 b1 c0 c1 c2 -");
    EXPECT_THAT(ends(), ElementsAre("a aired 3", "b substituted 2", "c aired 3"));
    EXPECT_EQ(reason_of("b"), "km: b: is broken; en: b-en: is broken");
    const auto opened = std::find_if(opened_.begin(), opened_.end(),
                                     [](const SourceSpec& spec) { return spec.picture == "b-th"; });
    ASSERT_NE(opened, opened_.end());
    EXPECT_EQ(opened->locale, "th");
    EXPECT_EQ(opened->subtitles, "t.vtt");
    EXPECT_EQ(opened->gain_db, 3);
    EXPECT_EQ(opened->strap->number, "9");
    std::vector<int> took;
    for (const auto& event : events_) {
        const auto* on = std::get_if<OnAir>(&event);
        const auto* off = std::get_if<OffAir>(&event);
        if (on && on->airing == "b") took.push_back(on->took);
        if (off && off->airing == "b") took.push_back(off->took);
    }
    EXPECT_THAT(took, ElementsAre(2, 2));
}

TEST_F(TimelineTest, WhereEveryLanguageIsBrokenEachReasonIsTold) {
    files_["b"].broken = files_["b-en"].broken = true;
    auto b = cue("b");
    b.locale = "km";
    b.instead = {{"b-en", "", "", "en", 0, {}}};
    say(cue("a"));
    say(b);
    say(cue("c"));
    EXPECT_EQ(run(7), "a0 a1 a2 c0 c1 c2 -");
    EXPECT_EQ(ends()[1], "b failed 0");
    EXPECT_EQ(reason_of("b"), "km: b: is broken; en: b-en: is broken");
}

TEST_F(TimelineTest, WhatNeverOpensGivesWayToAnotherLanguage) {
    files_["b"].ready_after = -1;
    files_["b-en"].frames = 2;
    auto b = cue("b");
    b.locale = "km";
    b.instead = {{"b-en", "", "", "en", 0, {}}};
    say(b);
    static_cast<void>(run(50));
    EXPECT_EQ(ends(), std::vector<std::string>{"b substituted 2"});
    EXPECT_THAT(reason_of("b"), HasSubstr("could not be opened in time"));
}

/// A filler of two frames, as the next of `cue`'s stand-ins.
Instead filler(const std::string& id) {
    Instead f{id, "", "", "en", 0, {}};
    f.filler = "spot";
    f.length = 80ms;
    return f;
}

TEST_F(TimelineTest, WhereEveryLanguageIsBrokenTheFillerHasItsTime) {
    files_["b"].broken = files_["b-en"].broken = true;
    files_["f"].frames = 2;
    auto b = cue("b");
    b.locale = "km";
    b.duration = 200ms;
    b.instead = {{"b-en", "", "", "en", 0, {}}, filler("f")};
    say(cue("a"));
    say(b);
    say(cue("c"));
    EXPECT_EQ(run(4), "a0 a1 a2 b0");
    const auto& opened = opened_.back();
    EXPECT_EQ(opened_[3].picture, "f") << opened.picture;
    EXPECT_EQ(opened_[3].frames, 5) << "for all of the item's time";
    EXPECT_EQ(opened_[3].round, 2) << "over and over";
    EXPECT_EQ(run(5), "b1 b2 b3 b4 c0");
    EXPECT_EQ(ends()[1], "b substituted 5");
    EXPECT_EQ(reason_of("b"), "km: b: is broken; en: b-en: is broken");
}

TEST_F(TimelineTest, WhatBreaksOnAirGivesWayToWhatFollows) {
    files_["a"] = {100, 0, -1, 2, false};
    auto a = cue("a");
    a.duration = 4s;
    a.instead = {filler("f")};
    say(a);
    say(cue("c"));
    EXPECT_EQ(run(4), "a0 a1 c0 c1");
    EXPECT_EQ(ends()[0], "a failed 2");
}

TEST_F(TimelineTest, WhatBreaksOnAirBeforeAHardStartIsFilledUpToIt) {
    files_["a"] = {100, 0, -1, 2, false};
    files_["f"].frames = 100;
    auto a = cue("a");
    a.locale = "km";
    a.duration = 240ms;
    a.instead = {filler("f")};
    say(a);
    say(cue_at("c", 240ms));
    EXPECT_EQ(run(7), "a0 a1 a0 a1 a2 a3 c0") << "the filler from its own beginning, no slate";
    EXPECT_EQ(ends()[0], "a substituted 6");
    EXPECT_EQ(reason_of("a"), "km: broke after 2 frames: a: is broken");
}

TEST_F(TimelineTest, WhatBreaksOnAirGoesOnInAnotherLanguageWhereItWas) {
    files_["a"] = {100, 0, -1, 2, false};
    files_["a-en"].frames = 100;
    auto a = cue("a");
    a.duration = 200ms;
    a.instead = {{"a-en", "", "", "en", 0, {}}, filler("f")};
    say(a);
    EXPECT_EQ(run(6), "a0 a1 a2 a3 a4 -");
    EXPECT_EQ(ends()[0], "a substituted 5");
}

TEST_F(TimelineTest, ADecoderThatHangsWithNothingBehindItIsFilledFor) {
    files_["a"] = {1000, 0, 4, -1, false};
    files_["f"].frames = 1000;
    auto a = cue("a");
    a.duration = 4s;
    a.instead = {filler("f")};
    say(a);
    const auto shown = run(101);
    EXPECT_EQ(shown.find('-'), shown.size() - 1) << "the slate only behind its time: " << shown;
    EXPECT_EQ(ends()[0], "a substituted 100") << "no longer for the frames that were held";
    EXPECT_THAT(reason_of("a"), HasSubstr("delivered nothing for 1500 ms"));
}

TEST_F(TimelineTest, WhenNothingIsLeftTheSlateIsOn) {
    files_["a"].broken = files_["f"].broken = true;
    auto a = cue("a");
    a.locale = "km";
    a.instead = {filler("f")};
    say(a);
    EXPECT_EQ(run(2), "- -");
    EXPECT_EQ(ends()[0], "a failed 0");
    EXPECT_EQ(reason_of("a"), "km: a: is broken; filler spot (en): f: is broken");
}

class QuietTimelineTest : public TimelineTest {
  protected:
    struct Heard {
        float first, last;
        bool subtitle;
    };
    Heard hear() {
        const auto step = timeline_.step(now(), frame_);
        ++frame_;
        return {step.piece.samples.front(), step.piece.samples.back(), step.piece.subtitle != nullptr};
    }
    std::map<std::string, std::string> evidence_of(const std::string& airing) {
        for (const auto& event : events_)
            if (const auto* off = std::get_if<OffAir>(&event); off && off->airing == airing)
                return off->evidence;
        return {};
    }
};

TEST_F(QuietTimelineTest, AnItemInQuietHoursHasNoSoundFromItsFirstSampleOn) {
    auto a = cue("a");
    a.quiet = {{noon - 1h, noon + 1h, {}}};
    say(a);
    const auto heard = hear();
    EXPECT_EQ(heard.first, 0);
    EXPECT_EQ(heard.last, 0);
    static_cast<void>(run(3));
    EXPECT_EQ(evidence_of("a")["quiet"], "no sound");
    EXPECT_EQ(evidence_of("a")["quiet_frames"], "3");
}

TEST_F(QuietTimelineTest, AnItemThatReachesIntoThemIsLoweredFromTheirFrameOn) {
    files_["a"].frames = 100;
    auto a = cue("a");
    a.quiet = {{noon + 80ms, noon + 2s, -20.0}};
    say(a);
    EXPECT_EQ(hear().last, 0.5F);
    EXPECT_EQ(hear().last, 0.5F);
    EXPECT_LT(hear().last, 0.5F);
    for (int i = 3; i < 49; ++i) static_cast<void>(hear());
    EXPECT_NEAR(hear().last, 0.05F, 1e-4) << "and is 20 dB lower half a second later";
    for (int i = 50; i < 70; ++i) static_cast<void>(hear());
    EXPECT_EQ(hear().last, 0.5F) << "and as loud as before once they are over";
}

TEST_F(QuietTimelineTest, SubtitlesThatAreOffAreOnWhileItIsQuiet) {
    files_["a"].frames = 100;
    files_["a"].subtitled = true;
    auto a = cue("a");
    a.subtitles = "a.vtt";
    a.subtitled = false;
    a.quiet = {{noon + 40ms, noon + 80ms, {}}};
    say(a);
    EXPECT_FALSE(hear().subtitle);
    EXPECT_TRUE(hear().subtitle);
    EXPECT_FALSE(hear().subtitle);
    say(Drop{"a"});
    EXPECT_EQ(evidence_of("a")["quiet_subtitles"], "on");
}

TEST_F(QuietTimelineTest, SubtitlesThatAreOnStayOn) {
    files_["a"].subtitled = true;
    say(cue("a"));
    EXPECT_TRUE(hear().subtitle);
    EXPECT_TRUE(evidence_of("a").empty()) << "and no airing says that it was quiet";
}

TEST_F(TimelineTest, ASubstituteThatIsCutIsTruncatedAndSaysBoth) {
    files_["b"].broken = true;
    files_["b-en"].frames = 50;
    auto b = cue("b");
    b.locale = "km";
    b.instead = {{"b-en", "", "", "en", 0, {}}};
    say(b);
    EXPECT_EQ(run(2), "b0 b1");
    say(Takeover{cue("t")});
    static_cast<void>(run(2));
    EXPECT_EQ(ends()[0], "b truncated 2");
    EXPECT_EQ(reason_of("b"), "taken over (km: b: is broken)");
}

}  // namespace
}  // namespace riverlight::player
