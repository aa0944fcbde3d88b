#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include "player/av/scan.hpp"
#include "tools/quality/flash_counter.hpp"

namespace riverlight::quality {

/// Luminance of a point on the display that BT.1702-3 assumes for standard dynamic range, in mcd/m²: 200
/// cd/m² at white, gamma 2.4 (Rec. ITU-R BT.1886), BT.709 primaries.
[[nodiscard]] std::int32_t luminance_mcd(std::uint8_t r, std::uint8_t g, std::uint8_t b);

/// Flashes that harm people with photosensitive epilepsy (Rec. ITU-R BT.1702-3, Annex 1). General: changes of
/// 20 cd/m² or more, the darker picture below 160 cd/m². Red: changes to or from a saturated red; which red
/// is saturated BT.1702 leaves open, so WCAG 2.1's definition stands (Harding and Binnie 2002): R/(R+G+B) of
/// 0.8 or more, and a change of more than 20 in (R−G−B) × 320, linear light of 0 to 1, below 0 taken as 0.
/// One thread.
class FlashWatch {
  public:
    FlashWatch();
    /// Pictures in order, each with its time from the first.
    void see(std::chrono::microseconds at, const player::Grid& picture);
    [[nodiscard]] const std::vector<Stretch>& general() const { return general_.found(); }
    [[nodiscard]] const std::vector<Stretch>& red() const { return red_.found(); }

  private:
    /// How far one quantity of one point has swung since it last turned.
    struct Swing {
        std::int32_t low = 0, high = 0;  ///< reached since; the one that lies ahead of `heading` counts
        std::int8_t heading = 0;         ///< 1 rising, −1 falling, 0 neither so far
        bool saturated = false;          ///< red only: whether `high` was a saturated red
    };
    void begin(const player::Grid& picture);

    std::vector<Swing> light_, redness_;
    FlashCounter general_, red_;
};

/// What it found, refused; without `where`, general before red.
[[nodiscard]] std::vector<Finding> flash_findings(const FlashWatch& watch);

}  // namespace riverlight::quality
