#include "firmware/update/run_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <csignal>

#include "content/base/error.hpp"
#include "content/base/files.hpp"

namespace riverlight::firmware {
namespace {

constexpr std::size_t longest_words = 2000;

/// posix_spawn's description of the child's files: /dev/null, and the pipe twice.
class ChildFiles {
  public:
    explicit ChildFiles(int out) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, out, STDERR_FILENO);
    }
    ChildFiles(const ChildFiles&) = delete;
    ChildFiles& operator=(const ChildFiles&) = delete;
    ~ChildFiles() { ::posix_spawn_file_actions_destroy(&actions_); }
    [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_{};
};

pid_t start(std::vector<std::string>& words, int out) {
    std::vector<char*> args;
    args.reserve(words.size() + 1);
    for (auto& word : words) args.push_back(word.data());
    args.push_back(nullptr);
    const ChildFiles files(out);
    pid_t pid = -1;
    const int fault = ::posix_spawnp(&pid, args[0], files.get(), nullptr, args.data(), environ);
    if (fault != 0) throw Error(words[0] + ": cannot be started: " + system_reason(fault));
    return pid;
}

int wait_for_end(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Reads until the other end is closed; false if that is not before `until`.
bool read_until_closed(int in, std::chrono::steady_clock::time_point until, std::string& words) {
    std::array<char, 4096> some{};
    while (true) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (left.count() <= 0) return false;
        pollfd waiting{in, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)));
        if (ready <= 0) continue;
        const auto got = ::read(in, some.data(), some.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return true;
        words.append(some.data(), static_cast<std::size_t>(got));
        if (words.size() > longest_words) words.erase(0, words.size() - longest_words);
    }
}

}  // namespace

ProgramEnd run_program(std::vector<std::string> words, std::chrono::seconds patience) {
    assert(!words.empty());
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
        throw Error(words[0] + ": no pipe for it: " + system_reason(errno));
    const Fd in(pipe[0]);
    Fd out(pipe[1]);
    const auto pid = start(words, out.get());
    out.reset();
    ProgramEnd end;
    end.timed_out = !read_until_closed(in.get(), std::chrono::steady_clock::now() + patience, end.words);
    if (end.timed_out) ::kill(pid, SIGKILL);
    end.code = wait_for_end(pid);
    return end;
}

}  // namespace riverlight::firmware
