// Atomic mode setting on a simulated graphics device.
#include "player/screen/kms.hpp"

#include <drm_fourcc.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "player/canvas/canvas.hpp"
#include "player/screen/screen_controller.hpp"
#include "tests/unit/screen/graphics_device.hpp"

namespace riverlight::player {
namespace {

using testing::IsEmpty;
using namespace std::chrono_literals;
using test::GraphicsDevice;

constexpr int width = GraphicsDevice::width, height = GraphicsDevice::height;

/// A half-transparent red text, premultiplied.
std::shared_ptr<const Overlay> text(int x, int y, int w, int h) {
    Overlay o{x, y, w, h, {}};
    for (int i = 0; i < w * h; ++i) o.bgra.insert(o.bgra.end(), {0, 0, 128, 128});
    return std::make_shared<const Overlay>(std::move(o));
}
std::shared_ptr<const Picture> grey(std::uint8_t luma) {
    auto p = black(width, height);
    std::fill(p.y.begin(), p.y.end(), luma);
    return std::make_shared<const Picture>(std::move(p));
}
int greatest_difference(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
    if (a.size() != b.size() || a.empty()) return 255;
    int most = 0;
    for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(int{a[i]} - int{b[i]}));
    return most;
}

class KmsTest : public testing::Test {
  protected:
    ScreenController& controller() {
        if (!display_) display_ = open_kms_device(device_.path());
        if (!controller_)
            controller_ = std::make_unique<ScreenController>(*display_, spec_, Ratio{25, 1}, 200ms, now_);
        return *controller_;
    }
    void show(const Layers& layers, int frames) {
        const auto until = frame_ + frames;
        while (frame_ < until || !controller().ready_for_frame()) {
            const auto next = controller().step(now_);
            if (controller().ready_for_frame() && frame_ < until)
                controller().submit(layers, frame_++, now_);
            else
                now_ = std::max(now_ + 100us, next);
        }
    }
    std::string evidence(const std::string& key) { return to_text(controller().evidence().at(key)); }
    /// What the panel shows of the same layers without a text plane.
    static std::vector<std::uint8_t> blended(const Layers& layers) {
        GraphicsDevice device;
        device.has_overlay = false;
        const auto display = open_kms_device(device.path());
        const auto all = display->connectors(Display::Probe::full);
        Canvas canvas(black(width, height));
        Piece texts;
        texts.subtitle = layers.subtitle;
        texts.strap = layers.strap;
        display->enable(all[0], all[0].modes[0], canvas.compose_over(*layers.picture, texts));
        return device.panel();
    }

