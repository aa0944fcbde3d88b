#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "player/cue/cue.hpp"

namespace riverlight::firmware {

/// One life of a player: a child process and the conversation with it. Everything runs on the loop's thread.
/// The child dies with its parent.
class PlayerProcess {
  public:
    using OnEvent = std::function<void(const player::Event&)>;
    /// Called once, after the last event, when the child has ended and been reaped; why, as a sentence.
    using OnEnd = std::function<void(const std::string&)>;
    /// `words` is the command line, program first; `--cue-fd` is added. Throws Error if it cannot start.
    PlayerProcess(boost::asio::io_context& loop, std::vector<std::string> words, OnEvent on_event,
                  OnEnd on_end);
    ~PlayerProcess();  ///< kills and reaps a child that still runs
    void say(const player::Command& command);
    void kill();
    [[nodiscard]] int pid() const;

  private:
    struct State;
    std::shared_ptr<State> state_;  // shared with reads and writes under way
};

}  // namespace riverlight::firmware
