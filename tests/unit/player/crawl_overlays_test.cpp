// A crawling strap, from source to canvas.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "player/canvas/canvas.hpp"
#include "player/source/text_overlays.hpp"

namespace riverlight::player {
namespace {

constexpr int width = 1280, height = 720;

class CrawlOverlaysTest : public testing::Test {
  protected:
    CrawlOverlaysTest() {
        spec_.format = {width, height, {25, 1}};
        spec_.media.locale = "km";
        std::string words;
        for (int i = 0; i < 8; ++i) words += "សូមទូរសព្ទមកយើងខ្ញុំ ប្រសិនបើអ្នកត្រូវការជំនួយ ";
        spec_.media.strap = Strap{words, "1280", true};
    }
    static Piece at(TextOverlays& overlays, std::int64_t frame) {
        Piece piece;
        overlays.add_to(frame, piece);
        return piece;
    }
    SourceSpec spec_;
};

TEST_F(CrawlOverlaysTest, IsDrawnOnceForTheWholeItem) {
    TextOverlays overlays(spec_);
    const auto first = at(overlays, 0);
    ASSERT_TRUE(first.crawl);
    ASSERT_TRUE(first.strap);
    for (const std::int64_t n : {1, 2, 750, 100'000}) {
        const auto later = at(overlays, n);
        EXPECT_EQ(later.crawl, first.crawl);
        EXPECT_EQ(later.strap, first.strap);
        EXPECT_EQ(later.crawl_frame, n) << "also where the item is joined late";
    }
}

TEST_F(CrawlOverlaysTest, ShortLabelsAndStrapsWithoutCrawlDoNotMove) {
    auto asked = spec_;
    asked.media.strap->crawl = false;
    TextOverlays still(asked);
    EXPECT_FALSE(at(still, 5).crawl);
    EXPECT_TRUE(at(still, 5).strap);
    asked.media.strap = Strap{"ជំនួយ", "1280", true};
    TextOverlays brief(asked);
    EXPECT_FALSE(at(brief, 5).crawl);
    EXPECT_TRUE(at(brief, 5).strap);
}

TEST_F(CrawlOverlaysTest, OnlyTheBandMovesAndShowsTheSameText) {
    TextOverlays overlays(spec_);
    Canvas canvas(black(width, height));
    const auto shown = [&](std::int64_t n) { return canvas.compose(at(overlays, n)); };
    const auto empty = shown(0);
    const auto crawl = at(overlays, 0).crawl;
    const auto [step, every] = std::pair{crawl->rate.step, crawl->rate.every};
    ASSERT_EQ(every, 1);
    const auto luma = [](const Picture& p, int x, int y) {
        return p.y[static_cast<std::size_t>(y * width + x)];
    };
    Picture before = empty;
    for (const std::int64_t n : {40, 41, 250, 251, 2000, 2001}) {
        const auto now = shown(n);
        int moved = 0, wrong = 0, outside = 0;
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                const bool band = x >= crawl->left && x < crawl->right && y >= crawl->strip.y &&
                                  y < crawl->strip.y + crawl->strip.height + 1;
                if (!band) outside += luma(now, x, y) != luma(empty, x, y);
                if (band) moved += luma(now, x, y) != luma(empty, x, y);
                if (n % 2 == 1 && band && x + step < crawl->right)
                    wrong += luma(now, x, y) != luma(before, x + step, y);
            }
        EXPECT_EQ(outside, 0) << "frame " << n;
        EXPECT_GT(moved, 500) << "frame " << n;
        EXPECT_EQ(wrong, 0) << "frame " << n;
        before = now;
    }
}

}  // namespace
}  // namespace riverlight::player
