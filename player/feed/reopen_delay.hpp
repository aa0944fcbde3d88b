#pragma once
#include <algorithm>
#include <chrono>

namespace riverlight::player {

/// How long to wait before the next try: a quarter of a second at first, twice as long each time, at most
/// eight seconds, so that a receiver that comes back is found within that.
class ReopenDelay {
  public:
    [[nodiscard]] std::chrono::milliseconds next() {
        const auto now = wait_;
        wait_ = std::min(wait_ * 2, longest);
        return now;
    }
    void reset() { wait_ = shortest; }

    static constexpr std::chrono::milliseconds shortest{250}, longest{8000};

  private:
    std::chrono::milliseconds wait_ = shortest;
};

}  // namespace riverlight::player
