#include "content/http/server.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cassert>
#include <cctype>
#include <charconv>
#include <map>
#include <optional>

#include "content/base/error.hpp"
#include "content/base/files.hpp"
#include "content/http/byte_range.hpp"
#include "content/http/connection_book.hpp"
#include "content/http/listen.hpp"
#include "content/http/target.hpp"

namespace riverlight::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;
using asio::ip::tcp;

constexpr std::size_t chunk = 256U << 10;

}  // namespace

struct Server::State : std::enable_shared_from_this<State> {
    State(asio::io_context& io, Handler h, Limits l, std::function<void(const std::string&)> e)
        : loop(io),
          acceptor(io),
          retry(io),
          handler(std::move(h)),
          limits(l),
          on_error(std::move(e)),
          book(l.connections, l.connections_of_a_peer) {}

    class Connection;

    void accept();
    void add(tcp::socket socket);

    void report(const std::string& message) const {
        if (on_error) on_error(message);
    }

    asio::io_context& loop;
    tcp::acceptor acceptor;
    asio::steady_timer retry;
    Handler handler;
    Limits limits;
    std::function<void(const std::string&)> on_error;
    ConnectionBook book;
    std::map<ConnectionBook::Id, Connection*> connections;
    std::chrono::steady_clock::time_point next_piece_at{};  // when the next piece of a file may be sent
};

