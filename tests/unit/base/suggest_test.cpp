#include "content/base/suggest.hpp"

#include <gtest/gtest.h>

#include <array>

namespace riverlight {
namespace {

constexpr std::array<std::string_view, 4> known{"separation", "segments", "dayparts", "at"};

TEST(Suggestion, IsTheNearestName) {
    EXPECT_EQ(suggestion("seperation", known), " (did you mean 'separation'?)");
    EXPECT_EQ(nearest_name("segment", known), "segments");
}

TEST(Suggestion, IsEmptyIfNothingIsNear) {
    EXPECT_EQ(suggestion("zzzzzzzzzz", known), "");
    EXPECT_EQ(suggestion(std::string(100'000, 'a'), known), "") << "a huge name costs nothing";
}

}  // namespace
}  // namespace riverlight
