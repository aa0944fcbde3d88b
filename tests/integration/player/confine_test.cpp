// What a player can no longer do, tried in a process of its own. Case 47 of a hostile file's memory among it.
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
#include "tests/support/folder.hpp"

namespace riverlight::player {
namespace {

/// What `what` gives back in a child, 0–100; 101 where it throws.
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

/// The errno of a call that gives back -1; 0 where it does not.
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
        << "a display is spoken to over a local socket";
}

TEST(ConfineTest, AFeedsPlayerHasItsLineOnly) {
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

TEST(ConfineTest, NoProgramIsStartedAndNoOtherProcessLookedInto) {
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

TEST(ConfineTest, ThreadsThatStartLaterAreHeldToo) {
    EXPECT_EQ(in_child([] {
                  filter_system_calls(false);
                  int fault = 0;
                  std::thread([&] { fault = socket_fault(AF_INET); }).join();
                  return fault;
              }),
              EACCES);
}

TEST(ConfineTest, AFolderThatMayBeListedGivesNamesAndNoFile) {
    const test::Folder folder;
    std::filesystem::create_directories(folder / "devices");
    std::ofstream(folder / "devices/video0") << "x";
    if (in_child([] { return confine_files({"/usr"}, {}) > 0 ? 0 : 1; }) != 0)
        GTEST_SKIP() << "this kernel has no Landlock: a player may read other files";
    const auto fault = [&](const std::vector<std::string>& list, const std::string& path, int how) {
        return in_child([&] {
            static_cast<void>(confine_files({"/usr"}, {}, list));
            return open_fault(path, how);
        });
    };
    EXPECT_EQ(fault({}, folder / "devices", O_RDONLY | O_DIRECTORY), EACCES);
    EXPECT_EQ(fault({folder / "devices"}, folder / "devices", O_RDONLY | O_DIRECTORY), 0);
    EXPECT_EQ(fault({folder / "devices"}, folder / "devices/video0", O_RDONLY), EACCES);
}

TEST(ConfineTest, FilesOutsideItsOwnAreClosed) {
    const test::Folder folder;
    for (const auto* name : {"media", "outlet", "keys"}) std::filesystem::create_directories(folder / name);
    for (const auto* name : {"media/clip", "outlet/snapshot", "keys/board.key"})
        std::ofstream(folder / name) << "x";
    if (in_child([&] { return confine_files({folder / "media"}, {}) > 0 ? 0 : 1; }) != 0)
        GTEST_SKIP() << "this kernel has no Landlock: a player may read other files";
    const auto fault = [&](const std::function<int()>& what) {
        return in_child([&] {
            static_cast<void>(confine_files({folder / "media", folder / "not-there"}, {folder / "outlet"}));
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
        << "a snapshot is renamed over the one before it";
    EXPECT_EQ(fault([&] { return open_fault(folder / "keys/board.key", O_RDONLY); }), EACCES);
    EXPECT_EQ(fault([&] { return fault_of(::unlink((folder / "keys/board.key").c_str())); }), EACCES);
}

TEST(ConfineTest, Case47MemoryHasAnEnd) {
#ifdef RIVERLIGHT_SANITIZED
    GTEST_SKIP() << "the sanitizer's own memory lies beyond any limit";
#else
    EXPECT_EQ(in_child([] {
                  limit_memory(256LL << 20);
                  const std::vector<char> most(std::size_t{512} << 20);
                  return most.empty() ? 1 : 0;
              }),
              101)
        << "more than the limit is refused, and what asked for it hears so";
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
