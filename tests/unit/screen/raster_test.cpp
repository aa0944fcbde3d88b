// Pictures in a display's memory: colours, turned, scaled.
#include "player/av/raster.hpp"

#include <gtest/gtest.h>

#include <random>

namespace riverlight::player {
namespace {

Picture plain(int width, int height, int y, int u, int v) {
    Picture p = black(width, height);
    std::fill(p.y.begin(), p.y.end(), static_cast<std::uint8_t>(y));
    std::fill(p.u.begin(), p.u.end(), static_cast<std::uint8_t>(u));
    std::fill(p.v.begin(), p.v.end(), static_cast<std::uint8_t>(v));
    return p;
}

struct Memory {
    Raster raster;
    std::vector<std::uint8_t> bytes;
    Memory(PixelFormat format, int width, int height)
        : bytes(std::size_t(width + 16) * std::size_t(height) * 4, 7) {
        raster.format = format;
        raster.width = width;
        raster.height = height;
        const bool rgb = format == PixelFormat::xrgb8888;
        raster.strides = {rgb ? width * 4 + 64 : width + 16,
                          format == PixelFormat::nv12 ? width + 16 : width / 2 + 8, width / 2 + 8};
        raster.planes[0] = bytes.data();
        raster.planes[1] = raster.planes[0] + std::ptrdiff_t{raster.strides[0]} * height;
        raster.planes[2] = raster.planes[1] + std::ptrdiff_t{raster.strides[1]} * height / 2;
        if (rgb) raster.planes[1] = raster.planes[2] = nullptr;
    }
    [[nodiscard]] int at(int plane, int x, int y) const {
        return raster.planes[std::size_t(plane)][std::ptrdiff_t{raster.strides[std::size_t(plane)]} * y + x];
    }
    [[nodiscard]] std::array<int, 3> rgb(int x, int y) const {
        return {at(0, x * 4 + 2, y), at(0, x * 4 + 1, y), at(0, x * 4, y)};
    }
};

void expect_near(const std::array<int, 3>& a, const std::array<int, 3>& b) {
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(a[i], b[i], 3) << i;
}

TEST(RasterTest, LimitedBt709BecomesFullRgb) {
    Rasteriser rasteriser;
    Memory memory(PixelFormat::xrgb8888, 64, 32);
    // ITU-R BT.709-6, table 4 and 8-bit quantisation: white, black, red.
    rasteriser.draw(plain(64, 32, 235, 128, 128), memory.raster);
    expect_near(memory.rgb(63, 31), {255, 255, 255});
    rasteriser.draw(plain(64, 32, 16, 128, 128), memory.raster);
    expect_near(memory.rgb(0, 0), {0, 0, 0});
    rasteriser.draw(plain(64, 32, 63, 102, 240), memory.raster);
    expect_near(memory.rgb(10, 10), {255, 0, 0});
    EXPECT_EQ(memory.at(0, 64 * 4 + 5, 3), 7) << "nothing beyond a row's end";
}

TEST(RasterTest, FourTwoZeroIsCopiedUnchanged) {
    Rasteriser rasteriser;
    for (const auto format : {PixelFormat::nv12, PixelFormat::yuv420}) {
        Memory memory(format, 64, 32);
        rasteriser.draw(plain(64, 32, 100, 90, 200), memory.raster);
        EXPECT_EQ(memory.at(0, 63, 31), 100);
        EXPECT_EQ(memory.at(1, 0, 15), 90);
        EXPECT_EQ(format == PixelFormat::nv12 ? memory.at(1, 63, 15) : memory.at(2, 31, 15), 200);
    }
}

TEST(RasterTest, AnotherAspectIsScaledBetweenBlackBars) {
    Rasteriser rasteriser;
    Memory memory(PixelFormat::xrgb8888, 64, 64);
    rasteriser.draw(plain(64, 32, 235, 128, 128), memory.raster);
    expect_near(memory.rgb(32, 8), {0, 0, 0});
    expect_near(memory.rgb(32, 32), {255, 255, 255});
    expect_near(memory.rgb(32, 56), {0, 0, 0});
    Memory tall(PixelFormat::nv12, 128, 32);
    rasteriser.draw(plain(32, 32, 235, 128, 128), tall.raster);
    EXPECT_EQ(tall.at(0, 4, 16), 16);
    EXPECT_EQ(tall.at(0, 64, 16), 235);
    EXPECT_EQ(tall.at(1, 2, 8), 128);
}

TEST(TurnTest, FourQuarterTurnsAreTheIdentity) {
    std::mt19937 random(7);
    Picture p = black(96, 40);
    for (auto* plane : {&p.y, &p.u, &p.v})
        for (auto& byte : *plane) byte = static_cast<std::uint8_t>(random());
    Picture a, b;
    rotate(p, 90, a);
    EXPECT_EQ(a.width, 40);
    EXPECT_EQ(a.height, 96);
    EXPECT_EQ(a.y[39], p.y[0]) << "clockwise: what was upper left is upper right";
    EXPECT_EQ(a.u[19], p.u[0]);
    rotate(a, 270, b);
    EXPECT_EQ(b.y, p.y);
    EXPECT_EQ(b.v, p.v);
    rotate(a, 90, b);
    rotate(p, 180, a);
    EXPECT_EQ(a.y, b.y);
    EXPECT_EQ(a.u, b.u);
}

}  // namespace
}  // namespace riverlight::player
