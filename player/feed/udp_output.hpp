#pragma once
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "content/base/files.hpp"
#include "player/feed/output.hpp"

namespace riverlight::player {

/// Makes RTP headers for datagrams (RFC 3550, 5.1): payload type 33 and the 90 kHz time stamp of the first
/// byte (RFC 2250, 2). Sequence number, time stamp and SSRC begin at random.
class RtpHeaders {
  public:
    RtpHeaders();
    using Header = std::array<std::uint8_t, 12>;
    /// `time`: the datagram's. The first header has the marker bit: its time stamp continues no earlier one.
    [[nodiscard]] Header next(StreamTime time);

  private:
    std::uint16_t sequence_;
    std::uint32_t timestamp_offset_, ssrc_;
    bool first_ = true;
};

/// UDP or RTP to one receiver or a multicast group, sent from the pacer's thread by a non-blocking socket: it
/// accepts a datagram or refuses it, so an absent receiver holds nothing up. A thread of its own resolves the
/// host and opens the socket again when it is lost. Figures: `datagrams_sent`, `datagrams_refused`.
class UdpOutput final : public Output {
  public:
    explicit UdpOutput(const OutputSpec& spec);
    ~UdpOutput() override;
    void send(const Datagram& datagram) override;
    void finish() override {}
    [[nodiscard]] OutputState state() const override;
    [[nodiscard]] FrameFate fate_of(std::int64_t picture) const override {
        return pictures_.fate_of(picture);
    }

  private:
    /// The thread: keeps a socket open.
    void run();
    [[nodiscard]] Fd open_socket(int resolve_flags) const;

    /// False: the datagram was refused.
    [[nodiscard]] bool send_now(const Datagram& datagram);

    // More than 12 members: a socket, the thread that opens it, and what is counted and reported of it.
    OutputSpec spec_;
    FateLedger pictures_;
    std::optional<RtpHeaders> rtp_;  ///< only of rtp://
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    // guarded by mutex_
    Fd socket_;
    std::string closed_because_ = "it is being opened";
    bool trouble_ = false, stopping_ = false;
    struct Fault {
        int error;  ///< errno
        std::chrono::steady_clock::time_point at;
    };
    std::optional<Fault> last_fault_;
    std::int64_t sent_ = 0, refused_ = 0, refused_in_a_row_ = 0;
    std::thread thread_;
};

}  // namespace riverlight::player
