// The interpreter's box.
#include "player/source/inset.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>

namespace riverlight::player {
namespace {

TEST(Inset, IsASixthOfAnyCanvasWithinItsSafeAreaAndAboveItsStrap) {
    EXPECT_TRUE(rc::check("any canvas, any interpreter, any strap", [] {
        Format canvas;
        canvas.width = *rc::gen::inRange(160, 1920) * 2;
        canvas.height = *rc::gen::inRange(160, 1920) * 2;
        const int width = *rc::gen::inRange(1, 4000), height = *rc::gen::inRange(1, 4000);
        const int lift = *rc::gen::inRange(0, canvas.height / 3);
        const auto box = inset_box(canvas, width, height, lift);
        for (const int n : {box.x, box.y, box.width, box.height}) RC_ASSERT(n % 2 == 0 && n >= 0);
        RC_ASSERT(box.width >= 2 && box.height >= 2);
        RC_ASSERT(box.x >= canvas.width / 20 - 1 && box.y >= canvas.height / 20 - 1);
        RC_ASSERT(box.x + box.width <= canvas.width * 0.95);
        RC_ASSERT(box.y + box.height <= canvas.height * 0.95 - (canvas.height > canvas.width ? 0 : lift));
        const double room_across = canvas.width * 0.9, room_down = canvas.height * 0.9 - lift;
        const double wanted = canvas.width * double(canvas.height) / 6, aspect = double(width) / height;
        const bool has_room =
            std::sqrt(wanted * aspect) + 2 < room_across && std::sqrt(wanted / aspect) + 2 < room_down;
        if (has_room) {
            RC_ASSERT(double(box.width) * box.height >= wanted);
            RC_ASSERT(std::abs(box.width - aspect * box.height) <= 2 * (1 + aspect));
        } else {
            RC_ASSERT(box.width + 3 > room_across || box.height + 3 > room_down);
        }
        if (canvas.height > canvas.width) RC_ASSERT(reserved_columns(canvas, box) == 0);
    }));
}

TEST(Inset, ReplacesItsBoxOnly) {
    auto picture = black(64, 48);
    auto inset = black(16, 20);
    std::fill(inset.y.begin(), inset.y.end(), std::uint8_t{200});
    std::fill(inset.u.begin(), inset.u.end(), std::uint8_t{90});
    const InsetBox box{40, 22, 16, 20};
    draw_inset(picture, inset, box);
    for (int y = 0; y < 48; ++y)
        for (int x = 0; x < 64; ++x) {
            const bool inside = x >= 40 && x < 56 && y >= 22 && y < 42;
            ASSERT_EQ(picture.y[static_cast<std::size_t>(y * 64 + x)], inside ? 200 : 16) << x << ' ' << y;
            ASSERT_EQ(picture.u[static_cast<std::size_t>(y / 2 * 32 + x / 2)], inside ? 90 : 128);
        }
}

}  // namespace
}  // namespace riverlight::player
