#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>

namespace riverlight::http {

/// Opens `acceptor` on `listen`, `host:port`; port 0 chooses a free one. Throws Error with the address and
/// the reason.
void open_acceptor(boost::asio::ip::tcp::acceptor& acceptor, boost::asio::io_context& loop,
                   const std::string& listen);

}  // namespace riverlight::http
