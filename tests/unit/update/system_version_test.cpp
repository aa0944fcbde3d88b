// The order of versions: Debian's, as `dpkg --compare-versions` has it.
#include "content/update/system_version.hpp"

#include <gtest/gtest.h>

#include <string>

namespace riverlight::content {
namespace {

SystemVersion version(std::string_view text) {
    return SystemVersion::parse(text).value();
}

TEST(SystemVersionTest, versions_are_ordered_as_debian_orders_them) {
    // Each comes before the next; dpkg 1.21 agrees with every pair.
    const std::string ascending[] = {"0~",
                                     "0",
                                     "0.1.0~rc1",
                                     "0.1.0~rc2",
                                     "0.1.0",
                                     "0.1.0-1",
                                     "0.1.0a",
                                     "0.1.0a.1",
                                     "0.1.0+20261129000000",
                                     "0.1.0+20261130013049",
                                     "0.1.1",
                                     "0.9",
                                     "0.10",
                                     "1",
                                     "1.0",
                                     "1.0.1",
                                     "2-1~",
                                     "2-1",
                                     "2-1.1",
                                     "10"};
    for (std::size_t i = 0; i < std::size(ascending); ++i)
        for (std::size_t j = 0; j < std::size(ascending); ++j)
            EXPECT_EQ(version(ascending[i]) < version(ascending[j]), i < j)
                << ascending[i] << " and " << ascending[j];
}

TEST(SystemVersionTest, leading_zeros_make_no_difference) {
    EXPECT_EQ(version("1.02"), version("1.2"));
    EXPECT_EQ(version("1-0"), version("1"));
}

TEST(SystemVersionTest, what_is_no_version_is_none) {
    for (const auto* text : {"", "v1", "1 0", "1:1.0", "1/2", "1_0", "-1", "1.0\n", "1.ü"})
        EXPECT_FALSE(SystemVersion::parse(text)) << text;
    EXPECT_FALSE(SystemVersion::parse(std::string(65, '1')));
    EXPECT_TRUE(SystemVersion::parse(std::string(64, '1')));
}

}  // namespace
}  // namespace riverlight::content
