#pragma once
#include <cstdint>
#include <deque>
#include <optional>

namespace riverlight::player::av {

/// When each picture of a file is shown whose container has only the order of decoding (AVI): the pictures
/// come from the decoder in the order of display, so that the earliest time that is free belongs to the next
/// one. Times count in the stream's time base. One thread.
class DisplayTimes {
  public:
    /// `delay`: pictures that may be decoded before one that is shown before them, as the stream says.
    explicit DisplayTimes(int delay) : delay_(delay) {}

    /// A packet goes to the decoder. Packets come in rising order.
    void add_packet(std::int64_t decoding_time);
    /// The time of the next picture; `decoding_time`: of its packet, if the decoder knows it. A packet that
    /// made no picture keeps its time: the picture before it stands for longer.
    [[nodiscard]] std::int64_t take(std::optional<std::int64_t> decoding_time, std::int64_t usual_duration);

  private:
    int delay_;
    std::deque<std::int64_t> free_;  ///< of packets whose time no picture has
    std::optional<std::int64_t> last_;
};

}  // namespace riverlight::player::av
