#include "content/http/connection.hpp"

#include <unistd.h>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <cassert>
#include <cctype>

#include "content/base/error.hpp"
#include "content/http/target.hpp"

namespace riverlight::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;
using asio::ip::tcp;

constexpr std::size_t chunk = 256U << 10;
constexpr std::size_t body_buffer = 64U << 10;
constexpr std::uint64_t small_body = 64U << 10;

}  // namespace

ServerState::ServerState(asio::io_context& io, Server::AsyncHandler answers, Limits with,
                         std::function<void(const std::string&)> faults)
    : loop(io), handler(std::move(answers)), limits(std::move(with)), on_error(std::move(faults)) {
    groups.push_back(std::make_unique<ConnectionGroup>(
        Budget{{}, limits.connections, limits.connections_of_a_peer, limits.idle}));
    for (const auto& budget : limits.budgets) groups.push_back(std::make_unique<ConnectionGroup>(budget));
}

ConnectionGroup& ServerState::group_of(const Request& request) {
    for (const auto& group : groups)
        if (group->budget.takes && group->budget.takes(request)) return *group;
    return *groups.front();
}

void ServerState::report(const std::string& fault) const {
    if (on_error) on_error(fault);
}

ServedConnection::ServedConnection(tcp::socket socket, std::shared_ptr<ServerState> server,
                                   const asio::ip::address& peer)
    : stream_(std::move(socket)), server_(std::move(server)), peer_(peer), pause_(server_->loop) {}

ServedConnection::~ServedConnection() {
    static_cast<void>(hold_body(0));
    leave();
}

bool ServedConnection::join(ConnectionGroup& group) {
    if (group_ == &group) return true;
    const bool is_proxy = server_->limits.is_proxy && server_->limits.is_proxy(peer_);
    const auto admission = group.book.admit(peer_, is_proxy ? PeerKind::proxy : PeerKind::client);
    if (admission.close)
        if (const auto idle = group.open.find(*admission.close); idle != group.open.end())
            idle->second->close();
    if (!admission.id) return false;
    leave();
    group_ = &group;
    id_ = *admission.id;
    group.open.emplace(id_, this);
    return true;
}

void ServedConnection::leave() {
    if (!group_) return;
    group_->open.erase(id_);
    group_->book.remove(id_);
    group_ = nullptr;
}

void ServedConnection::set_busy() {
    group_->book.set_busy(id_);
}

void ServedConnection::close() {
    pause_.cancel();
    beast::get_lowest_layer(stream_).close();
}

void ServedConnection::read() {
    group_->book.set_idle(id_);
    static_cast<void>(hold_body(0));
    buffer_.shrink_to_fit();  // thousands may wait
    parser_.emplace();
    parser_->body_limit(server_->limits.body);
    parser_->header_limit(32U << 10);
    stream_.expires_after(group_->budget.idle);
    wire::async_read_header(stream_, buffer_, *parser_, [self = shared_from_this()](ErrorCode ec, auto) {
        if (ec) return self->handle_unreadable(ec);
        self->handle_head();
    });
}

/// A client may wait with its body until it is asked for it (RFC 9110, 10.1.1). One that is too long is
/// refused before.
void ServedConnection::handle_head() {
    stream_.expires_after(server_->limits.idle);
    const auto& head = parser_->get();
    const auto expected = head[wire::field::expect];
    if (expected.empty() || head.version() < 11 || parser_->is_done() || buffer_.size() > 0)
        return read_body();
    if (!beast::iequals(expected, "100-continue"))
        return refuse(problem(417, "about:blank", "Expectation failed",
                              "this server knows no expectation but 100-continue"));
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(stream_, asio::buffer(go_on), [self = shared_from_this()](ErrorCode ec, auto) {
        if (!ec) self->read_body();
    });
}

void ServedConnection::read_body() {
    if (parser_->is_done()) return answer();
    buffer_.reserve(body_buffer);
    parser_->eager(true);
    wire::async_read_some(stream_, buffer_, *parser_, [self = shared_from_this()](ErrorCode ec, auto) {
        if (ec) return self->handle_unreadable(ec);
        if (!self->hold_body(self->parser_->get().body().size())) return self->refuse_busy();
        self->read_body();
    });
}

