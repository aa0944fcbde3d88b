// Small files that are kept twice: whatever happens to one of them.
#include "content/base/file_pair.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "content/base/files.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/refusal.hpp"

namespace riverlight {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FilePairTest : public ::testing::Test {
  protected:
    void write(const std::string& path, const std::string& bytes) const {
        fs::remove_all(path);
        std::ofstream(path, std::ios::binary) << bytes;
    }
    [[nodiscard]] PairReading read() const { return read_pair(pair_, limits_); }

    test::Folder folder_;
    const FilePair pair_{folder_ / "a.json", folder_ / "b.json"};
    const JsonLimits limits_{.bytes = 4096, .depth = 4};
    const boost::json::object object_{{"format", 1}, {"text", "fünf"}, {"number", 17}};
};

TEST_F(FilePairTest, both_files_hold_what_was_written) {
    EXPECT_FALSE(read().value);
    EXPECT_TRUE(write_pair(pair_, object_));
    EXPECT_EQ(read().value, object_);
    EXPECT_THAT(read().damaged, IsEmpty());
    EXPECT_FALSE(write_pair(pair_, object_)) << "both hold it already";
    EXPECT_EQ(read_file(pair_.first, 4096), read_file(pair_.second, 4096));
}

TEST_F(FilePairTest, any_bit_of_either_may_flip) {
    write_pair(pair_, object_);
    const auto text = read_file(pair_.first, 4096);
    for (const auto& path : {pair_.first, pair_.second}) {
        for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
            auto bent = text;
            bent[bit / 8] = static_cast<char>(bent[bit / 8] ^ (1 << bit % 8));
            write(path, bent);
            const auto reading = read();
            ASSERT_EQ(reading.value, object_) << bit;
            ASSERT_THAT(reading.damaged, ElementsAre(path)) << bit;
        }
        EXPECT_TRUE(write_pair(pair_, object_)) << "it is written again";
        EXPECT_EQ(read_file(path, 4096), text);
    }
}

TEST_F(FilePairTest, either_may_be_cut_empty_gone_or_of_another_kind) {
    write_pair(pair_, object_);
    const auto text = read_file(pair_.first, 4096);
    for (const auto& path : {pair_.first, pair_.second}) {
        const std::vector<std::function<void()>> damages{
            [&] { write(path, text.substr(0, text.size() / 2)); },
            [&] { write(path, ""); },
            [&] { fs::remove(path); },
            [&] { fs::remove(path), fs::create_directories(path + "/with/more"); },
            [&] { fs::remove_all(path), fs::create_symlink("/nowhere", path); },
            [&] { fs::remove(path), fs::create_symlink("/dev/zero", path); }};
        for (std::size_t n = 0; n < damages.size(); ++n) {
            SCOPED_TRACE(path + " " + std::to_string(n));
            damages[n]();
            EXPECT_EQ(read().value, object_);
            EXPECT_THAT(read().damaged, ElementsAre(path));
            EXPECT_TRUE(write_pair(pair_, object_));
            EXPECT_EQ(read_file(path, 4096), text);
            EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(path)));
        }
    }
}

TEST_F(FilePairTest, if_both_are_damaged_the_first_one_says_why) {
    write(pair_.first, "{");
    write(pair_.second, "");
    EXPECT_THAT(test::unread([&] { static_cast<void>(read()); }),
                ::testing::AllOf(test::Refuses(ReadFault::syntax, ""), test::Of(pair_.first)));
    fs::remove(pair_.first);
    EXPECT_THAT(test::unread([&] { static_cast<void>(read()); }), test::Of(pair_.second));
}

TEST_F(FilePairTest, one_file_with_a_hash_is_not_believed_once_a_bit_flipped) {
    write_hashed(pair_.first, object_);
    EXPECT_EQ(read_hashed(pair_.first, limits_), object_);
    auto text = read_file(pair_.first, 4096);
    text[text.find("17")] = '3';
    write(pair_.first, text);
    EXPECT_THAT(test::unread([&] { static_cast<void>(read_hashed(pair_.first, limits_)); }),
                test::Refuses(ReadFault::malformed, ""));
    fs::remove(pair_.first);
    fs::create_directories(pair_.first + "/more");
    write_hashed(pair_.first, object_);
    EXPECT_EQ(read_hashed(pair_.first, limits_), object_);
}

TEST_F(FilePairTest, one_of_an_earlier_version_counts_if_no_other_does) {
    write(pair_.first, R"({"format":1,"of":"earlier"})");
    EXPECT_EQ(read().value->at("of"), "earlier");
    EXPECT_THAT(read().damaged, IsEmpty()) << "it had no second one";
    write_pair(pair_, object_);
    write(pair_.first, R"({"format":1,"of":"earlier"})");
    EXPECT_EQ(read().value, object_) << "what has a hash is more certain";
    EXPECT_THAT(read().damaged, ElementsAre(pair_.first));
}

}  // namespace
}  // namespace riverlight
