// How much a player may put on the board's disk.
#include "firmware/outlet/folder_limit.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

namespace fs = std::filesystem;

OutletSetup feed_with(const std::string& folder, std::vector<std::string> outputs) {
    OutletSetup setup;
    setup.player.folder = folder;
    for (auto& output : outputs)
        setup.player.options.insert(setup.player.options.end(), {"--outlet", output});
    return setup;
}

void write(const std::string& path, std::size_t bytes) {
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path) << std::string(bytes, 'x');
}

TEST(FolderLimitTest, AScreenHasItsOwnFolderOnly) {
    const auto limits = folder_limits(feed_with("/state/outlets/screen", {"drm"}));
    ASSERT_EQ(limits.size(), 1U);
    EXPECT_EQ(limits[0].folder, "/state/outlets/screen");
    EXPECT_EQ(limits[0].keeps, "feed");
}

TEST(FolderLimitTest, AnHlsOutputMayHoldItsSegmentsTwice) {
    const auto screen = folder_limits(feed_with("/s/o", {"null"})).at(0).bytes;
    const auto inside = folder_limits(feed_with("/s/o", {"udp://127.0.0.1:1", "hls:/s/o/hls/"}));
    ASSERT_EQ(inside.size(), 1U);
    // 2 × 20 segments of 8 s at 2.5 MB a second.
    EXPECT_EQ(inside[0].bytes - screen, 800'000'000U);
    const auto outside = folder_limits(feed_with("/s/o", {"hls:/var/www/hls/?seconds=4&window=3"}));
    ASSERT_EQ(outside.size(), 2U);
    EXPECT_EQ(outside[1].folder, "/var/www/hls");
    EXPECT_EQ(outside[1].prefix, "live");
    EXPECT_EQ(outside[1].bytes, 300'000'000U);
}

TEST(FolderLimitTest, RecordingsAreNotLimitedHere) {
    EXPECT_EQ(folder_limits(feed_with("/s/o", {"file:/srv/hours/"})).size(), 1U);
}

TEST(FolderLimitTest, TooManyBytesAndTooManyFilesAreFound) {
    const test::Folder folder;
    const FolderLimit limit{folder / "outlet", 100'000, {}, "feed"};
    EXPECT_FALSE(find_excess(limit)) << "a folder that is not there";
    write(folder / "outlet/snapshot.jpg", 40'000);
    EXPECT_FALSE(find_excess(limit));
    write(folder / "outlet/deep/down/large", 100'000);
    EXPECT_TRUE(find_excess(limit)) << "also in folders below";
    fs::remove_all(folder / "outlet/deep");
    EXPECT_FALSE(find_excess(limit));
    for (int i = 0; i < 2001; ++i) write(folder / ("outlet/" + std::to_string(i)), 0);
    EXPECT_TRUE(find_excess(limit));
}

TEST(FolderLimitTest, ClearingLeavesTheFeedsMemoryAndWhatLinksName) {
    const test::Folder folder;
    write(folder / "keys/board.key", 10);
    write(folder / "outlet/feed", 200);
    write(folder / "outlet/large", 10);
    write(folder / "outlet/deep/down", 10);
    fs::create_directory_symlink(folder / "keys", folder / "outlet/link");
    clear_folder({folder / "outlet", 1, {}, "feed"});
    EXPECT_TRUE(fs::exists(folder / "outlet/feed"));
    EXPECT_EQ(std::distance(fs::directory_iterator(folder / "outlet"), {}), 1);
    EXPECT_TRUE(fs::exists(folder / "keys/board.key"));
    write(folder / "outlet/feed", 5000);
    clear_folder({folder / "outlet", 1, {}, "feed"});
    EXPECT_FALSE(fs::exists(folder / "outlet/feed")) << "it has grown to something else";
}

TEST(FolderLimitTest, FilesOfOthersInAnHlsFolderStay) {
    const test::Folder folder;
    write(folder / "www/index.html", 300'000);
    write(folder / "www/live-1.ts", 50'000);
    const FolderLimit limit{folder / "www", 100'000, "live", {}};
    EXPECT_FALSE(find_excess(limit));
    write(folder / "www/live-2.ts", 80'000);
    EXPECT_TRUE(find_excess(limit));
    clear_folder(limit);
    EXPECT_TRUE(fs::exists(folder / "www/index.html"));
    EXPECT_FALSE(fs::exists(folder / "www/live-1.ts"));
}

}  // namespace
}  // namespace riverlight::firmware
