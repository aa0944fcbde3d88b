#pragma once
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "content/base/files.hpp"
#include "player/feed/output.hpp"

namespace riverlight::player {

/// The twelve bytes of RTP before a datagram (RFC 3550, 5.1; payload type 33 and the 90 kHz stamp of its
/// first byte, RFC 2250, 2). Counter, stamps and source begin at random.
class RtpHeader {
  public:
    RtpHeader();
    using Head = std::array<std::uint8_t, 12>;
    /// `time` as Datagram's. The first is marked, as one whose stamps follow nothing.
    [[nodiscard]] Head next(Ticks time);

  private:
    std::uint16_t sequence_;
    std::uint32_t offset_, source_;
    bool first_ = true;
};

/// UDP or RTP to one receiver or to a group, straight from the pacer's thread: a socket that does not block
/// takes a datagram or refuses it, so a receiver that is not there harms nothing. Names are looked up, and
/// sockets made again, on a thread of its own. Figures: `datagrams_sent`, `datagrams_refused`.
class UdpOutput final : public Output {
  public:
    explicit UdpOutput(const OutputSpec& spec);
    ~UdpOutput() override;
    void send(const Datagram& datagram) override;
    void finish() override {}
    [[nodiscard]] OutputState state() const override;

  private:
    void keep_open();
    [[nodiscard]] Fd opened(int flags) const;

    OutputSpec spec_;
    std::optional<RtpHeader> rtp_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    // guarded by mutex_
    Fd socket_;
    std::string closed_because_ = "it is being opened";
    bool trouble_ = false, stopping_ = false;
    std::int64_t sent_ = 0, refused_ = 0, run_of_refusals_ = 0;
    int last_fault_ = 0;
    std::chrono::steady_clock::time_point fault_at_{};
    std::thread keeper_;
};

}  // namespace riverlight::player
