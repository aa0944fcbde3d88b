#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A small HTTP/1.1 server on the caller's loop, for the board's status page, the office and `riverlight
/// channel serve`. The only room that includes Beast's server side, so that its templates are compiled once.
namespace riverlight::http {

struct Request {
    std::string method;                                       ///< GET, PUT, …
    std::string path;                                         ///< percent-decoded, begins with `/`
    std::string host;                                         ///< the Host header
    std::vector<std::pair<std::string, std::string>> query;   ///< decoded, in order
    std::map<std::string, std::string, std::less<>> headers;  ///< names in lower case
    std::string body;                                         ///< as sent, at most the server's cap
    std::string remote;                                       ///< peer's address without port

    [[nodiscard]] std::string_view header(std::string_view lower_name) const;  ///< empty if absent
    [[nodiscard]] std::string query_or(std::string_view name, std::string otherwise = {}) const;
    [[nodiscard]] std::string cookie(std::string_view name) const;  ///< empty if absent
    /// Fields of an application/x-www-form-urlencoded body, decoded.
    [[nodiscard]] std::map<std::string, std::string> form() const;
};

struct Response {
    int status = 200;
    std::string type = "text/plain; charset=utf-8";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    /// Serve this file instead of `body` (regular files; single byte ranges and If-Range by ETag are
    /// honoured). A file that is not there becomes 404.
    std::string file;
    std::string etag;  ///< strong, without quotes; for `file`
};

/// Throws Error for an answer with a header that HTTP forbids: one with a control character other than a tab
/// (RFC 9110, 5.5). What follows a line break would be a header or a body of its own. The Error repeats no
/// value: it may be a secret.
void check_headers(const Response& response);

/// Decodes RFC 3986 percent-encoding; a malformed escape stays as it is.
[[nodiscard]] std::string percent_decoded(std::string_view text);

/// Fields of `a=1&b=two+words`, decoded, at most 1,000.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> decode_form(std::string_view text);

/// RFC 9457 problem document; `more` are extension members (section 3.2).
[[nodiscard]] Response problem(int status, std::string_view type, std::string_view title,
                               std::string_view detail, const boost::json::object& more = {});
[[nodiscard]] Response redirect(std::string location);  ///< 303

/// Text made safe inside HTML elements and quoted attributes.
[[nodiscard]] std::string html(std::string_view text);

struct Limits {
    std::uint64_t body = 8ULL << 20;
    std::size_t connections = 256;
    std::size_t connections_of_a_peer = 64;  ///< of one address, or one /64 of IPv6
    std::chrono::seconds idle{30};
    std::uint64_t bytes_per_second = 0;  ///< of files, for all clients together; 0: no limit
};

/// Listens from construction on; everything runs on the loop's thread. An exception from the handler, and an
/// answer with a control character in a header, become a 500 problem without its text, and are passed to
/// `on_error`.
class Server {
  public:
    using Handler = std::function<Response(const Request&)>;
    /// `listen` is `host:port`; port 0 chooses a free one. Throws Error with the address and the
    /// reason (a port in use).
    Server(boost::asio::io_context& loop, const std::string& listen, Handler handler, Limits limits = {},
           std::function<void(const std::string&)> on_error = {});
    ~Server();
    [[nodiscard]] std::uint16_t port() const;

  private:
    struct State;
    std::shared_ptr<State> state_;  // shared with the connections, which may outlive the server
};

}  // namespace riverlight::http
