#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "player/av/handles.hpp"

namespace riverlight::player::av {

/// Joins the parts of a recording whose clock was set in between: a receiver that changed its channel, two
/// recordings one behind the other, a station's splice. MPEG streams allow that (ISO/IEC 13818-1, 2.4.3.5).
/// Each part goes on where the one before it ended, and its streams stay in step with each other. One thread.
/// Only player/av includes this.
class ClockJumps {
  public:
    /// Moves a packet's timestamps, in `time_base`, to where its part belongs. Call it for each packet of the
    /// file's picture and sound, in the file's order.
    void move(AVPacket& packet, AVRational time_base);
    /// Stream `from` goes on in stream `to`, whose packets follow.
    void go_on(int from, int to) { positions_[to] = positions_[from]; }
    /// From now on the streams have other indices: of these, in place of the first, the second.
    void renumber(const std::map<int, int>& indices);
    /// How often the clock jumped so far.
    [[nodiscard]] std::size_t count() const { return offsets_.size() - 1; }

  private:
    /// Where a stream stands, in ticks of 90 kHz.
    struct Position {
        std::size_t part = 0;    ///< index of the offset that its timestamps need
        std::int64_t last = 0;   ///< its last decoding time, as the file says
        std::int64_t usual = 0;  ///< from one decoding time to the next
    };
    [[nodiscard]] bool continues(const Position& position, std::int64_t time, std::size_t part) const;
    void enter_part(Position& position, std::int64_t time);

    std::vector<std::int64_t> offsets_{0};  ///< of each part, to add to its timestamps, in ticks
    std::map<int, Position> positions_;     ///< by stream
};

}  // namespace riverlight::player::av
