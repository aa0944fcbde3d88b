#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "player/av/reader.hpp"
#include "player/av/source_samples.hpp"

namespace riverlight::player {

/// A small copy of a picture for analysis: R, G, B of each point, row by row, 8 bits full range, BT.709.
struct Grid {
    static constexpr int width = 160, height = 90;
    static constexpr std::size_t points = std::size_t{width} * height;
    std::vector<std::uint8_t> rgb;  ///< points × 3
};

/// Decodes one media file once from beginning to end, for quality checks: pictures as grids (which cost
/// little beside the decoding) and sound. Limits, permitted formats, times and errors are those of Reader.
/// One thread.
class Scan {
  public:
    explicit Scan(const std::string& path, const MediaLimits& limits = {});
    ~Scan();
    Scan(Scan&&) noexcept;

    [[nodiscard]] const StreamFacts& facts() const;
    /// The next picture, stretched over the whole grid (both fields of an interlaced one), and its time in
    /// seconds from the file's origin; nothing at the end or where the file has no picture.
    [[nodiscard]] std::optional<Ratio> next_picture(Grid& into);
    /// Whether the last picture from next_picture() is sent as two fields, as the file says.
    [[nodiscard]] bool interlaced() const;
    /// Whether its fields show different moments, as it looks.
    [[nodiscard]] bool combed() const;
    /// The last picture from next_picture(), upright, deinterlaced and fitted into width × height.
    [[nodiscard]] Picture still(int width, int height) const;
    /// As Reader::pictures_end().
    [[nodiscard]] Ratio pictures_end() const;
    /// As Reader::next_samples(). At most 64 MB of one stream are queued while the other is read.
    [[nodiscard]] Samples next_samples();
    /// From now on gives each decoded frame of sound to `listener`, while next_samples() is called.
    void listen(SourceListener listener);
    [[nodiscard]] std::int64_t corrupt() const;
    /// True if the file was seen to end within a piece of its picture or sound, which was left out.
    [[nodiscard]] bool ends_within_a_piece() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::player
