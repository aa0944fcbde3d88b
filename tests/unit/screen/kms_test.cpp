// The kernel's mode setting on a graphics device of the tests' own.
#include <drm_fourcc.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "player/canvas/canvas.hpp"
#include "player/screen/run.hpp"
#include "tests/unit/screen/graphics_device.hpp"

namespace riverlight::player {
namespace {

using testing::IsEmpty;
using namespace std::chrono_literals;
using test::GraphicsDevice;

constexpr int width = GraphicsDevice::width, height = GraphicsDevice::height;

/// A half transparent text, red, premultiplied.
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
    ScreenRun& run() {
        if (!display_) display_ = open_kms_device(device_.path());
        if (!run_) run_ = std::make_unique<ScreenRun>(*display_, spec_, Ratio{25, 1}, 200ms, now_);
        return *run_;
    }
    void go(const Layers& layers, int frames) {
        const auto until = frame_ + frames;
        while (frame_ < until || !run().hungry()) {
            const auto next = run().step(now_);
            if (run().hungry() && frame_ < until)
                run().give(layers, frame_++, now_);
            else
                now_ = std::max(now_ + 100us, next);
        }
    }
    std::string told(const std::string& key) { return run().evidence().at(key); }
    /// What a panel shows of the same layers where there is no plane for text.
    static std::vector<std::uint8_t> blended(const Layers& layers) {
        GraphicsDevice device;
        device.has_overlay = false;
        const auto display = open_kms_device(device.path());
        const auto all = display->connectors(true);
        Canvas canvas(black(width, height));
        Piece texts;
        texts.subtitle = layers.subtitle;
        texts.strap = layers.strap;
        display->light(all[0], all[0].modes[0], canvas.compose_over(*layers.picture, texts));
        return device.panel();
    }

