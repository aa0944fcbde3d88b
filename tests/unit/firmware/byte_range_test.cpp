// Which bytes of a file a Range header asks for (RFC 9110, section 14).
#include "content/http/byte_range.hpp"

#include <gtest/gtest.h>

namespace riverlight::http {
namespace {

using Range = std::pair<std::uint64_t, std::uint64_t>;

TEST(ByteRange, first_and_last_are_both_included) {
    EXPECT_EQ(byte_range("bytes=0-0", 10), (Range{0, 0}));
    EXPECT_EQ(byte_range("bytes=2-5", 10), (Range{2, 5}));
    EXPECT_EQ(byte_range("bytes=2-", 10), (Range{2, 9}));
    EXPECT_EQ(byte_range("bytes=2-500", 10), (Range{2, 9}));
}

TEST(ByteRange, a_suffix_is_the_end_of_the_file) {
    EXPECT_EQ(byte_range("bytes=-3", 10), (Range{7, 9}));
    EXPECT_EQ(byte_range("bytes=-500", 10), (Range{0, 9}));
    EXPECT_FALSE(byte_range("bytes=-500", 0)) << "of an empty file that is all of it";
}

TEST(ByteRange, behind_the_end_there_is_none) {
    for (const auto* header : {"bytes=10-", "bytes=10-12", "bytes=-0"}) {
        const auto range = byte_range(header, 10);
        ASSERT_TRUE(range) << header;
        EXPECT_LT(range->second, range->first) << header;
    }
}

TEST(ByteRange, what_http_forbids_asks_for_the_whole_file) {
    for (const auto* header : {"", "bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "bytes=1-2,4-5",
                               "lines=1-2", "bytes=1 -2", "bytes=99999999999999999999-"})
        EXPECT_FALSE(byte_range(header, 10)) << header;
}

}  // namespace
}  // namespace riverlight::http
