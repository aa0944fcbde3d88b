#pragma once
#include <cstdint>
#include <memory>
#include <string>

namespace riverlight::firmware {

/// Hands out `<folder>/<sha256>.<ext>` as `/media/<sha256>.<ext>` to whoever asks, and nothing else: no list,
/// no other name, no other method. A thread of its own, so that the board's loop touches no media; at most
/// eight at a time, and so many bytes a second to all of them together.
class MediaServer {
  public:
    /// `listen` is host:port, port 0 takes any; `bytes_per_second` 0: as fast as it goes. Throws Error naming
    /// the address and the reason.
    MediaServer(const std::string& listen, std::string folder, std::uint64_t bytes_per_second);
    ~MediaServer();
    [[nodiscard]] std::uint16_t port() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Whether `path` is `/media/` and a name that media have in a store.
[[nodiscard]] bool is_media_path(std::string_view path);

}  // namespace riverlight::firmware