    GraphicsDevice device_;
    ScreenSpec spec_;
    SteadyTime now_{1000s};
    std::int64_t frame_ = 0;
    std::unique_ptr<Display> display_;
    std::unique_ptr<ScreenController> controller_;
};

TEST_F(KmsTest, TextIsCommittedToItsPlaneOnce) {
    const Layers layers{grey(120), text(4, 20, 30, 10), text(10, 24, 40, 8)};
    show(layers, 10);
    EXPECT_EQ(evidence("text"), "plane");
    EXPECT_EQ(evidence("frames_shown"), "10");
    EXPECT_NE(device_.value(GraphicsDevice::overlay, "FB_ID"), 0U);
    EXPECT_EQ(device_.text_commits, 1) << "once, in the commit of its picture";
    EXPECT_EQ(device_.value(GraphicsDevice::overlay, "CRTC_X"), 4U);
    EXPECT_EQ(device_.value(GraphicsDevice::overlay, "CRTC_W"), 46U) << "clipped to what is visible";
    EXPECT_LE(greatest_difference(device_.panel(), blended(layers)), 4)
        << "the same as blended into the picture";
    EXPECT_GT(greatest_difference(device_.panel(), blended({layers.picture, {}, {}})), 40);
}

TEST_F(KmsTest, TextThatChangesIsDrawnAgainAndTextThatEndsIsTakenOff) {
    show({grey(120), text(4, 20, 30, 10), {}}, 3);
    show({grey(120), text(4, 4, 20, 10), {}}, 3);
    EXPECT_EQ(device_.text_commits, 2);
    EXPECT_EQ(device_.value(GraphicsDevice::overlay, "CRTC_Y"), 4U);
    show({grey(120), {}, {}}, 3);
    EXPECT_EQ(device_.text_commits, 3);
    EXPECT_EQ(device_.value(GraphicsDevice::overlay, "FB_ID"), 0U);
    EXPECT_EQ(device_.value(GraphicsDevice::overlay, "CRTC_ID"), 0U);
    EXPECT_EQ(evidence("text"), "");
}

TEST_F(KmsTest, ThePlaneIsAboveThePictureAndPremultiplied) {
    show({grey(120), text(4, 20, 30, 10), {}}, 3);
    EXPECT_GT(device_.value(GraphicsDevice::overlay, "zpos"), device_.value(GraphicsDevice::primary, "zpos"));
    EXPECT_EQ(device_.value(GraphicsDevice::overlay, "alpha"), 0xffffU);
    EXPECT_EQ(device_.value(GraphicsDevice::overlay, "pixel blend mode"), 0U);
    EXPECT_EQ(
        device_.frames.at(static_cast<std::uint32_t>(device_.value(GraphicsDevice::overlay, "FB_ID"))).code,
        std::uint32_t{DRM_FORMAT_ARGB8888});
}

TEST_F(KmsTest, WithoutASuitablePlaneTextIsInThePicture) {
    const Layers layers{grey(120), text(4, 20, 30, 10), {}};
    for (const auto& lacks : {"plane", "alpha", "place above"}) {
        SCOPED_TRACE(lacks);
        controller_.reset();
        display_.reset();
        device_.flip_of = nullptr;  // the device was closed
        frame_ = 0;
        device_.has_overlay = std::string(lacks) != "plane";
        device_.overlay_takes_alpha = std::string(lacks) != "alpha";
        device_.overlay_beneath = std::string(lacks) == "place above";
        device_.text_commits = 0;
        show(layers, 5);
        EXPECT_EQ(evidence("text"), "picture");
        EXPECT_EQ(device_.text_commits, 0);
        const auto seen = device_.panel();
        show({grey(120), {}, {}}, 5);
        EXPECT_GT(greatest_difference(seen, device_.panel()), 40);
    }
}

TEST_F(KmsTest, TextThatTheDriverRefusesIsInThePicture) {
    device_.refuses = [&](bool) { return device_.value(GraphicsDevice::overlay, "FB_ID") != 0; };
    show({grey(120), text(4, 20, 30, 10), {}}, 10);
    EXPECT_EQ(evidence("text"), "picture");
    EXPECT_EQ(evidence("frames_shown"), "10");
    EXPECT_THAT(controller().trouble(), IsEmpty());
    // Another text may be accepted.
    device_.refuses = [](bool) { return false; };
    show({grey(120), text(4, 4, 30, 10), {}}, 10);
    EXPECT_EQ(evidence("text"), "plane");
}

TEST_F(KmsTest, ADriverThatAcceptsTextOnlyInTheTestCommitIsNotOfferedItAgain) {
    device_.refuses = [&](bool test) {
        return !test && device_.value(GraphicsDevice::overlay, "FB_ID") != 0;
    };
    show({grey(120), text(4, 20, 30, 10), {}}, 100);
    EXPECT_EQ(evidence("unplugged"), "1") << "it was enabled again once";
    EXPECT_EQ(evidence("text"), "picture");
    EXPECT_THAT(controller().trouble(), IsEmpty());
    EXPECT_GT(std::stoi(evidence("frames_shown")), 60);
}

TEST_F(KmsTest, ARotatedPictureHoldsItsText) {
    spec_.rotate = 180;
    show({grey(120), text(4, 20, 30, 10), {}}, 5);
    EXPECT_EQ(device_.text_commits, 0);
    const auto seen = device_.panel();
    ASSERT_FALSE(seen.empty());
    // Upside down: the text of row 20 is in row 15.
    const auto pixel = [&](int x, int y) {
        return seen[(static_cast<std::size_t>(y) * std::size_t{width} + static_cast<std::size_t>(x)) * 3];
    };
    EXPECT_GT(pixel(width - 1 - 10, height - 1 - 25) - pixel(2, 2), 20);
}

TEST_F(KmsTest, APanelThatIsSwitchedOnAgainShowsPictureAndText) {
    show({grey(120), text(4, 20, 30, 10), {}}, 5);
    const auto seen = device_.panel();
    controller().set_panel(false, now_);
    show({grey(120), text(4, 20, 30, 10), {}}, 60);
    EXPECT_THAT(device_.panel(), IsEmpty());
    EXPECT_EQ(evidence("dpms"), "off");
    EXPECT_NE(device_.value(GraphicsDevice::crtc, "MODE_ID"), 0U) << "its mode is kept";
    EXPECT_GT(std::stoi(evidence("frames_dark")), 50);
    EXPECT_THAT(controller().trouble(), IsEmpty());
    controller().set_panel(true, now_);
    show({grey(120), text(4, 20, 30, 10), {}}, 10);
    EXPECT_EQ(evidence("dpms"), "on");
    EXPECT_EQ(device_.panel(), seen);
}

}  // namespace
}  // namespace riverlight::player
