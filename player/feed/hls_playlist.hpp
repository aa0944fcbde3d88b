#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "content/base/instant.hpp"

namespace riverlight::player {

/// A live media playlist (RFC 8216, 4.3): the segments of a window that moves on. Knows no files.
class HlsPlaylist {
  public:
    struct Segment {
        std::string name;  ///< relative URI
        std::chrono::microseconds duration{};
        Instant begins{};            ///< when its first picture is shown
        bool discontinuity = false;  ///< its stamps or counters do not follow the one before
    };
    /// `window` segments stand in the list; `target` is what none of them lasts longer than, rounded.
    HlsPlaylist(std::size_t window, std::chrono::seconds target) : window_(window), target_(target) {}

    /// Goes on with a playlist that this class wrote. Anything else is passed over, and nothing is taken
    /// from it. At most 64 KiB are looked at.
    void go_on_with(std::string_view text);
    /// Numbers begin here where there was nothing to go on with, so that a client never sees them go back.
    void begin_at(std::int64_t sequence) { first_ = sequence; }
    void add(Segment segment);

    [[nodiscard]] std::string text() const;
    [[nodiscard]] const std::deque<Segment>& segments() const { return segments_; }
    /// The number the next segment gets.
    [[nodiscard]] std::int64_t next() const { return first_ + static_cast<std::int64_t>(segments_.size()); }

  private:
    std::size_t window_;
    std::chrono::seconds target_;
    std::int64_t first_ = 0, discontinuities_ = 0;  ///< of the first in the list; of those before it
    std::deque<Segment> segments_;
};

}  // namespace riverlight::player
