#include "player/source/patience.hpp"

#include <gtest/gtest.h>

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;

TEST(Patience, LastsAsLongAsTheDecoderTakesSteps) {
    Patience patience;
    for (int i = 0; i < 10'000; ++i)
        ASSERT_FALSE(patience.is_over({i, i * Patience::most_cpu})) << "a step takes long on a busy machine";
}

TEST(Patience, IsOverWhenTheProcessorWorksWithoutAStep) {
    Patience patience;
    EXPECT_FALSE(patience.is_over({1, 5s}));
    EXPECT_FALSE(patience.is_over({1, 5s + Patience::most_cpu - 1ns}));
    EXPECT_TRUE(patience.is_over({1, 5s + Patience::most_cpu}));
}

TEST(Patience, ALittleProcessorTimeIsEnoughHoweverOftenItLooks) {
    Patience patience;
    for (int i = 0; i < 10 * Patience::most_idle_looks; ++i)
        ASSERT_FALSE(patience.is_over({1, i * 200us})) << i;
}

TEST(Patience, IsOverWhenNothingWorks) {
    Patience patience;
    EXPECT_FALSE(patience.is_over({1, 5s}));
    for (int i = 1; i < Patience::most_idle_looks; ++i) ASSERT_FALSE(patience.is_over({1, 5s})) << i;
    EXPECT_TRUE(patience.is_over({1, 5s}));
}

}  // namespace
}  // namespace riverlight::player
