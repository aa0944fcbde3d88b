#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace riverlight::firmware {

/// Tells when a start has lasted: frames have kept leaving every outlet for some minutes. Pure; on one
/// thread.
class Endurance {
  public:
    explicit Endurance(std::chrono::seconds needed) : needed_(needed) {}

    /// An outlet that is not to show anything now: its place is closed.
    static constexpr std::int64_t closed = -1;
    /// `frames` of each outlet so far, of whichever life of its player, or `closed`. True once it has lasted.
    /// To be asked every few seconds; a still outlet begins the time anew after `patience`.
    bool lasted(std::int64_t monotonic_us, const std::vector<std::int64_t>& frames);
    static constexpr std::chrono::seconds patience{15};

  private:
    struct Seen {
        std::int64_t frames = 0, moved_us = 0;
    };
    std::chrono::microseconds needed_;
    std::vector<Seen> seen_;
    std::optional<std::int64_t> since_us_;
};

}  // namespace riverlight::firmware
