#pragma once
#include <cstddef>
#include <cstdint>

namespace riverlight::scheduler {

/// What planning one day may spend on laying it out, and again on filling it: counted in tries, so that every
/// machine stops at the same point. Once it is spent the day is still planned whole, but no better layout is
/// looked for, and few are tried where many might be. Only days that ask for far too much come to that.
class Effort {
  public:
    /// About a fifth of a second on a desktop processor.
    static constexpr std::int64_t most = 4'000'000;
    /// How many tasks, or fillers, are tried at one time once it is spent.
    static constexpr int tried_at_once = 8;
    void spend(std::size_t tries) { left_ -= static_cast<std::int64_t>(tries); }
    [[nodiscard]] bool is_spent() const { return left_ <= 0; }

  private:
    std::int64_t left_ = most;
};

/// Putting so many items in order takes as long as so many tries.
[[nodiscard]] constexpr std::size_t tries_of_ordering(std::size_t items) {
    return items / 32;
}

}  // namespace riverlight::scheduler
