#pragma once
#include <cstdint>
#include <functional>

#include "content/base/error.hpp"

namespace riverlight::content {

/// What the bandwidth policy allows for media at the moment.
struct BandwidthLimit {
    bool open = true;                    ///< false: media that can wait are not downloaded
    std::uint64_t bytes_per_second = 0;  ///< 0: no limit
    friend bool operator==(const BandwidthLimit&, const BandwidthLimit&) = default;
};
/// Called on the visit's thread before each file and about four times a second during it.
using GetBandwidthLimit = std::function<BandwidthLimit()>;

/// The policy no longer allows the download. What has arrived stays in staging, and the next visit continues
/// from there. Not a fault of the source.
class BandwidthClosed : public Error {
  public:
    using Error::Error;
};

}  // namespace riverlight::content
