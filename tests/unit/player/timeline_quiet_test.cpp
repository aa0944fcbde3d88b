// Quiet hours, on the frame where they begin.
#include "tests/unit/player/timeline_fixture.hpp"

namespace riverlight::player {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

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

TEST_F(QuietTimelineTest, AnItemIsLoweredFromTheFrameWhereTheyBegin) {
    files_["a"].frames = 100;
    auto a = cue("a");
    a.quiet = {{noon + 80ms, noon + 2s, -20.0}};
    say(a);
    EXPECT_EQ(hear().last, 0.5F);
    EXPECT_EQ(hear().last, 0.5F);
    EXPECT_LT(hear().last, 0.5F);
    for (int i = 3; i < 49; ++i) static_cast<void>(hear());
    EXPECT_NEAR(hear().last, 0.05F, 1e-4) << "20 dB lower half a second later";
    for (int i = 50; i < 70; ++i) static_cast<void>(hear());
    EXPECT_EQ(hear().last, 0.5F) << "as loud as before when they are over";
}

TEST_F(QuietTimelineTest, SubtitlesThatAreOffAreShownInQuietHours) {
    files_["a"].frames = 100;
    files_["a"].subtitled = true;
    auto a = cue("a");
    a.media.subtitles = "a.vtt";
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
    EXPECT_TRUE(evidence_of("a").empty()) << "no evidence of quiet hours";
}

}  // namespace
}  // namespace riverlight::player
