#pragma once
#include <deque>
#include <functional>
#include <string>

#include "content/base/files.hpp"
#include "player/cue/cue.hpp"

namespace riverlight::player {

/// Cues in and events out, a line each, on descriptors that never make the player wait: a daemon that does
/// not listen loses its `progress` and `health`, and after a megabyte the conversation.
class Conversation {
  public:
    /// `in` and `out` may be the same socket. Does not own them.
    Conversation(int in, int out);
    /// Commands that have come since; a line that is none becomes a `trouble` event.
    void poll(const std::function<void(const Command&)>& take);
    /// Waits until something comes or the other side closes, at most so long.
    void wait(std::chrono::milliseconds longest) const;
    /// The other side closed, or broke the rules.
    [[nodiscard]] bool over() const { return over_; }
    void tell(const Event& event);
    /// Waits until everything told has left, at most so long.
    void flush(std::chrono::milliseconds longest);

  private:
    void push();

    int in_, out_;
    std::string reading_, writing_;
    bool over_ = false;
};

}  // namespace riverlight::player
