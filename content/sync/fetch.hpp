#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "content/base/instant.hpp"
#include "content/channel/metadata.hpp"
#include "content/sync/pace.hpp"

namespace riverlight::content {

/// A server did not answer, broke off, or answered with something else than a file: a sign-in page, a
/// redirect elsewhere, an error. Another source, or another time, may do better.
class LineFault : public Error {
  public:
    using Error::Error;
};

/// There is no such file there.
class Absent : public LineFault {
  public:
    using LineFault::LineFault;
};

/// What came is not what was signed, or longer than it may be.
class WrongBytes : public Error {
  public:
    using Error::Error;
};

/// A URL as messages show it: without the login that may stand in it. Also takes logins out of any text.
[[nodiscard]] std::string without_login(std::string text);

/// How bytes get out of this network.
struct Outbound {
    /// `http://host:port` (also https, socks5, socks5h); empty: as `http_proxy`, `https_proxy`, `all_proxy`
    /// and `no_proxy` of the environment say.
    std::string proxy{};
    std::string proxy_login{};  ///< `user:password`; never in a message
    std::string no_proxy{};     ///< hosts, domains and networks reached without it, comma-separated; `*`: all
};

struct FetchOptions {
    std::string base_url{};      ///< http(s):// or file://; everything lies below it
    std::string ca_file{};       ///< private CA; empty: the system's
    int low_speed_bytes = 64;    ///< give a transfer up below this many bytes a second …
    int low_speed_seconds = 30;  ///< … for this long
    int metadata_seconds = 900;  ///< and a whole file of metadata or facts after this long
    int connect_seconds = 20;    ///< until a connection stands
    Outbound outbound{};
    /// A moment that has passed for certain: certificates are judged as of then where the system's clock is
    /// still before it, as on a board that starts in 1970.
    std::optional<Instant> not_before{};
    std::function<void(std::uint64_t bytes)> received{};  ///< told as they cross: headers and bodies
};

/// Fetches single things below one base URL with libcurl's easy interface, one connection kept open. One
/// thread. Every transfer is capped in bytes and time while it runs, never after. HTTPS is never left: a
/// redirect leads to the same host, and to https where it was https, or the transfer fails. A web page where
/// none belongs is the sign-in of somebody's network, and a LineFault that says so. No message shows a login.
class Fetcher {
  public:
    explicit Fetcher(FetchOptions options);
    ~Fetcher();

    /// The bytes of `<base>/<path>`, at most `cap`; nothing where the server has none (404, 410, 403 as some
    /// static hosts say it). They may be packed (gzip) on their way; `cap` counts them unpacked. `path` is
    /// percent-encoded. Throws LineFault; WrongBytes for more than `cap`.
    [[nodiscard]] std::optional<std::string> bytes(const std::string& path, std::uint64_t cap);
    /// Like bytes(), but absence is an Error (Absent) too.
    [[nodiscard]] std::string need(const std::string& path, std::uint64_t cap);
    /// Brings `<base>/<path>` with the length and the hashes of `facts` to the file `into`. It grows in
    /// `staged` and goes on there where an earlier try left off, at this source or another (Range, If-Range);
    /// bytes of two versions are never joined: another version, a range that was not asked for, or a hash
    /// that does not hold starts over. A line that breaks again and again is taken up again as long as each
    /// try brings a two-hundredth of the file. What is at `into` afterwards is the very file whose bytes were
    /// verified. Throws LineFault (Absent), WrongBytes, DiskFault, LineClosed; `staged` is removed where its
    /// bytes are wrong or the disk is full.
    void file(const std::string& path, const std::string& staged, const std::string& into,
              const FileFacts& facts, const std::function<void(std::uint64_t done)>& progress);
    /// The pace of file() from now on; none: as fast as it goes.
    void keep_to(AskPace pace);
    /// The address of a file as a message may show it.
    [[nodiscard]] std::string shown(const std::string& path) const;
    [[nodiscard]] std::uint64_t crossed() const;  ///< bytes received so far, headers too, as packed

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::content
