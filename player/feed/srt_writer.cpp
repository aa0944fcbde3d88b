#include "player/feed/srt_writer.hpp"

#include <netdb.h>
#include <srt.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <thread>
#include <utility>

#include "content/base/files.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr std::size_t max_receivers = 8;
constexpr milliseconds connect_within = 3s, read_statistics_every = 500ms;
/// A handshake that brought no receiver by then was refused.
constexpr auto refused_after = 1s;
constexpr auto report_refusal_for = 30s;
/// Of the stream's rate, for retransmission.
constexpr int overhead_percent = 25;
/// A receiver that is silent for so long is gone.
constexpr milliseconds peer_idle_timeout = 3s;

/// Keeps libsrt's threads running. Made once, ends with the process.
class Library {
  public:
    Library() {
        ::srt_startup();
        ::srt_setloglevel(LOG_CRIT);
    }
    ~Library() { ::srt_cleanup(); }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
};

/// libsrt's last error, which this clears.
std::string last_error() {
    std::string words = ::srt_getlasterror_str();
    ::srt_clearlasterror();
    while (!words.empty() && (words.back() == '.' || words.back() == '\n')) words.pop_back();
    return words;
}

template <class Value>
void set_option(int socket, SRT_SOCKOPT option, const Value& value, const char* what) {
    if (::srt_setsockflag(socket, option, &value, sizeof value) != 0)
        throw Error(std::string("SRT cannot set its ") + what + ": " + last_error());
}

void set_text_option(int socket, SRT_SOCKOPT option, const std::string& value, const char* what) {
    if (!value.empty() &&
        ::srt_setsockflag(socket, option, value.data(), static_cast<int>(value.size())) != 0)
        throw Error(std::string("SRT cannot set its ") + what + ": " + last_error());
}

struct FreeSrtAddress {
    void operator()(addrinfo* p) const { ::freeaddrinfo(p); }
};

std::unique_ptr<addrinfo, FreeSrtAddress> resolve(const OutputSpec& spec) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    hints.ai_family = spec.host.empty() ? AF_INET : AF_UNSPEC;
    hints.ai_flags = AI_NUMERICSERV | (spec.listener ? AI_PASSIVE : 0);
    addrinfo* raw = nullptr;
    const char* host = spec.host.empty() ? nullptr : spec.host.c_str();
    if (const int code = ::getaddrinfo(host, std::to_string(spec.port).c_str(), &hints, &raw); code != 0)
        throw Error("the host '" + spec.host + "' is not found (" + ::gai_strerror(code) +
                    "); check its name and the network");
    return std::unique_ptr<addrinfo, FreeSrtAddress>(raw);
}

std::string passphrase_in(const std::string& path) {
    auto text = read_file(path, 4096);
    text.erase(std::min(text.find_first_of("\r\n"), text.size()));
    if (text.size() < 10 || text.size() > 79)
        throw Error(path + ": its first line must be a passphrase of 10 to 79 bytes");
    return text;
}

}  // namespace

SrtWriter::Socket::Socket(Socket&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}

SrtWriter::Socket& SrtWriter::Socket::operator=(Socket&& other) noexcept {
    std::swap(socket_, other.socket_);
    return *this;
}

SrtWriter::Socket::~Socket() {
    if (socket_ >= 0) ::srt_close(socket_);
}

SrtWriter::SrtWriter(const OutputSpec& spec, const FeedFacts& facts)
    : spec_(spec), mux_rate_(facts.mux_rate) {
    static const Library library;
}

SrtWriter::~SrtWriter() = default;

