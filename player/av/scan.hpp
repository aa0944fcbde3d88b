#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "player/av/av.hpp"

namespace riverlight::player {

/// A picture made small to be weighed: R, G, B of each point, row by row, 8 bits full range, BT.709.
struct Grid {
    static constexpr int width = 160, height = 90;
    static constexpr std::size_t points = std::size_t{width} * height;
    std::vector<std::uint8_t> rgb;  ///< points × 3
};

/// One media file decoded once from beginning to end, for people who check it: pictures as grids, which cost
/// next to nothing beside their decoding, and sound. Limits, whitelists and times are those of Reader. One
/// thread. Errors are thrown as Reader's.
class Scan {
  public:
    explicit Scan(const std::string& path, const MediaLimits& limits = {});
    ~Scan();
    Scan(Scan&&) noexcept;

    [[nodiscard]] const StreamFacts& facts() const;
    /// The next picture, stretched over the whole grid (both fields of an interlaced one), and its time in
    /// seconds from the file's origin; nothing at the end or where there is no picture.
    [[nodiscard]] std::optional<Ratio> next_picture(Grid& into);
    /// The picture that next_picture() gave last, upright and deinterlaced, fitted into width × height.
    [[nodiscard]] Picture still(int width, int height) const;
    /// As Reader::next_samples(). At most 64 MB of one stream wait while the other is read.
    [[nodiscard]] Samples next_samples();
    [[nodiscard]] std::int64_t corrupt() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// JPEG (full range, BT.709) scaled down to at most `widest` pixels wide.
[[nodiscard]] std::string jpeg_of(const Picture& picture, int widest);

}  // namespace riverlight::player
