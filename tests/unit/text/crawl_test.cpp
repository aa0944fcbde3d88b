// The position of a crawl, frame by frame.
#include "player/text/crawl.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "player/text/engine.hpp"

namespace riverlight::player {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string long_words =
    "လူကုန်ကူးခံရသူများအတွက် အကူအညီရယူရန် အခမဲ့ဖုန်းခေါ်ဆိုနိုင်ပါသည်။ "
    "အလုပ်ရှင်က သင်၏နိုင်ငံကူးလက်မှတ်ကို သိမ်းယူထားပါက၊ လုပ်ခမပေးပါက၊ သို့မဟုတ် အပြင်ထွက်ခွင့်မပြုပါက ယခုပင် ခေါ်ဆိုပါ။";

Crawl crawl(int strip_width) {
    Crawl c;
    c.strip.width = strip_width;
    c.left = 100;
    c.right = 140;
    c.gap = 10;
    c.rate = {4, 1};
    return c;
}

TEST(CrawlRateTest, IsWholeEvenPixelsAtMostATenthOfTheWidthASecond) {
    const auto same = [](CrawlRate rate, int step, int every) {
        return rate.step == step && rate.every == every;
    };
    EXPECT_TRUE(same(crawl_rate(1280, 25, 1), 4, 1));
    EXPECT_TRUE(same(crawl_rate(1920, 25, 1), 6, 1));
    EXPECT_TRUE(same(crawl_rate(1920, 60, 1), 2, 1));
    EXPECT_TRUE(same(crawl_rate(640, 60, 1), 2, 2));
    EXPECT_TRUE(rc::check("for any screen", [] {
        const int width = *rc::gen::inRange(64, 8000);
        const std::int64_t num = *rc::gen::element(24000, 25000, 30000, 50000, 60000),
                           den = *rc::gen::element(1000, 1001);
        const auto rate = crawl_rate(width, num, den);
        RC_ASSERT(rate.step >= 2 && rate.step % 2 == 0 && rate.every >= 1);
        // step / every × num / den ≤ width / 10, and at least half of it
        RC_ASSERT(10 * rate.step * num <= width * den * rate.every);
        RC_ASSERT(20 * rate.step * num >= width * den * rate.every);
    }));
}

TEST(CrawlTest, TheTextEntersFromTheEdgeAndRepeatsAfterItsGap) {
    const auto c = crawl(60);  // repeats after 70 pixels; visible for 100
    EXPECT_THAT(c.positions(0), IsEmpty());
    EXPECT_THAT(c.positions(1), ElementsAre(136));
    EXPECT_THAT(c.positions(10), ElementsAre(100));
    EXPECT_THAT(c.positions(17), ElementsAre(72)) << "its end is at 132";
    EXPECT_THAT(c.positions(18), ElementsAre(138, 68)) << "the next begins ten pixels after it";
    EXPECT_THAT(c.positions(24), ElementsAre(114, 44));
    EXPECT_THAT(c.positions(25), ElementsAre(110)) << "and the first has left";
    EXPECT_EQ(c.frames_once(), 25);
}

TEST(CrawlTest, EveryFrameMovesByTheSameStep) {
    const auto c = crawl(60);
    for (std::int64_t n = 1; n < 5000; ++n) {
        auto now = c.positions(n), next = c.positions(n + 1);
        for (auto& x : now) x -= 4;
        for (const int x : now) {
            if (x + 60 <= c.left) continue;
            EXPECT_THAT(next, testing::Contains(x)) << "frame " << n;
        }
        EXPECT_EQ(c.positions(n + 35 * 1000), c.positions(n + 35)) << "2 × 70 pixels are 35 frames";
    }
}

TEST(CrawlTest, ASlowCrawlMovesEveryFewFrames) {
    auto c = crawl(60);
    c.rate = {2, 3};
    EXPECT_THAT(c.positions(2), IsEmpty());
    for (const int n : {3, 4, 5}) EXPECT_THAT(c.positions(n), ElementsAre(138));
    EXPECT_THAT(c.positions(6), ElementsAre(136));
}

TEST(CrawlTest, TextReadFromTheRightMovesToTheRight) {
    auto c = crawl(60);
    c.right_to_left = true;
    EXPECT_THAT(c.positions(1), ElementsAre(44)) << "its right end, where reading begins, is at 104";
    EXPECT_THAT(c.positions(18), ElementsAre(42, 112));
}

TEST(CrawlingStrapTest, ShortLabelsDoNotCrawl) {
    const TextEngine engine(1280, 720);
    const auto rate = crawl_rate(1280, 25, 1);
    EXPECT_FALSE(engine.crawling_strap("Call for help", "1280", "en", rate));
    EXPECT_FALSE(engine.crawling_strap("", "1280", "en", rate));
}

TEST(CrawlingStrapTest, LongLabelsAreOneLineBesideNumberAndCode) {
    for (const auto& [width, height] : {std::pair{1280, 720}, {1920, 1080}, {1080, 1920}, {720, 576}}) {
        const TextEngine engine(width, height);
        TextReport report;
        const auto strap = engine.crawling_strap(long_words, "1280", "my", crawl_rate(width, 25, 1), &report);
        ASSERT_TRUE(strap);
        const auto& c = strap->crawl;
        EXPECT_FALSE(report.outside);
        EXPECT_THAT(report.missing, IsEmpty());
        EXPECT_GT(c.strip.width, c.right - c.left);
        EXPECT_GE(c.left, width / 20) << "within the safe area";
        EXPECT_LE(c.right, width - width / 20);
        EXPECT_GE(c.strip.y, strap->still.y) << "and within the strap";
        EXPECT_LE(c.strip.y + c.strip.height, strap->still.y + strap->still.height);
        for (const int number : {c.left, c.right, c.gap, c.strip.width}) EXPECT_EQ(number % 2, 0);
        EXPECT_FALSE(c.right_to_left);
    }
}

TEST(CrawlingStrapTest, TheLongestTextStaysWithinItsMemory) {
    std::string flood;
    while (flood.size() < 990) flood += "wwwww ";
    const TextEngine engine(3840, 2160);
    TextReport report;
    const auto strap = engine.crawling_strap(flood + "\nx", "1", "en", crawl_rate(3840, 25, 1), &report);
    ASSERT_TRUE(strap);
    EXPECT_LE(strap->crawl.strip.width, 16'002);
    EXPECT_FALSE(report.outside);
}

TEST(CrawlingStrapTest, ArabicMovesToTheRight) {
    std::string words;
    for (int i = 0; i < 20; ++i) words += "ياردەم ئۈچۈن تېلېفون قىلىڭ ";
    const auto strap = TextEngine(1280, 720).crawling_strap(words, "110", "ug", {4, 1});
    ASSERT_TRUE(strap);
    EXPECT_TRUE(strap->crawl.right_to_left);
}

}  // namespace
}  // namespace riverlight::player
