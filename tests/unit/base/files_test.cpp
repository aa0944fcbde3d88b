#include "content/base/files.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <functional>

#include "tests/support/refusal.hpp"

namespace riverlight {
namespace {

namespace fs = std::filesystem;
using test::Of;
using test::Refuses;
using testing::AllOf;

class Files : public testing::Test {
  protected:
    Files() {
        auto name = (fs::temp_directory_path() / "riverlight-files.XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
    }
    ~Files() override { fs::remove_all(folder_); }
    [[nodiscard]] std::size_t entries() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder_), fs::directory_iterator{}));
    }
    static std::optional<ReadError> refusal(const std::string& path, std::uint64_t cap) {
        return test::unread([&] { static_cast<void>(read_file(path, cap)); });
    }
    std::string folder_;
};

TEST_F(Files, ReadBackWhatWasWritten) {
    const std::string bytes("one\0two", 7);
    write_file_atomically(folder_ + "/a", bytes, 0600);
    EXPECT_EQ(read_file(folder_ + "/a", 7), bytes);
    EXPECT_EQ(entries(), 1U) << "no staging file is left";
}

TEST_F(Files, LargerThanTheCapAreNotRead) {
    write_file_atomically(folder_ + "/a", "12345678");
    EXPECT_THAT(refusal(folder_ + "/a", 7), AllOf(Refuses(ReadFault::too_large, ""), Of(folder_ + "/a")));
    EXPECT_FALSE(refusal(folder_ + "/a", 8));
}

TEST_F(Files, ErrorsNameFoldersPipesAndMissingFiles) {
    EXPECT_THAT(refusal(folder_, 10), AllOf(Refuses(ReadFault::wrong_type, ""), Of(folder_)));
    const auto none = refusal(folder_ + "/none", 10);
    ASSERT_THAT(none, AllOf(Refuses(ReadFault::missing, ""), Of(folder_ + "/none")));
    EXPECT_EQ(none->what(), "cannot read " + folder_ + "/none: No such file or directory");
    ASSERT_EQ(::mkfifo((folder_ + "/pipe").c_str(), 0600), 0);
    EXPECT_THAT(refusal(folder_ + "/pipe", 10), Refuses(ReadFault::wrong_type, ""));
}

TEST_F(Files, AFailedWriteKeepsTheOldFileAndLeavesNoTemporaryOne) {
    write_file_atomically(folder_ + "/a", "old");
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit tight{16, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    EXPECT_THROW(write_file_atomically(folder_ + "/a", std::string(100, 'x')), DiskFault);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, handler);
    EXPECT_EQ(read_file(folder_ + "/a", 100), "old");
    EXPECT_EQ(entries(), 1U);
}

TEST(FileDescriptor, ClosesOnceAndMoves) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    {
        Fd a(ends[0]);
        Fd b(std::move(a));
        EXPECT_EQ(b.get(), ends[0]);
        b = Fd(ends[1]);
        EXPECT_EQ(::fcntl(ends[0], F_GETFD), -1) << "assignment closed the first";
    }
    EXPECT_EQ(::fcntl(ends[1], F_GETFD), -1);
}

}  // namespace
}  // namespace riverlight
