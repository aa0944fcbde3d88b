// Frames and displays: cadence, plugging, faults, delays.
#include <gmock/gmock.h>

#include "tests/unit/screen/screen_controller_fixture.hpp"

namespace riverlight::player {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(ScreenControllerTest, FramesKeepTheirCadenceAndNoneIsLost) {
    run_for(10s);
    ASSERT_GT(display_.seen.size(), 240U);
    for (std::size_t i = 0; i < display_.seen.size(); ++i) EXPECT_EQ(display_.seen[i].second, int(i % 200));
    const auto pattern = durations(5, 10);
    EXPECT_EQ(std::count(pattern.begin(), pattern.end(), '2'), 6) << pattern;
    EXPECT_EQ(std::count(pattern.begin(), pattern.end(), '3'), 4) << pattern;
    EXPECT_EQ(evidence("frames_late"), "0");
    EXPECT_EQ(evidence("mode"), "1920x1080@60");
    EXPECT_EQ(evidence("display"), "TV");
    EXPECT_EQ(evidence("dpms"), "on");
}

TEST_F(ScreenControllerTest, FramesAreSeenWhenPromised) {
    run_for(300s);
    // By then the display's rate is measured: it is 0.02 % lower than the nominal one.
    for (std::size_t i = display_.seen.size() - 100; i < display_.seen.size(); ++i)
        EXPECT_LT(abs(display_.at(display_.seen[i].first) - due_[i]), 2ms) << i;
}

TEST_F(ScreenControllerTest, WithoutAVblankCounterFramesKeepTheModesRate) {
    display_.counts = false;
    run_for(10s);
    EXPECT_NEAR(double(display_.seen.size()), 245, 3);
    EXPECT_NEAR(double((due_[200] - due_[100]).count()) / 1e9, 4.0, 0.001);
}

TEST_F(ScreenControllerTest, case_48_AnUnpluggedDisplayLosesNoFrameAndShowsTheCurrentPictureWhenItIsBack) {
    run_for(2s);
    const auto before = frame_;
    display_.unplug();
    run_for(20s);
    EXPECT_NEAR(double(frame_ - before), 500, 5) << "frames keep their rate";
    EXPECT_EQ(evidence("connector"), "none");
    EXPECT_EQ(evidence("unplugged"), "1");
    EXPECT_NEAR(std::stod(evidence("frames_unseen")), 475, 30);
    EXPECT_THAT(controller().trouble(), HasSubstr("no display is plugged in"));
    display_.plug("HDMI-A-1", "TV", {1920, 1080, {60, 1}, false, true, 0});
    const auto shown = display_.seen.size();
    run_for(5s);
    EXPECT_EQ(evidence("connector"), "HDMI-A-1");
    EXPECT_THAT(controller().trouble(), IsEmpty());
    EXPECT_EQ(display_.first_picture.width, 4) << "the current frame, not black";
    EXPECT_GT(display_.seen.size(), shown + 90);
    EXPECT_EQ(std::stoi(evidence("frames_shown")) + std::stoi(evidence("frames_unseen")) +
                  std::stoi(evidence("frames_skipped")) + (controller().ready_for_frame() ? 0 : 1),
              frame_)
        << "each frame was counted once";
}

TEST_F(ScreenControllerTest, FramesNeverGoBackInTimeWhenTheClockChanges) {
    run_for(1s);
    for (int i = 0; i < 5; ++i) {
        display_.unplug();
        run_for(3'137ms);
        display_.plug("HDMI-A-1", "TV", {1920, 1080, {i % 2 ? 50 : 60, 1}, false, true, 0});
        run_for(3'711ms);
    }
    for (std::size_t i = 1; i < due_.size(); ++i) {
        const auto length = due_[i] - due_[i - 1];
        ASSERT_GT(length, 10ms) << i;
        ASSERT_LT(length, 90ms) << i;
    }
}

TEST_F(ScreenControllerTest, AnotherDisplayOnTheSameConnectorIsEnabledAgain) {
    run_for(2s);
    display_.plug("HDMI-A-1", "Projector", {1280, 720, {50, 1}, false, true, 0});
    run_for(2s);
    EXPECT_EQ(evidence("display"), "Projector");
    EXPECT_EQ(evidence("mode"), "1280x720@50");
    EXPECT_EQ(evidence("plugged"), "2");
}

TEST_F(ScreenControllerTest, ARefusedModeIsReportedAndTriedAgain) {
    display_.refusal = "another program (a desktop?) owns the screen";
    run_for(3s);
    EXPECT_THAT(controller().trouble(), HasSubstr("desktop"));
    EXPECT_EQ(evidence("frames_shown"), "0");
    EXPECT_GT(frame_, 60) << "frames keep their rate";
    display_.refusal.clear();
    run_for(2s);
    EXPECT_TRUE(display_.enabled);
    EXPECT_GT(std::stoi(evidence("frames_shown")), 15);
}

TEST_F(ScreenControllerTest, ADeviceThatFailsIsDisabledAndEnabledAgain) {
    run_for(2s);
    display_.broken = true;
    run_for(2s);
    EXPECT_THAT(controller().trouble(), HasSubstr("refused"));
    display_.broken = false;
    display_.lost = true;
    run_for(2s);
    EXPECT_THAT(controller().trouble(), HasSubstr("does not answer"));
    display_.lost = false;
    const auto shown = display_.seen.size();
    run_for(3s);
    EXPECT_GT(display_.seen.size(), shown + 40);
}

TEST_F(ScreenControllerTest, FramesMissedDuringASuspendAreNotCaughtUpWith) {
    run_for(2s);
    slow_until_ = now_ + 30s;
    now_ += 30s;
    const auto before = frame_;
    run_for(2s);
    EXPECT_NEAR(double(frame_ - before), 50, 4);
}

TEST_F(ScreenControllerTest, AShortDelaySkipsAndCountsTheFramesMissed) {
    run_for(2s);
    slow_until_ = now_ + 150ms;
    run_for(2s);
    EXPECT_NEAR(std::stod(evidence("frames_skipped")), 2, 1);
    EXPECT_LE(std::stoi(evidence("frames_late")), 3);
    EXPECT_NEAR(double(frame_), 95, 3);
}

TEST_F(ScreenControllerTest, ANamedConnectorIsWaitedFor) {
    spec_.connector = "HDMI-A-1";
    display_.unplug();
    run_for(2s);
    EXPECT_THAT(controller().trouble(), HasSubstr("HDMI-A-1"));
    EXPECT_FALSE(display_.enabled);
}

TEST_F(ScreenControllerTest, APortraitScreenShowsARotatedPicture) {
    spec_.rotate = 90;
    display_.unplug();
    run_for(1s);
    display_.plug("HDMI-A-1", "TV", {1920, 1080, {60, 1}, false, true, 0});
    run_for(2s);
    EXPECT_EQ(display_.first_picture.width, 2);
    EXPECT_EQ(display_.first_picture.height, 4);
}

}  // namespace
}  // namespace riverlight::player
