#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <srt.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "content/base/files.hpp"

/// Receivers as at a partner's end of a feed: sockets on loopback that keep what they receive.
namespace riverlight::test {

/// Waits at most `within` for `what` to become true; returns false on timeout.
inline bool comes(const std::function<bool()>& what,
                  std::chrono::milliseconds within = std::chrono::seconds{30}) {
    const auto until = std::chrono::steady_clock::now() + within;
    while (!what()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return true;
}

inline sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/// Receives UDP datagrams and keeps each with its arrival time.
class UdpReceiver {
  public:
    struct Came {
        std::string bytes;
        std::chrono::steady_clock::time_point at;
    };
    /// Joins the multicast `group` on loopback unless it is empty. `port` 0 takes any free port.
    explicit UdpReceiver(const std::string& group = "", std::uint16_t port = 0)
        : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        const int yes = 1, room = 8 << 20;
        ::setsockopt(fd_.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        // Above the system's limit if permitted, so that a delayed test loses no datagrams.
        if (::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) != 0)
            ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
        auto address = loopback(port);
        if (!group.empty()) address.sin_addr.s_addr = htonl(INADDR_ANY);
        if (::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            throw Error("cannot bind");
        socklen_t size = sizeof address;
        ::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        if (!group.empty()) {
            ip_mreq join{};
            ::inet_pton(AF_INET, group.c_str(), &join.imr_multiaddr);
            join.imr_interface.s_addr = htonl(INADDR_LOOPBACK);
            if (::setsockopt(fd_.get(), IPPROTO_IP, IP_ADD_MEMBERSHIP, &join, sizeof join) != 0)
                throw Error("cannot join " + group);
        }
        thread_ = std::thread([this] { run(); });
    }
    ~UdpReceiver() { stop(); }
    void stop() {
        stop_ = true;
        if (thread_.joinable()) thread_.join();
    }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::size_t count() const {
        const std::lock_guard lock(mutex_);
        return came_.size();
    }
    [[nodiscard]] std::vector<Came> came() const {
        const std::lock_guard lock(mutex_);
        return came_;
    }
    /// All datagrams joined, without the first `head` bytes of each.
    [[nodiscard]] std::string stream(std::size_t head = 0) const {
        std::string out;
        for (const auto& d : came()) out += d.bytes.substr(std::min(head, d.bytes.size()));
        return out;
    }

  private:
    void run() {
        std::vector<char> room(65536);
        while (!stop_) {
            pollfd waits{fd_.get(), POLLIN, 0};
            if (::poll(&waits, 1, 50) <= 0) continue;
            const auto got = ::recv(fd_.get(), room.data(), room.size(), 0);
            if (got < 0) continue;
            const std::lock_guard lock(mutex_);
            came_.push_back(
                {std::string(room.data(), static_cast<std::size_t>(got)), std::chrono::steady_clock::now()});
        }
    }

    Fd fd_;
    std::uint16_t port_ = 0;
    std::atomic<bool> stop_ = false;
    mutable std::mutex mutex_;
    std::vector<Came> came_;
    std::thread thread_;
};

/// Relays between two UDP peers and drops datagrams at random in both directions.
class LossyRelay {
  public:
    /// Forwards to `to` and drops `percent` of the datagrams.
    LossyRelay(std::uint16_t to, unsigned percent) : to_(loopback(to)), percent_(percent) {
        for (auto* fd : {&near_, &far_}) {
            *fd = Fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
            const auto any = loopback(0);
            if (::bind(fd->get(), reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0)
                throw Error("cannot bind");
        }
        sockaddr_in own{};
        socklen_t size = sizeof own;
        ::getsockname(near_.get(), reinterpret_cast<sockaddr*>(&own), &size);
        port_ = ntohs(own.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    ~LossyRelay() {
        stop_ = true;
        thread_.join();
    }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::int64_t lost() const { return lost_; }

  private:
    void pass(int from, int by, sockaddr_in* seen, const sockaddr_in& to) {
        char room[2048];
        sockaddr_in sender{};
        socklen_t size = sizeof sender;
        const auto got = ::recvfrom(from, room, sizeof room, 0, reinterpret_cast<sockaddr*>(&sender), &size);
        if (got < 0) return;
        if (seen) *seen = sender;
        if (random_() % 100 < percent_) {
            ++lost_;
            return;
        }
        ::sendto(by, room, static_cast<std::size_t>(got), 0, reinterpret_cast<const sockaddr*>(&to),
                 sizeof to);
    }
    void run() {
        sockaddr_in client{};
        while (!stop_) {
            std::array<pollfd, 2> waits{{{near_.get(), POLLIN, 0}, {far_.get(), POLLIN, 0}}};
            if (::poll(waits.data(), waits.size(), 50) <= 0) continue;
            if (waits[0].revents & POLLIN) pass(near_.get(), far_.get(), &client, to_);
            if (waits[1].revents & POLLIN) pass(far_.get(), near_.get(), nullptr, client);
        }
    }

    sockaddr_in to_;
    unsigned percent_;
    Fd near_, far_;
    std::uint16_t port_ = 0;
    std::minstd_rand random_{5};
    std::atomic<bool> stop_ = false;
    std::atomic<std::int64_t> lost_ = 0;
    std::thread thread_;
};

/// A UDP port that was free a moment ago, below those that the kernel gives to other sockets meanwhile.
inline std::uint16_t free_port() {
    std::uniform_int_distribution<std::uint16_t> any(10'000, 32'700);
    for (std::random_device random;;) {
        const auto port = any(random);
        const auto address = loopback(port);
        const Fd probe(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        if (::bind(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
            return port;
    }
}

/// An SRT receiver: listens at `port`, or calls it.
class SrtReceiver {
  public:
    enum class Way { listens, calls };
    SrtReceiver(Way way, std::uint16_t port, std::string passphrase = "")
        : way_(way), port_(port), passphrase_(std::move(passphrase)), thread_([this] { run(); }) {}
    ~SrtReceiver() { stop(); }
    void stop() {
        stop_ = true;
        if (thread_.joinable()) thread_.join();
    }
    [[nodiscard]] std::string stream() const {
        const std::lock_guard lock(mutex_);
        return bytes_;
    }
    [[nodiscard]] std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return bytes_.size();
    }

  private:
    SRTSOCKET made() const {
        const SRTSOCKET s = ::srt_create_socket();
        const bool no = false;
        const int latency = 200, patience = 1000, type = SRTT_LIVE;
        ::srt_setsockflag(s, SRTO_TRANSTYPE, &type, sizeof type);
        ::srt_setsockflag(s, SRTO_LATENCY, &latency, sizeof latency);
        ::srt_setsockflag(s, SRTO_CONNTIMEO, &patience, sizeof patience);
        ::srt_setsockflag(s, SRTO_RCVSYN, &no, sizeof no);
        if (!passphrase_.empty())
            ::srt_setsockflag(s, SRTO_PASSPHRASE, passphrase_.data(), static_cast<int>(passphrase_.size()));
        return s;
    }
    SRTSOCKET met(SRTSOCKET own) const {
        const auto address = loopback(port_);
        const auto* at = reinterpret_cast<const sockaddr*>(&address);
        if (way_ == Way::listens) {
            ::srt_bind(own, at, sizeof address);
            ::srt_listen(own, 1);
        } else {
            ::srt_connect(own, at, sizeof address);
        }
        while (!stop_) {
            if (way_ == Way::listens) {
                const auto guest = ::srt_accept(own, nullptr, nullptr);
                if (guest != SRT_INVALID_SOCK) return guest;
            } else {
                const auto state = ::srt_getsockstate(own);
                if (state == SRTS_CONNECTED) return own;
                if (state >= SRTS_BROKEN) return SRT_INVALID_SOCK;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
        return SRT_INVALID_SOCK;
    }
    void run() {
        ::srt_startup();
        auto own = made();
        auto from = met(own);
        // Retries a call that failed, unless the passphrase was refused.
        while (!stop_ && from == SRT_INVALID_SOCK && ::srt_getrejectreason(own) != SRT_REJ_BADSECRET) {
            ::srt_close(own);
            own = made();
            from = met(own);
        }
        char room[2048];
        while (!stop_ && from != SRT_INVALID_SOCK) {
            const int got = ::srt_recvmsg(from, room, sizeof room);
            if (got > 0) {
                const std::lock_guard lock(mutex_);
                bytes_.append(room, static_cast<std::size_t>(got));
            } else if (::srt_getsockstate(from) != SRTS_CONNECTED) {
                break;
            } else {
                std::this_thread::sleep_for(std::chrono::milliseconds{1});
            }
        }
        if (from != SRT_INVALID_SOCK && from != own) ::srt_close(from);
        ::srt_close(own);
        ::srt_cleanup();
    }

    Way way_;
    std::uint16_t port_;
    std::string passphrase_;
    std::atomic<bool> stop_ = false;
    mutable std::mutex mutex_;
    std::string bytes_;
    std::thread thread_;
};

}  // namespace riverlight::test
