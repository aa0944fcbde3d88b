#pragma once
#include <chrono>
#include <optional>

#include "content/base/instant.hpp"

namespace riverlight::firmware {

/// Decides how long an outlet on which nothing can be played shows the slate before it tries again. Without a
/// pause each airing that fails would make the next one early, until the whole day's had failed. Pure.
class FailurePause {
  public:
    /// So many airings in a row fail before there is a pause: one broken file is not yet all of them.
    static constexpr int failures_before = 3;
    static constexpr std::chrono::seconds first{5}, longest{60};
    /// An airing that is on for less than this has failed as one that never began.
    static constexpr std::chrono::seconds shortest_airing{1};

    /// An airing could not be played. Those that fail during a pause were queued before it.
    void failed(MonotonicTime now);
    /// One was on for some time, or there is something new to play.
    void end() { *this = {}; }
    /// Nothing could be played lately.
    [[nodiscard]] bool is_active() const { return failures_ >= failures_before; }
    /// Whether the next airing is tried.
    [[nodiscard]] bool may_try(MonotonicTime now) const { return !until_ || now >= *until_; }

  private:
    int failures_ = 0;  ///< in a row
    std::chrono::seconds length_{0};
    std::optional<MonotonicTime> until_;
};

}  // namespace riverlight::firmware
