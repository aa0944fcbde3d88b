#pragma once
#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace riverlight::http {

/// Whose connection it is.
enum class PeerKind {
    client,  ///< it has a share of the connections
    proxy    ///< many come over its address: it may use all of them
};

/// Decides which connections a server keeps. A connection is idle while it waits for a request, also for the
/// rest of one, and busy while it is answered. Where there are too many, from one peer or in all, the oldest
/// idle one makes room, so that connections that only stay open keep nobody out. Pure. One thread.
class ConnectionBook {
  public:
    using Id = std::uint64_t;
    /// Both ≥ 1.
    ConnectionBook(std::size_t most, std::size_t most_of_a_peer);

    struct Admission {
        std::optional<Id> id;     ///< of the new connection; absent: refused, since all others are busy
        std::optional<Id> close;  ///< the idle connection that makes room, already removed
    };
    [[nodiscard]] Admission admit(const boost::asio::ip::address& peer, PeerKind kind = PeerKind::client);
    void set_busy(Id id);
    void set_idle(Id id);
    /// It ended. One that was closed for another is no longer known, and is ignored.
    void remove(Id id);
    [[nodiscard]] std::size_t size() const { return connections_.size(); }

  private:
    using Idle = std::set<std::pair<std::uint64_t, Id>>;  ///< oldest first
    struct Connection {
        std::string peer;
        std::optional<std::uint64_t> idle_since;  ///< absent: busy
    };
    struct Peer {
        std::size_t connections = 0;
        Idle idle;
    };
    [[nodiscard]] static std::optional<Id> oldest(const Idle& idle);

    std::size_t most_, most_of_a_peer_;
    std::map<Id, Connection> connections_;
    std::map<std::string, Peer> peers_;
    Idle idle_;
    Id last_ = 0;
    std::uint64_t moment_ = 0;  ///< counts what became idle
};

/// Who counts as one peer: an IPv4 address, the first 64 bits of an IPv6 address.
[[nodiscard]] std::string peer_of(const boost::asio::ip::address& address);

}  // namespace riverlight::http
