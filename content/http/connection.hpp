#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "content/http/connection_book.hpp"
#include "content/http/file_body.hpp"
#include "content/http/server.hpp"

/// One client of a server, and what a server's clients share. All of it is on the loop's thread; only a
/// body's pieces are made elsewhere.
namespace riverlight::http {

class ServedConnection;

/// The connections of one budget.
struct ConnectionGroup {
    explicit ConnectionGroup(Budget of)
        : budget(std::move(of)), book(budget.connections, budget.connections_of_a_peer) {}
    Budget budget;
    ConnectionBook book;
    std::map<ConnectionBook::Id, ServedConnection*> open{};
};

/// What a server and its connections share.
struct ServerState {
    ServerState(boost::asio::io_context& io, Server::AsyncHandler answers, Limits with,
                std::function<void(const std::string&)> faults);

    /// The group in which a request is answered.
    [[nodiscard]] ConnectionGroup& group_of(const Request& request);
    void report(const std::string& fault) const;

    boost::asio::io_context& loop;
    Server::AsyncHandler handler;
    Limits limits;
    std::function<void(const std::string&)> on_error;
    /// That of `limits` itself first, then one for each of its budgets.
    std::vector<std::unique_ptr<ConnectionGroup>> groups;
    std::chrono::steady_clock::time_point next_piece_at{};  ///< when the next piece of a file may be sent
    std::uint64_t body_bytes = 0;                           ///< of all that is held
};

/// One client. It lives as long as one of its operations is pending, or its answer is being made.
/// More than 12 members: Beast splits a connection into a stream, a buffer and a parser, and an answer's body
/// is text, a file or a stream.
class ServedConnection : public std::enable_shared_from_this<ServedConnection> {
  public:
    ServedConnection(boost::asio::ip::tcp::socket socket, std::shared_ptr<ServerState> server,
                     const boost::asio::ip::address& peer);
    ~ServedConnection();
    ServedConnection(const ServedConnection&) = delete;
    ServedConnection& operator=(const ServedConnection&) = delete;
    ServedConnection(ServedConnection&&) = delete;
    ServedConnection& operator=(ServedConnection&&) = delete;

    /// Becomes one of the group's connections, and where that is full closes its oldest idle one. False: all
    /// of them are busy.
    [[nodiscard]] bool join(ConnectionGroup& group);
    /// Waits for a request, the next one too.
    void read();
    void close();

  private:
    using ErrorCode = boost::system::error_code;
    void leave();
    void set_busy();
    void handle_head();
    void read_body();
    [[nodiscard]] bool hold_body(std::uint64_t bytes);
    void handle_unreadable(ErrorCode ec);
    void refuse(const Response& response);
    void refuse_busy();
    [[nodiscard]] std::optional<Request> request();
    void answer();
    void ask(Request request);
    [[nodiscard]] Reply reply();
    void finish(Response response);
    void send(Response response);
    void send_text(const Response& response);
    template <class Message>
    void fill_head(Message& message, const Response& response) const;
    template <class Message>
    void send_head(std::shared_ptr<Message> message, void (ServedConnection::*next)(ErrorCode));
    void send_file(const Response& response);
    void send_more(ErrorCode ec);
    [[nodiscard]] std::chrono::microseconds reserve(std::size_t bytes);
    void send_piece();
    [[nodiscard]] std::uint64_t piece_size() const;
    void send_stream(Response response);
    void pull(ErrorCode ec);
    void send_pulled(std::string piece);
    void handle_sent(ErrorCode ec);

    boost::beast::tcp_stream stream_;
    std::shared_ptr<ServerState> server_;
    boost::asio::ip::address peer_;
    ConnectionGroup* group_ = nullptr;
    ConnectionBook::Id id_ = 0;  ///< in the group's book
    boost::asio::steady_timer pause_;
    boost::beast::flat_buffer buffer_;
    std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
    std::uint64_t held_ = 0;  ///< bytes of the body, as they are counted in the server's
    bool keep_ = false, head_only_ = false, is_chunked_ = false;
    WantedPart wanted_;
    FileBody file_;
    std::optional<BodyStream> source_;  ///< its `next` is called by nobody else
    std::string piece_;                 ///< of `source_`, on its way
};

}  // namespace riverlight::http
