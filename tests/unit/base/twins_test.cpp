// Small files that are kept twice: whatever happens to one of them.
#include "content/base/twins.hpp"

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

class TwinsTest : public ::testing::Test {
  protected:
    void write(const std::string& path, const std::string& bytes) const {
        fs::remove_all(path);
        std::ofstream(path, std::ios::binary) << bytes;
    }
    [[nodiscard]] TwinReading read() const { return read_twins(twins_, limits_); }

    test::Folder folder_;
    const Twins twins_{folder_ / "a.json", folder_ / "b.json"};
    const JsonLimits limits_{.bytes = 4096, .depth = 4};
    const boost::json::object object_{{"format", 1}, {"text", "fünf"}, {"number", 17}};
};

TEST_F(TwinsTest, both_files_hold_what_was_written) {
    EXPECT_FALSE(read().value);
    EXPECT_TRUE(write_twins(twins_, object_));
    EXPECT_EQ(read().value, object_);
    EXPECT_THAT(read().damaged, IsEmpty());
    EXPECT_FALSE(write_twins(twins_, object_)) << "both hold it already";
    EXPECT_EQ(read_file(twins_.first, 4096), read_file(twins_.second, 4096));
}

TEST_F(TwinsTest, any_bit_of_either_may_flip) {
    write_twins(twins_, object_);
    const auto text = read_file(twins_.first, 4096);
    for (const auto& path : {twins_.first, twins_.second}) {
        for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
            auto bent = text;
            bent[bit / 8] = static_cast<char>(bent[bit / 8] ^ (1 << bit % 8));
            write(path, bent);
            const auto reading = read();
            ASSERT_EQ(reading.value, object_) << bit;
            ASSERT_THAT(reading.damaged, ElementsAre(path)) << bit;
        }
        EXPECT_TRUE(write_twins(twins_, object_)) << "it is written again";
        EXPECT_EQ(read_file(path, 4096), text);
    }
}

TEST_F(TwinsTest, either_may_be_cut_empty_gone_or_of_another_kind) {
    write_twins(twins_, object_);
    const auto text = read_file(twins_.first, 4096);
    for (const auto& path : {twins_.first, twins_.second}) {
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
            EXPECT_TRUE(write_twins(twins_, object_));
            EXPECT_EQ(read_file(path, 4096), text);
            EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(path)));
        }
    }
}

TEST_F(TwinsTest, if_both_are_damaged_the_first_one_says_why) {
    write(twins_.first, "{");
    write(twins_.second, "");
    EXPECT_THAT(test::unread([&] { static_cast<void>(read()); }),
                ::testing::AllOf(test::Refuses(ReadFault::syntax, ""), test::Of(twins_.first)));
    fs::remove(twins_.first);
    EXPECT_THAT(test::unread([&] { static_cast<void>(read()); }), test::Of(twins_.second));
}

TEST_F(TwinsTest, one_of_an_earlier_version_counts_if_no_other_does) {
    write(twins_.first, R"({"format":1,"of":"earlier"})");
    EXPECT_EQ(read().value->at("of"), "earlier");
    EXPECT_THAT(read().damaged, IsEmpty()) << "it had no second one";
    write_twins(twins_, object_);
    write(twins_.first, R"({"format":1,"of":"earlier"})");
    EXPECT_EQ(read().value, object_) << "what has a hash is more certain";
    EXPECT_THAT(read().damaged, ElementsAre(twins_.first));
}

}  // namespace
}  // namespace riverlight
