// A display that is switched off while the place is closed.
#include <gmock/gmock.h>

#include "tests/unit/screen/screen_controller_fixture.hpp"

namespace riverlight::player {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(ScreenControllerTest, APanelThatIsSwitchedOffLosesNoFrameAndShowsTheCurrentPictureWhenItIsOn) {
    run_for(2s);
    const auto shown = display_.seen.size();
    const auto before = frame_;
    controller().set_panel(false, now_);
    run_for(20s);
    EXPECT_FALSE(display_.powered);
    EXPECT_TRUE(display_.enabled) << "its mode is kept";
    EXPECT_NEAR(double(frame_ - before), 500, 5) << "frames keep their rate";
    EXPECT_NEAR(double(display_.seen.size()), double(shown), 1);
    EXPECT_EQ(evidence("connector"), "HDMI-A-1");
    EXPECT_EQ(evidence("panel"), "off");
    EXPECT_EQ(evidence("dpms"), "off");
    EXPECT_NEAR(std::stod(evidence("frames_dark")), 500, 5);
    EXPECT_EQ(evidence("frames_unseen"), "0");
    EXPECT_EQ(evidence("unplugged"), "0");
    EXPECT_THAT(controller().trouble(), IsEmpty()) << "switched off on purpose";
    const auto on = int(frame_ % 200);
    controller().set_panel(true, now_);
    run_for(5s);
    EXPECT_EQ(evidence("panel"), "on");
    EXPECT_EQ(evidence("dpms"), "on");
    EXPECT_NEAR(display_.first_picture.y[0], on, 1);
    EXPECT_NEAR(double(display_.seen.size() - shown), 125, 5);
    EXPECT_EQ(evidence("frames_late"), "0");
}

TEST_F(ScreenControllerTest, APanelThatIsOffFromTheStartIsNotEnabled) {
    panel_on_ = false;
    run_for(5s);
    EXPECT_FALSE(display_.enabled);
    EXPECT_FALSE(display_.powered);
    EXPECT_EQ(evidence("connector"), "HDMI-A-1");
    EXPECT_EQ(evidence("dpms"), "off");
    controller().set_panel(true, now_);
    run_for(2s);
    EXPECT_TRUE(display_.enabled);
    EXPECT_EQ(evidence("plugged"), "1");
    EXPECT_GT(display_.seen.size(), 40U);
}

TEST_F(ScreenControllerTest, APanelThatIsOffStaysOffWhateverIsPluggedIn) {
    run_for(1s);
    controller().set_panel(false, now_);
    run_for(2s);
    display_.unplug();
    run_for(2s);
    EXPECT_EQ(evidence("connector"), "none");
    EXPECT_THAT(controller().trouble(), HasSubstr("no display is plugged in"));
    display_.plug("HDMI-A-1", "Projector", {1280, 720, {50, 1}, false, true, 0});
    run_for(6s);
    EXPECT_FALSE(display_.powered);
    EXPECT_EQ(evidence("connector"), "HDMI-A-1");
    EXPECT_EQ(evidence("display"), "Projector");
    controller().set_panel(true, now_);
    run_for(2s);
    EXPECT_EQ(evidence("mode"), "1280x720@50");
    EXPECT_EQ(evidence("dpms"), "on");
}

TEST_F(ScreenControllerTest, APanelThatCannotBeSwitchedOffIsReported) {
    run_for(1s);
    display_.refusal = "cannot be switched off";
    controller().set_panel(false, now_);
    run_for(2s);
    EXPECT_THAT(controller().trouble(), HasSubstr("cannot be switched off"));
    display_.refusal.clear();
    run_for(2s);
    EXPECT_EQ(evidence("dpms"), "off");
    EXPECT_THAT(controller().trouble(), IsEmpty());
}

}  // namespace
}  // namespace riverlight::player
