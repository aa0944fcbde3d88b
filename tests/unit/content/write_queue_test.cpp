// The write queue's thread: order, bounds, and that no fault is lost.
#include "content/sync/write_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/sync/staged_file.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::content {
namespace {

using namespace std::chrono_literals;

const std::string good(WriteQueue::piece_bytes, 'g'), bad(WriteQueue::piece_bytes, 'b');

TEST(WriteQueue, ProcessesPiecesInOrder) {
    std::string all, expected;
    std::size_t pieces = 0;
    {
        WriteQueue queue([&](std::string_view piece) {
            all += piece;
            ++pieces;
        });
        for (int i = 0; i < 100'000; ++i) {
            const auto bytes = std::to_string(i) + ' ';
            expected += bytes;
            queue.push(bytes);
        }
        queue.drain();
        EXPECT_EQ(all, expected);
        EXPECT_EQ(pieces, expected.size() / WriteQueue::piece_bytes + 1);
        queue.push(good + good + "and");
        queue.drain();
        queue.push("the rest");
    }
    EXPECT_EQ(all, expected + good + good + "andthe rest") << "the destructor processes what was pushed";
}

TEST(WriteQueue, BlocksPushWhenFull) {
    std::promise<void> go;
    const auto gone = go.get_future().share();
    std::atomic<std::size_t> given = 0;
    WriteQueue queue([&](std::string_view) { gone.wait(); });
    auto giver = std::async(std::launch::async, [&] {
        for (; given < 50; ++given) queue.push(good);
    });
    EXPECT_EQ(giver.wait_for(200ms), std::future_status::timeout)
        << "it would hold all of a slow disk's file";
    EXPECT_LE(given, WriteQueue::max_pieces + 1);
    go.set_value();
    giver.get();
    queue.drain();
}

TEST(WriteQueue, RethrowsTheFaultAndProcessesNothingMore) {
    int worked = 0;
    WriteQueue queue([&](std::string_view piece) {
        ++worked;
        if (piece == bad) throw DiskFault("full");
    });
    queue.push(good);
    queue.push(bad);
    EXPECT_THROW(queue.drain(), DiskFault);
    EXPECT_THROW(queue.push(good), DiskFault);
    EXPECT_THROW(queue.drain(), DiskFault);
    EXPECT_EQ(worked, 2);
}

TEST(StagedFile, ALargeFileIsWrittenByTheQueueAndResumed) {
    const test::Folder folder;
    std::string media;
    for (std::int64_t i = 0; media.size() < 3'000'000; ++i) media += std::to_string(i * 7919) + '\n';
    const FileFacts facts{media.size(), sha256_hex(media), sha512_hex(media), true};
    const auto piece = [&](std::size_t at, std::size_t until) {
        return std::string_view(media).substr(at, std::min(until, at + 100'000) - at);
    };
    {
        StagedFile staged(folder / "staged", facts);
        for (std::size_t at = 0; at < 1'000'000; at += 100'000) EXPECT_TRUE(staged.add(piece(at, 1'000'000)));
        EXPECT_EQ(staged.have(), 1'000'000U);
        EXPECT_FALSE(staged.verify());
    }
    StagedFile staged(folder / "staged", facts);
    ASSERT_EQ(staged.have(), 1'000'000U) << "queued bytes are written";
    for (std::size_t at = 1'000'000; at < media.size(); at += 100'000)
        EXPECT_TRUE(staged.add(piece(at, media.size())));
    EXPECT_FALSE(staged.add("x")) << "longer than signed";
    EXPECT_TRUE(staged.verify());
    staged.place(folder / "whole");
    EXPECT_EQ(read_file(folder / "whole", 1U << 24), media);
}

TEST(StagedFile, ALargeFileWithAWrongByteFailsAndStartsOver) {
    const test::Folder folder;
    const std::string media(1'000'000, 'm');
    const FileFacts facts{1'000'000, sha256_hex(media), {}, true};
    StagedFile staged(folder / "staged", facts);
    EXPECT_TRUE(staged.add(std::string(999'999, 'm') + 'x'));
    EXPECT_TRUE(staged.full());
    EXPECT_FALSE(staged.verify());
    staged.start_over();
    EXPECT_EQ(staged.have(), 0U);
    EXPECT_TRUE(staged.add(media));
    EXPECT_TRUE(staged.verify());
}

}  // namespace
}  // namespace riverlight::content
