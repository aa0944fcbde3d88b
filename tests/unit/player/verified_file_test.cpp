// Media files that are changed while they are read.
#include "player/file/verified_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "tests/support/folder.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr std::int64_t block = VerifiedFile::block_size;

std::string bytes_of(std::int64_t count) {
    std::string bytes(static_cast<std::size_t>(count), '\0');
    // No two files alike: what a process has proven it remembers.
    const auto salt = random_hex(16);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(i * 31 + i / 977 + static_cast<unsigned char>(salt[i % salt.size()]));
    return bytes;
}

std::optional<MediaFault> fault_of(const std::function<void()>& what) {
    try {
        what();
    } catch (const MediaFileError& e) {
        return e.kind;
    }
    return {};
}

std::optional<std::string> no_seal(int) {
    return {};
}

class VerifiedFileTest : public testing::Test {
  protected:
    std::string store(const std::string& bytes, const std::string& named_after) {
        return folder_.write(sha256_hex(named_after) + ".mp4", bytes);
    }
    std::string store(const std::string& bytes) { return store(bytes, bytes); }
    /// The whole file, read in pieces of `piece`.
    static std::string read_all(VerifiedFile& file, std::size_t piece = 10'000) {
        std::string all;
        std::vector<std::uint8_t> buffer(piece);
        for (std::size_t got = 0; (got = file.read(static_cast<std::int64_t>(all.size()), buffer)) > 0;)
            all.append(reinterpret_cast<const char*>(buffer.data()), got);
        return all;
    }
    static char read_at(VerifiedFile& file, std::int64_t at) {
        std::uint8_t one = 0;
        EXPECT_EQ(file.read(at, {&one, 1}), 1U);
        return static_cast<char>(one);
    }
    static void overwrite(const std::string& path, std::int64_t at, const std::string& with) {
        const Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
        ASSERT_EQ(::pwrite(fd.get(), with.data(), with.size(), at), static_cast<ssize_t>(with.size()));
    }

    test::Folder folder_;
};

