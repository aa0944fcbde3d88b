// Texts blended in YUV look as if they were blended pixel by pixel in BGRA, and pictures are restored.
#include "player/canvas/canvas.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "content/base/error.hpp"
#include "player/canvas/notice.hpp"
#include "player/canvas/yuv_overlay.hpp"

namespace riverlight::player {
namespace {

int largest_difference(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
    int most = a.size() == b.size() ? 0 : 256;
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
    return most;
}

bool same(const Picture& a, const Picture& b) {
    return a.width == b.width && a.height == b.height && a.y == b.y && a.u == b.u && a.v == b.v;
}

/// A random overlay, premultiplied.
Overlay any_overlay(int x, int y, int width, int height) {
    Overlay overlay{x, y, width, height, {}};
    unsigned state = *rc::gen::arbitrary<unsigned>();
    const auto random = [&] { return static_cast<int>((state = state * 1664525 + 1013904223) >> 24); };
    for (int i = 0; i < width * height; ++i) {
        const int alpha = random() < 100 ? 0 : random();  // no colour exceeds its alpha
        for (int k = 0; k < 3; ++k) overlay.bgra.push_back(static_cast<std::uint8_t>(random() * alpha / 255));
        overlay.bgra.push_back(static_cast<std::uint8_t>(alpha));
    }
    return overlay;
}

Picture noise(int width, int height, unsigned state = 1) {
    auto picture = black(width, height);
    for (auto* plane : {&picture.y, &picture.u, &picture.v})
        for (auto& value : *plane)
            value = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
    return picture;
}

TEST(YuvOverlay, BlendsLikeBgra) {
    EXPECT_TRUE(rc::check("any overlay, anywhere, within two steps of 255", [] {
        const auto overlay = any_overlay(*rc::gen::inRange(-40, 90), *rc::gen::inRange(-20, 60),
                                         *rc::gen::inRange(1, 60), *rc::gen::inRange(1, 30));
        auto by_pixel = noise(80, 50), by_overlay = by_pixel;
        blend(by_pixel, overlay.bgra.data(), overlay.x, overlay.y, overlay.width, overlay.height);
        blend(by_overlay, to_yuv(overlay, 80, 50));
        RC_ASSERT(largest_difference(by_pixel.y, by_overlay.y) <= 2);
        RC_ASSERT(largest_difference(by_pixel.u, by_overlay.u) <= 2);
        RC_ASSERT(largest_difference(by_pixel.v, by_overlay.v) <= 2);
    }));
}

TEST(YuvOverlay, IsCroppedToItsVisiblePart) {
    Overlay overlay{10, 10, 100, 50, std::vector<std::uint8_t>(std::size_t{100} * 50 * 4, 0)};
    EXPECT_TRUE(to_yuv(overlay, 200, 100).empty());
    overlay.bgra[(20 * 100 + 31) * 4 + 3] = 255;
    const auto converted = to_yuv(overlay, 200, 100);
    EXPECT_EQ(converted.x, 40);
    EXPECT_EQ(converted.y, 30);
    EXPECT_EQ(converted.width, 2);
    EXPECT_EQ(converted.height, 2);
    EXPECT_TRUE(to_yuv(overlay, 20, 20).empty()) << "outside the picture";
    std::fill(overlay.bgra.begin(), overlay.bgra.end(), std::uint8_t{255});
    for (const auto& [x, y] : {std::pair{200, 10}, {206, 10}, {-100, 10}, {-130, 10}, {10, 100}, {10, -50}}) {
        overlay.x = x;
        overlay.y = y;
        EXPECT_TRUE(to_yuv(overlay, 200, 100).empty()) << "outside it: " << x << ", " << y;
    }
}

TEST(Canvas, ShowsTheCurrentTextsOnly) {
    Canvas canvas(black(64, 32));
    const auto overlay = [](std::uint8_t grey) {
        std::vector<std::uint8_t> pixels(std::size_t{4} * 4 * 4, grey);
        for (std::size_t i = 3; i < pixels.size(); i += 4) pixels[i] = 255;
        return std::make_shared<const Overlay>(Overlay{8, 8, 4, 4, std::move(pixels)});
    };
    Piece piece;
    piece.picture = std::make_shared<Picture>(black(64, 32));
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
    piece.picture = std::make_shared<Picture>(black(64, 32));
    EXPECT_GT(luma(), 230) << "over the next picture too";
    piece.picture = std::make_shared<Picture>(black(32, 64));
    EXPECT_GT(canvas.compose(piece).y[9 * 32 + 9], 230) << "and over one of another size";
    piece.picture = std::make_shared<Picture>(black(64, 32));
    piece.strap = nullptr;
    EXPECT_EQ(luma(), 16);
    piece.subtitle = overlay(0);
    EXPECT_EQ(luma(), 16) << "the strap is gone";
}

// Texts are blended into the pictures themselves. In any order, each picture shows its own texts only, and a
// picture that is still held is restored when the next one is shown.
TEST(Canvas, RestoresThePixelsUnderItsTexts) {
    EXPECT_TRUE(rc::check("pictures, texts and crawls in any order", [] {
        constexpr int width = 64, height = 48;
        constexpr std::size_t of_each = 3;
        const auto text = [] {
            const int x = *rc::gen::inRange(-8, width), y = *rc::gen::inRange(-8, height);
            return std::make_shared<const Overlay>(any_overlay(x, y, 24, 12));
        };
        std::vector<std::shared_ptr<Picture>> pictures;
        std::vector<Picture> pristine;
        std::vector<std::shared_ptr<const Overlay>> texts;
        for (std::size_t i = 0; i < of_each; ++i) {
            pictures.push_back(std::make_shared<Picture>(noise(width, height, static_cast<unsigned>(i))));
            pristine.push_back(*pictures.back());
            texts.push_back(text());
        }
        const auto crawl =
            std::make_shared<const Crawl>(Crawl{any_overlay(0, 20, 30, 10), 8, 56, 6, false, {2, 1}});
        const auto slate = noise(width, height, 7U);
        Canvas canvas(slate);
        std::optional<std::size_t> before;
        for (int step = 0; step < 30; ++step) {
            const auto n = *rc::gen::inRange<std::size_t>(0, of_each + 1);
            Piece piece;
            if (n < of_each) piece.picture = pictures[n];
            if (*rc::gen::arbitrary<bool>())
                piece.subtitle = texts[*rc::gen::inRange<std::size_t>(0, of_each)];
            if (*rc::gen::arbitrary<bool>()) piece.strap = texts[*rc::gen::inRange<std::size_t>(0, of_each)];
            if (*rc::gen::arbitrary<bool>()) piece.crawl = crawl;
            if (*rc::gen::arbitrary<bool>()) piece.notice = texts[*rc::gen::inRange<std::size_t>(0, of_each)];
            piece.crawl_frame = *rc::gen::inRange(0, 40);
            Canvas other(slate);
            const auto& background = n < of_each ? pristine[n] : slate;
            RC_ASSERT(same(canvas.compose(piece), other.compose_over(background, piece)));
            if (before && *before != n && *before < of_each)
                RC_ASSERT(same(*pictures[*before], pristine[*before]));
            before = n;
        }
    }));
}

TEST(NoticeBoard, ShowsTheLastNoticeAtTheTopUntilItIsRemoved) {
    NoticeBoard board(640, 360);
    EXPECT_EQ(board.visible(), nullptr);
    const auto waited_for = [&](const std::function<bool()>& wanted) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!wanted() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
        return wanted();
    };
    board.show("One", "en");
    static_cast<void>(board.visible());  // starts drawing
    board.show("Two two two two", "en");
    board.show("Three three three three three three", "en");
    ASSERT_TRUE(waited_for([&] { return board.visible() && board.visible()->width > 200; })) << "the last";
    const auto three = board.visible();
    EXPECT_GE(three->y, 18);
    EXPECT_LT(three->y + three->height, 120) << "at the top";
    EXPECT_GE(three->x, 32);
    EXPECT_LE(three->x + three->width, 608);
    board.show("Three three three three three three", "en");
    EXPECT_EQ(board.visible(), three) << "not drawn again";
    board.show("", "en");
    EXPECT_EQ(board.visible(), nullptr);
    board.show("One", "en");
    static_cast<void>(board.visible());
    board.show("", "en");
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
    while (std::chrono::steady_clock::now() < end)
        ASSERT_EQ(board.visible(), nullptr) << "removed while it was drawn";
}

TEST(Canvas, WaitsForAPendingSlateWhenItIsShown) {
    std::promise<Picture> drawn;
    Canvas canvas(drawn.get_future());
    Piece piece;
    piece.picture = std::make_shared<Picture>(black(64, 32));
    EXPECT_EQ(canvas.compose(piece).y[0], 16) << "the slate is not needed yet";
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
