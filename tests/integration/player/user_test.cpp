// A player that root starts: as another user, or without root's rights. Each is tried in a child process.
#include "player/confine/user.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <functional>

#include "content/base/files.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::player {
namespace {

namespace fs = std::filesystem;

constexpr const char* nobody = "nobody";  // every Debian has it

/// The result of `what` in a child process; 100 and the fault where it throws UserError, 99 for other throws.
int in_child(const std::function<int()>& what) {
    const pid_t child = ::fork();
    if (child == 0) {
        int code = 99;
        try {
            code = what();
        } catch (const UserError& e) {
            code = 100 + static_cast<int>(e.kind);
        } catch (const std::exception&) {
        }
        ::_exit(code);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int refused(UserFault fault) {
    return 100 + static_cast<int>(fault);
}

int open_fault(const std::string& path, int flags) {
    const Fd fd(::open(path.c_str(), flags | O_CLOEXEC, 0600));
    return fd ? 0 : errno;
}

class UserTest : public testing::Test {
  protected:
    void SetUp() override {
        if (::geteuid() != 0) GTEST_SKIP() << "not root: a player's change of user was not tried";
        for (const auto* name : {"media", "outlet", "keys", "recordings"})
            fs::create_directories(folder_ / name);
        fs::permissions(folder_.path(), fs::perms(0755));
        folder_.write("media/clip", "x");
        folder_.write("outlet/feed", "x");
        folder_.write("keys/board.key", "x");
        fs::permissions(folder_ / "keys/board.key", fs::perms(0600));
        needs_.read = {folder_ / "media"};
        needs_.folders = {folder_ / "outlet"};
    }

    test::Folder folder_;
    UserNeeds needs_;
};

TEST_F(UserTest, ReadsItsMediaWritesItsFolderAndIsRootNoMore) {
    EXPECT_EQ(in_child([&] {
                  become_user(nobody, needs_);
                  uid_t real = 0, effective = 0, saved = 0;
                  ::getresuid(&real, &effective, &saved);
                  if (real == 0 || effective != real || saved != real) return 1;
                  if (::setuid(0) == 0) return 2;
                  if (::prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN) == 1 && ::chown("/", 0, 0) == 0) return 3;
                  if (open_fault(folder_ / "media/clip", O_RDONLY) != 0) return 4;
                  if (open_fault(folder_ / "outlet/new", O_WRONLY | O_CREAT) != 0) return 5;
                  if (open_fault(folder_ / "outlet/feed", O_RDWR) != 0) return 6;
                  if (open_fault(folder_ / "media/new", O_WRONLY | O_CREAT) != EACCES) return 7;
                  return open_fault(folder_ / "keys/board.key", O_RDONLY);
              }),
              EACCES);
}

TEST_F(UserTest, StillEndsWithItsParent) {
    EXPECT_EQ(in_child([&] {
                  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // as the daemon asks
                  become_user(nobody, needs_);
                  int signal = 0;
                  ::prctl(PR_GET_PDEATHSIG, &signal);
                  return signal;
              }),
              SIGKILL);
}

TEST_F(UserTest, AUserThatIsUnknownOrRootIsRefused) {
    EXPECT_EQ(in_child([&] {
                  become_user("riverlight-nobody-here", needs_);
                  return 0;
              }),
              refused(UserFault::unknown));
    EXPECT_EQ(in_child([&] {
                  become_user("root", needs_);
                  return 0;
              }),
              refused(UserFault::unknown));
}

TEST_F(UserTest, MediaThatTheUserCannotReadKeepTheProcessRoot) {
    fs::permissions(folder_ / "media", fs::perms(0700));
    EXPECT_EQ(in_child([&] {
                  try {
                      become_user(nobody, needs_);
                  } catch (const UserError& e) {
                      if (::geteuid() != 0 || ::getegid() != 0) return 1;
                      if (open_fault(folder_ / "keys/board.key", O_RDONLY) != 0) return 2;
                      return e.where.file == folder_ / "media" ? refused(e.kind) : 3;
                  }
                  return 0;
              }),
              refused(UserFault::cannot_read));
}

TEST_F(UserTest, AFolderThatTheUserCannotReachIsRefused) {
    fs::create_directories(folder_ / "hidden/outlet");
    fs::permissions(folder_ / "hidden", fs::perms(0700));
    needs_.folders = {folder_ / "hidden/outlet"};
    EXPECT_EQ(in_child([&] {
                  become_user(nobody, needs_);
                  return 0;
              }),
              refused(UserFault::cannot_write));
}

TEST_F(UserTest, ARecordingAmongFilesOfOthersBecomesTheUsers) {
    needs_.files = {folder_ / "recordings/feed.ts"};
    EXPECT_EQ(in_child([&] {
                  become_user(nobody, needs_);
                  if (open_fault(folder_ / "recordings/feed.ts", O_WRONLY | O_TRUNC) != 0) return 1;
                  return open_fault(folder_ / "recordings/other", O_WRONLY | O_CREAT);
              }),
              EACCES);
}

TEST_F(UserTest, LinksToTheFilesOfOthersAreNotGivenAway) {
    fs::create_hard_link(folder_ / "keys/board.key", folder_ / "outlet/hard");
    fs::create_symlink(folder_ / "keys/board.key", folder_ / "outlet/soft");
    EXPECT_EQ(in_child([&] {
                  become_user(nobody, needs_);
                  return open_fault(folder_ / "outlet/hard", O_RDONLY) == EACCES
                             ? open_fault(folder_ / "outlet/soft", O_RDONLY)
                             : 1;
              }),
              EACCES);
    struct stat about {};
    ASSERT_EQ(::stat((folder_ / "keys/board.key").c_str(), &about), 0);
    EXPECT_EQ(about.st_uid, 0U);
}

TEST_F(UserTest, AnOutputsFolderOfAnotherUserIsLeftToThem) {
    fs::create_directories(folder_ / "www");
    ASSERT_EQ(::chown((folder_ / "www").c_str(), 12345, 12345), 0);
    needs_.outputs = {folder_ / "www"};
    EXPECT_EQ(in_child([&] {
                  become_user(nobody, needs_);
                  return 0;
              }),
              refused(UserFault::cannot_write));
    needs_.outputs = {folder_ / "recordings"};
    EXPECT_EQ(in_child([&] {
                  become_user(nobody, needs_);
                  return open_fault(folder_ / "recordings/new", O_WRONLY | O_CREAT);
              }),
              0)
        << "it was root's";
}

TEST_F(UserTest, RootWithoutCapabilitiesStillReadsAndWritesItsFiles) {
    ASSERT_EQ(::chown((folder_ / "outlet").c_str(), 12345, 12345), 0);
    EXPECT_EQ(in_child([&] {
                  renounce_capabilities(false);
                  if (open_fault(folder_ / "keys/board.key", O_RDONLY) != 0) return 1;
                  if (open_fault(folder_ / "outlet/new", O_WRONLY | O_CREAT) != 0) return 2;
                  if (::setuid(12345) == 0) return 3;
                  return ::chown((folder_ / "media/clip").c_str(), 12345, 12345) == 0 ? 0 : errno;
              }),
              EPERM);
}

}  // namespace
}  // namespace riverlight::player
