// The curve, and the timeline that fades items without moving a frame.
#include "player/timeline/fade.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "content/base/error.hpp"
#include "player/canvas/fader.hpp"
#include "tests/unit/player/timeline_fixture.hpp"

namespace riverlight::player {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(FadeTest, IsParsedInMillisecondsForTheOutletsRate) {
    EXPECT_EQ(parse_fade("black:480", {25, 1}).frames, 12);
    EXPECT_EQ(parse_fade("black:500", {30000, 1001}).frames, 15);
    EXPECT_EQ(parse_fade("black:80", {5, 1}).frames, 1) << "at least one frame";
    for (const auto* wrong :
         {"", "black", "black:", "cross:500", "black:79", "black:2001", "black:5x", "black:-80"})
        EXPECT_THROW(static_cast<void>(parse_fade(wrong, {25, 1})), Error) << wrong;
}

TEST(FadeTest, TheShareIsARaisedCosineAtTheFramesMiddle) {
    const Fade fade{4};
    std::vector<int> shares;
    for (std::int64_t n = 0; n < 10; ++n) shares.push_back(picture_share(fade, {n, 10 - n, true}));
    // 256 × (1 − cos(π (n + ½) / 4)) / 2
    EXPECT_THAT(shares, ElementsAre(10, 79, 177, 246, 256, 256, 246, 177, 79, 10));
    EXPECT_EQ(picture_share(fade, {0, {}, false}), 256) << "a takeover does not fade in";
    EXPECT_EQ(picture_share(fade, {9, {}, true}), 256) << "an item with an unknown end does not fade out";
    EXPECT_EQ(picture_share({}, {0, 1, true}), 256);
}

RC_GTEST_PROP(FadeTest, SoundHasNoStepAnywhere, ()) {
    const Fade fade{*rc::gen::inRange(1, 50)};
    const auto frames = *rc::gen::inRange<std::int64_t>(1, 80);
    std::vector<float> heard;
    for (std::int64_t n = 0; n < frames; ++n) {
        std::vector<float> samples(960 * 2, 1.0F);
        fade_sound(fade, {n, frames - n, true}, samples);
        heard.insert(heard.end(), samples.begin(), samples.end());
    }
    RC_ASSERT(heard.front() == 0.0F);
    const auto most = 1.6 / (static_cast<double>(fade.frames) * 960);  // π/2 of its length is the steepest
    for (std::size_t i = 2; i < heard.size(); i += 2) {
        RC_ASSERT(std::abs(heard[i] - heard[i - 2]) <= static_cast<float>(most) + 1e-6F);
        RC_ASSERT(heard[i] == heard[i + 1]);
    }
    RC_ASSERT(heard.back() <= static_cast<float>(most));
}

TEST(FaderTest, DimsAPictureTowardsBlack) {
    const Picture picture{2, 2, {235, 16, 125, 126}, {240}, {16}};
    Fader fader;
    EXPECT_EQ(&fader.apply(picture, 256), &picture) << "unfaded, it is the picture itself";
    const auto half = fader.apply(picture, 128);
    EXPECT_THAT(half.y, ElementsAre(126, 16, 71, 71));
    EXPECT_THAT(half.u, ElementsAre(184));
    EXPECT_THAT(half.v, ElementsAre(72));
    const auto none = fader.apply(picture, 0);
    EXPECT_THAT(none.y, ElementsAre(16, 16, 16, 16));
    EXPECT_THAT(none.u, ElementsAre(128));
}

/// Compares the fixture's timeline with one that fades over three frames: only the shares may differ.
class FadingTimelineTest : public TimelineTest {
  protected:
    struct Seen {
        std::string frames;
        std::vector<int> shares;
    };
    Seen see(std::int64_t length, const std::vector<std::pair<int, Command>>& commands, int frames) {
        events_.clear();
        Timeline timeline{{Format{}, 1500ms, false, Fade{length}},
                          [this](const SourceSpec& spec) {
                              return std::make_unique<Scripted>(files_[spec.media.picture], spec);
                          },
                          [this](const Event& event) { events_.push_back(event); }};
        Seen out;
        for (int n = 0; n < frames; ++n) {
            const auto at = noon + n * 40ms;
            for (const auto& [frame, command] : commands)
                if (frame == n) timeline.handle(command, at);
            const auto step = timeline.step(at, n);
            out.frames += step.on_slate ? "- " : step.airing + std::to_string(step.piece.picture->y[0]) + ' ';
            out.shares.push_back(step.on_slate ? -1 : step.shown);
            EXPECT_EQ(step.piece.samples.size(), 3840U);
        }
        return out;
    }
    static Cue lasting(const std::string& id, milliseconds duration) {
        auto c = cue(id);
        c.duration = duration;
        return c;
    }
};

TEST_F(FadingTimelineTest, ItemsFadeWithinTheirOwnFrames) {
    const std::vector<std::pair<int, Command>> commands{{0, lasting("a", 320ms)}, {0, lasting("b", 320ms)}};
    const auto cut = see(0, commands, 17), faded = see(3, commands, 17);
    EXPECT_EQ(faded.frames, cut.frames);
    EXPECT_EQ(cut.shares, (std::vector<int>{256, 256, 256, 256, 256, 256, 256, 256, 256, 256, 256, 256, 256,
                                            256, 256, 256, -1}));
    EXPECT_THAT(faded.shares, ElementsAre(17, 128, 239, 256, 256, 239, 128, 17,  //
                                          17, 128, 239, 256, 256, 239, 128, 17, -1));
    EXPECT_THAT(ends(), ElementsAre("a aired 8", "b aired 8"));
    for (const auto& event : events_)
        if (const auto* off = std::get_if<OffAir>(&event)) {
            EXPECT_EQ(off->evidence.at("faded_frames"), "6");
        }
}

TEST_F(FadingTimelineTest, AFadeEndsWhereAHardStartCutsIn) {
    // a would end on frame 10 and fade from 7; b starts on 9, so a fades from 6.
    const std::vector<std::pair<int, Command>> commands{{0, lasting("a", 400ms)}, {0, [] {
                                                                                       auto c =
                                                                                           cue_at("b", 360ms);
                                                                                       c.duration = 320ms;
                                                                                       return c;
                                                                                   }()}};
    const auto cut = see(0, commands, 14), faded = see(3, commands, 14);
    EXPECT_EQ(faded.frames, cut.frames);
    EXPECT_THAT(faded.frames, HasSubstr("a8 b0 "));
    EXPECT_THAT(faded.shares, ElementsAre(17, 128, 239, 256, 256, 256, 239, 128, 17, 17, 128, 239, 256, 256));
}

TEST_F(FadingTimelineTest, AnItemFadesOutBeforeItsStop) {
    auto a = lasting("a", 400ms);
    a.stop = noon + 310ms;  // within frame 7, which is the last
    const auto faded = see(3, {{0, a}}, 9);
    EXPECT_EQ(faded.frames, "a0 a1 a2 a3 a4 a5 a6 a7 - ");
    EXPECT_THAT(faded.shares, ElementsAre(17, 128, 239, 256, 256, 239, 128, 17, -1));
}

TEST_F(FadingTimelineTest, ATakeoverDoesNotFadeIn) {
    files_["t"].frames = 4;
    const auto faded = see(3, {{0, lasting("a", 400ms)}, {5, Takeover{cue("t")}}}, 9);
    EXPECT_EQ(faded.frames, "a0 a1 a2 a3 a4 t0 t1 t2 t3 ");
    EXPECT_THAT(faded.shares, ElementsAre(17, 128, 239, 256, 256, 256, 256, 256, 256));
}

TEST_F(FadingTimelineTest, AShortItemIsNeverUnfaded) {
    const auto faded = see(3, {{0, lasting("a", 120ms)}, {0, lasting("b", 40ms)}}, 5);
    EXPECT_THAT(faded.shares, ElementsAre(17, 128, 17, 17, -1));
}

}  // namespace
}  // namespace riverlight::player
