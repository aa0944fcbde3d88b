#include "player/feed/udp_output.hpp"

#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <memory>
#include <random>

#include "player/feed/reopen_delay.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

/// A fault is reported for so long after it was last seen.
constexpr auto report_fault_for = 2s;
/// Refusals in a row after which the socket is opened again.
constexpr std::int64_t max_refused_in_a_row = 2000;

struct FreeAddress {
    void operator()(addrinfo* p) const { ::freeaddrinfo(p); }
};
using Address = std::unique_ptr<addrinfo, FreeAddress>;

/// `flags`: AI_NUMERICHOST asks no name server. Throws Error.
Address resolve(const OutputSpec& spec, int flags) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    hints.ai_flags = AI_NUMERICSERV | flags;
    addrinfo* raw = nullptr;
    if (const int code = ::getaddrinfo(spec.host.c_str(), std::to_string(spec.port).c_str(), &hints, &raw);
        code != 0)
        throw Error("the host '" + spec.host + "' is not found (" + ::gai_strerror(code) +
                    "); check its name and the network");
    return Address(raw);
}

bool is_multicast(const addrinfo& address) {
    if (address.ai_family == AF_INET6) {
        const auto* in = reinterpret_cast<const sockaddr_in6*>(address.ai_addr);
        return IN6_IS_ADDR_MULTICAST(&in->sin6_addr);
    }
    const auto* in = reinterpret_cast<const sockaddr_in*>(address.ai_addr);
    return IN_MULTICAST(ntohl(in->sin_addr.s_addr));
}

void set_option(int fd, int level, int option, int value, const std::string& what) {
    if (::setsockopt(fd, level, option, &value, sizeof value) != 0)
        throw Error(what + " cannot be set: " + system_reason(errno));
}

void set_hops(int fd, bool v6, bool multicast, int ttl) {
    if (ttl == 0 && !multicast) return;
    const int value = ttl == 0 ? 1 : ttl;
    if (v6)
        set_option(fd, IPPROTO_IPV6, multicast ? IPV6_MULTICAST_HOPS : IPV6_UNICAST_HOPS, value,
                   "the hop limit");
    else
        set_option(fd, IPPROTO_IP, multicast ? IP_MULTICAST_TTL : IP_TTL, value, "the TTL");
}

void set_interface(int fd, bool v6, const std::string& name) {
    const auto index = static_cast<int>(::if_nametoindex(name.c_str()));
    if (index == 0) throw Error("this machine has no network interface '" + name + "'");
    if (v6) return set_option(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, index, "the interface");
    ip_mreqn request{};
    request.imr_ifindex = index;
    if (::setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &request, sizeof request) != 0)
        throw Error("the interface '" + name + "' cannot be used: " + system_reason(errno));
}

std::uint32_t random_word() {
    static std::random_device device;
    return device();
}

std::string fault_in_words(int fault) {
    if (fault == ECONNREFUSED)
        return "nobody listens there (the receiver's machine refuses the datagrams); start the receiver, or "
               "correct the address";
    return "datagrams cannot be sent: " + system_reason(fault);
}

}  // namespace

RtpHeaders::RtpHeaders()
    : sequence_(static_cast<std::uint16_t>(random_word())),
      timestamp_offset_(random_word()),
      ssrc_(random_word()) {}

RtpHeaders::Header RtpHeaders::next(StreamTime time) {
    constexpr std::uint8_t version_2 = 0x80, mp2t = 33, marker = 0x80;
    const auto stamp = timestamp_offset_ + static_cast<std::uint32_t>(stamp_of(time).count());
    Header header{version_2, static_cast<std::uint8_t>(first_ ? mp2t | marker : mp2t)};
    first_ = false;
    const auto put = [&](std::size_t at, std::uint32_t value, std::size_t bytes) {
        for (std::size_t i = 0; i < bytes; ++i)
            header[at + i] = static_cast<std::uint8_t>(value >> (8 * (bytes - 1 - i)) & 0xff);
    };
    put(2, sequence_++, 2);
    put(4, stamp, 4);
    put(8, ssrc_, 4);
    return header;
}

UdpOutput::UdpOutput(const OutputSpec& spec) : spec_(spec) {
    if (spec.kind == OutputSpec::Kind::rtp) rtp_.emplace();
    try {  // a numeric address needs no name server, so even the first datagram is sent
        socket_ = open_socket(AI_NUMERICHOST);
        closed_because_.clear();
    } catch (const Error&) {  // the thread tries again and reports why it fails
    }
    thread_ = std::thread([this] { run(); });
}

UdpOutput::~UdpOutput() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
    }
    thread_.join();
}

Fd UdpOutput::open_socket(int resolve_flags) const {
    const auto address = resolve(spec_, resolve_flags);
    const bool v6 = address->ai_family == AF_INET6, multicast = is_multicast(*address);
    if (!spec_.interface.empty() && !multicast)
        throw Error("an interface is chosen for a multicast group only; for one receiver the routes decide");
    Fd fd(::socket(address->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) throw Error("no socket: " + system_reason(errno));
    set_hops(fd.get(), v6, multicast, spec_.ttl);
    if (!spec_.interface.empty()) set_interface(fd.get(), v6, spec_.interface);
    const int buffer = 1 << 20;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);  // a smaller one works as well
    if (::connect(fd.get(), address->ai_addr, address->ai_addrlen) != 0)
        throw Error("there is no way to " + spec_.host + ": " + system_reason(errno));
    return fd;
}

void UdpOutput::run() {
    ReopenDelay backoff;
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (socket_) {
            changed_.wait(lock, [&] { return stopping_ || !socket_; });
            continue;
        }
        lock.unlock();
        Fd fd;
        std::string why;
        try {
            fd = open_socket(0);
        } catch (const Error& e) {
            why = e.what();
        }
        lock.lock();
        socket_ = std::move(fd);
        closed_because_ = why;
        trouble_ = !socket_;
        refused_in_a_row_ = 0;
        if (socket_)
            backoff.reset();
        else
            changed_.wait_for(lock, backoff.next(), [&] { return stopping_; });
    }
}

void UdpOutput::send(const Datagram& datagram) {
    record(send_now(datagram), datagram, pictures_);
}

bool UdpOutput::send_now(const Datagram& datagram) {
    RtpHeaders::Header header{};
    if (rtp_) header = rtp_->next(datagram.time);
    std::array<iovec, 2> parts{{{header.data(), rtp_ ? header.size() : 0},
                                {const_cast<std::uint8_t*>(datagram.bytes.data()), datagram_size}}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const std::lock_guard lock(mutex_);
    if (!socket_) {
        ++refused_;
        return false;
    }
    if (::sendmsg(socket_.get(), &message, MSG_NOSIGNAL) >= 0) {
        ++sent_;
        refused_in_a_row_ = 0;
        return true;
    }
    last_fault_ = {errno, steady_clock::now()};
    ++refused_;
    if (++refused_in_a_row_ < max_refused_in_a_row) return false;
    socket_.reset();
    changed_.notify_all();
    return false;
}

OutputState UdpOutput::state() const {
    const std::lock_guard lock(mutex_);
    OutputState state;
    state.name = spec_.name;
    state.sending = static_cast<bool>(socket_);
    state.words = closed_because_;
    state.trouble = trouble_;
    if (socket_ && last_fault_ && steady_clock::now() - last_fault_->at < report_fault_for) {
        state.words = fault_in_words(last_fault_->error);
        state.trouble = true;
    }
    state.figures = {{"datagrams_sent", sent_}, {"datagrams_refused", refused_}};
    return state;
}

}  // namespace riverlight::player
