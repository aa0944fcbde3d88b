#include "firmware/outlet/player_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <cassert>
#include <cerrno>
#include <csignal>
#include <deque>
#include <fstream>
#include <optional>
#include <utility>

#include "content/base/files.hpp"
#include "player/cue/message.hpp"

namespace riverlight::firmware {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

using namespace std::chrono_literals;

/// A child that closes its socket has to end by then.
constexpr auto end_after_close = 20ms;
/// How long a player that is replaced may take to end: it holds the display and the sound device.
constexpr auto end_when_replaced = 500ms;

int open_pidfd(pid_t pid) {
    return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

std::string end_in_words(int status) {
    if (WIFSIGNALED(status)) return "the player was killed by signal " + std::to_string(WTERMSIG(status));
    if (WEXITSTATUS(status) == 127) return "riverlight-player could not be started; is it installed?";
    return "the player ended with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

struct PlayerProcess::State : std::enable_shared_from_this<State> {
    State(asio::io_context& loop, OnEvent event, OnEnd end)
        : socket(loop), exit(loop), timer(loop), on_event(std::move(event)), on_end(std::move(end)) {}

    asio::local::stream_protocol::socket socket;
    asio::posix::stream_descriptor exit;  ///< the child's pidfd: readable once it has ended
    asio::steady_timer timer;             ///< the child should have ended
    OnEvent on_event;
    OnEnd on_end;
    pid_t pid = -1;  ///< −1: reaped
    std::array<char, 16384> bytes{};
    std::string reading;
    std::deque<std::string> writing;
    std::string fault;

    void read() {
        socket.async_read_some(asio::buffer(bytes),
                               [self = shared_from_this()](error_code ec, std::size_t got) {
                                   if (!self->on_end) return;  // the owner was destroyed
                                   if (ec) return self->kill_after(end_after_close);
                                   self->handle(got);
                                   if (self->on_end) self->read();
                               });
    }
    void handle(std::size_t got) {
        reading.append(bytes.data(), got);
        for (auto end = reading.find('\n'); end != std::string::npos && on_event; end = reading.find('\n')) {
            const auto line = reading.substr(0, end);
            reading.erase(0, end + 1);
            std::optional<player::Event> event;
            try {
                event = player::parse_event(line);
            } catch (const Error& e) {
                fault = std::string("the player sent an unknown event: ") + e.what();
                return kill();
            }
            on_event(*event);
        }
        if (reading.size() > player::longest_line) kill();
    }
    void write() {
        asio::async_write(socket, asio::buffer(writing.front()),
                          [self = shared_from_this()](error_code ec, std::size_t) {
                              if (ec) return;  // the read reports the end
                              self->writing.pop_front();
                              if (!self->writing.empty()) self->write();
                          });
    }
    void wait_for_exit() {
        exit.async_wait(asio::posix::stream_descriptor::wait_read,
                        [self = shared_from_this()](error_code ec) {
                            if (!ec) self->ended(self->reap());
                        });
    }
    void kill_after(std::chrono::milliseconds time) {
        timer.expires_after(time);
        timer.async_wait([self = shared_from_this()](error_code ec) {
            if (!ec) self->kill();
        });
    }
    void kill() {
        if (pid < 0) return;
        kill_group();
        timer.expires_after(stuck_after);
        timer.async_wait([self = shared_from_this()](error_code ec) {
            if (!ec && self->pid >= 0)
                self->ended(
                    "the player was killed and does not end: it hangs in the kernel, in a driver or on a "
                    "disk");
        });
    }
    void kill_group() const {
        ::kill(-pid, SIGKILL);
        ::kill(pid, SIGKILL);  // it may not have got its group yet
    }
    /// The child has ended. What it left in its group ends too.
    std::string reap() {
        assert(pid > 0);
        int status = 0;
        const auto done = ::waitpid(pid, &status, WNOHANG);
        ::kill(-pid, SIGKILL);
        pid = -1;
        if (!fault.empty()) return fault;
        return done > 0 ? end_in_words(status) : "the player's end could not be read";
    }
    /// What it sent before it ended is handled first.
    void ended(const std::string& why) {
        timer.cancel();
        while (on_event && on_end) {
            error_code ec;
            socket.non_blocking(true, ec);
            const auto got = socket.read_some(asio::buffer(bytes), ec);
            if (ec) break;
            handle(got);
        }
        const auto end = std::exchange(on_end, nullptr);
        on_event = nullptr;
        error_code ignored;
        socket.close(ignored);
        if (end) end(why);
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
        ::setpgid(0, 0);
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) ::_exit(127);
        sigset_t none;
        ::sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        if (child_end.get() == 3 ? ::fcntl(3, F_SETFD, 0) < 0 : ::dup2(child_end.get(), 3) < 0) ::_exit(127);
        ::execv(args[0], args.data());
        ::_exit(127);
    }
    ::setpgid(state_->pid, state_->pid);  // whoever comes first
    const int pidfd = open_pidfd(state_->pid);
    if (pidfd < 0) {
        const int why = errno;
        state_->kill_group();
        throw Error("the player cannot be watched: " + system_reason(why));
    }
    state_->exit.assign(pidfd);
    state_->read();
    state_->wait_for_exit();
}

PlayerProcess::~PlayerProcess() {
    auto& s = *state_;
    s.on_event = nullptr;
    s.on_end = nullptr;
    error_code ignored;
    s.socket.close(ignored);
    if (s.pid < 0) return;
    s.kill_group();
    pollfd exit{s.exit.native_handle(), POLLIN, 0};
    if (::poll(&exit, 1, static_cast<int>(end_when_replaced.count())) != 1) return;  // reaped when it ends
    s.exit.cancel(ignored);
    static_cast<void>(s.reap());
}

void PlayerProcess::send(const player::Command& command) {
    state_->writing.push_back(player::to_line(command) + '\n');
    if (state_->writing.size() == 1) state_->write();
}

void PlayerProcess::kill(const std::string& why) {
    if (state_->fault.empty()) state_->fault = why;
    state_->kill();
}

std::optional<std::chrono::microseconds> PlayerProcess::waited_for_processor() const {
    if (state_->pid < 0) return {};
    std::ifstream statistics("/proc/" + std::to_string(state_->pid) + "/schedstat");
    std::int64_t running = 0, waiting = 0;  // nanoseconds
    if (!(statistics >> running >> waiting)) return {};
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::nanoseconds{waiting});
}

}  // namespace riverlight::firmware
