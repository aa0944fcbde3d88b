#pragma once
#include <span>
#include <vector>

#include "player/feed/packet.hpp"

namespace riverlight::player {

/// Where a stream may be cut: finds, packet by packet, each key picture and the PAT that opens its group.
class CutFinder {
  public:
    /// What a packet is to whoever cuts.
    enum class Is {
        plain,     ///< belongs where it stands
        maybe,     ///< a PAT or what follows it: keep it until one of the next two says
        opened,    ///< a key picture begins: what was kept and this packet are the beginning of its group
        no_opener  ///< what was kept is plain after all, and so is this
    };
    [[nodiscard]] Is look(const std::uint8_t* packet);
    /// PTS of the picture that began last, 90 kHz, as its packet has it.
    [[nodiscard]] std::int64_t stamp() const { return stamp_; }
    /// Where the picture after it would be, by the step from the one before.
    [[nodiscard]] std::int64_t next_stamp() const { return stamp_ + step_; }

  private:
    bool keeping_ = false;
    std::int64_t stamp_ = 0, step_ = 0;
};

/// What a receiver that comes amid a stream begins with: the next group of pictures from its PAT on, so that
/// its decoder sees nothing torn.
class Opening {
  public:
    /// The next datagram: whether a group opens in it.
    [[nodiscard]] bool look(const Datagram& datagram);
    /// Of the group that opened last, the datagrams before the one it opened in: from its PAT on, mostly
    /// none.
    [[nodiscard]] std::span<const Datagram> before() const { return before_; }

  private:
    CutFinder finder_;
    std::vector<Datagram> kept_, before_;
};

}  // namespace riverlight::player
