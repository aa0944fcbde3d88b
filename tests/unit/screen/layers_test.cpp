#include "player/screen/layers.hpp"

#include <gtest/gtest.h>

#include <array>

namespace riverlight::player {
namespace {

Overlay block(int x, int y, int w, int h, std::array<std::uint8_t, 4> colour) {
    Overlay o{x, y, w, h, {}};
    for (int i = 0; i < w * h; ++i) o.bgra.insert(o.bgra.end(), colour.begin(), colour.end());
    return o;
}

TEST(LayersTest, TheBoundingAreaIsClippedToThePicture) {
    const auto a = block(10, 10, 20, 5, {}), b = block(-5, 12, 20, 50, {});
    const std::array<const Overlay*, 3> all{&a, nullptr, &b};
    EXPECT_EQ(bounding_area(all, 100, 40), (Area{0, 10, 30, 30}));
    EXPECT_EQ(bounding_area(std::span(all).first(1), 100, 40), (Area{10, 10, 20, 5}));
    EXPECT_TRUE(bounding_area(std::span(all).subspan(1, 1), 100, 40).empty());
    EXPECT_TRUE(bounding_area(std::span(all).first(1), 8, 8).empty()) << "outside";
    EXPECT_TRUE(bounding_area({}, 100, 40).empty());
}

TEST(LayersTest, TextsAreBlendedAndTheRestIsTransparent) {
    // Half transparent red under half transparent blue, premultiplied.
    const auto red = block(0, 0, 2, 1, {0, 0, 128, 128}), blue = block(1, 0, 2, 1, {128, 0, 0, 128});
    const std::array<const Overlay*, 2> both{&red, &blue};
    std::vector<std::uint8_t> memory(20, 99);
    draw_overlays(both, {0, 0, 4, 1}, memory.data(), 20);
    const std::vector<std::uint8_t> wanted{0, 0,   128, 128, 128, 0, 64, 192, 128, 0,
                                           0, 128, 0,   0,   0,   0, 99, 99,  99,  99};
    EXPECT_EQ(memory, wanted);
}

TEST(LayersTest, NothingIsDrawnOutsideTheArea) {
    const auto wide = block(-3, -3, 100, 100, {1, 2, 3, 255});
    const std::array<const Overlay*, 1> one{&wide};
    std::vector<std::uint8_t> memory(48, 0);
    draw_overlays(one, bounding_area(one, 4, 2), memory.data(), 16);
    for (std::size_t i = 0; i < 32; i += 4) EXPECT_EQ(memory[i + 2], 3);
    for (std::size_t i = 32; i < 48; ++i) EXPECT_EQ(memory[i], 0);
}

}  // namespace
}  // namespace riverlight::player
