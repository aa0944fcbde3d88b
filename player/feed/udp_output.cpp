#include "player/feed/udp_output.hpp"

#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <memory>
#include <random>

#include "player/feed/backoff.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto fault_fresh = 2s;           ///< a fault this old is over
constexpr std::int64_t lost_after = 2000;  ///< refusals in a row, after which the socket is made anew

struct FreeAddress {
    void operator()(addrinfo* p) const { ::freeaddrinfo(p); }
};
using Address = std::unique_ptr<addrinfo, FreeAddress>;

/// `flags`: AI_NUMERICHOST asks no name server.
Address looked_up(const OutputSpec& spec, int flags) {
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

bool is_group(const addrinfo& address) {
    if (address.ai_family == AF_INET6) {
        const auto* in = reinterpret_cast<const sockaddr_in6*>(address.ai_addr);
        return IN6_IS_ADDR_MULTICAST(&in->sin6_addr);
    }
    const auto* in = reinterpret_cast<const sockaddr_in*>(address.ai_addr);
    return IN_MULTICAST(ntohl(in->sin_addr.s_addr));
}

void set(int fd, int level, int option, int value, const std::string& what) {
    if (::setsockopt(fd, level, option, &value, sizeof value) != 0)
        throw Error(what + " cannot be set: " + system_reason(errno));
}

void set_hops(int fd, bool v6, bool group, int ttl) {
    if (ttl == 0 && !group) return;
    const int value = ttl == 0 ? 1 : ttl;
    if (v6)
        set(fd, IPPROTO_IPV6, group ? IPV6_MULTICAST_HOPS : IPV6_UNICAST_HOPS, value, "the hop limit");
    else
        set(fd, IPPROTO_IP, group ? IP_MULTICAST_TTL : IP_TTL, value, "the TTL");
}

void set_interface(int fd, bool v6, const std::string& name) {
    const auto index = static_cast<int>(::if_nametoindex(name.c_str()));
    if (index == 0) throw Error("this machine has no network interface '" + name + "'");
    if (v6) return set(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, index, "the interface");
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
               "mend the address";
    return "datagrams cannot be sent: " + system_reason(fault);
}

}  // namespace

RtpHeader::RtpHeader()
    : sequence_(static_cast<std::uint16_t>(random_word())), offset_(random_word()), source_(random_word()) {}

RtpHeader::Head RtpHeader::next(Ticks time) {
    constexpr std::uint8_t version_2 = 0x80, mp2t = 33, marker = 0x80;
    const auto stamp = offset_ + static_cast<std::uint32_t>(time / ticks_a_stamp);
    Head head{version_2, static_cast<std::uint8_t>(first_ ? mp2t | marker : mp2t)};
    first_ = false;
    const auto put = [&](std::size_t at, std::uint32_t value, std::size_t bytes) {
        for (std::size_t i = 0; i < bytes; ++i)
            head[at + i] = static_cast<std::uint8_t>(value >> (8 * (bytes - 1 - i)) & 0xff);
    };
    put(2, sequence_++, 2);
    put(4, stamp, 4);
    put(8, source_, 4);
    return head;
}

UdpOutput::UdpOutput(const OutputSpec& spec) : spec_(spec) {
    if (spec.kind == OutputSpec::Kind::rtp) rtp_.emplace();
    try {  // an address needs no waiting: the first datagram leaves
        socket_ = opened(AI_NUMERICHOST);
        closed_because_.clear();
    } catch (const Error&) {  // the keeper tries again, and says why not
    }
    keeper_ = std::thread([this] { keep_open(); });
}

UdpOutput::~UdpOutput() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
    }
    keeper_.join();
}

Fd UdpOutput::opened(int flags) const {
    const auto address = looked_up(spec_, flags);
    const bool v6 = address->ai_family == AF_INET6, group = is_group(*address);
    if (!spec_.interface.empty() && !group)
        throw Error("an interface is chosen for a multicast group only; for one receiver the routes decide");
    Fd fd(::socket(address->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) throw Error("no socket: " + system_reason(errno));
    set_hops(fd.get(), v6, group, spec_.ttl);
    if (!spec_.interface.empty()) set_interface(fd.get(), v6, spec_.interface);
    const int buffer = 1 << 20;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);  // less does, too
    if (::connect(fd.get(), address->ai_addr, address->ai_addrlen) != 0)
        throw Error("there is no way to " + spec_.host + ": " + system_reason(errno));
    return fd;
}

/// Opens the socket, and again where it is lost, for as long as it takes.
void UdpOutput::keep_open() {
    Backoff backoff;
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
            fd = opened(0);
        } catch (const Error& e) {
            why = e.what();
        }
        lock.lock();
        socket_ = std::move(fd);
        closed_because_ = why;
        trouble_ = !socket_;
        run_of_refusals_ = 0;
        if (socket_)
            backoff.reset();
        else
            changed_.wait_for(lock, backoff.next(), [&] { return stopping_; });
    }
}

void UdpOutput::send(const Datagram& datagram) {
    RtpHeader::Head head{};
    if (rtp_) head = rtp_->next(datagram.time);
    std::array<iovec, 2> parts{{{head.data(), rtp_ ? head.size() : 0},
                                {const_cast<std::uint8_t*>(datagram.bytes.data()), datagram_size}}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const std::lock_guard lock(mutex_);
    if (!socket_) {
        ++refused_;
        return;
    }
    if (::sendmsg(socket_.get(), &message, MSG_NOSIGNAL) >= 0) {
        ++sent_;
        run_of_refusals_ = 0;
        return;
    }
    last_fault_ = errno;
    fault_at_ = steady_clock::now();
    ++refused_;
    if (++run_of_refusals_ < lost_after) return;
    socket_.reset();
    changed_.notify_all();
}

OutputState UdpOutput::state() const {
    const std::lock_guard lock(mutex_);
    OutputState state;
    state.name = spec_.name;
    state.sending = static_cast<bool>(socket_);
    state.words = closed_because_;
    state.trouble = trouble_;
    if (socket_ && last_fault_ != 0 && steady_clock::now() - fault_at_ < fault_fresh) {
        state.words = fault_in_words(last_fault_);
        state.trouble = true;
    }
    state.figures = {{"datagrams_sent", sent_}, {"datagrams_refused", refused_}};
    return state;
}

}  // namespace riverlight::player