TEST_F(VerifiedFileTest, TheBytesAreThoseOfTheFile) {
    for (const std::int64_t size : {std::int64_t{0}, std::int64_t{1}, block, 40 * block + 7}) {
        const auto bytes = bytes_of(size);
        VerifiedFile file(store(bytes), no_seal);
        EXPECT_EQ(read_all(file), bytes);
        file.finish();
        EXPECT_TRUE(file.is_proven());
        EXPECT_FALSE(file.find_replacement());
        VerifiedFile again(store(bytes), no_seal);
        EXPECT_TRUE(again.is_proven()) << "this process knows its blocks";
        EXPECT_EQ(read_all(again, 100'000), bytes);
    }
}

TEST_F(VerifiedFileTest, AFileWithoutADigestInItsNameIsReadAsItIs) {
    const auto path = folder_.write("clip.mp4", "abc");
    VerifiedFile file(path);
    EXPECT_TRUE(file.is_proven());
    EXPECT_EQ(read_all(file), "abc");
    file.finish();
    folder_.write("clip.mp4", "other bytes");
    EXPECT_FALSE(file.find_replacement());
}

TEST_F(VerifiedFileTest, NamesThatSayADigest) {
    const auto digest = sha256_hex("x");
    EXPECT_EQ(sha256_named("/store/media/" + digest + ".mp4"), digest);
    EXPECT_EQ(sha256_named("/store/media/clip.mp4"), "");
    EXPECT_EQ(sha256_named("/store/media/" + digest.substr(1) + "g.mp4"), "");
}

TEST_F(VerifiedFileTest, OtherBytesAreNoticedBeforeTheEnd) {
    auto bytes = bytes_of(60 * block);
    const auto good = bytes;
    bytes[59 * block] ^= 1;  // the last block
    const auto path = store(bytes, good);
    VerifiedFile file(path, no_seal);
    std::vector<std::uint8_t> buffer(block);
    std::int64_t at = 0;
    EXPECT_EQ(fault_of([&] {
                  for (; at < file.size(); at += block) static_cast<void>(file.read(at, buffer));
              }),
              MediaFault::altered);
    EXPECT_LE(at, 60 * block / 8) << "hashed ahead of the reader";
    EXPECT_EQ(fault_of([&] { file.finish(); }), MediaFault::altered) << "it fails again";
    EXPECT_FALSE(file.is_proven());
    EXPECT_EQ(fault_of([&] { VerifiedFile(path, no_seal).finish(); }), MediaFault::altered)
        << "nothing was kept";
}

TEST_F(VerifiedFileTest, ABlockThatChangesAfterItWasReadIsNoticed) {
    const auto bytes = bytes_of(200 * block);
    const auto path = store(bytes);
    VerifiedFile file(path, no_seal);
    static_cast<void>(read_at(file, 150 * block));  // an index at the end, read first
    overwrite(path, 150 * block + 5, "x");
    EXPECT_EQ(fault_of([&] { file.finish(); }), MediaFault::altered);
}

TEST_F(VerifiedFileTest, OfAProvenFileNoChangedBlockIsGivenOut) {
    const auto bytes = bytes_of(20 * block);
    const auto path = store(bytes);
    VerifiedFile(path, no_seal).finish();
    VerifiedFile file(path, no_seal);
    EXPECT_EQ(read_at(file, 3 * block), bytes[3 * block]);
    overwrite(path, 15 * block, "changed");
    EXPECT_EQ(fault_of([&] { static_cast<void>(read_at(file, 15 * block + 1000)); }), MediaFault::altered);
    EXPECT_EQ(read_at(file, 16 * block), bytes[16 * block]) << "the others are still those of the release";
}

TEST_F(VerifiedFileTest, AFileThatIsCutOffIsNoticed) {
    const auto bytes = bytes_of(20 * block);
    const auto path = store(bytes);
    VerifiedFile file(path, no_seal);
    EXPECT_EQ(read_at(file, 0), bytes[0]);
    fs::resize_file(path, 10 * block + 3);
    EXPECT_EQ(fault_of([&] { static_cast<void>(read_all(file)); }), MediaFault::altered);
    EXPECT_EQ(file.find_replacement()->fault, MediaFault::altered);
    EXPECT_EQ(fault_of([&] { VerifiedFile(path, no_seal).finish(); }), MediaFault::altered);
}

TEST_F(VerifiedFileTest, AFileThatTakesItsPlaceIsNoticedAndTheFirstIsReadOn) {
    const auto bytes = bytes_of(20 * block);
    const auto path = store(bytes);
    VerifiedFile file(path, no_seal);
    EXPECT_EQ(read_at(file, 0), bytes[0]);
    fs::rename(folder_.write("new", bytes_of(20 * block)), path);
    EXPECT_EQ(read_all(file), bytes);
    file.finish();
    const auto damage = file.find_replacement();
    ASSERT_TRUE(damage);
    EXPECT_EQ(*damage, (MediaDamage{MediaFault::altered, sha256_hex(bytes) + ".mp4"}));
}

TEST_F(VerifiedFileTest, TheSameBytesInItsPlaceOrNoFileAreNoDamage) {
    const auto bytes = bytes_of(3 * block);
    const auto path = store(bytes);
    VerifiedFile file(path, no_seal);
    file.finish();
    fs::rename(folder_.write("new", bytes), path);
    EXPECT_FALSE(file.find_replacement()) << "fetched again";
    fs::remove(path);
    EXPECT_FALSE(file.find_replacement()) << "removed in order";
}

TEST_F(VerifiedFileTest, OfASealedFileTheKernelVerifiesEachRead) {
    const auto bytes = bytes_of(20 * block);
    const auto path = store(bytes);
    const auto seal = [](int) { return std::optional<std::string>("1:5ea1"); };
    VerifiedFile first(path, seal);
    EXPECT_FALSE(first.is_proven()) << "the seal says that it cannot change, not what it is";
    first.finish();
    VerifiedFile again(path, seal);
    EXPECT_TRUE(again.is_proven());
    EXPECT_EQ(read_all(again), bytes);
    VerifiedFile other(path, [](int) { return std::optional<std::string>("1:07e7"); });
    EXPECT_EQ(read_all(other), bytes);
    EXPECT_EQ(fault_of([&] {
                  overwrite(path, 0, "changed");
                  static_cast<void>(read_all(*std::make_unique<VerifiedFile>(path, no_seal)));
              }),
              MediaFault::altered)
        << "without its seal it is verified block by block";
}

TEST_F(VerifiedFileTest, AKernelThatSealsNothingIsNoError) {
    const Fd fd(::open(folder_.write("clip", "x").c_str(), O_RDONLY | O_CLOEXEC));
    EXPECT_FALSE(measure_seal(fd.get())) << "nobody sealed it";
    const auto sealing = seal_file(folder_ / "clip");
    EXPECT_EQ(measure_seal(fd.get()).has_value(), sealing == Sealing::sealed);
    EXPECT_EQ(seal_file(folder_ / "missing"), Sealing::refused);
}

TEST_F(VerifiedFileTest, WhatIsNoFileIsRefused) {
    EXPECT_THROW(VerifiedFile(folder_ / "missing.mp4"), Error);
    EXPECT_THROW(VerifiedFile(folder_.path()), Error);
    ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
    EXPECT_THROW(VerifiedFile(folder_ / "pipe"), Error);
}

TEST_F(VerifiedFileTest, SmallFilesAreReadWhole) {
    const auto bytes = bytes_of(2 * block);
    EXPECT_EQ(read_media_file(store(bytes), 1U << 20), bytes);
    EXPECT_THROW(static_cast<void>(read_media_file(store(bytes), 1000)), Error);
    auto other = bytes;
    other[7] ^= 1;
    EXPECT_EQ(fault_of([&] { static_cast<void>(read_media_file(store(other, bytes), 1U << 20)); }),
              MediaFault::altered);
}

}  // namespace
}  // namespace riverlight::player
