#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "player/cue/commands.hpp"
#include "player/cue/events.hpp"

namespace riverlight::firmware {

/// One player process, a child with a process group of its own, and the socket pair to it. The child dies
/// with its parent; its whole group is killed when it ends. Its end is known by its pidfd, whoever still
/// holds its socket. On the loop's thread, which never waits for it.
class PlayerProcess {
  public:
    using OnEvent = std::function<void(const player::Event&)>;
    /// Called once, after the last event, when the child has ended and been reaped; why, as a sentence. Also
    /// where it does not end within `stuck_after` of kill(): it hangs in the kernel, and is reaped later.
    using OnEnd = std::function<void(const std::string&)>;
    /// Starts the child; `--cue-fd` is added to the command line, whose first word is the program. Neither
    /// function is called before the constructor returns, nor after the destructor. Throws Error if the
    /// child cannot be started; a program that cannot be executed is reported by `on_end`.
    PlayerProcess(boost::asio::io_context& loop, std::vector<std::string> command_line, OnEvent on_event,
                  OnEnd on_end);
    ~PlayerProcess();  ///< kills a child that still runs, and reaps it unless it hangs in the kernel
    PlayerProcess(const PlayerProcess&) = delete;
    PlayerProcess& operator=(const PlayerProcess&) = delete;

    /// Commands arrive in this order; those to a child that has ended are dropped.
    void send(const player::Command& command);
    /// Ends the child and its group by SIGKILL; `on_end` follows, with `why` unless that is empty.
    void kill(const std::string& why = {});
    static constexpr std::chrono::seconds stuck_after{3};

    /// For how long, since its start, the child's main thread was ready to run and no processor was free;
    /// nothing if the kernel does not say.
    [[nodiscard]] std::optional<std::chrono::microseconds> waited_for_processor() const;

  private:
    struct State;
    std::shared_ptr<State> state_;  // shared with reads and writes in progress
};

}  // namespace riverlight::firmware
