#include <gtest/gtest.h>

#include "player/av/av.hpp"

/// Memory of pictures that goes round.
namespace riverlight::player {
namespace {

TEST(Spares, GiveBackWhatTheyWereGivenAndKeepFew) {
    Spares spares;
    EXPECT_EQ(spares.take().width, 0) << "there is none yet";
    auto one = black(64, 32);
    const auto* memory = one.y.data();
    spares.give(std::move(one));
    const auto again = spares.take();
    EXPECT_EQ(again.y.data(), memory);
    for (std::size_t i = 0; i < Spares::most + 3; ++i) spares.give(black(64, 32));
    for (std::size_t i = 0; i < Spares::most; ++i) EXPECT_EQ(spares.take().width, 64);
    EXPECT_EQ(spares.take().width, 0);
}

}  // namespace
}  // namespace riverlight::player
