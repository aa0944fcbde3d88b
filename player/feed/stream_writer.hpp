#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "player/feed/packet.hpp"

namespace riverlight::player {

/// Counters since the start, by name.
using Figures = std::map<std::string, std::int64_t>;

/// The part of an output that may block and fail: files, HLS, SRT. It is made once and opened, closed and
/// opened again for as long as the feed runs. One thread.
class StreamWriter {
  public:
    virtual ~StreamWriter() = default;
    /// Throws Error in words for a status page: what failed, why, what to do. Returns early, by an Error,
    /// soon after `stop` becomes true.
    virtual void open(const std::atomic<bool>& stop) = 0;
    /// The next datagrams, in order. Returns which of them left: for each, whether anything took it. Throws
    /// Error if the connection or file is lost; then it is closed, and opened again later.
    [[nodiscard]] virtual std::vector<bool> write(std::span<const Datagram> datagrams) = 0;
    /// Closes in order, as far as possible.
    virtual void close() = 0;

    [[nodiscard]] virtual Figures figures() const { return {}; }
    /// Why nothing leaves although nothing is wrong ("no receiver has connected yet"); empty: it leaves.
    [[nodiscard]] virtual std::string idle_reason() const { return {}; }
    /// What a person should see to although the stream leaves; empty: nothing.
    [[nodiscard]] virtual std::string warning() const { return {}; }
    /// True if datagrams that queued up while it was closed are still to be written: a file needs them all, a
    /// receiver needs what is on now.
    [[nodiscard]] virtual bool accepts_backlog() const { return true; }
    /// How many datagrams it is best given at once.
    [[nodiscard]] virtual std::size_t batch_size() const { return 32; }
};

}  // namespace riverlight::player