/// Counts this connection's body in the server's. False: there are too many bytes.
bool ServedConnection::hold_body(std::uint64_t bytes) {
    server_->body_bytes = server_->body_bytes - held_ + bytes;
    held_ = bytes;
    return bytes <= small_body || server_->body_bytes <= server_->limits.bodies;
}

void ServedConnection::handle_unreadable(ErrorCode ec) {
    if (ec == wire::error::body_limit)
        return refuse(
            problem(413, "about:blank", "Too large", "the body is larger than this server accepts"));
    if (ec == wire::error::header_limit)
        return refuse(
            problem(431, "about:blank", "Header too large", "the request's header is larger than 32 KiB"));
    if (ec.category() == wire::make_error_code(wire::error::bad_method).category() &&
        ec != wire::error::end_of_stream && ec != wire::error::partial_message)
        refuse(problem(400, "about:blank", "Bad request", "this is not HTTP/1.1"));
}

void ServedConnection::refuse(const Response& response) {
    set_busy();
    keep_ = false;
    head_only_ = false;
    send(response);
}

void ServedConnection::refuse_busy() {
    auto busy = problem(503, "about:blank", "Busy", "the server is busy; try again soon");
    busy.headers.emplace_back("Retry-After", "2");
    refuse(busy);
}

/// Nothing for a request that HTTP forbids: of another form, or without one Host (RFC 9112, 3.2).
std::optional<Request> ServedConnection::request() {
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
    out.remote = peer_.to_string();
    out.body = std::move(parser_->get().body());
    return out;
}

void ServedConnection::answer() {
    assert(!file_.file && file_.left == 0 && !source_);  // one request at a time on a connection
    keep_ = parser_->get().keep_alive();
    head_only_ = parser_->get().method() == wire::verb::head;
    is_chunked_ = parser_->get().version() >= 11;
    auto asked = request();
    if (!asked)
        return refuse(problem(400, "about:blank", "Bad request", "it needs a path and one Host header"));
    if (head_only_) asked->method = "GET";
    wanted_ = {std::string(asked->header("range")), std::string(asked->header("if-range"))};
    ask(std::move(*asked));
}

void ServedConnection::ask(Request request) {
    set_busy();
    if (!join(server_->group_of(request))) return refuse_busy();
    set_busy();
    const auto answers = reply();
    try {
        server_->handler(std::move(request), answers);
    } catch (const std::exception& e) {
        server_->report(e.what());
        answers(problem(500, "about:blank", "Internal error",
                        "the request could not be answered; the log says why"));
    }
}

/// The answer comes back to the loop, and with it this connection: it ends on no other thread.
Reply ServedConnection::reply() {
    return Reply([self = shared_from_this()](Response response) mutable {
        auto& loop = self->server_->loop;
        asio::dispatch(loop, [self = std::move(self), response = std::move(response)]() mutable {
            self->finish(std::move(response));
        });
    });
}

void ServedConnection::finish(Response response) {
    try {
        check_headers(response);
    } catch (const std::exception& e) {
        server_->report(e.what());
        response = problem(500, "about:blank", "Internal error",
                           "the request could not be answered; the log says why");
    }
    send(std::move(response));
}

