// What a confined player cannot do, each tried in a child process; includes case 47, a hostile file's memory.
#include "player/confine/confine.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <functional>
#include <thread>

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
                      filter_system_calls(false);
                      return socket_fault(family);
                  }),
                  EACCES)
            << "family " << family;
    EXPECT_EQ(in_child([] {
                  filter_system_calls(false);
                  return socket_fault(AF_UNIX);
              }),
              0)
        << "a display server uses a local socket";
}

TEST(ConfineTest, AFeedsPlayerHasInternetSocketsOnly) {
    EXPECT_EQ(in_child([] {
                  filter_system_calls(true);
                  return socket_fault(AF_INET) + socket_fault(AF_INET6);
              }),
              0);
    EXPECT_EQ(in_child([] {
                  filter_system_calls(true);
                  return socket_fault(AF_PACKET);
              }),
              EACCES);
}

TEST(ConfineTest, CannotStartProgramsOrInspectOtherProcesses) {
    EXPECT_EQ(in_child([] {
                  filter_system_calls(true);
                  char name[] = "/bin/true";
                  char* words[] = {name, nullptr};
                  return fault_of(::execv(name, words));
              }),
              EPERM);
    EXPECT_EQ(in_child([] {
                  filter_system_calls(true);
                  return fault_of(::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr));
              }),
              EPERM);
}

TEST(ConfineTest, ThreadsThatStartLaterAreConfinedToo) {
    EXPECT_EQ(in_child([] {
                  filter_system_calls(false);
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
