#include "firmware/outlet/player_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <cassert>
#include <cerrno>
#include <csignal>
#include <deque>
#include <optional>

#include "content/base/files.hpp"
#include "player/cue/message.hpp"

namespace riverlight::firmware {

namespace asio = boost::asio;
using boost::system::error_code;

struct PlayerProcess::State : std::enable_shared_from_this<State> {
    State(asio::io_context& loop, OnEvent event, OnEnd end)
        : socket(loop), on_event(std::move(event)), on_end(std::move(end)) {}

    asio::local::stream_protocol::socket socket;
    OnEvent on_event;
    OnEnd on_end;
    pid_t pid = -1;
    std::array<char, 16384> bytes{};
    std::string reading;
    std::deque<std::string> writing;
    std::string fault;

    void read() {
        socket.async_read_some(asio::buffer(bytes),
                               [self = shared_from_this()](error_code ec, std::size_t got) {
                                   if (!self->on_end) return;  // the owner was destroyed
                                   if (ec) return self->ended();
                                   self->reading.append(self->bytes.data(), got);
                                   self->handle_lines();
                                   if (self->on_end) self->read();
                               });
    }
    void handle_lines() {
        for (auto end = reading.find('\n'); end != std::string::npos && on_event; end = reading.find('\n')) {
            const auto line = reading.substr(0, end);
            reading.erase(0, end + 1);
            std::optional<player::Event> event;
            try {
                event = player::parse_event(line);
            } catch (const Error& e) {
                fault = std::string("the player sent an unknown event: ") + e.what();
                ::kill(pid, SIGKILL);
                return;
            }
            on_event(*event);
        }
        if (reading.size() > player::longest_line) ::kill(pid, SIGKILL);
    }
    void write() {
        asio::async_write(socket, asio::buffer(writing.front()),
                          [self = shared_from_this()](error_code ec, std::size_t) {
                              if (ec) return;  // the read reports the end
                              self->writing.pop_front();
                              if (!self->writing.empty()) self->write();
                          });
    }
    /// The socket is closed: the child has ended, or will.
    void ended() {
        assert(on_end && "reported once");
        const auto why = reap();
        const auto end = std::move(on_end);
        on_end = nullptr;
        on_event = nullptr;
        end(why);
    }
    std::string reap() {
        if (pid < 0) return "the player was not running";
        int status = 0;
        pid_t done = ::waitpid(pid, &status, WNOHANG);
        if (done == 0) {  // a child that closes its socket has to end
            ::usleep(20'000);
            done = ::waitpid(pid, &status, WNOHANG);
            if (done == 0) {
                ::kill(pid, SIGKILL);
                done = ::waitpid(pid, &status, 0);
            }
        }
        pid = -1;
        if (!fault.empty()) return fault;
        if (done < 0) return "the player's end could not be read";
        if (WIFSIGNALED(status)) return "the player was killed by signal " + std::to_string(WTERMSIG(status));
        if (WEXITSTATUS(status) == 127) return "riverlight-player could not be started; is it installed?";
        return "the player ended with status " + std::to_string(WEXITSTATUS(status));
    }
};

PlayerProcess::PlayerProcess(asio::io_context& loop, std::vector<std::string> command_line, OnEvent on_event,
                             OnEnd on_end)
    : state_(std::make_shared<State>(loop, std::move(on_event), std::move(on_end))) {
    assert(!command_line.empty() && state_->on_event && state_->on_end);
    int pair[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        throw Error("no socket for the player: " + system_reason(errno));
    state_->socket.assign(asio::local::stream_protocol(), pair[0]);
    const Fd child_end(pair[1]);
    command_line.insert(command_line.end(), {"--cue-fd", "3"});
    std::vector<char*> args;
    args.reserve(command_line.size() + 1);
    for (auto& word : command_line) args.push_back(word.data());
    args.push_back(nullptr);
    const pid_t parent = ::getpid();
    state_->pid = ::fork();
    if (state_->pid < 0) throw Error("the player could not be started: " + system_reason(errno));
    if (state_->pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) ::_exit(127);
        sigset_t none;
        ::sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        if (child_end.get() == 3 ? ::fcntl(3, F_SETFD, 0) < 0 : ::dup2(child_end.get(), 3) < 0) ::_exit(127);
        ::execv(args[0], args.data());
        ::_exit(127);
    }
    state_->read();
}

PlayerProcess::~PlayerProcess() {
    state_->on_event = nullptr;
    state_->on_end = nullptr;
    error_code ignored;
    state_->socket.close(ignored);
    if (state_->pid > 0) {
        ::kill(state_->pid, SIGKILL);
        ::waitpid(state_->pid, nullptr, 0);
    }
}

void PlayerProcess::send(const player::Command& command) {
    state_->writing.push_back(player::to_line(command) + '\n');
    if (state_->writing.size() == 1) state_->write();
}

void PlayerProcess::kill() {
    if (state_->pid > 0) ::kill(state_->pid, SIGKILL);
}

}  // namespace riverlight::firmware
