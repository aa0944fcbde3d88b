#include "player/feed/sender.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace riverlight::player {
namespace {

using namespace std::chrono;

/// Datagrams gathered before the first leaves: they bridge the encoder's unevenness.
constexpr std::size_t cushion = 48;
/// More than these wait for nobody: the loop is faster than the rate, which only a bug can make it.
constexpr std::size_t most_waiting = 20'000;

struct FreeAddress {
    void operator()(addrinfo* p) const { ::freeaddrinfo(p); }
};

}  // namespace

FileSink::FileSink(const std::string& path)
    : path_(path), fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {
    if (!fd_) throw Error("cannot write " + path + ": " + system_reason(errno));
}

void FileSink::write(std::span<const std::uint8_t> packets) {
    while (!packets.empty()) {
        const auto wrote = ::write(fd_.get(), packets.data(), packets.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0)
            throw Error("cannot write " + path_ + ": " + system_reason(errno) +
                        (errno == ENOSPC ? "; make room on that disk" : ""));
        packets = packets.subspan(static_cast<std::size_t>(wrote));
        bytes_ += wrote;
    }
}

void FileSink::finish() {
    if (::close(fd_.release()) != 0) throw Error("cannot write " + path_ + ": " + system_reason(errno));
}

std::map<std::string, std::string> FileSink::evidence() const {
    return {{"bytes_written", std::to_string(bytes_)}};
}

UdpSink::UdpSink(const std::string& host_port, std::int64_t mux_rate)
    : interval_(1316LL * 8 * 1'000'000'000 / mux_rate) {
    const auto colon = host_port.rfind(':');
    if (colon == std::string::npos || colon == 0)
        throw Error("'" + host_port +
                    "' is no address for a feed; write udp://host:port, for example udp://127.0.0.1:5004");
    auto host = host_port.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* raw = nullptr;
    if (const int code = ::getaddrinfo(host.c_str(), host_port.c_str() + colon + 1, &hints, &raw); code != 0)
        throw Error("'" + host_port + "' is no address for a feed: " + ::gai_strerror(code));
    const std::unique_ptr<addrinfo, FreeAddress> address(raw);
    socket_ = Fd(::socket(raw->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket_ || ::connect(socket_.get(), raw->ai_addr, raw->ai_addrlen) != 0)
        throw Error("cannot send to " + host_port + ": " + system_reason(errno));
    const int buffer = 1 << 20;
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
    thread_ = std::thread([this] { run(); });
}

UdpSink::~UdpSink() {
    {
        const std::lock_guard lock(mutex_);
        finishing_ = true;
        queue_.clear();
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

void UdpSink::write(std::span<const std::uint8_t> packets) {
    gathering_.insert(gathering_.end(), packets.begin(), packets.end());
    std::size_t at = 0;
    const std::lock_guard lock(mutex_);
    for (; gathering_.size() - at >= 1316; at += 1316) {
        if (queue_.size() >= most_waiting) queue_.pop_front();
        std::memcpy(queue_.emplace_back().data(), gathering_.data() + at, 1316);
    }
    gathering_.erase(gathering_.begin(), gathering_.begin() + static_cast<std::ptrdiff_t>(at));
    changed_.notify_all();
}

void UdpSink::run() {
    auto due = steady_clock::now();
    bool flowing = false;
    for (;;) {
        Datagram datagram;
        {
            std::unique_lock lock(mutex_);
            if (queue_.empty() && flowing) {
                ++ran_dry_;
                flowing = false;
            }
            changed_.wait(lock, [&] { return finishing_ || queue_.size() >= (flowing ? 1 : cushion); });
            if (queue_.empty()) return;
            datagram = queue_.front();
            queue_.pop_front();
        }
        if (!flowing) due = steady_clock::now();
        flowing = true;
        std::this_thread::sleep_until(due);
        const bool late = steady_clock::now() - due > 4ms;
        const auto sent = ::send(socket_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL);
        due += interval_;
        const std::lock_guard lock(mutex_);
        ++(sent == static_cast<ssize_t>(datagram.size()) ? sent_ : refused_);
        late_ += late;
    }
}

void UdpSink::finish() {
    {
        const std::lock_guard lock(mutex_);
        finishing_ = true;
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

std::map<std::string, std::string> UdpSink::evidence() const {
    const std::lock_guard lock(mutex_);
    return {{"datagrams_sent", std::to_string(sent_)},
            {"datagrams_refused", std::to_string(refused_)},
            {"datagrams_late", std::to_string(late_)},
            {"ran_dry", std::to_string(ran_dry_)}};
}

}  // namespace riverlight::player