template <class Message>
void ServedConnection::fill_head(Message& message, const Response& response) const {
    message.version(11);
    message.result(static_cast<unsigned>(response.status));
    message.keep_alive(keep_);
    message.set(wire::field::content_type, response.type);
    message.set("X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : response.headers) message.insert(name, value);
}

template <class Message>
void ServedConnection::send_head(std::shared_ptr<Message> message,
                                 void (ServedConnection::*next)(ErrorCode)) {
    auto serializer = std::make_shared<wire::response_serializer<typename Message::body_type>>(*message);
    stream_.expires_after(server_->limits.idle);
    wire::async_write_header(
        stream_, *serializer,
        [self = shared_from_this(), message, serializer, next](ErrorCode ec, auto) { (*self.*next)(ec); });
}

void ServedConnection::send(Response response) {
    if (response.stream) return send_stream(std::move(response));
    if (!response.file.empty()) file_ = open_file(response, wanted_);
    if (file_.file) return send_file(response);
    send_text(response);
}

void ServedConnection::send_text(const Response& response) {
    auto message = std::make_shared<wire::response<wire::string_body>>();
    fill_head(*message, response);
    const auto size = response.body.size();
    if (!head_only_) message->body() = response.body;
    message->content_length(size);
    if (head_only_) return send_head(message, &ServedConnection::handle_sent);
    stream_.expires_after(server_->limits.idle);
    wire::async_write(stream_, *message,
                      [self = shared_from_this(), message](ErrorCode ec, auto) { self->handle_sent(ec); });
}

void ServedConnection::send_file(const Response& response) {
    auto message = std::make_shared<wire::response<wire::string_body>>();
    fill_head(*message, response);
    message->content_length(file_.left);
    if (head_only_) file_.left = 0;
    send_head(message, &ServedConnection::send_more);
}

void ServedConnection::send_more(ErrorCode ec) {
    if (ec || file_.left == 0) {
        file_.file.reset();
        return handle_sent(ec);
    }
    file_.piece.resize(std::min<std::uint64_t>(file_.left, piece_size()));
    const auto got =
        ::pread(file_.file.get(), file_.piece.data(), file_.piece.size(), static_cast<off_t>(file_.offset));
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
    pause_.async_wait([self = shared_from_this()](ErrorCode stopped) {
        if (!stopped) self->send_piece();
    });
}

/// Reserves the time for these bytes, so that all connections together keep the rate. Returns how long to
/// wait.
std::chrono::microseconds ServedConnection::reserve(std::size_t bytes) {
    const auto rate = server_->limits.bytes_per_second;
    if (rate == 0) return {};
    const auto now = std::chrono::steady_clock::now();
    const auto at = std::max(now, server_->next_piece_at);
    server_->next_piece_at = at + std::chrono::microseconds(bytes * 1'000'000 / rate);
    return std::chrono::duration_cast<std::chrono::microseconds>(at - now);
}

void ServedConnection::send_piece() {
    stream_.expires_after(server_->limits.idle);
    asio::async_write(stream_, asio::buffer(file_.piece),
                      [self = shared_from_this()](ErrorCode error, auto) { self->send_more(error); });
}

/// A small part of a second at that rate, so that a connection never waits longer than the idle limit.
std::uint64_t ServedConnection::piece_size() const {
    const auto rate = server_->limits.bytes_per_second;
    return rate == 0 ? chunk : std::clamp<std::uint64_t>(rate / 16, 1024, chunk);
}

/// To a client of HTTP/1.0, which knows no chunks, the body ends with the connection.
void ServedConnection::send_stream(Response response) {
    if (!is_chunked_) keep_ = false;
    auto message = std::make_shared<wire::response<wire::empty_body>>();
    fill_head(*message, response);
    message->chunked(is_chunked_);
    if (head_only_) return send_head(message, &ServedConnection::handle_sent);
    source_ = std::move(response.stream);
    send_head(message, &ServedConnection::pull);
}

/// Has the next piece made, by the source's own worker.
void ServedConnection::pull(ErrorCode ec) {
    if (ec) {
        source_.reset();
        return;
    }
    asio::post(source_->worker, [self = shared_from_this()]() mutable {
        std::optional<std::string> piece;
        std::string fault;
        try {
            piece = self->source_->next();
        } catch (const std::exception& e) {
            fault = e.what();
        }
        auto& loop = self->server_->loop;
        asio::post(loop,
                   [self = std::move(self), piece = std::move(piece), fault = std::move(fault)]() mutable {
                       if (piece) return self->send_pulled(std::move(*piece));
                       self->source_.reset();  // and the connection with it, without the body's end
                       self->server_->report(fault);
                   });
    });
}

void ServedConnection::send_pulled(std::string piece) {
    stream_.expires_after(server_->limits.idle);
    if (piece.empty()) {
        source_.reset();
        if (!is_chunked_) return handle_sent({});
        asio::async_write(stream_, wire::make_chunk_last(),
                          [self = shared_from_this()](ErrorCode ec, auto) { self->handle_sent(ec); });
        return;
    }
    piece_ = std::move(piece);
    const auto sent = [self = shared_from_this()](ErrorCode ec, auto) { self->pull(ec); };
    if (is_chunked_)
        asio::async_write(stream_, wire::make_chunk(asio::buffer(piece_)), sent);
    else
        asio::async_write(stream_, asio::buffer(piece_), sent);
}

void ServedConnection::handle_sent(ErrorCode ec) {
    if (ec) return;
    if (keep_) return read();
    ErrorCode ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
}

}  // namespace riverlight::http
