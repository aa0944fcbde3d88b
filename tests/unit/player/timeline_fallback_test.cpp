// Alternatives of an item whose media are broken.
#include "tests/unit/player/timeline_fixture.hpp"

namespace riverlight::player {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// The same item from another file, in English.
Alternative english(const std::string& picture) {
    return {{picture, "", "", "en", 0}, {}};
}

TEST_F(TimelineTest, ABrokenItemAirsInAnotherLanguageWithoutAGap) {
    files_["b"].broken = files_["b-en"].broken = true;
    files_["b-th"].frames = 2;
    auto b = cue("b");
    b.media.locale = "km";
    b.alternatives = {english("b-en"), {{"b-th", "", "t.vtt", "th", 3, Strap{"x", "9"}}, {}}};
    say(cue("a"));
    say(b);
    say(cue("c"));
    EXPECT_EQ(run(9), "a0 a1 a2 b0 b1 c0 c1 c2 -");
    EXPECT_THAT(ends(), ElementsAre("a aired 3", "b substituted 2", "c aired 3"));
    EXPECT_EQ(reason_of("b"), "km: b: is broken; en: b-en: is broken");
    const auto opened = std::find_if(opened_.begin(), opened_.end(),
                                     [](const SourceSpec& spec) { return spec.media.picture == "b-th"; });
    ASSERT_NE(opened, opened_.end());
    EXPECT_EQ(opened->media.locale, "th");
    EXPECT_EQ(opened->media.subtitles, "t.vtt");
    EXPECT_EQ(opened->media.gain_db, 3);
    EXPECT_EQ(opened->media.strap->number, "9");
    std::vector<std::int64_t> took;
    for (const auto& event : events_) {
        const auto* on = std::get_if<OnAir>(&event);
        const auto* off = std::get_if<OffAir>(&event);
        if (on && on->airing == "b") took.push_back(on->took.to_wire());
        if (off && off->airing == "b") took.push_back(off->took.to_wire());
    }
    EXPECT_THAT(took, ElementsAre(2, 2));
}

TEST_F(TimelineTest, WhereEveryLanguageIsBrokenEachReasonIsReported) {
    files_["b"].broken = files_["b-en"].broken = true;
    auto b = cue("b");
    b.media.locale = "km";
    b.alternatives = {english("b-en")};
    say(cue("a"));
    say(b);
    say(cue("c"));
    EXPECT_EQ(run(7), "a0 a1 a2 c0 c1 c2 -");
    EXPECT_EQ(ends()[1], "b failed 0");
    EXPECT_EQ(reason_of("b"), "km: b: is broken; en: b-en: is broken");
}

TEST_F(TimelineTest, AnItemThatNeverOpensAirsInAnotherLanguage) {
    files_["b"].ready_after = -1;
    files_["b-en"].frames = 2;
    auto b = cue("b");
    b.media.locale = "km";
    b.alternatives = {english("b-en")};
    say(b);
    static_cast<void>(run(50));
    EXPECT_EQ(ends(), std::vector<std::string>{"b substituted 2"});
    EXPECT_THAT(reason_of("b"), HasSubstr("could not be opened in time"));
}

/// A filler of two frames, as the next of `cue`'s stand-ins.
Alternative filler(const std::string& id) {
    auto f = english(id);
    f.filler = Alternative::Filler{"spot", 80ms};
    return f;
}

TEST_F(TimelineTest, WhereEveryLanguageIsBrokenAFillerTakesItsTime) {
    files_["b"].broken = files_["b-en"].broken = true;
    files_["f"].frames = 2;
    auto b = cue("b");
    b.media.locale = "km";
    b.duration = 200ms;
    b.alternatives = {english("b-en"), filler("f")};
    say(cue("a"));
    say(b);
    say(cue("c"));
    EXPECT_EQ(run(4), "a0 a1 a2 b0");
    const auto& opened = opened_.back();
    EXPECT_EQ(opened_[3].media.picture, "f") << opened.media.picture;
    EXPECT_EQ(opened_[3].frames, 5) << "for all of the item's time";
    EXPECT_EQ(opened_[3].loop_frames, 2) << "looped";
    EXPECT_EQ(run(5), "b1 b2 b3 b4 c0");
    EXPECT_EQ(ends()[1], "b substituted 5");
    EXPECT_EQ(reason_of("b"), "km: b: is broken; en: b-en: is broken");
}

TEST_F(TimelineTest, AnItemThatBreaksOnAirYieldsToTheNext) {
    files_["a"] = {100, 0, -1, 2, false};
    auto a = cue("a");
    a.duration = 4s;
    a.alternatives = {filler("f")};
    say(a);
    say(cue("c"));
    EXPECT_EQ(run(4), "a0 a1 c0 c1");
    EXPECT_EQ(ends()[0], "a failed 2");
}

TEST_F(TimelineTest, AnItemThatBreaksOnAirIsFilledUpToAHardStart) {
    files_["a"] = {100, 0, -1, 2, false};
    files_["f"].frames = 100;
    auto a = cue("a");
    a.media.locale = "km";
    a.duration = 240ms;
    a.alternatives = {filler("f")};
    say(a);
    say(cue_at("c", 240ms));
    EXPECT_EQ(run(7), "a0 a1 a0 a1 a2 a3 c0") << "the filler from its own beginning, no slate";
    EXPECT_EQ(ends()[0], "a substituted 6");
    EXPECT_EQ(reason_of("a"), "km: broke after 2 frames: a: is broken");
}

TEST_F(TimelineTest, AnItemThatBreaksOnAirGoesOnInAnotherLanguage) {
    files_["a"] = {100, 0, -1, 2, false};
    files_["a-en"].frames = 100;
    auto a = cue("a");
    a.duration = 200ms;
    a.alternatives = {english("a-en"), filler("f")};
    say(a);
    EXPECT_EQ(run(6), "a0 a1 a2 a3 a4 -");
    EXPECT_EQ(ends()[0], "a substituted 5");
}

TEST_F(TimelineTest, AHangingDecoderWithNothingQueuedIsReplacedByAFiller) {
    files_["a"] = {1000, 0, 4, -1, false};
    files_["f"].frames = 1000;
    auto a = cue("a");
    a.duration = 4s;
    a.alternatives = {filler("f")};
    say(a);
    const auto shown = run(101);
    EXPECT_EQ(shown.find('-'), shown.size() - 1) << "the slate only behind its time: " << shown;
    EXPECT_EQ(ends()[0], "a substituted 100") << "no longer for the frames that were held";
    EXPECT_THAT(reason_of("a"), HasSubstr("delivered nothing for 1500 ms"));
}

TEST_F(TimelineTest, WithoutAlternativesTheSlateIsShown) {
    files_["a"].broken = files_["f"].broken = true;
    auto a = cue("a");
    a.media.locale = "km";
    a.alternatives = {filler("f")};
    say(a);
    EXPECT_EQ(run(2), "- -");
    EXPECT_EQ(ends()[0], "a failed 0");
    EXPECT_EQ(reason_of("a"), "km: a: is broken; filler spot (en): f: is broken");
}

TEST_F(TimelineTest, ASubstituteThatIsCutIsTruncatedWithBothReasons) {
    files_["b"].broken = true;
    files_["b-en"].frames = 50;
    auto b = cue("b");
    b.media.locale = "km";
    b.alternatives = {english("b-en")};
    say(b);
    EXPECT_EQ(run(2), "b0 b1");
    say(Takeover{cue("t")});
    static_cast<void>(run(2));
    EXPECT_EQ(ends()[0], "b truncated 2");
    EXPECT_EQ(reason_of("b"), "taken over (km: b: is broken)");
}

}  // namespace
}  // namespace riverlight::player
