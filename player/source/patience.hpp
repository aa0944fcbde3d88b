#pragma once
#include <chrono>
#include <cstdint>

namespace riverlight::player {

/// Decides whether a decoding thread is stuck, for whoever waits for it and is in no hurry. The wall clock
/// says nothing of that: on a busy machine a decoder that works well takes any time. It is stuck where it
/// takes no step while the process uses the processor for `most_cpu`, or while nothing of the process uses
/// it at all: then it waits for something that does not come. One thread.
class Patience {
  public:
    static constexpr std::chrono::seconds most_cpu{60};
    static constexpr int most_idle_looks = 600;
    /// What the waiting thread sees when it wakes up.
    struct Look {
        std::int64_t steps = 0;             ///< of the decoding thread so far: packets read, pieces made
        std::chrono::nanoseconds others{};  ///< processor time of the process without the waiting thread
    };
    /// One look. True if the decoding thread is stuck.
    [[nodiscard]] bool is_over(const Look& look);

  private:
    Look stepped_{-1, {}};             ///< when it was seen to take a step
    std::chrono::nanoseconds last_{};  ///< Look::others of the last look
    int idle_looks_ = 0;
};

}  // namespace riverlight::player
