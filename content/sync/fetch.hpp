#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "content/base/instant.hpp"
#include "content/channel/metadata.hpp"
#include "content/sync/bandwidth_limit.hpp"

namespace riverlight::content {

/// Why a file did not come. `where.file` of the errors below is its URL, without a login.
enum class FetchFault : std::uint8_t {
    broken,         ///< no answer, or the connection ended before the file did
    status,         ///< the server answers with an error
    proxy_login,    ///< the proxy asks for another login
    sign_in_page,   ///< a web page came in place of the file (captive portal)
    redirect,       ///< to where it is not followed
    redirect_loop,  ///< more redirects than are followed
    absent,         ///< the server has no such file
    encoded,        ///< the server compresses what it was asked to send as it is
    bytes,          ///< other bytes than the signed ones
    too_long,       ///< more bytes than allowed
    replaced,       ///< another program replaced the file while it was downloaded
};
using FetchError = Refused<FetchFault>;

/// A server did not answer, the connection broke, or the answer was not a file: a sign-in page, a redirect to
/// another host, an error. Another source, or another time, may succeed.
class ConnectionError : public FetchError {
  public:
    using FetchError::FetchError;
};

/// The server has no such file.
class NotFound : public ConnectionError {
  public:
    using ConnectionError::ConnectionError;
};

/// The received bytes are not the signed ones, or there are more of them than allowed.
class ContentMismatch : public FetchError {
  public:
    using FetchError::FetchError;
};

/// The file at this URL as messages name it: `cannot fetch https://…`.
[[nodiscard]] Where not_fetched(const std::string& url);

/// Removes logins (`user:password@`) from all URLs in `text`, for messages.
[[nodiscard]] std::string without_login(std::string text);

/// How to get out of this network.
struct ProxySettings {
    /// `http://host:port` (also https, socks5, socks5h). Empty: `http_proxy`, `https_proxy`, `all_proxy` and
    /// `no_proxy` of the environment decide.
    std::string url{};
    std::string login{};   ///< `user:password`; never part of a message
    std::string bypass{};  ///< hosts, domains and networks reached directly, comma-separated; `*`: all
};

struct FetchOptions {
    std::string base_url{};                      ///< http(s):// or file://
    std::string ca_file{};                       ///< private certificate authority; empty: the system's
    int low_speed_bytes = 64;                    ///< a transfer below this many bytes a second …
    std::chrono::seconds low_speed_period{30};   ///< … for this long is given up
    std::chrono::seconds metadata_timeout{900};  ///< for one file of metadata or facts
    std::chrono::seconds connect_timeout{20};
    ProxySettings proxy{};
    /// A moment that has certainly passed. Certificates are judged as of then while the system's clock is
    /// behind it, as on a board that starts in 1970.
    std::optional<Instant> not_before{};
    std::function<void(std::uint64_t bytes)> received{};  ///< called as bytes arrive: headers and bodies
};

/// Fetches files below one base URL over one connection, which stays open. Limits bytes and time while a
/// transfer runs. Follows redirects only within the same host and never from https to http. A web page in
/// place of a file is taken for the sign-in page of a network (captive portal) and reported as
/// ConnectionError. For one thread.
class Fetcher {
  public:
    explicit Fetcher(FetchOptions options);
    ~Fetcher();

    /// The bytes of `<base>/<path>`, at most `cap` after unpacking; nothing if the server has no such file
    /// (404, 410, or 403 as some static hosts answer). `path` is percent-encoded. Throws ConnectionError;
    /// ContentMismatch for more than `cap` bytes.
    [[nodiscard]] std::optional<std::string> bytes(const std::string& path, std::uint64_t cap);
    /// Like bytes(), but throws NotFound if the server has no such file.
    [[nodiscard]] std::string need(const std::string& path, std::uint64_t cap);
    /// Downloads `<base>/<path>` to the file `into` and verifies the length and hashes in `facts`. The file
    /// grows at `staged`. A later call continues there (Range, If-Range), from this source or another. The
    /// download starts over if the server has another version or ignores the range, or if a hash is wrong, so
    /// bytes of two versions are never joined. A broken connection is retried while each try brings at least
    /// a two-hundredth of the file. `into` afterwards is the very file whose bytes were verified. Throws
    /// ConnectionError (NotFound), ContentMismatch, DiskFault, BandwidthClosed. Removes `staged` if its bytes
    /// are wrong or the disk is full.
    void file(const std::string& path, const std::string& staged, const std::string& into,
              const FileFacts& facts, const std::function<void(std::uint64_t done)>& progress);
    /// Limits file() from now on; none: no limit.
    void limit_bandwidth(GetBandwidthLimit limit);
    /// The URL of a file as a message may show it.
    [[nodiscard]] std::string shown(const std::string& path) const;
    /// Bytes received so far, with headers, as they arrived (packed).
    [[nodiscard]] std::uint64_t received_bytes() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::content
