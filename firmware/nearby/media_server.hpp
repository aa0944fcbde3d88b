#pragma once
#include <cstdint>
#include <memory>
#include <string>

namespace riverlight::firmware {

/// Serves `<folder>/<sha256>.<ext>` as `/media/<sha256>.<ext>`, and nothing else: no listing, no other name,
/// GET only. It has a thread of its own, so that the board's loop touches no media; at most eight connections
/// at a time, which share one limit of bytes a second.
class MediaServer {
  public:
    /// `listen` is host:port, port 0 chooses a free one; `bytes_per_second` 0: no limit. Throws Error naming
    /// the address and the reason.
    MediaServer(const std::string& listen, std::string folder, std::uint64_t bytes_per_second);
    ~MediaServer();
    [[nodiscard]] std::uint16_t port() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// True if `path` is `/media/` and a name that a store gives to media.
[[nodiscard]] bool is_media_path(std::string_view path);

}  // namespace riverlight::firmware
