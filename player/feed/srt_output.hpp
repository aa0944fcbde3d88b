#pragma once
#include <atomic>
#include <memory>
#include <vector>

#include "player/feed/cut_finder.hpp"
#include "player/feed/output.hpp"

namespace riverlight::player {

/// SRT (Secure Reliable Transport, libsrt 1.5) in live mode: calls one receiver, or listens for up to eight.
/// Lost datagrams are repeated within `latency`; what a receiver cannot take is dropped for that receiver
/// alone. A receiver that comes is given the stream from the next group of pictures on. Only here is libsrt
/// touched. Figures: `datagrams_sent`, `datagrams_dropped`, `srt_lost`,
/// `srt_repeated`, `srt_rtt_ms`, `receivers`, `receivers_refused`.
class SrtCarrier final : public Carrier {
  public:
    SrtCarrier(const OutputSpec& spec, const FeedFacts& facts);
    ~SrtCarrier() override;
    void open(const std::atomic<bool>& stop) override;
    void carry(std::span<const Datagram> run) override;
    void close() override;
    [[nodiscard]] Figures figures() const override;
    [[nodiscard]] std::string waiting() const override;
    [[nodiscard]] std::string trouble() const override;
    [[nodiscard]] bool wants_old() const override { return false; }
    [[nodiscard]] std::size_t run() const override { return 1; }

  private:
    /// A socket that closes itself.
    class Socket {
      public:
        Socket() = default;
        explicit Socket(int socket) : socket_(socket) {}
        Socket(Socket&& other) noexcept;
        Socket& operator=(Socket&& other) noexcept;
        ~Socket();
        [[nodiscard]] int get() const { return socket_; }
        [[nodiscard]] explicit operator bool() const { return socket_ >= 0; }

      private:
        int socket_ = -1;
    };
    struct Receiver {
        Socket socket;
        bool begun = false;  ///< a group of pictures has opened since it came
        std::int64_t lost = 0, repeated = 0, rtt_ms = 0;
    };

    [[nodiscard]] Socket made() const;
    void call(const std::atomic<bool>& stop);
    void listen();
    void welcome();
    /// Gives it to who has begun; who has not begins where a group `opens`. False where the receiver is gone.
    [[nodiscard]] bool hand(Receiver& receiver, const Datagram& datagram, bool opens);
    /// False where it is gone.
    [[nodiscard]] bool give(Receiver& receiver, const Datagram& datagram);
    void look_at(Receiver& receiver) const;
    void part_from(const Receiver& receiver);
    [[nodiscard]] std::string refusal(int socket) const;

    OutputSpec spec_;
    std::int64_t mux_rate_;
    Socket listener_;
    std::vector<Receiver> receivers_;
    Opening opening_;
    std::atomic<std::int64_t> knocked_ = 0;  ///< receivers whose handshake began, told by libsrt's thread
    std::int64_t welcomed_ = 0, sent_ = 0, dropped_ = 0, refused_ = 0, seen_knocking_ = 0;
    std::int64_t gone_lost_ = 0, gone_repeated_ = 0;  ///< of receivers that left
    std::chrono::steady_clock::time_point looked_{}, knocked_at_{}, refused_at_{};
};

}  // namespace riverlight::player
