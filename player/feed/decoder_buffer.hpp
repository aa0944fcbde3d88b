#pragma once
#include <cassert>
#include <cstddef>
#include <deque>

#include "player/feed/ticks.hpp"

namespace riverlight::player {

/// The pictures in the decoder's buffer of the T-STD (ISO/IEC 13818-1, 2.4.2): each is in it from its first
/// packet until its DTS, when it is decoded. One thread.
class DecoderBuffer {
  public:
    explicit DecoderBuffer(std::size_t capacity_bytes) : capacity_(capacity_bytes) {}

    /// The packets that follow carry the picture with this DTS.
    void begin_picture(StreamTime dts) {
        assert(pictures_.empty() || pictures_.back().dts < dts);
        pictures_.push_back({dts, 0});
    }
    /// Bytes of the picture that was begun last arrive.
    void add(std::size_t bytes) {
        if (pictures_.empty()) return;  // it is late: its DTS has passed
        pictures_.back().bytes += bytes;
        bytes_ += bytes;
    }
    /// True if so many bytes more fit at `now`, once the pictures due by then are decoded.
    [[nodiscard]] bool has_room(std::size_t bytes, StreamTime now) {
        for (; !pictures_.empty() && pictures_.front().dts <= now; pictures_.pop_front()) {
            assert(bytes_ >= pictures_.front().bytes);
            bytes_ -= pictures_.front().bytes;
        }
        return bytes_ + bytes <= capacity_;
    }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

  private:
    struct Picture {
        StreamTime dts;
        std::size_t bytes;
    };
    std::size_t capacity_, bytes_ = 0;
    std::deque<Picture> pictures_;
};

}  // namespace riverlight::player
