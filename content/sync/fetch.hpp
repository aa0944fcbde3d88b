#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "content/sync/sync.hpp"

namespace riverlight::content {

/// Fetches single things below one base URL (http, https, file) with libcurl's easy interface, one connection
/// kept open. One thread. Every transfer is capped while it runs, never after.
class Fetcher {
  public:
    explicit Fetcher(const SyncOptions& options);
    ~Fetcher();

    /// The bytes of `<base>/<path>`, at most `cap`; nothing where the server has none (404, 403 as some
    /// static hosts say it). Throws Error for everything else.
    [[nodiscard]] std::optional<std::string> bytes(const std::string& path, std::uint64_t cap);
    /// Like bytes(), but absence is an Error too.
    [[nodiscard]] std::string need(const std::string& path, std::uint64_t cap);
    /// Brings `<base>/<path>` of exactly `size` bytes with `sha256` to the file `into`, going on where an
    /// earlier try left off. A file that turns out other than signed is removed and Error thrown.
    void file(const std::string& path, const std::string& into, std::uint64_t size, const std::string& sha256,
              const std::function<void(std::uint64_t done)>& progress);
    [[nodiscard]] std::uint64_t crossed() const;  ///< bytes received so far

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::content
