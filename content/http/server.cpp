#include "content/http/server.hpp"

#include <fcntl.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>

#include "content/http/connection.hpp"
#include "content/http/listen.hpp"

namespace riverlight::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

Server::AsyncHandler at_once(Server::Handler handler) {
    return [handler = std::move(handler)](const Request& request, const Reply& reply) {
        reply(handler(request));
    };
}

}  // namespace

/// Where connections come in.
class Server::Door : public std::enable_shared_from_this<Door> {
  public:
    Door(asio::io_context& loop, std::shared_ptr<ServerState> state)
        : state_(std::move(state)), acceptor_(loop), retry_(loop) {}

    void open(const std::string& listen) {
        open_acceptor(acceptor_, state_->loop, listen);
        accept();
    }
    void close() {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        retry_.cancel();
        state_->handler = [](const Request&, const Reply& reply) {
            reply(problem(503, "about:blank", "Stopping", "the server is stopping"));
        };
        for (const auto& group : state_->groups)
            for (const auto& [id, connection] : std::map(group->open)) connection->close();
    }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  private:
    void accept() {
        acceptor_.async_accept([self = shared_from_this()](boost::system::error_code ec, tcp::socket socket) {
            if (ec == asio::error::operation_aborted) return;
            if (ec) {  // out of file descriptors, for example: try again soon
                self->retry_.expires_after(std::chrono::milliseconds{100});
                self->retry_.async_wait([self](boost::system::error_code stopped) {
                    if (!stopped) self->accept();
                });
                return;
            }
            ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
            self->add(std::move(socket));
            self->accept();
        });
    }
    void add(tcp::socket socket) {
        boost::system::error_code ec;
        const auto peer = socket.remote_endpoint(ec);
        if (ec) return;  // it is gone
        const auto connection = std::make_shared<ServedConnection>(std::move(socket), state_, peer.address());
        if (connection->join(*state_->groups.front())) connection->read();
    }

    std::shared_ptr<ServerState> state_;  // shared with the connections, which may outlive the server
    tcp::acceptor acceptor_;
    asio::steady_timer retry_;
};

Server::Server(asio::io_context& loop, const std::string& listen, Handler handler, Limits limits,
               std::function<void(const std::string&)> on_error)
    : Server(loop, listen, at_once(std::move(handler)), std::move(limits), std::move(on_error)) {}

Server::Server(asio::io_context& loop, const std::string& listen, AsyncHandler handler, Limits limits,
               std::function<void(const std::string&)> on_error)
    : door_(std::make_shared<Door>(
          loop,
          std::make_shared<ServerState>(loop, std::move(handler), std::move(limits), std::move(on_error)))) {
    door_->open(listen);
}

Server::~Server() {
    door_->close();
}

std::uint16_t Server::port() const {
    return door_->port();
}

}  // namespace riverlight::http
