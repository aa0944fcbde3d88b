#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "content/channel/metadata.hpp"

namespace riverlight::content {

struct FetchOptions {
    std::string base_url{};      ///< http(s):// or file://; everything lies below it
    std::string ca_file{};       ///< private CA; empty: the system's
    int low_speed_bytes = 64;    ///< give a transfer up below this many bytes a second …
    int low_speed_seconds = 30;  ///< … for this long
    int metadata_seconds = 900;  ///< and a whole file of metadata or facts after this long
};

/// Fetches single things below one base URL with libcurl's easy interface, one connection kept open. One
/// thread. Every transfer is capped in bytes and time while it runs, never after. HTTPS is never left: a
/// redirect leads to the same host, and to https where it was https, or the transfer fails. A web page where
/// none belongs is the sign-in of somebody's network, and an Error that says so.
class Fetcher {
  public:
    explicit Fetcher(FetchOptions options);
    ~Fetcher();

    /// The bytes of `<base>/<path>`, at most `cap`; nothing where the server has none (404, 410, 403 as some
    /// static hosts say it). `path` is percent-encoded. Throws Error for everything else.
    [[nodiscard]] std::optional<std::string> bytes(const std::string& path, std::uint64_t cap);
    /// Like bytes(), but absence is an Error too.
    [[nodiscard]] std::string need(const std::string& path, std::uint64_t cap);
    /// Brings `<base>/<path>` with the length and the hashes of `facts` to the file `into`. It grows in
    /// `staged` and goes on there where an earlier try left off (Range, If-Range); bytes of two versions are
    /// never joined: another version, a range that was not asked for, or a hash that does not hold starts
    /// over. A line that breaks again and again is taken up again as long as each try brings a two-hundredth
    /// of the file. What is at `into` afterwards is the very file whose bytes were verified. Throws Error;
    /// `staged` is removed where its bytes are wrong or the disk is full.
    void file(const std::string& path, const std::string& staged, const std::string& into,
              const FileFacts& facts, const std::function<void(std::uint64_t done)>& progress);
    [[nodiscard]] std::uint64_t crossed() const;  ///< bytes received so far

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::content
