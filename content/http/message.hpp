#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a server is asked and what it answers.
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

/// A body that is made piece by piece while it is sent, so that it never lies in memory as a whole.
struct BodyStream {
    /// The next piece; empty: that was all. Called on `worker`, never twice at a time, and not before the
    /// piece before it left: a slow client holds no more than one piece. An exception ends the connection in
    /// the middle of the body, so that the client notices, and is passed to the server's `on_error`. It ends
    /// with the connection, on any thread.
    std::function<std::string()> next;
    boost::asio::any_io_executor worker;
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
    /// Send this instead of `body`, in chunks (RFC 9112, 7.1).
    std::optional<BodyStream> stream{};
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

}  // namespace riverlight::http
