// What a confined player cannot do, each tried in a child process; includes case 47, a hostile file's memory.
#include "player/confine/confine.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <fstream>
#include <functional>
#include <thread>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "player/confine/landlock.hpp"
#include "player/confine/seccomp.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::player {
namespace {

/// Runs `what` in a child process; its result, 0–100, or 101 where it throws.
int in_child(const std::function<int()>& what) {
    const pid_t child = ::fork();
    if (child == 0) {
        int code = 101;
        try {
            code = what();
        } catch (const std::exception&) {
        }
        ::_exit(code);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// The errno of a failed call; 0 where it succeeded.
int fault_of(long result) {
    return result < 0 ? errno : 0;
}

int socket_fault(int family) {
    const Fd fd(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    return fd ? 0 : errno;
}

int open_fault(const std::string& path, int flags) {
    const Fd fd(::open(path.c_str(), flags | O_CLOEXEC, 0600));
    return fd ? 0 : errno;
}

TEST(ConfineTest, AScreensPlayerHasNoNetwork) {
    ASSERT_EQ(in_child([] { return socket_fault(AF_INET); }), 0) << "before it is confined";
    for (const int family : {AF_INET, AF_INET6, AF_NETLINK, AF_PACKET})
        EXPECT_EQ(in_child([&] {
                      filter_system_calls({});
                      return socket_fault(family);
                  }),
                  EACCES)
            << "family " << family;
}

TEST(ConfineTest, OnlyAWindowsPlayerHasLocalSockets) {
    for (const Sockets sockets : {Sockets{}, Sockets{.network = true}}) {
        EXPECT_EQ(in_child([&] {
                      filter_system_calls(sockets);
                      return socket_fault(AF_UNIX);
                  }),
                  EACCES);
        EXPECT_EQ(in_child([&] {
                      filter_system_calls(sockets);
                      int pair[2];
                      return fault_of(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
                  }),
                  EACCES);
    }
    EXPECT_EQ(in_child([] {
                  filter_system_calls({.local = true});
                  return socket_fault(AF_UNIX);
              }),
              0)
        << "a display server's";
    EXPECT_EQ(in_child([] {
                  filter_system_calls({.local = true});
                  return socket_fault(AF_INET);
              }),
              EACCES);
}

TEST(ConfineTest, TheSocketItWasStartedWithStaysOpen) {
    int pair[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    const Fd one(pair[0]), other(pair[1]);
    EXPECT_EQ(in_child([&] {
                  filter_system_calls({});
                  return fault_of(::write(one.get(), "x", 1));
              }),
              0);
}

/// A local socket of this process without a file, that a child may try to reach.
class AbstractServer {
  public:
    AbstractServer() : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const auto name = "riverlight-" + random_hex(8);
        std::copy(name.begin(), name.end(), address_.sun_path + 1);
        size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
        EXPECT_EQ(::bind(fd_.get(), address(), size_), 0);
        EXPECT_EQ(::listen(fd_.get(), 4), 0);
    }
    [[nodiscard]] int connect_fault() const {
        const Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        return fault_of(::connect(fd.get(), address(), size_));
    }

  private:
    [[nodiscard]] const sockaddr* address() const { return reinterpret_cast<const sockaddr*>(&address_); }

    Fd fd_;
    sockaddr_un address_{.sun_family = AF_UNIX, .sun_path = {}};
    socklen_t size_ = 0;
};

/// Landlock's version on this kernel; 0: none.
int landlock_of_this_kernel() {
    return in_child([] { return restrict_files({"/"}, {}).value_or(0); });
}

TEST(ConfineTest, AbstractSocketsOfOthersAreOutOfReach) {
    if (landlock_of_this_kernel() < 6)
        GTEST_SKIP()
            << "this kernel's Landlock has no scopes: only the filter of system calls refuses sockets";
    const AbstractServer server;
    EXPECT_EQ(in_child([&] { return server.connect_fault(); }), 0) << "before it is confined";
    EXPECT_EQ(in_child([&] {
                  static_cast<void>(restrict_files({"/"}, {}));
                  return server.connect_fault();
              }),
              EPERM);
    EXPECT_EQ(in_child([&] {
                  static_cast<void>(restrict_files({"/"}, {}, {}, AbstractSockets::all));
                  return server.connect_fault();
              }),
              0)
        << "a window's display server";
}

TEST(ConfineTest, LandlockKeepsSignalsWithinTheProcess) {
    if (landlock_of_this_kernel() < 6)
        GTEST_SKIP()
            << "this kernel's Landlock has no scopes: only the filter of system calls refuses signals";
    EXPECT_EQ(in_child([] {
                  static_cast<void>(restrict_files({"/"}, {}));
                  return fault_of(::kill(::getppid(), 0));
              }),
              EPERM);
    EXPECT_EQ(in_child([] {
                  static_cast<void>(restrict_files({"/"}, {}));
                  return fault_of(::kill(::getpid(), 0));
              }),
              0);
}

TEST(ConfineTest, AFeedsPlayerHasInternetSocketsOnly) {
    EXPECT_EQ(in_child([] {
                  filter_system_calls({.network = true});
                  return socket_fault(AF_INET) + socket_fault(AF_INET6);
              }),
              0);
    EXPECT_EQ(in_child([] {
                  filter_system_calls({.network = true});
                  return socket_fault(AF_PACKET);
              }),
              EACCES);
}

TEST(ConfineTest, CannotStartProgramsOrInspectOtherProcesses) {
    EXPECT_EQ(in_child([] {
                  filter_system_calls({.network = true});
                  char name[] = "/bin/true";
                  char* words[] = {name, nullptr};
                  return fault_of(::execv(name, words));
              }),
              EPERM);
    EXPECT_EQ(in_child([] {
                  filter_system_calls({.network = true});
                  return fault_of(::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr));
              }),
              EPERM);
}

/// What the confined process must not do to another, here its parent.
struct Attempt {
    const char* name;
    std::function<long(pid_t other)> what;
    int fault = EPERM;
};
std::vector<Attempt> attempts_on_others() {
    static rlimit limit{1, 1};
    static cpu_set_t processors;
    static sched_param priority{};
    static siginfo_t info{};
    static std::array<char, 8> bytes{};
    static iovec here{bytes.data(), bytes.size()};
    CPU_ZERO(&processors);
    CPU_SET(0, &processors);
    info.si_code = -1;
    return {
        {"kill", [](pid_t other) { return long{::kill(other, 0)}; }},
        {"kill a group", [](pid_t other) { return long{::kill(-other, 0)}; }},
        {"kill its own group", [](pid_t) { return long{::kill(0, 0)}; }},
        {"kill all", [](pid_t) { return long{::kill(-1, 0)}; }},
        {"tkill", [](pid_t other) { return ::syscall(SYS_tkill, other, 0); }},
        {"tgkill", [](pid_t other) { return ::syscall(SYS_tgkill, other, other, 0); }},
        {"rt_sigqueueinfo", [](pid_t other) { return ::syscall(SYS_rt_sigqueueinfo, other, 0, &info); }},
        {"rt_tgsigqueueinfo",
         [](pid_t other) { return ::syscall(SYS_rt_tgsigqueueinfo, other, other, 0, &info); }},
        {"pidfd_open", [](pid_t other) { return ::syscall(SYS_pidfd_open, other, 0); }},
        {"pidfd_send_signal", [](pid_t) { return ::syscall(SYS_pidfd_send_signal, 0, 0, nullptr, 0); }},
        {"prlimit", [](pid_t other) { return long{::prlimit(other, RLIMIT_CORE, &limit, nullptr)}; }},
        {"prlimit, to read",
         [](pid_t other) { return long{::prlimit(other, RLIMIT_CORE, nullptr, &limit)}; }},
        {"sched_setaffinity",
         [](pid_t other) { return long{::sched_setaffinity(other, sizeof processors, &processors)}; }},
        {"sched_setscheduler",
         [](pid_t other) { return long{::sched_setscheduler(other, SCHED_OTHER, &priority)}; }},
        {"sched_setparam", [](pid_t other) { return long{::sched_setparam(other, &priority)}; }},
        {"sched_setattr", [](pid_t other) { return ::syscall(SYS_sched_setattr, other, nullptr, 0); }},
        {"setpriority",
         [](pid_t other) { return long{::setpriority(PRIO_PROCESS, static_cast<id_t>(other), 19)}; }},
        {"setpriority of a group", [](pid_t) { return long{::setpriority(PRIO_PGRP, 0, 19)}; }},
        {"setpriority of a user", [](pid_t) { return long{::setpriority(PRIO_USER, 0, 19)}; }},
        {"ioprio_set", [](pid_t other) { return ::syscall(SYS_ioprio_set, 1, other, 3 << 13); }},
        {"ioprio_set of a group", [](pid_t) { return ::syscall(SYS_ioprio_set, 2, 0, 3 << 13); }},
        {"ptrace", [](pid_t other) { return ::ptrace(PTRACE_SEIZE, other, nullptr, nullptr); }},
        {"process_vm_readv",
         [](pid_t other) { return long{::process_vm_readv(other, &here, 1, &here, 1, 0)}; }},
        {"process_vm_writev",
         [](pid_t other) { return long{::process_vm_writev(other, &here, 1, &here, 1, 0)}; }},
        {"setpgid", [](pid_t) { return long{::setpgid(0, 0)}; }},
        {"setsid", [](pid_t) { return long{::setsid()}; }},
        {"fork", [](pid_t) { return ::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr); }},
        {"clone3", [](pid_t) { return ::syscall(SYS_clone3, nullptr, 0); }, ENOSYS},
        {"F_SETOWN", [](pid_t other) { return long{::fcntl(0, F_SETOWN, other)}; }},
        {"TIOCSTI", [](pid_t) { return long{::ioctl(0, TIOCSTI, "x")}; }},
    };
}

TEST(ConfineTest, OtherProcessesAreOutOfReach) {
    for (const auto& attempt : attempts_on_others())
        EXPECT_EQ(in_child([&] {
                      const auto other = ::getppid();
                      filter_system_calls({.network = true, .local = true});
                      return fault_of(attempt.what(other));
                  }),
                  attempt.fault)
            << attempt.name;
}

TEST(ConfineTest, ItsOwnThreadsSignalsLimitsAndPrioritiesWork) {
    EXPECT_EQ(in_child([] {
                  filter_system_calls({});
                  int fault = fault_of(::kill(::getpid(), 0));
                  std::thread([&] {
                      fault += ::pthread_kill(::pthread_self(), 0);
                      fault += fault_of(::setpriority(PRIO_PROCESS, 0, 19));
                      cpu_set_t processors;
                      fault += fault_of(::sched_getaffinity(0, sizeof processors, &processors));
                      fault += fault_of(::sched_setaffinity(0, sizeof processors, &processors));
                      const sched_param normal{};
                      fault += fault_of(::sched_setscheduler(0, SCHED_OTHER, &normal));
                      fault += fault_of(::syscall(SYS_ioprio_set, 1, 0, 3 << 13));
                  }).join();
                  rlimit files{};
                  fault += fault_of(::getrlimit(RLIMIT_NOFILE, &files));
                  return fault + fault_of(::setrlimit(RLIMIT_NOFILE, &files));
              }),
              0);
}

TEST(ConfineTest, AFileBeyondItsLimitIsAFailedWriteNotTheEnd) {
    const test::Folder folder;
    EXPECT_EQ(in_child([&] {
                  ConfineOptions options;
                  options.write = {folder.path()};
                  options.largest_file = 1 << 20;
                  static_cast<void>(confine(options));
                  const Fd fd(::open((folder / "large").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
                  const std::vector<char> half(512 << 10);
                  if (::write(fd.get(), half.data(), half.size()) < 0) return 1;
                  if (::write(fd.get(), half.data(), half.size()) < 0) return 2;
                  return fault_of(::write(fd.get(), half.data(), 1));
              }),
              EFBIG);
}

TEST(ConfineTest, ThreadsThatStartLaterAreConfinedToo) {
    EXPECT_EQ(in_child([] {
                  filter_system_calls({});
                  int fault = 0;
                  std::thread([&] { fault = socket_fault(AF_INET); }).join();
                  return fault;
              }),
              EACCES);
}

TEST(ConfineTest, AFolderThatMayBeListedHidesItsFiles) {
    const test::Folder folder;
    std::filesystem::create_directories(folder / "devices");
    std::ofstream(folder / "devices/video0") << "x";
    if (in_child([] { return restrict_files({"/usr"}, {}) ? 0 : 1; }) != 0)
        GTEST_SKIP() << "this kernel has no Landlock: a player may read other files";
    const auto fault = [&](const std::vector<std::string>& list, const std::string& path, int how) {
        return in_child([&] {
            static_cast<void>(restrict_files({"/usr"}, {}, list));
            return open_fault(path, how);
        });
    };
    EXPECT_EQ(fault({}, folder / "devices", O_RDONLY | O_DIRECTORY), EACCES);
    EXPECT_EQ(fault({folder / "devices"}, folder / "devices", O_RDONLY | O_DIRECTORY), 0);
    EXPECT_EQ(fault({folder / "devices"}, folder / "devices/video0", O_RDONLY), EACCES);
}

TEST(ConfineTest, FilesOutsideItsOwnAreRefused) {
    const test::Folder folder;
    for (const auto* name : {"media", "outlet", "keys"}) std::filesystem::create_directories(folder / name);
    for (const auto* name : {"media/clip", "outlet/snapshot", "keys/board.key"})
        std::ofstream(folder / name) << "x";
    if (in_child([&] { return restrict_files({folder / "media"}, {}) ? 0 : 1; }) != 0)
        GTEST_SKIP() << "this kernel has no Landlock: a player may read other files";
    const auto fault = [&](const std::function<int()>& what) {
        return in_child([&] {
            static_cast<void>(restrict_files({folder / "media", folder / "not-there"}, {folder / "outlet"}));
            return what();
        });
    };
    EXPECT_EQ(fault([&] { return open_fault(folder / "media/clip", O_RDONLY); }), 0);
    EXPECT_EQ(fault([&] { return open_fault(folder / "media/clip", O_WRONLY); }), EACCES);
    EXPECT_EQ(fault([&] { return open_fault(folder / "media/new", O_WRONLY | O_CREAT); }), EACCES);
    EXPECT_EQ(fault([&] { return open_fault(folder / "outlet/new", O_WRONLY | O_CREAT | O_TRUNC); }), 0);
    EXPECT_EQ(
        fault([&] {
            return fault_of(::rename((folder / "outlet/new").c_str(), (folder / "outlet/snapshot").c_str()));
        }),
        0)
        << "a snapshot replaces the one before it";
    EXPECT_EQ(fault([&] { return open_fault(folder / "keys/board.key", O_RDONLY); }), EACCES);
    EXPECT_EQ(fault([&] { return fault_of(::unlink((folder / "keys/board.key").c_str())); }), EACCES);
}

TEST(ConfineTest, Case47MemoryIsLimited) {
#ifdef RIVERLIGHT_SANITIZED
    GTEST_SKIP() << "the sanitizer itself needs more than any limit";
#else
    EXPECT_EQ(in_child([] {
                  limit_memory(256LL << 20);
                  const std::vector<char> most(std::size_t{512} << 20);
                  return most.empty() ? 1 : 0;
              }),
              101)
        << "more than the limit throws std::bad_alloc";
    EXPECT_EQ(in_child([] {
                  limit_memory(256LL << 20);
                  const std::vector<char> little(std::size_t{16} << 20);
                  return little.empty() ? 1 : 0;
              }),
              0);
#endif
    EXPECT_THROW(limit_memory(1), Error);
}

}  // namespace
}  // namespace riverlight::player
