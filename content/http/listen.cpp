#include "content/http/listen.hpp"

#include <fcntl.h>

#include <charconv>
#include <cstdint>

#include "content/base/error.hpp"

namespace riverlight::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

struct Address {
    std::string host;
    std::uint16_t port = 0;
};

Address parse_address(const std::string& listen) {
    const auto colon = listen.rfind(':');
    Address address;
    const char* end = listen.data() + listen.size();
    const bool ok = colon != std::string::npos && colon > 0 &&
                    std::from_chars(listen.data() + colon + 1, end, address.port).ptr == end &&
                    colon + 1 < listen.size();
    if (!ok)
        throw Error("'" + listen +
                    "' is not an address to listen on; write it as host:port, for example 127.0.0.1:8800");
    address.host = listen.substr(0, colon);
    if (address.host.size() > 2 && address.host.front() == '[')
        address.host = address.host.substr(1, address.host.size() - 2);
    return address;
}

}  // namespace

void open_acceptor(tcp::acceptor& acceptor, asio::io_context& loop, const std::string& where) {
    const auto address = parse_address(where);
    boost::system::error_code ec;
    tcp::resolver resolver(loop);
    const auto found =
        resolver.resolve(address.host, std::to_string(address.port), tcp::resolver::passive, ec);
    if (ec || found.empty())
        throw Error("cannot listen on " + where + ": no such address (" + ec.message() + ")");
    const auto endpoint = found.begin()->endpoint();
    acceptor.open(endpoint.protocol(), ec);
    if (!ec) acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec) acceptor.bind(endpoint, ec);
    if (!ec) acceptor.listen(asio::socket_base::max_listen_connections, ec);
    if (ec)
        throw Error("cannot listen on " + where + ": " + ec.message() +
                    "; stop what uses that port, or choose another");
    ::fcntl(acceptor.native_handle(), F_SETFD, FD_CLOEXEC);
}

}  // namespace riverlight::http
