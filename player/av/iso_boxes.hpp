#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "player/file/verified_file.hpp"

namespace riverlight::player::av {

/// A box of the ISO base media file format (ISO/IEC 14496-12, 4.2): MP4, QuickTime, AVIF.
struct IsoBox {
    std::string name;                ///< four bytes
    std::int64_t data = 0, end = 0;  ///< bytes from the file's beginning
};

/// Walks through the boxes of one file. It reads at most 10,000 boxes in all its walks, far more than a file
/// has that means what it says. One thread. The file outlives it.
class IsoBoxes {
  public:
    explicit IsoBoxes(VerifiedFile& file) : file_(file) {}

    /// So many bytes, at most eight, as a big-endian number; 0 where the file ends before them. Throws what
    /// VerifiedFile::fill() throws.
    [[nodiscard]] std::uint64_t number(std::int64_t at, std::size_t bytes);
    /// Calls `take` with each box that is whole and lies in [from, end). Throws as number().
    void for_each(std::int64_t from, std::int64_t end, const std::function<void(const IsoBox&)>& take);

  private:
    VerifiedFile& file_;
    int seen_ = 0;
};

}  // namespace riverlight::player::av
