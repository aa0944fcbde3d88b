#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "content/base/instant.hpp"

namespace riverlight::player {

/// A live media playlist (RFC 8216, 4.3): the last segments of a stream, a sliding window. Touches no files.
class HlsPlaylist {
  public:
    struct Segment {
        std::string name;  ///< relative URI
        std::chrono::microseconds duration{};
        Instant begins{};            ///< when its first picture is shown
        bool discontinuity = false;  ///< its time stamps or counters do not continue the segment before
    };
    /// `window`: segments in the list, > 0. `target`: no segment lasts longer, rounded to seconds.
    HlsPlaylist(std::size_t window, std::chrono::seconds target);

    /// Continues a playlist that this class wrote, of at most 64 KiB. Ignores anything else.
    void resume(std::string_view text);
    /// The number of the first segment, if no playlist was continued: must rise over restarts, since clients
    /// must never see numbers go back (6.2.1). Call it before add().
    void begin_at(std::int64_t sequence);
    /// Appends a segment; the oldest leaves a full window.
    void add(Segment segment);

    [[nodiscard]] std::string text() const;
    [[nodiscard]] const std::deque<Segment>& segments() const { return segments_; }
    /// The media sequence number of the next segment.
    [[nodiscard]] std::int64_t next_number() const {
        return first_number_ + static_cast<std::int64_t>(segments_.size());
    }

  private:
    std::size_t window_;
    std::chrono::seconds target_;
    std::int64_t first_number_ = 0;     ///< of the first segment in the list
    std::int64_t discontinuities_ = 0;  ///< that have left the list
    std::deque<Segment> segments_;
};

}  // namespace riverlight::player
