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
/// 20 cd/m² or more, the darker picture below 160 cd/m². Red: changes to or from a saturated red. BT.1702
/// does not define saturated red, so the definition of WCAG 2.1 is used (Harding and Binnie 2002): R/(R+G+B)
/// of 0.8 or more, and a change of more than 20 in (R−G−B) × 320, with linear light of 0 to 1 and values
/// below 0 taken as 0. One thread.
class FlashWatch {
  public:
    FlashWatch();
    /// Pictures in order, each with its time from the first.
    void add(std::chrono::microseconds at, const player::Grid& picture);
    [[nodiscard]] const std::vector<Stretch>& general() const { return general_.found(); }
    [[nodiscard]] const std::vector<Stretch>& red() const { return red_.found(); }

  private:
    /// How far one quantity of one point has moved since it last changed direction.
    struct Swing {
        std::int32_t low = 0, high = 0;  ///< reached since; the one ahead of `heading` counts
        std::int8_t heading = 0;         ///< 1 rising, −1 falling, 0 neither so far
        bool saturated = false;          ///< red only: `high` was a saturated red
    };
    void begin(const player::Grid& picture);

    std::vector<Swing> light_, redness_;
    FlashCounter general_, red_;
};

/// Its findings, which refuse a build; general before red. `where` is empty.
[[nodiscard]] std::vector<SegmentFinding> flash_findings(const FlashWatch& watch);

}  // namespace riverlight::quality
