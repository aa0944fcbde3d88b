// Text over the picture: in a plane of the display, or in the picture itself.
#include <gmock/gmock.h>

#include "tests/unit/screen/screen_controller_fixture.hpp"

namespace riverlight::player {
namespace {

std::shared_ptr<const Overlay> white() {
    return std::make_shared<const Overlay>(Overlay{2, 0, 2, 2, std::vector<std::uint8_t>(16, 255)});
}

TEST_F(ScreenControllerTest, UnchangedTextIsOfferedOnce) {
    display_.takes_text = true;
    text_ = white();
    run_for(4s);
    EXPECT_EQ(display_.offered, 1);
    EXPECT_TRUE(display_.text_shown);
    EXPECT_FALSE(display_.text_drawn) << "not twice";
    EXPECT_EQ(evidence("text"), "plane");
    text_ = white();
    run_for(1s);
    EXPECT_EQ(display_.offered, 2);
    text_.reset();
    run_for(1s);
    EXPECT_EQ(display_.offered, 3);
    EXPECT_FALSE(display_.text_shown);
    EXPECT_EQ(evidence("text"), "");
}

TEST_F(ScreenControllerTest, TextThatTheDisplayRefusesIsInThePicture) {
    text_ = white();
    run_for(2s);
    EXPECT_EQ(display_.offered, 1) << "the same text is not offered again";
    EXPECT_TRUE(display_.text_drawn);
    EXPECT_EQ(evidence("text"), "picture");
}

TEST_F(ScreenControllerTest, ADisplayThatIsPluggedInIsOfferedTheCurrentText) {
    display_.takes_text = true;
    text_ = white();
    run_for(2s);
    display_.unplug();
    run_for(3s);
    display_.text_shown = false;
    display_.plug("HDMI-A-1", "TV", {1920, 1080, {60, 1}, false, true, 0});
    run_for(3s);
    EXPECT_GT(display_.first_picture.y[7], 100) << "the first picture holds the text";
    EXPECT_EQ(display_.offered, 2);
    EXPECT_TRUE(display_.text_shown);
    EXPECT_FALSE(display_.text_drawn);
}

}  // namespace
}  // namespace riverlight::player