    GraphicsDevice device_;
    ScreenSpec spec_;
    Moment now_{1000s};
    std::int64_t frame_ = 0;
    std::unique_ptr<Display> display_;
    std::unique_ptr<ScreenRun> run_;
};

TEST_F(KmsTest, TextStandsOnAPlaneOfItsOwnAndCostsNothingWhileItStands) {
    const Layers layers{grey(120), text(4, 20, 30, 10), text(10, 24, 40, 8)};
    go(layers, 10);
    EXPECT_EQ(told("text"), "plane");
    EXPECT_EQ(told("frames_shown"), "10");
    EXPECT_NE(device_.value(GraphicsDevice::overlay, "FB_ID"), 0U);
    EXPECT_EQ(device_.text_commits, 1) << "once, with the picture it belongs to";
    EXPECT_EQ(device_.value(GraphicsDevice::overlay, "CRTC_X"), 4U);
    EXPECT_EQ(device_.value(GraphicsDevice::overlay, "CRTC_W"), 46U) << "no more than what is seen of it";
    EXPECT_LE(greatest_difference(device_.panel(), blended(layers)), 4) << "as if it were in the picture";
    EXPECT_GT(greatest_difference(device_.panel(), blended({layers.picture, {}, {}})), 40);
}

TEST_F(KmsTest, WhatChangesIsDrawnAnewAndWhatEndsIsTakenOff) {
    go({grey(120), text(4, 20, 30, 10), {}}, 3);
    go({grey(120), text(4, 4, 20, 10), {}}, 3);
    EXPECT_EQ(device_.text_commits, 2);
    EXPECT_EQ(device_.value(GraphicsDevice::overlay, "CRTC_Y"), 4U);
    go({grey(120), {}, {}}, 3);
    EXPECT_EQ(device_.text_commits, 3);
    EXPECT_EQ(device_.value(GraphicsDevice::overlay, "FB_ID"), 0U);
    EXPECT_EQ(device_.value(GraphicsDevice::overlay, "CRTC_ID"), 0U);
    EXPECT_EQ(told("text"), "");
}

TEST_F(KmsTest, ThePlaneLiesOverThePictureAndIsPremultiplied) {
    go({grey(120), text(4, 20, 30, 10), {}}, 3);
    EXPECT_GT(device_.value(GraphicsDevice::overlay, "zpos"), device_.value(GraphicsDevice::primary, "zpos"));
    EXPECT_EQ(device_.value(GraphicsDevice::overlay, "alpha"), 0xffffU);
    EXPECT_EQ(device_.value(GraphicsDevice::overlay, "pixel blend mode"), 0U);
    EXPECT_EQ(
        device_.frames.at(static_cast<std::uint32_t>(device_.value(GraphicsDevice::overlay, "FB_ID"))).code,
        std::uint32_t{DRM_FORMAT_ARGB8888});
}

TEST_F(KmsTest, WithoutAPlaneForItTextIsInThePicture) {
    const Layers layers{grey(120), text(4, 20, 30, 10), {}};
    for (const auto& lacks : {"plane", "alpha", "place above"}) {
        SCOPED_TRACE(lacks);
        run_.reset();
        display_.reset();
        device_.flip_of = nullptr;  // the kernel forgets who closed
        frame_ = 0;
        device_.has_overlay = std::string(lacks) != "plane";
        device_.overlay_takes_alpha = std::string(lacks) != "alpha";
        device_.overlay_beneath = std::string(lacks) == "place above";
        device_.text_commits = 0;
        go(layers, 5);
        EXPECT_EQ(told("text"), "picture");
        EXPECT_EQ(device_.text_commits, 0);
        const auto seen = device_.panel();
        go({grey(120), {}, {}}, 5);
        EXPECT_GT(greatest_difference(seen, device_.panel()), 40);
    }
}

TEST_F(KmsTest, ADriverThatDoesNotTakeATextHasItInThePicture) {
    device_.refuses = [&](bool) { return device_.value(GraphicsDevice::overlay, "FB_ID") != 0; };
    go({grey(120), text(4, 20, 30, 10), {}}, 10);
    EXPECT_EQ(told("text"), "picture");
    EXPECT_EQ(told("frames_shown"), "10");
    EXPECT_THAT(run().trouble(), IsEmpty());
    // A later one may be taken.
    device_.refuses = [](bool) { return false; };
    go({grey(120), text(4, 4, 30, 10), {}}, 10);
    EXPECT_EQ(told("text"), "plane");
}

TEST_F(KmsTest, ADriverThatTakesATextOnlyWhenAskedIsNotAskedTwice) {
    device_.refuses = [&](bool test) {
        return !test && device_.value(GraphicsDevice::overlay, "FB_ID") != 0;
    };
    go({grey(120), text(4, 20, 30, 10), {}}, 100);
    EXPECT_EQ(told("unplugged"), "1") << "it was lit anew once";
    EXPECT_EQ(told("text"), "picture");
    EXPECT_THAT(run().trouble(), IsEmpty());
    EXPECT_GT(std::stoi(told("frames_shown")), 60);
}

TEST_F(KmsTest, ATurnedPictureHoldsItsText) {
    spec_.rotate = 180;
    go({grey(120), text(4, 20, 30, 10), {}}, 5);
    EXPECT_EQ(device_.text_commits, 0);
    const auto seen = device_.panel();
    ASSERT_FALSE(seen.empty());
    // Upside down: the text of row 20 is in row 15.
    const auto pixel = [&](int x, int y) {
        return seen[(static_cast<std::size_t>(y) * std::size_t{width} + static_cast<std::size_t>(x)) * 3];
    };
    EXPECT_GT(pixel(width - 1 - 10, height - 1 - 25) - pixel(2, 2), 20);
}

TEST_F(KmsTest, ASleepingPanelIsDarkAndWakesWithPictureAndText) {
    go({grey(120), text(4, 20, 30, 10), {}}, 5);
    const auto seen = device_.panel();
    run().set_panel(false, now_);
    go({grey(120), text(4, 20, 30, 10), {}}, 60);
    EXPECT_THAT(device_.panel(), IsEmpty());
    EXPECT_EQ(told("dpms"), "off");
    EXPECT_NE(device_.value(GraphicsDevice::crtc, "MODE_ID"), 0U) << "its mode is kept";
    EXPECT_GT(std::stoi(told("frames_dark")), 50);
    EXPECT_THAT(run().trouble(), IsEmpty());
    run().set_panel(true, now_);
    go({grey(120), text(4, 20, 30, 10), {}}, 10);
    EXPECT_EQ(told("dpms"), "on");
    EXPECT_EQ(device_.panel(), seen);
}

}  // namespace
}  // namespace riverlight::player