/// One client. It lives as long as one of its asynchronous operations is pending.
class Server::State::Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(ConnectionBook::Id id, tcp::socket socket, std::shared_ptr<State> server)
        : id_(id), stream_(std::move(socket)), server_(std::move(server)), pause_(server_->loop) {
        server_->connections.emplace(id_, this);
    }
    ~Connection() {
        server_->connections.erase(id_);
        server_->book.remove(id_);
    }

    void close() {
        pause_.cancel();
        beast::get_lowest_layer(stream_).close();
    }

    void read() {
        server_->book.set_idle(id_);
        parser_.emplace();
        parser_->body_limit(server_->limits.body);
        parser_->header_limit(32U << 10);
        stream_.expires_after(server_->limits.idle);
        wire::async_read_header(stream_, buffer_, *parser_,
                                [self = shared_from_this()](boost::system::error_code ec, std::size_t) {
                                    if (ec) return self->handle_unreadable(ec);
                                    self->handle_expectation();
                                });
    }

  private:
    /// A client may wait with its body until it is asked for it (RFC 9110, 10.1.1). One that is too long is
    /// refused before.
    void handle_expectation() {
        const auto& head = parser_->get();
        const auto expected = head[wire::field::expect];
        if (expected.empty() || head.version() < 11 || parser_->is_done() || buffer_.size() > 0)
            return read_body();
        if (!beast::iequals(expected, "100-continue"))
            return refuse(problem(417, "about:blank", "Expectation failed",
                                  "this server knows no expectation but 100-continue"));
        static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        asio::async_write(stream_, asio::buffer(go_on),
                          [self = shared_from_this()](boost::system::error_code ec, std::size_t) {
                              if (!ec) self->read_body();
                          });
    }

    void read_body() {
        wire::async_read(stream_, buffer_, *parser_,
                         [self = shared_from_this()](boost::system::error_code ec, std::size_t) {
                             if (ec) return self->handle_unreadable(ec);
                             self->answer();
                         });
    }

    void handle_unreadable(boost::system::error_code ec) {
        if (ec == wire::error::body_limit)
            return refuse(
                problem(413, "about:blank", "Too large", "the body is larger than this server accepts"));
        if (ec == wire::error::header_limit)
            return refuse(problem(431, "about:blank", "Header too large",
                                  "the request's header is larger than 32 KiB"));
        if (ec.category() == wire::make_error_code(wire::error::bad_method).category() &&
            ec != wire::error::end_of_stream && ec != wire::error::partial_message)
            refuse(problem(400, "about:blank", "Bad request", "this is not HTTP/1.1"));
    }

    void refuse(const Response& response) {
        server_->book.set_busy(id_);
        keep_ = false;
        head_only_ = false;
        send(response);
    }

    /// Nothing for a request that HTTP forbids: of another form, or without one Host (RFC 9112, 3.2).
    std::optional<Request> request() {
        const auto& message = parser_->get();
        Request out;
        out.method = std::string(message.method_string());
        auto target = parse_target(std::string_view(message.target()));
        if (!target || message.count(wire::field::host) > 1) return {};
        out.path = std::move(target->path);
        out.query = std::move(target->query);
        for (const auto& field : message) {
            std::string name(field.name_string());
            for (auto& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            // A field that comes in several lines is one list (RFC 9110, 5.3), a cookie apart (RFC
            // 9113, 8.2.3).
            const std::string_view separator = name == "cookie" ? "; " : ", ";
            const auto [line, is_first] = out.headers.emplace(std::move(name), std::string(field.value()));
            if (!is_first) line->second.append(separator).append(std::string_view(field.value()));
        }
        out.host = target->host.empty() ? std::string(out.header("host")) : std::move(target->host);
        if (out.host.empty() && message.version() >= 11) return {};
        boost::system::error_code ec;
        const auto peer = stream_.socket().remote_endpoint(ec);
        if (!ec) out.remote = peer.address().to_string();
        out.body = std::move(parser_->get().body());
        return out;
    }

    void answer() {
        assert(!file_.file && file_.left == 0);  // one request at a time on a connection
        server_->book.set_busy(id_);
        keep_ = parser_->get().keep_alive();
        head_only_ = parser_->get().method() == wire::verb::head;
        Response response;
        try {
            auto asked = request();
            if (!asked)
                return refuse(
                    problem(400, "about:blank", "Bad request", "it needs a path and one Host header"));
            if (head_only_) asked->method = "GET";
            range_ = std::string(asked->header("range"));
            if_range_ = std::string(asked->header("if-range"));
            response = server_->handler(*asked);
            check_headers(response);
        } catch (const std::exception& e) {
            server_->report(e.what());
            response = problem(500, "about:blank", "Internal error",
                               "the request could not be answered; the log says why");
        }
        send(response);
    }

    template <class Message>
    void fill_head(Message& message, const Response& response) {
        message.version(11);
        message.result(static_cast<unsigned>(response.status));
        message.keep_alive(keep_);
        message.set(wire::field::content_type, response.type);
        message.set("X-Content-Type-Options", "nosniff");
        for (const auto& [name, value] : response.headers) message.insert(name, value);
    }

    void send(const Response& response) {
        if (!response.file.empty()) return send_file(response);
        auto message = std::make_shared<wire::response<wire::string_body>>();
        fill_head(*message, response);
        const auto size = response.body.size();
        if (!head_only_) message->body() = response.body;
        message->content_length(size);
        stream_.expires_after(server_->limits.idle);
        if (head_only_) return send_head(message);
        wire::async_write(stream_, *message,
                          [self = shared_from_this(), message](boost::system::error_code ec, std::size_t) {
                              self->handle_sent(ec);
                          });
    }

    template <class Message>
    void send_head(std::shared_ptr<Message> message) {
        auto serializer = std::make_shared<wire::response_serializer<wire::string_body>>(*message);
        wire::async_write_header(stream_, *serializer,
                                 [self = shared_from_this(), message, serializer](
                                     boost::system::error_code ec, std::size_t) { self->handle_sent(ec); });
    }

    void send_file(Response response) {
        file_.file.reset(::open(response.file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
        struct stat facts {};
        if (!file_.file || ::fstat(file_.file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
            file_.file.reset();
            return send(problem(404, "about:blank", "Not found", "there is nothing here under that name"));
        }
        const auto size = static_cast<std::uint64_t>(facts.st_size);
        const auto etag = response.etag.empty() ? std::string{} : '"' + response.etag + '"';
        auto range = byte_range(range_, size);
        if (range && !if_range_.empty() && if_range_ != etag) range.reset();
        if (range && range->second < range->first) {
            file_.file.reset();
            auto refused = problem(416, "about:blank", "Range not satisfiable", "the file ends before that");
            refused.headers.emplace_back("Content-Range", "bytes */" + std::to_string(size));
            return send(refused);
        }
        file_.offset = range ? range->first : 0;
        file_.left = size == 0 ? 0 : (range ? range->second : size - 1) - file_.offset + 1;
        if (range) {
            response.status = 206;
            response.headers.emplace_back("Content-Range", "bytes " + std::to_string(range->first) + '-' +
                                                               std::to_string(range->second) + '/' +
                                                               std::to_string(size));
        }
        if (!etag.empty()) response.headers.emplace_back("ETag", etag);
        response.headers.emplace_back("Accept-Ranges", "bytes");
        auto message = std::make_shared<wire::response<wire::string_body>>();
        fill_head(*message, response);
        message->content_length(file_.left);
        if (head_only_) file_.left = 0;
        stream_.expires_after(server_->limits.idle);
        auto serializer = std::make_shared<wire::response_serializer<wire::string_body>>(*message);
        wire::async_write_header(stream_, *serializer,
                                 [self = shared_from_this(), message, serializer](
                                     boost::system::error_code ec, std::size_t) { self->send_more(ec); });
    }

    void send_more(boost::system::error_code ec) {
        if (ec || file_.left == 0) {
            file_.file.reset();
            return handle_sent(ec);
        }
        file_.piece.resize(std::min<std::uint64_t>(file_.left, piece_size()));
        const auto got = ::pread(file_.file.get(), file_.piece.data(), file_.piece.size(),
                                 static_cast<off_t>(file_.offset));
        if (got <= 0) {  // the file became shorter: the connection closes, so that the client notices
            keep_ = false;
            file_.file.reset();
            return handle_sent(asio::error::eof);
        }
        file_.piece.resize(static_cast<std::size_t>(got));
        assert(file_.piece.size() <= file_.left);
        file_.offset += file_.piece.size();
        file_.left -= file_.piece.size();
        const auto wait = reserve(file_.piece.size());
        if (wait <= std::chrono::microseconds(0)) return send_piece();
        pause_.expires_after(wait);
        pause_.async_wait([self = shared_from_this()](boost::system::error_code stopped) {
            if (!stopped) self->send_piece();
        });
    }

    /// Reserves the time for these bytes, so that all connections together keep the rate. Returns how long to
    /// wait.
    std::chrono::microseconds reserve(std::size_t bytes) {
        const auto rate = server_->limits.bytes_per_second;
        if (rate == 0) return {};
        const auto now = std::chrono::steady_clock::now();
        const auto at = std::max(now, server_->next_piece_at);
        server_->next_piece_at = at + std::chrono::microseconds(bytes * 1'000'000 / rate);
        return std::chrono::duration_cast<std::chrono::microseconds>(at - now);
    }

    void send_piece() {
        stream_.expires_after(server_->limits.idle);
        asio::async_write(stream_, asio::buffer(file_.piece),
                          [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                              self->send_more(error);
                          });
    }

    /// A small part of a second at that rate, so that a connection never waits longer than the idle limit.
    [[nodiscard]] std::uint64_t piece_size() const {
        const auto rate = server_->limits.bytes_per_second;
        return rate == 0 ? chunk : std::clamp<std::uint64_t>(rate / 16, 1024, chunk);
    }

    void handle_sent(boost::system::error_code ec) {
        if (ec) return;
        if (keep_) return read();
        boost::system::error_code ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    }

    /// The part of a file that is still to be sent.
    struct FileBody {
        Fd file;
        std::uint64_t offset = 0, left = 0;
        std::string piece;  ///< on its way
    };

    ConnectionBook::Id id_;
    beast::tcp_stream stream_;
    std::shared_ptr<State> server_;
    asio::steady_timer pause_;
    beast::flat_buffer buffer_;
    std::optional<wire::request_parser<wire::string_body>> parser_;
    bool keep_ = false, head_only_ = false;
    std::string range_, if_range_;
    FileBody file_;
};

void Server::State::add(tcp::socket socket) {
    boost::system::error_code ec;
    const auto peer = socket.remote_endpoint(ec);
    if (ec) return;  // it is gone
    const auto admission = book.admit(peer.address());
    if (admission.close)
        if (const auto idle = connections.find(*admission.close); idle != connections.end())
            idle->second->close();
    if (admission.id)
        std::make_shared<Connection>(*admission.id, std::move(socket), shared_from_this())->read();
}

void Server::State::accept() {
    acceptor.async_accept([self = shared_from_this()](boost::system::error_code ec, tcp::socket socket) {
        if (ec == asio::error::operation_aborted) return;
        if (ec) {  // out of file descriptors, for example: try again soon
            self->retry.expires_after(std::chrono::milliseconds{100});
            self->retry.async_wait([self](boost::system::error_code stopped) {
                if (!stopped) self->accept();
            });
            return;
        }
        ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
        self->add(std::move(socket));
        self->accept();
    });
}

Server::Server(asio::io_context& loop, const std::string& listen, Handler handler, Limits limits,
               std::function<void(const std::string&)> on_error)
    : state_(std::make_shared<State>(loop, std::move(handler), limits, std::move(on_error))) {
    open_acceptor(state_->acceptor, loop, listen);
    state_->accept();
}

Server::~Server() {
    boost::system::error_code ignored;
    state_->acceptor.close(ignored);
    state_->retry.cancel();
    state_->handler = [](const Request&) {
        return problem(503, "about:blank", "Stopping", "the server is stopping");
    };
    for (const auto& [id, connection] : std::map(state_->connections)) connection->close();
}

std::uint16_t Server::port() const {
    return state_->acceptor.local_endpoint().port();
}

}  // namespace riverlight::http
