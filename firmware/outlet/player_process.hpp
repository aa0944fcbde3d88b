#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "player/cue/commands.hpp"
#include "player/cue/events.hpp"

namespace riverlight::firmware {

/// One player process, a child, and the socket pair to it. The child dies with its parent. On the loop's
/// thread.
class PlayerProcess {
  public:
    using OnEvent = std::function<void(const player::Event&)>;
    /// Called once, after the last event, when the child has ended and been reaped; why, as a sentence.
    using OnEnd = std::function<void(const std::string&)>;
    /// Starts the child; `--cue-fd` is added to the command line, whose first word is the program. Neither
    /// function is called before the constructor returns, nor after the destructor. Throws Error if the
    /// child cannot be started; a program that cannot be executed is reported by `on_end`.
    PlayerProcess(boost::asio::io_context& loop, std::vector<std::string> command_line, OnEvent on_event,
                  OnEnd on_end);
    ~PlayerProcess();  ///< kills and reaps a child that still runs
    PlayerProcess(const PlayerProcess&) = delete;
    PlayerProcess& operator=(const PlayerProcess&) = delete;

    /// Commands arrive in this order; those to a child that has ended are dropped.
    void send(const player::Command& command);
    /// Ends the child by SIGKILL; `on_end` follows.
    void kill();

  private:
    struct State;
    std::shared_ptr<State> state_;  // shared with reads and writes in progress
};

}  // namespace riverlight::firmware
