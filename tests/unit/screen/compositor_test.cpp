// What goes into a display's picture, and what onto its text plane.
#include "player/screen/compositor.hpp"

#include <gtest/gtest.h>

namespace riverlight::player {
namespace {

/// A display that accepts or refuses texts, and counts the offers.
class PlaneDisplay final : public Display {
  public:
    explicit PlaneDisplay(bool accepts) : accepts_(accepts) {}
    std::vector<Connector> connectors(Probe) override { return {}; }
    void enable(const Connector&, const Mode&, const Picture&) override {}
    void disable() override {}
    void power_off(const Connector&) override {}
    void power_on(const Picture&) override {}
    void draw(const Picture&) override {}
    bool set_overlays(std::span<const Overlay* const> texts, int width, int height) override {
        ++offers;
        EXPECT_EQ(texts.size(), 2U);
        EXPECT_EQ(width, 8);
        EXPECT_EQ(height, 4);
        return accepts_;
    }
    bool page_flip() override { return true; }
    std::optional<Vblank> last_vblank() override { return {}; }
    std::string dpms_state() override { return {}; }
    [[nodiscard]] std::string description() const override { return {}; }
    [[nodiscard]] unsigned card_number() const override { return 0; }
    int offers = 0;

  private:
    bool accepts_;
};

/// A black picture of 8 × 4 with a white strap in its upper left corner.
Layers layers_with_strap() {
    Layers layers;
    layers.picture = std::make_shared<const Picture>(black(8, 4));
    layers.strap = std::make_shared<const Overlay>(Overlay{0, 0, 2, 2, std::vector<std::uint8_t>(16, 255)});
    return layers;
}

TEST(CompositorTest, OffersTextsOnlyWhenTheyChange) {
    PlaneDisplay display(true);
    Compositor compositor(0);
    auto layers = layers_with_strap();
    EXPECT_FALSE(compositor.texts_on_plane());
    EXPECT_TRUE(compositor.put_texts_on_plane(display, layers));
    EXPECT_TRUE(compositor.put_texts_on_plane(display, layers));
    EXPECT_EQ(display.offers, 1);
    EXPECT_TRUE(compositor.texts_on_plane());
    layers.subtitle = layers.strap;
    EXPECT_TRUE(compositor.put_texts_on_plane(display, layers));
    EXPECT_EQ(display.offers, 2);
    compositor.reset_plane();
    EXPECT_FALSE(compositor.texts_on_plane());
    EXPECT_TRUE(compositor.put_texts_on_plane(display, layers));
    EXPECT_EQ(display.offers, 3) << "the display was enabled again";
}

TEST(CompositorTest, DrawsTextsIntoThePictureOnlyIfThePlaneRefusesThem) {
    PlaneDisplay display(false);
    Compositor compositor(0);
    const auto layers = layers_with_strap();
    const bool on_plane = compositor.put_texts_on_plane(display, layers);
    EXPECT_FALSE(on_plane);
    EXPECT_GT(compositor.compose(layers, !on_plane).y[0], 200);
    EXPECT_EQ(&compositor.compose(layers, false), layers.picture.get()) << "without texts nothing is copied";
    EXPECT_LT(layers.picture->y[0], 20) << "the frame's own picture is unchanged";
}

TEST(CompositorTest, ARotatedPictureHoldsItsTexts) {
    PlaneDisplay display(true);
    Compositor compositor(90);
    const auto layers = layers_with_strap();
    EXPECT_FALSE(compositor.put_texts_on_plane(display, layers));
    EXPECT_EQ(display.offers, 0);
    const auto& picture = compositor.compose(layers, true);
    EXPECT_EQ(picture.width, 4);
    EXPECT_EQ(picture.height, 8);
    EXPECT_GT(picture.y[3], 200) << "clockwise: the upper left corner is now the upper right one";
    EXPECT_LT(picture.y[0], 20);
}

}  // namespace
}  // namespace riverlight::player
