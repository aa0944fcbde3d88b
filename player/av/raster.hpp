#pragma once
#include <array>
#include <memory>

#include "player/av/av.hpp"

namespace riverlight::player {

/// How a display's memory holds a picture: 32 bits B, G, R, unused; or 4:2:0 with U and V in one plane or
/// two, BT.709 limited.
enum class PixelFormat { xrgb8888, nv12, yuv420 };

/// Memory that is written and never read: a display's is slow to read.
struct Raster {
    PixelFormat format = PixelFormat::xrgb8888;
    int width = 0, height = 0;              ///< pixels, even
    std::array<std::uint8_t*, 3> planes{};  ///< as many as the format has
    std::array<int, 3> strides{};           ///< bytes from one row to the next
};

/// Pictures into rasters: colours, and where the sizes differ, scaled with the aspect kept, bars black. One
/// thread. Throws Error where libswscale cannot.
class Rasteriser {
  public:
    Rasteriser();
    ~Rasteriser();
    Rasteriser(Rasteriser&&) noexcept;
    void draw(const Picture& picture, const Raster& into);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The picture turned clockwise by 0, 90, 180 or 270 degrees; the sizes of `into` change with it.
void turn(const Picture& picture, int degrees, Picture& into);

}  // namespace riverlight::player