SrtWriter::Socket SrtWriter::make_socket() const {
    Socket socket(::srt_create_socket());
    if (!socket) throw Error("SRT has no socket: " + last_error());
    const int s = socket.get();
    set_option(s, SRTO_TRANSTYPE, SRTT_LIVE, "live mode");
    set_option(s, SRTO_SENDER, true, "direction");
    set_option(s, SRTO_PAYLOADSIZE, static_cast<int>(datagram_size), "datagram size");
    set_option(s, SRTO_LATENCY, static_cast<int>(spec_.latency.count()), "latency");
    set_option(s, SRTO_CONNTIMEO, static_cast<int>(connect_within.count()), "connection timeout");
    set_option(s, SRTO_PEERIDLETIMEO, static_cast<int>(peer_idle_timeout.count()), "idle timeout");
    set_option(s, SRTO_SNDSYN, false, "non-blocking mode");
    set_option(s, SRTO_RCVSYN, false, "non-blocking mode");
    set_option(s, SRTO_MAXBW, std::int64_t{0}, "bandwidth");
    set_option(s, SRTO_INPUTBW, mux_rate_ / 8, "bandwidth");
    set_option(s, SRTO_OHEADBW, overhead_percent, "bandwidth");
    set_text_option(s, SRTO_PASSPHRASE, spec_.passphrase, "passphrase");
    if (!spec_.passphrase.empty()) set_option(s, SRTO_PBKEYLEN, spec_.key_bytes, "key length");
    set_text_option(s, SRTO_STREAMID, spec_.stream_id, "stream id");
    return socket;
}

void SrtWriter::open(const std::atomic<bool>& stop) {
    if (!spec_.passphrase_file.empty()) spec_.passphrase = passphrase_in(spec_.passphrase_file);
    if (spec_.listener)
        listen();
    else
        call(stop);
}

std::string SrtWriter::refusal(int socket) const {
    const auto to = spec_.host + ':' + std::to_string(spec_.port);
    const int reason = ::srt_getrejectreason(socket);
    switch (reason) {
        case SRT_REJ_BADSECRET:
            return to + " refuses this outlet's passphrase; write the receiver's own";
        case SRT_REJ_UNSECURE:
            return spec_.passphrase.empty() ? to + " requires a passphrase, and this outlet has none"
                                            : to + " takes no encrypted stream; leave the passphrase out";
        case SRT_REJ_UNKNOWN:
        case SRT_REJ_TIMEOUT:
            return "no SRT receiver answers at " + to +
                   "; check its address, that it listens, and the firewalls between";
        default:
            return to + " refuses the stream: " + ::srt_rejectreason_str(reason);
    }
}

void SrtWriter::call(const std::atomic<bool>& stop) {
    const auto address = resolve(spec_);
    auto socket = make_socket();
    if (::srt_connect(socket.get(), address->ai_addr, static_cast<int>(address->ai_addrlen)) == SRT_ERROR)
        throw Error("there is no way to " + spec_.host + ": " + last_error());
    const auto until = steady_clock::now() + connect_within + 500ms;
    for (;;) {
        const auto state = ::srt_getsockstate(socket.get());
        if (state == SRTS_CONNECTED) break;
        if (state == SRTS_BROKEN || state == SRTS_CLOSED || state == SRTS_NONEXIST ||
            steady_clock::now() > until || stop)
            throw Error(refusal(socket.get()));
        std::this_thread::sleep_for(10ms);  // libsrt's own thread does the work
    }
    receivers_.push_back({std::move(socket)});
}

void SrtWriter::listen() {
    const auto address = resolve(spec_);
    auto socket = make_socket();
    if (::srt_bind(socket.get(), address->ai_addr, static_cast<int>(address->ai_addrlen)) == SRT_ERROR) {
        int system = 0;
        const bool used = ::srt_getlasterror(&system) == SRT_EBINDCONFLICT || system == EADDRINUSE;
        const auto why = last_error();
        throw Error("port " + std::to_string(spec_.port) + " cannot be listened on: " +
                    (used ? "something else uses it; stop that, or choose another" : why));
    }
    handshakes_.begun = handshakes_.settled = handshakes_.seen = 0;
    ::srt_listen_callback(
        socket.get(),
        [](void* self, SRTSOCKET, int, const sockaddr*, const char*) {
            ++static_cast<SrtWriter*>(self)->handshakes_.begun;
            return 0;
        },
        this);
    if (::srt_listen(socket.get(), static_cast<int>(max_receivers)) == SRT_ERROR)
        throw Error("port " + std::to_string(spec_.port) + " cannot be listened on: " + last_error());
    listener_ = std::move(socket);
}

void SrtWriter::accept_receivers() {
    for (;;) {
        Socket accepted(::srt_accept(listener_.get(), nullptr, nullptr));
        if (!accepted) break;
        ++handshakes_.settled;
        if (receivers_.size() < max_receivers) receivers_.push_back({std::move(accepted)});
    }
    ::srt_clearlasterror();
}

