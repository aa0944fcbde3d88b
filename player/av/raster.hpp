#pragma once
#include <array>
#include <memory>

#include "player/av/picture.hpp"

namespace riverlight::player {

/// The pixel format of a display's memory: 32 bits B, G, R, unused; or 4:2:0, BT.709 limited range, with U
/// and V in one plane (NV12) or in two.
enum class PixelFormat { xrgb8888, nv12, yuv420 };

/// A frame buffer that is written and never read: a display's memory is slow to read.
struct Raster {
    PixelFormat format = PixelFormat::xrgb8888;
    int width = 0, height = 0;              ///< pixels, even
    std::array<std::uint8_t*, 3> planes{};  ///< as many as the format has
    std::array<int, 3> strides{};           ///< bytes from one row to the next
};

/// Draws pictures into rasters: converts colours and, where the sizes differ, scales with the aspect kept and
/// black bars. One thread.
class Rasteriser {
  public:
    Rasteriser();
    ~Rasteriser();
    Rasteriser(Rasteriser&&) noexcept;
    /// Throws Error where libswscale cannot convert.
    void draw(const Picture& picture, const Raster& into);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Rotates a picture clockwise by 0, 90, 180 or 270 degrees and sets the size of `into` to match.
void rotate(const Picture& picture, int degrees, Picture& into);

}  // namespace riverlight::player
