#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "content/http/message.hpp"
#include "content/http/reply.hpp"

/// A small HTTP/1.1 server on the caller's loop, for the board's status page, the office and `riverlight
/// channel serve`. The only room that includes Beast's server side, so that its templates are compiled once.
namespace riverlight::http {

/// A budget of its own for the connections over which a kind of request came, so that others take no room
/// from them.
struct Budget {
    std::function<bool(const Request&)> takes;  ///< whether a request is of that kind
    std::size_t connections = 256;
    std::size_t connections_of_a_peer = 64;  ///< of one address, or one /64 of IPv6
    std::chrono::seconds idle{30};           ///< a connection may wait so long for its next request
};

struct Limits {
    std::uint64_t body = 8ULL << 20;
    /// Bytes of all bodies that wait for the rest of them or for their answer. What is beyond is answered
    /// 503; bodies up to 64 KiB pass always, so that who sends large ones slowly keeps no other out.
    std::uint64_t bodies = 256ULL << 20;
    /// Of connections over which nothing was asked yet, and of those that no budget of `budgets` takes.
    std::size_t connections = 256;
    std::size_t connections_of_a_peer = 64;  ///< of one address, or one /64 of IPv6
    std::chrono::seconds idle{30};           ///< without a request, in the middle of one, or of its answer
    std::uint64_t bytes_per_second = 0;      ///< of files, for all clients together; 0: no limit
    std::vector<Budget> budgets{};           ///< the first that takes a request counts
    /// True for a proxy, over whose address many come: it may use whole budgets. Absent: there is none.
    std::function<bool(const boost::asio::ip::address&)> is_proxy{};
};

/// Listens from construction on; everything but what answers later runs on the loop's thread. An exception
/// from the handler, and an answer with a control character in a header, become a 500 problem without its
/// text, and are passed to `on_error`.
class Server {
  public:
    using Handler = std::function<Response(const Request&)>;
    /// One that answers later, from any thread (reply.hpp). It is called on the loop's thread.
    using AsyncHandler = std::function<void(Request, Reply)>;
    /// `listen` is `host:port`; port 0 chooses a free one. Throws Error with the address and the
    /// reason (a port in use).
    Server(boost::asio::io_context& loop, const std::string& listen, Handler handler, Limits limits = {},
           std::function<void(const std::string&)> on_error = {});
    Server(boost::asio::io_context& loop, const std::string& listen, AsyncHandler handler, Limits limits = {},
           std::function<void(const std::string&)> on_error = {});
    ~Server();
    [[nodiscard]] std::uint16_t port() const;

  private:
    class Door;
    std::shared_ptr<Door> door_;  // shared with the operations that are pending, which may outlive the server
};

}  // namespace riverlight::http
