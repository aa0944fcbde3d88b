#include "player/av/display_times.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace riverlight::player::av {
namespace {

/// Decodes packets numbered by their times; `shown`: those of the pictures in order of display, −1 where the
/// decoder does not say. Each is taken once the packets up to `delay` behind it are there.
std::vector<std::int64_t> times(int delay, const std::vector<std::int64_t>& packets,
                                const std::vector<std::int64_t>& shown) {
    DisplayTimes display(delay);
    std::size_t sent = 0;
    std::int64_t newest = 0;
    std::vector<std::int64_t> out;
    for (const auto of : shown) {
        newest = std::max(newest, of);
        while (sent < packets.size() && packets[sent] <= newest + delay) display.add_packet(packets[sent++]);
        out.push_back(display.take(of < 0 ? std::nullopt : std::optional(of), 1));
    }
    return out;
}

using Times = std::vector<std::int64_t>;

TEST(DisplayTimes, ReorderedPicturesHaveEachTimeOnce) {
    const Times packets{0, 1, 2, 3, 4, 5, 6};
    EXPECT_EQ(times(0, packets, {0, 1, 2, 3, 4, 5, 6}), packets) << "no B pictures";
    EXPECT_EQ(times(1, packets, {0, 2, 3, 1, 5, 6, 4}), packets);
    EXPECT_EQ(times(2, packets, {0, 3, 2, 4, 1, 6, 5}), packets) << "B pictures that others refer to";
    EXPECT_EQ(times(1, packets, {-1, -1, -1, -1, -1, -1, -1}), packets) << "a decoder that says nothing";
}

TEST(DisplayTimes, APacketWithoutAPictureLeavesItsTimeToThePictureBefore) {
    EXPECT_EQ(times(0, {0, 1, 2, 3}, {0, 2, 3}), (Times{0, 2, 3}));
    EXPECT_EQ(times(0, {0, 1, 4, 5}, {0, 1, 4, 5}), (Times{0, 1, 4, 5}))
        << "a frame dropped in the recording";
    EXPECT_EQ(times(1, {0, 1, 2, 3, 4, 5, 6, 7}, {0, 2, 1, 5, 7, 6}), (Times{0, 1, 2, 4, 6, 7}))
        << "never early by more than the delay";
}

TEST(DisplayTimes, TwoPicturesOfAPacketAreShownOneAfterTheOther) {
    DisplayTimes display(0);
    display.add_packet(7);
    EXPECT_EQ(display.take(7, 2), 7);
    EXPECT_EQ(display.take(7, 2), 9);
    display.add_packet(10);
    EXPECT_EQ(display.take(10, 2), 10);
}

}  // namespace
}  // namespace riverlight::player::av
