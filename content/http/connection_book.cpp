#include "content/http/connection_book.hpp"

#include <cassert>

namespace riverlight::http {

ConnectionBook::ConnectionBook(std::size_t most, std::size_t most_of_a_peer)
    : most_(most), most_of_a_peer_(most_of_a_peer) {
    assert(most >= 1 && most_of_a_peer >= 1);
}

std::optional<ConnectionBook::Id> ConnectionBook::oldest(const Idle& idle) {
    if (idle.empty()) return {};
    return idle.begin()->second;
}

ConnectionBook::Admission ConnectionBook::admit(const boost::asio::ip::address& address, PeerKind kind) {
    Admission admission;
    const auto name = peer_of(address);
    const auto peer = peers_.find(name);
    const bool peer_is_full =
        kind == PeerKind::client && peer != peers_.end() && peer->second.connections >= most_of_a_peer_;
    if (peer_is_full || connections_.size() >= most_) {
        admission.close = oldest(peer_is_full ? peer->second.idle : idle_);
        if (!admission.close) return admission;
        remove(*admission.close);
    }
    admission.id = ++last_;
    connections_[last_].peer = name;
    ++peers_[name].connections;
    set_idle(last_);
    return admission;
}

void ConnectionBook::set_busy(Id id) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    auto& [peer, since] = found->second;
    if (!since) return;
    idle_.erase({*since, id});
    peers_.at(peer).idle.erase({*since, id});
    since.reset();
}

void ConnectionBook::set_idle(Id id) {
    set_busy(id);
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    found->second.idle_since = ++moment_;
    idle_.insert({moment_, id});
    peers_.at(found->second.peer).idle.insert({moment_, id});
}

void ConnectionBook::remove(Id id) {
    set_busy(id);
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    const auto peer = peers_.find(found->second.peer);
    assert(peer != peers_.end());
    if (--peer->second.connections == 0) peers_.erase(peer);
    connections_.erase(found);
}

std::string peer_of(const boost::asio::ip::address& address) {
    if (!address.is_v6()) return address.to_string();
    const auto v6 = address.to_v6();
    if (v6.is_v4_mapped())
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6).to_string();
    auto bytes = v6.to_bytes();
    for (std::size_t i = 8; i < bytes.size(); ++i) bytes[i] = 0;
    return boost::asio::ip::address_v6(bytes).to_string();
}

}  // namespace riverlight::http