void SrtWriter::count_refused() {
    auto& h = handshakes_;
    const auto now = steady_clock::now();
    if (const auto begun = h.begun.load(); begun != h.seen) {
        h.seen = begun;
        h.last_begun = now;
    }
    if (h.seen <= h.settled || now - h.last_begun <= refused_after) return;
    h.refused += h.seen - h.settled;
    h.settled = h.seen;
    h.last_refused = now;
}

bool SrtWriter::send_now(Receiver& receiver, const Datagram& datagram) {
    const auto* bytes = reinterpret_cast<const char*>(datagram.bytes.data());
    if (::srt_sendmsg2(receiver.socket.get(), bytes, static_cast<int>(datagram_size), nullptr) != SRT_ERROR) {
        ++sent_;
        return true;
    }
    int system = 0;
    const int code = ::srt_getlasterror(&system);
    ::srt_clearlasterror();
    ++dropped_;
    return code == SRT_EASYNCSND || code == SRT_ECONGEST;
}

bool SrtWriter::send(Receiver& receiver, const Datagram& datagram, bool access_point) {
    if (!receiver.begun && !access_point) return true;
    if (!std::exchange(receiver.begun, true)) {
        for (const auto& preceding : join_buffer_.preceding())
            if (!send_now(receiver, preceding)) return false;
    }
    return send_now(receiver, datagram);
}

std::vector<bool> SrtWriter::write(std::span<const Datagram> datagrams) {
    assert(listener_ || receivers_.size() <= 1);
    if (listener_) {
        accept_receivers();
        count_refused();
    }
    std::vector<bool> left;
    left.reserve(datagrams.size());
    for (const auto& datagram : datagrams) {
        const auto sent_before = sent_;
        const bool access_point = join_buffer_.inspect(datagram);
        std::erase_if(receivers_, [&](Receiver& receiver) {
            if (send(receiver, datagram, access_point)) return false;
            add_departed(receiver);
            return true;
        });
        left.push_back(sent_ > sent_before);
    }
    if (steady_clock::now() - statistics_read_ > read_statistics_every) {
        statistics_read_ = steady_clock::now();
        for (auto& receiver : receivers_) read_statistics(receiver);
    }
    if (!listener_ && receivers_.empty())
        throw Error("the receiver at " + spec_.host + ':' + std::to_string(spec_.port) +
                    " went away; it is called again");
    return left;
}

void SrtWriter::read_statistics(Receiver& receiver) {
    SRT_TRACEBSTATS stats{};
    if (::srt_bstats(receiver.socket.get(), &stats, 0) != 0) return;
    receiver.statistics = {stats.pktSndLossTotal, stats.pktRetransTotal,
                           milliseconds{static_cast<std::int64_t>(stats.msRTT)}};
}

void SrtWriter::add_departed(const Receiver& receiver) {
    departed_.lost += receiver.statistics.lost;
    departed_.retransmitted += receiver.statistics.retransmitted;
}

void SrtWriter::close() {
    for (const auto& receiver : receivers_) add_departed(receiver);
    receivers_.clear();
    listener_ = {};
}

Figures SrtWriter::figures() const {
    auto all = departed_;
    for (const auto& receiver : receivers_) {
        all.lost += receiver.statistics.lost;
        all.retransmitted += receiver.statistics.retransmitted;
        all.rtt = std::max(all.rtt, receiver.statistics.rtt);
    }
    return {{"datagrams_sent", sent_},
            {"datagrams_dropped", dropped_},
            {"receivers", static_cast<std::int64_t>(receivers_.size())},
            {"receivers_refused", handshakes_.refused},
            {"srt_lost", all.lost},
            {"srt_repeated", all.retransmitted},
            {"srt_rtt_ms", all.rtt.count()}};
}

std::string SrtWriter::idle_reason() const {
    return listener_ && receivers_.empty() ? "no receiver has come yet" : "";
}

std::string SrtWriter::warning() const {
    if (handshakes_.refused == 0 || steady_clock::now() - handshakes_.last_refused > report_refusal_for)
        return {};
    return "a receiver was refused: its passphrase is not this outlet's, or its version of SRT is too old";
}

}  // namespace riverlight::player
