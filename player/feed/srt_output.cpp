#include "player/feed/srt_output.hpp"

#include <netdb.h>
#include <srt.h>

#include <algorithm>
#include <cstring>
#include <thread>
#include <utility>

#include "content/base/files.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr std::size_t most_receivers = 8;
constexpr milliseconds connect_within = 3s, look_every = 500ms;
constexpr auto refused_after = 1s;  ///< a handshake that brought no receiver by then was refused
constexpr auto refused_fresh = 30s;
constexpr int overhead_percent = 25;  ///< of the stream's rate, for what is repeated
constexpr int silent_ms = 3000;       ///< without a word from the receiver, it is gone

/// libsrt's own threads live as long as something uses them.
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

std::string last_words() {
    std::string words = ::srt_getlasterror_str();
    ::srt_clearlasterror();
    while (!words.empty() && (words.back() == '.' || words.back() == '\n')) words.pop_back();
    return words;
}

template <class Value>
void set(int socket, SRT_SOCKOPT option, const Value& value, const char* what) {
    if (::srt_setsockflag(socket, option, &value, sizeof value) != 0)
        throw Error(std::string("SRT cannot set its ") + what + ": " + last_words());
}

void set_text(int socket, SRT_SOCKOPT option, const std::string& value, const char* what) {
    if (!value.empty() &&
        ::srt_setsockflag(socket, option, value.data(), static_cast<int>(value.size())) != 0)
        throw Error(std::string("SRT cannot set its ") + what + ": " + last_words());
}

struct FreeAddress {
    void operator()(addrinfo* p) const { ::freeaddrinfo(p); }
};

std::unique_ptr<addrinfo, FreeAddress> looked_up(const OutputSpec& spec) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    hints.ai_family = spec.host.empty() ? AF_INET : AF_UNSPEC;
    hints.ai_flags = AI_NUMERICSERV | (spec.listener ? AI_PASSIVE : 0);
    addrinfo* raw = nullptr;
    const char* host = spec.host.empty() ? nullptr : spec.host.c_str();
    if (const int code = ::getaddrinfo(host, std::to_string(spec.port).c_str(), &hints, &raw); code != 0)
        throw Error("the host '" + spec.host + "' is not found (" + ::gai_strerror(code) +
                    "); check its name and the network");
    return std::unique_ptr<addrinfo, FreeAddress>(raw);
}

std::string passphrase_in(const std::string& path) {
    auto text = read_file(path, 4096);
    text.erase(std::min(text.find_first_of("\r\n"), text.size()));
    if (text.size() < 10 || text.size() > 79)
        throw Error(path + ": its first line must be a passphrase of 10 to 79 bytes");
    return text;
}

}  // namespace

SrtCarrier::Socket::Socket(Socket&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}

SrtCarrier::Socket& SrtCarrier::Socket::operator=(Socket&& other) noexcept {
    std::swap(socket_, other.socket_);
    return *this;
}

SrtCarrier::Socket::~Socket() {
    if (socket_ >= 0) ::srt_close(socket_);
}

SrtCarrier::SrtCarrier(const OutputSpec& spec, const FeedFacts& facts)
    : spec_(spec), mux_rate_(facts.mux_rate) {
    static const Library library;
}

SrtCarrier::~SrtCarrier() = default;

SrtCarrier::Socket SrtCarrier::made() const {
    Socket socket(::srt_create_socket());
    if (!socket) throw Error("SRT has no socket: " + last_words());
    const int s = socket.get();
    set(s, SRTO_TRANSTYPE, SRTT_LIVE, "live mode");
    set(s, SRTO_SENDER, true, "direction");
    set(s, SRTO_PAYLOADSIZE, static_cast<int>(datagram_size), "datagram size");
    set(s, SRTO_LATENCY, static_cast<int>(spec_.latency.count()), "latency");
    set(s, SRTO_CONNTIMEO, static_cast<int>(connect_within.count()), "patience");
    set(s, SRTO_PEERIDLETIMEO, silent_ms, "patience");
    set(s, SRTO_SNDSYN, false, "way of sending");
    set(s, SRTO_RCVSYN, false, "way of connecting");
    set(s, SRTO_MAXBW, std::int64_t{0}, "bandwidth");
    set(s, SRTO_INPUTBW, mux_rate_ / 8, "bandwidth");
    set(s, SRTO_OHEADBW, overhead_percent, "bandwidth");
    set_text(s, SRTO_PASSPHRASE, spec_.passphrase, "passphrase");
    if (!spec_.passphrase.empty()) set(s, SRTO_PBKEYLEN, spec_.key_bytes, "key length");
    set_text(s, SRTO_STREAMID, spec_.stream_id, "stream id");
    return socket;
}

void SrtCarrier::open(const std::atomic<bool>& stop) {
    if (!spec_.passphrase_file.empty()) spec_.passphrase = passphrase_in(spec_.passphrase_file);
    if (spec_.listener)
        listen();
    else
        call(stop);
}

std::string SrtCarrier::refusal(int socket) const {
    const auto to = spec_.host + ':' + std::to_string(spec_.port);
    const int reason = ::srt_getrejectreason(socket);
    switch (reason) {
        case SRT_REJ_BADSECRET:
            return to + " refuses this outlet's passphrase; write the receiver's own";
        case SRT_REJ_UNSECURE:
            return spec_.passphrase.empty() ? to + " wants a passphrase, and this outlet has none"
                                            : to + " takes no encrypted stream; leave the passphrase out";
        case SRT_REJ_UNKNOWN:
        case SRT_REJ_TIMEOUT:
            return "no SRT receiver answers at " + to +
                   "; check its address, that it listens, and the firewalls between";
        default:
            return to + " refuses the stream: " + ::srt_rejectreason_str(reason);
    }
}

