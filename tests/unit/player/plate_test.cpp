// Text in the picture's colours gives what laying it over pixel by pixel gives.
#include "player/canvas/plate.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <future>
#include <memory>

#include "player/canvas/canvas.hpp"

namespace riverlight::player {
namespace {

int furthest(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
    int most = a.size() == b.size() ? 0 : 256;
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
    return most;
}

Picture noise(int width, int height) {
    auto picture = black(width, height);
    unsigned state = 1;
    for (auto* plane : {&picture.y, &picture.u, &picture.v})
        for (auto& value : *plane)
            value = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
    return picture;
}

TEST(Plate, IsWhatLayingOverIs) {
    EXPECT_TRUE(rc::check("any overlay, anywhere, within two steps of 255", [] {
        Overlay overlay;
        overlay.width = *rc::gen::inRange(1, 60);
        overlay.height = *rc::gen::inRange(1, 30);
        overlay.x = *rc::gen::inRange(-40, 90);
        overlay.y = *rc::gen::inRange(-20, 60);
        unsigned state = *rc::gen::arbitrary<unsigned>();
        const auto random = [&] { return static_cast<int>((state = state * 1664525 + 1013904223) >> 24); };
        for (int i = 0; i < overlay.width * overlay.height; ++i) {
            const int alpha = random() < 100 ? 0 : random();  // premultiplied: no colour exceeds it
            for (int k = 0; k < 3; ++k)
                overlay.bgra.push_back(static_cast<std::uint8_t>(random() * alpha / 255));
            overlay.bgra.push_back(static_cast<std::uint8_t>(alpha));
        }
        auto by_pixel = noise(80, 50), by_plate = by_pixel;
        lay_over(by_pixel, overlay.bgra.data(), overlay.x, overlay.y, overlay.width, overlay.height);
        lay_over(by_plate, plate_of(overlay, 80, 50));
        RC_ASSERT(furthest(by_pixel.y, by_plate.y) <= 2);
        RC_ASSERT(furthest(by_pixel.u, by_plate.u) <= 2);
        RC_ASSERT(furthest(by_pixel.v, by_plate.v) <= 2);
    }));
}

TEST(Plate, IsCutToWhatIsSeen) {
    Overlay overlay{10, 10, 100, 50, std::vector<std::uint8_t>(100 * 50 * 4, 0)};
    EXPECT_TRUE(plate_of(overlay, 200, 100).empty());
    overlay.bgra[(20 * 100 + 31) * 4 + 3] = 255;
    const auto plate = plate_of(overlay, 200, 100);
    EXPECT_EQ(plate.x, 40);
    EXPECT_EQ(plate.y, 30);
    EXPECT_EQ(plate.width, 2);
    EXPECT_EQ(plate.height, 2);
    EXPECT_TRUE(plate_of(overlay, 20, 20).empty()) << "outside the picture";
}

TEST(Canvas, ShowsWhatIsOnNowAndNothingOlder) {
    Canvas canvas(black(64, 32));
    const auto overlay = [](std::uint8_t grey) {
        std::vector<std::uint8_t> pixels(4 * 4 * 4, grey);
        for (std::size_t i = 3; i < pixels.size(); i += 4) pixels[i] = 255;
        return std::make_shared<const Overlay>(Overlay{8, 8, 4, 4, std::move(pixels)});
    };
    Piece piece;
    piece.picture = std::make_shared<const Picture>(black(64, 32));
    const auto luma = [&] { return canvas.compose(piece).y[9 * 64 + 9]; };
    EXPECT_EQ(luma(), 16);
    piece.subtitle = overlay(255);
    EXPECT_GT(luma(), 230);
    piece.subtitle = overlay(0);
    EXPECT_EQ(luma(), 16);
    piece.strap = overlay(255);
    EXPECT_EQ(luma(), 16) << "the subtitle is above the strap";
    piece.subtitle = nullptr;
    EXPECT_GT(luma(), 230);
    piece.picture = std::make_shared<const Picture>(black(64, 32));
    EXPECT_GT(luma(), 230) << "over the next picture as well";
    piece.picture = std::make_shared<const Picture>(black(32, 64));
    EXPECT_GT(canvas.compose(piece).y[9 * 32 + 9], 230) << "of another size, too";
    piece.picture = std::make_shared<const Picture>(black(64, 32));
    piece.strap = nullptr;
    EXPECT_EQ(luma(), 16);
    piece.subtitle = overlay(0);
    EXPECT_EQ(luma(), 16) << "nothing is left of the strap";
}

TEST(Canvas, ASlateThatIsStillBeingDrawnIsWaitedForWhenItIsSeen) {
    std::promise<Picture> drawn;
    Canvas canvas(drawn.get_future());
    Piece piece;
    piece.picture = std::make_shared<const Picture>(black(64, 32));
    EXPECT_EQ(canvas.compose(piece).y[0], 16) << "without it";
    auto slate = black(64, 32);
    slate.y[0] = 99;
    drawn.set_value(std::move(slate));
    EXPECT_EQ(canvas.compose({}).y[0], 99);
    EXPECT_EQ(canvas.compose({}).y[0], 99) << "and again";
    std::promise<Picture> failed;
    Canvas without(failed.get_future());
    failed.set_exception(std::make_exception_ptr(Error("no font")));
    EXPECT_THROW(static_cast<void>(without.compose({})), Error);
}

}  // namespace
}  // namespace riverlight::player
