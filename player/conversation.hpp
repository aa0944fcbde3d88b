#pragma once
#include <chrono>
#include <functional>
#include <string>

#include "content/base/files.hpp"
#include "player/cue/commands.hpp"
#include "player/cue/events.hpp"

namespace riverlight::player {

/// Commands in and events out (player/cue/commands.hpp, events.hpp), one JSON object a line, over
/// non-blocking descriptors: the player never waits for the daemon. If the daemon stops reading, `progress`
/// and `health` events are dropped once 256 KiB wait, and the conversation ends once 1 MiB waits. One thread.
class Conversation {
  public:
    /// `in` and `out` may be the same socket. The caller keeps both open; they become non-blocking.
    Conversation(int in, int out);
    /// Passes each command that arrived since the last call to `handle`. A line that is not a command is
    /// answered with a `trouble` event.
    void poll(const std::function<void(const Command&)>& handle);
    /// Waits until input arrives or the other side closes, at most `longest`.
    void wait_for_input(std::chrono::milliseconds longest) const;
    /// True once the other side closed, sent a line that is too long, or stopped reading.
    [[nodiscard]] bool is_closed() const { return closed_; }
    /// Sends an event, or queues it while the other side is not reading.
    void send(const Event& event);
    /// Waits until all queued events have left, at most `longest`.
    void flush(std::chrono::milliseconds longest);

  private:
    void read_available();
    void write_queued();

    int in_, out_;
    std::string incoming_, outgoing_;
    bool closed_ = false;
};

}  // namespace riverlight::player
