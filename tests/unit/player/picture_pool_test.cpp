#include "player/av/picture_pool.hpp"

#include <gtest/gtest.h>

/// Memory of pictures that is used again.
namespace riverlight::player {
namespace {

TEST(PicturePool, ReturnsMemoryAndKeepsFewPictures) {
    PicturePool pool;
    EXPECT_EQ(pool.take().width, 0) << "there is none yet";
    auto one = black(64, 32);
    const auto* memory = one.y.data();
    pool.put(std::move(one));
    const auto again = pool.take();
    EXPECT_EQ(again.y.data(), memory);
    for (std::size_t i = 0; i < PicturePool::max_kept + 3; ++i) pool.put(black(64, 32));
    for (std::size_t i = 0; i < PicturePool::max_kept; ++i) EXPECT_EQ(pool.take().width, 64);
    EXPECT_EQ(pool.take().width, 0);
}

}  // namespace
}  // namespace riverlight::player
