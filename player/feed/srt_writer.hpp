#pragma once
#include <atomic>
#include <memory>
#include <span>
#include <vector>

#include "player/cue/output_spec.hpp"
#include "player/feed/output.hpp"
#include "player/feed/random_access.hpp"

namespace riverlight::player {

/// SRT (Secure Reliable Transport, libsrt 1.5) in live mode: calls one receiver, or listens for up to eight.
/// Lost datagrams are retransmitted within `latency`. A datagram that one receiver cannot take is dropped for
/// that receiver only. A new receiver gets the stream from the next random access point on. libsrt is used
/// only here. Figures: `datagrams_sent`, `datagrams_dropped`, `srt_lost`, `srt_repeated`, `srt_rtt_ms`,
/// `receivers`, `receivers_refused`.
class SrtWriter final : public StreamWriter {
  public:
    SrtWriter(const OutputSpec& spec, const FeedFacts& facts);
    ~SrtWriter() override;
    void open(const std::atomic<bool>& stop) override;
    [[nodiscard]] std::vector<bool> write(std::span<const Datagram> datagrams) override;
    void close() override;
    [[nodiscard]] Figures figures() const override;
    [[nodiscard]] std::string idle_reason() const override;
    [[nodiscard]] std::string warning() const override;
    [[nodiscard]] bool accepts_backlog() const override { return false; }
    [[nodiscard]] std::size_t batch_size() const override { return 1; }

  private:
    /// A socket that closes itself.
    class Socket {
      public:
        Socket() = default;
        /// Takes over a socket of libsrt; negative: none.
        explicit Socket(int socket) : socket_(socket) {}
        Socket(Socket&& other) noexcept;
        Socket& operator=(Socket&& other) noexcept;
        ~Socket();
        [[nodiscard]] int get() const { return socket_; }
        [[nodiscard]] explicit operator bool() const { return socket_ >= 0; }

      private:
        int socket_ = -1;
    };
    /// As libsrt counts them.
    struct Statistics {
        std::int64_t lost = 0, retransmitted = 0;
        std::chrono::milliseconds rtt{0};
    };
    struct Receiver {
        Socket socket;
        bool begun = false;  ///< an access point has come since it connected
        Statistics statistics{};
    };
    /// Handshakes with the listener. One that brings no receiver was refused.
    struct Handshakes {
        std::atomic<std::int64_t> begun = 0;  ///< counted by libsrt's thread
        std::int64_t settled = 0, seen = 0;   ///< accepted or refused; `begun` when it was read last
        std::chrono::steady_clock::time_point last_begun{}, last_refused{};
        std::int64_t refused = 0;
    };

    [[nodiscard]] Socket make_socket() const;
    void call(const std::atomic<bool>& stop);
    void listen();
    void accept_receivers();
    void count_refused();
    /// Sends the datagram to a receiver that has begun, or begins at an access point. False if the receiver
    /// is gone.
    [[nodiscard]] bool send(Receiver& receiver, const Datagram& datagram, bool access_point);
    /// False if the receiver is gone.
    [[nodiscard]] bool send_now(Receiver& receiver, const Datagram& datagram);
    static void read_statistics(Receiver& receiver);
    void add_departed(const Receiver& receiver);
    [[nodiscard]] std::string refusal(int socket) const;

    OutputSpec spec_;
    std::int64_t mux_rate_;
    Socket listener_;
    std::vector<Receiver> receivers_;
    JoinBuffer join_buffer_;
    Handshakes handshakes_;
    std::int64_t sent_ = 0, dropped_ = 0;
    Statistics departed_;  ///< of receivers that are gone
    std::chrono::steady_clock::time_point statistics_read_{};
};

}  // namespace riverlight::player
