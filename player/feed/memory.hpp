#pragma once
#include <array>
#include <cstdint>
#include <string>

#include "content/base/files.hpp"
#include "content/base/instant.hpp"

namespace riverlight::player {

/// What a feed remembers beyond its process: continuity counters by PID and where its time line stands. A
/// file of fixed size, mapped into memory, so that a process killed at any instruction leaves it right.
class FeedMemory {
  public:
    /// Empty path: remembered nowhere. Throws Error if the file cannot be made; one that is not ours, or
    /// torn, starts over.
    explicit FeedMemory(const std::string& path);
    ~FeedMemory();
    FeedMemory(const FeedMemory&) = delete;
    FeedMemory& operator=(const FeedMemory&) = delete;

    /// The number, on the feed's time line, of the frame whose time `now` is: where an uninterrupted feed
    /// would be, and never before where it was. Begins a time line where there is none.
    [[nodiscard]] std::int64_t frame_at(Instant now, std::int64_t frames_a_second);
    /// When the time line's frame 0 was, or would have been, by the wall clock as it stands now.
    void anchor(Instant zero) { data_->anchor_us = zero.time_since_epoch().count(); }
    void passed(std::int64_t frame) { data_->last_frame = frame; }
    /// The last picture of which any part left; −1: none.
    [[nodiscard]] std::int64_t last_picture() const { return data_->last_picture; }
    void left(std::int64_t picture) { data_->last_picture = picture; }
    /// True if an earlier process fed this time line.
    [[nodiscard]] bool resumed() const { return resumed_; }
    [[nodiscard]] std::uint8_t& counter(unsigned pid) { return data_->counters[pid]; }

  private:
    struct Data {
        char magic[8];
        std::int64_t anchor_us;     ///< UTC of frame 0
        std::int64_t last_frame;    ///< −1: none
        std::int64_t last_picture;  ///< −1: none
        std::array<std::uint8_t, 8192> counters;
    };
    Data own_{};
    Data* data_ = &own_;
    bool resumed_ = false;
};

}  // namespace riverlight::player