void SrtCarrier::call(const std::atomic<bool>& stop) {
    const auto address = looked_up(spec_);
    auto socket = made();
    if (::srt_connect(socket.get(), address->ai_addr, static_cast<int>(address->ai_addrlen)) == SRT_ERROR)
        throw Error("there is no way to " + spec_.host + ": " + last_words());
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

void SrtCarrier::listen() {
    const auto address = looked_up(spec_);
    auto socket = made();
    if (::srt_bind(socket.get(), address->ai_addr, static_cast<int>(address->ai_addrlen)) == SRT_ERROR) {
        int system = 0;
        const bool used = ::srt_getlasterror(&system) == SRT_EBINDCONFLICT || system == EADDRINUSE;
        const auto why = last_words();
        throw Error("port " + std::to_string(spec_.port) + " cannot be listened on: " +
                    (used ? "something else uses it; stop that, or choose another" : why));
    }
    knocked_ = welcomed_ = seen_knocking_ = 0;
    ::srt_listen_callback(
        socket.get(),
        [](void* self, SRTSOCKET, int, const sockaddr*, const char*) {
            ++static_cast<SrtCarrier*>(self)->knocked_;
            return 0;
        },
        this);
    if (::srt_listen(socket.get(), static_cast<int>(most_receivers)) == SRT_ERROR)
        throw Error("port " + std::to_string(spec_.port) + " cannot be listened on: " + last_words());
    listener_ = std::move(socket);
}

/// Takes those who came; counts those who knocked and did not get in.
void SrtCarrier::welcome() {
    for (;;) {
        Socket guest(::srt_accept(listener_.get(), nullptr, nullptr));
        if (!guest) break;
        ++welcomed_;
        if (receivers_.size() < most_receivers) receivers_.push_back({std::move(guest)});
    }
    ::srt_clearlasterror();
    const auto now = steady_clock::now();
    if (const auto knocked = knocked_.load(); knocked != seen_knocking_) {
        seen_knocking_ = knocked;
        knocked_at_ = now;
    }
    if (seen_knocking_ > welcomed_ && now - knocked_at_ > refused_after) {
        refused_ += seen_knocking_ - welcomed_;
        welcomed_ = seen_knocking_;
        refused_at_ = now;
    }
}

bool SrtCarrier::give(Receiver& receiver, const Datagram& datagram) {
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

bool SrtCarrier::hand(Receiver& receiver, const Datagram& datagram, bool opens) {
    if (!receiver.begun && !opens) return true;
    if (!std::exchange(receiver.begun, true)) {
        for (const auto& before : opening_.before())
            if (!give(receiver, before)) return false;
    }
    return give(receiver, datagram);
}

void SrtCarrier::carry(std::span<const Datagram> run) {
    if (listener_) welcome();
    for (const auto& datagram : run) {
        const bool opens = opening_.look(datagram);
        std::erase_if(receivers_, [&](Receiver& receiver) {
            if (hand(receiver, datagram, opens)) return false;
            part_from(receiver);
            return true;
        });
    }
    if (steady_clock::now() - looked_ > look_every) {
        looked_ = steady_clock::now();
        for (auto& receiver : receivers_) look_at(receiver);
    }
    if (!listener_ && receivers_.empty())
        throw Error("the receiver at " + spec_.host + ':' + std::to_string(spec_.port) +
                    " went away; it is called again");
}

void SrtCarrier::look_at(Receiver& receiver) const {
    SRT_TRACEBSTATS stats{};
    if (::srt_bstats(receiver.socket.get(), &stats, 0) != 0) return;
    receiver.lost = stats.pktSndLossTotal;
    receiver.repeated = stats.pktRetransTotal;
    receiver.rtt_ms = static_cast<std::int64_t>(stats.msRTT);
}

void SrtCarrier::part_from(const Receiver& receiver) {
    gone_lost_ += receiver.lost;
    gone_repeated_ += receiver.repeated;
}

void SrtCarrier::close() {
    for (const auto& receiver : receivers_) part_from(receiver);
    receivers_.clear();
    listener_ = {};
}

Figures SrtCarrier::figures() const {
    Figures out{{"datagrams_sent", sent_},
                {"datagrams_dropped", dropped_},
                {"receivers", static_cast<std::int64_t>(receivers_.size())},
                {"receivers_refused", refused_},
                {"srt_lost", gone_lost_},
                {"srt_repeated", gone_repeated_},
                {"srt_rtt_ms", 0}};
    for (const auto& r : receivers_) {
        out["srt_lost"] += r.lost;
        out["srt_repeated"] += r.repeated;
        out["srt_rtt_ms"] = std::max(out["srt_rtt_ms"], r.rtt_ms);
    }
    return out;
}

std::string SrtCarrier::waiting() const {
    return listener_ && receivers_.empty() ? "no receiver has come yet" : "";
}

std::string SrtCarrier::trouble() const {
    if (refused_ == 0 || steady_clock::now() - refused_at_ > refused_fresh) return {};
    return "a receiver was refused: its passphrase is not this outlet's, or it speaks no SRT of today";
}

}  // namespace riverlight::player
