// Flashes, black and still pictures, each at its limit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tools/quality/picture_watch.hpp"

namespace riverlight::quality {
namespace {

using namespace std::chrono_literals;
using player::Grid;
using std::chrono::microseconds;

struct Colour {
    std::uint8_t r, g, b;
};
constexpr Colour grey(std::uint8_t code) {
    return {code, code, code};
}

/// `points` of the picture in one colour, the others in another.
Grid painted(Colour colour, std::size_t points = Grid::points, Colour others = {60, 60, 60}) {
    Grid grid;
    grid.rgb.reserve(Grid::points * 3);
    for (std::size_t i = 0; i < Grid::points; ++i) {
        const auto& c = i < points ? colour : others;
        grid.rgb.insert(grid.rgb.end(), {c.r, c.g, c.b});
    }
    return grid;
}

std::vector<SegmentFinding> weighed(int pictures, const std::function<Grid(int)>& picture,
                                    int a_second = 25) {
    PictureWatch watch;
    for (int i = 0; i < pictures; ++i) watch.add(microseconds(i * 1'000'000LL / a_second), picture(i));
    return watch.finish(microseconds(pictures * 1'000'000LL / a_second));
}

/// `flashes` of `dark` to `bright` and back, one each `every` pictures, in two seconds.
std::vector<SegmentFinding> flashed(int flashes, Colour dark, Colour bright, int every = 6,
                                    std::size_t points = Grid::points) {
    return weighed(50, [&](int i) {
        const bool lit = i >= 2 && (i - 2) / every < flashes && (i - 2) % every < every / 2;
        return painted(lit ? bright : dark, points);
    });
}

bool refuses(const std::vector<SegmentFinding>& findings) {
    return std::any_of(findings.begin(), findings.end(), [](const SegmentFinding& f) { return f.refused; });
}

TEST(Flashes, FourInASecondAreRefusedAndThreeAreNot) {
    EXPECT_FALSE(refuses(flashed(3, grey(20), grey(200))));
    const auto found = flashed(4, grey(20), grey(200));
    ASSERT_TRUE(refuses(found));
    EXPECT_EQ(found[0].defect, Defect::flashes);
    ASSERT_TRUE(found[0].when);
    EXPECT_EQ(found[0].when->from, 80ms) << "where the first flash begins";
    EXPECT_EQ(found[0].when->until, 920ms) << "where the last ends";
    EXPECT_THAT(sentence(found[0]), testing::HasSubstr("0:00.08 to 0:00.92: flashes more than three times"));
}

TEST(Flashes, AnEarlierMovementInACornerDoesNotMoveTheirBegin) {
    // A tenth of the picture turns bright at the start; 0.9 s later all of it flashes, with that tenth.
    const auto found = weighed(75, [](int i) {
        const bool lit = i >= 24 && (i - 24) / 6 < 4 && (i - 24) % 6 < 3;
        const bool corner = i >= 1 && i < 24;
        return painted(grey(lit || corner ? 200 : 20), Grid::points / 10, grey(lit ? 200 : 20));
    });
    ASSERT_TRUE(refuses(found));
    EXPECT_EQ(found[0].defect, Defect::flashes);
    ASSERT_TRUE(found[0].when);
    EXPECT_EQ(found[0].when->from, 960ms);
}

TEST(Flashes, ThreeASecondArePermittedForAnyTimeAndMoreAreNot) {
    const auto at = [](int period, int a_second) {
        return weighed(
            a_second * 6, [=](int i) { return painted(grey(i % period < period / 2 ? 200 : 20)); }, a_second);
    };
    EXPECT_FALSE(refuses(at(10, 30))) << "3 Hz";
    EXPECT_TRUE(refuses(at(9, 30))) << "3.3 Hz";
    EXPECT_TRUE(refuses(at(2, 25))) << "every picture";
    EXPECT_TRUE(refuses(at(2, 50)));
}

TEST(Flashes, TwentyCandelasAreTheLeastChange) {
    const auto dark = luminance_mcd(100, 100, 100);
    std::uint8_t code = 100;
    while (luminance_mcd(code, code, code) - dark < 20'000) ++code;
    EXPECT_TRUE(refuses(flashed(4, grey(100), grey(code))));
    EXPECT_FALSE(refuses(flashed(4, grey(100), grey(static_cast<std::uint8_t>(code - 1)))));
    EXPECT_EQ(luminance_mcd(255, 255, 255), 200'000);
    EXPECT_EQ(luminance_mcd(0, 0, 0), 0);
}

TEST(Flashes, ChangesBetweenBrightPicturesDoNotCount) {
    std::uint8_t code = 0;
    while (luminance_mcd(code, code, code) < 160'000) ++code;
    EXPECT_FALSE(refuses(flashed(4, grey(code), grey(255))));
    EXPECT_TRUE(refuses(flashed(4, grey(static_cast<std::uint8_t>(code - 1)), grey(255))));
}

TEST(Flashes, AQuarterOfThePictureIsPermitted) {
    EXPECT_FALSE(refuses(flashed(4, grey(20), grey(200), 6, Grid::points / 4)));
    EXPECT_TRUE(refuses(flashed(4, grey(20), grey(200), 6, Grid::points / 4 + 1)));
}

TEST(Flashes, PartsThatFlashInTurnAreCountedTogether) {
    // Left and right flash after each other, six times in all, half the picture each.
    const auto found = weighed(40, [](int i) {
        const bool first = i / 4 % 2 == 0, lit = i >= 1 && i < 25 && i % 4 >= 2;
        return painted(grey(lit && first ? 200 : 20), Grid::points / 2, grey(lit && !first ? 200 : 20));
    });
    EXPECT_TRUE(refuses(found));
}

TEST(Flashes, ACheckerboardThatInvertsTwiceASecondIsPermitted) {
    const auto found = weighed(75, [](int i) {
        const bool turned = i % 12 >= 6;
        return painted(grey(turned ? 200 : 20), Grid::points / 2, grey(turned ? 20 : 200));
    });
    EXPECT_FALSE(refuses(found));
}

TEST(Flashes, SlowFadesAndOneBrightPictureArePermitted) {
    EXPECT_FALSE(
        refuses(weighed(100, [](int i) { return painted(grey(static_cast<std::uint8_t>(20 + 2 * i))); })));
    EXPECT_FALSE(refuses(weighed(100, [](int i) { return painted(grey(i == 50 ? 250 : 20)); })));
}

TEST(Flashes, TheShortestPermittedCardsAreNoFlashes) {
    // tools/author: 0.4 s, all of it a change into the next; or with no change at all between them.
    const auto faded = [](int i) { return std::abs(10 - i % 20) * 18 + 30; };
    EXPECT_FALSE(
        refuses(weighed(250, [&](int i) { return painted(grey(static_cast<std::uint8_t>(faded(i)))); })));
    EXPECT_FALSE(refuses(weighed(250, [](int i) { return painted(grey(i / 10 % 2 ? 220 : 16)); })));
    EXPECT_TRUE(refuses(weighed(250, [](int i) { return painted(grey(i / 3 % 2 ? 220 : 16)); })));
}

TEST(Flashes, SaturatedRedIsRefusedEvenAtConstantLuminance) {
    // Red of 40 cd/m² and a grey as light: no change of luminance.
    const Colour red{250, 10, 10};
    std::uint8_t code = 0;
    while (luminance_mcd(code, code, code) < luminance_mcd(red.r, red.g, red.b)) ++code;
    const auto found = flashed(4, grey(code), red);
    ASSERT_TRUE(refuses(found));
    EXPECT_EQ(found[0].defect, Defect::red_flashes);
    EXPECT_FALSE(refuses(flashed(3, grey(code), red)));
    EXPECT_FALSE(refuses(flashed(4, grey(code), red, 6, Grid::points / 4)));
    // A red with so much green and blue in it is not saturated.
    EXPECT_FALSE(refuses(flashed(4, {110, 110, 110}, {150, 110, 110})));
}

TEST(Black, IsNotedFromHalfASecondInsideAndTwoSecondsAtAnEnd) {
    const auto black_from = [](int from, int until) {
        return weighed(200, [=](int i) {
            return painted(grey(i >= from && i < until ? 4 : static_cast<std::uint8_t>(80 + i % 100)));
        });
    };
    EXPECT_THAT(black_from(100, 112), testing::IsEmpty());
    const auto found = black_from(100, 113);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].what, "is black");
    EXPECT_FALSE(found[0].refused);
    EXPECT_EQ(found[0].when, (Stretch{4000ms, 4520ms}));
    EXPECT_THAT(black_from(0, 49), testing::IsEmpty());
    EXPECT_EQ(black_from(0, 50).size(), 1U);
    EXPECT_THAT(black_from(151, 200), testing::IsEmpty());
    const auto end = black_from(150, 200);
    ASSERT_EQ(end.size(), 1U);
    EXPECT_EQ(end[0].when, (Stretch{6000ms, 8000ms}));
}

TEST(Black, ASmallTitleOnBlackIsNotBlack) {
    const auto title = [](std::size_t points) {
        return weighed(100, [=](int i) {
            return i < 20 || i > 60 ? painted(grey(static_cast<std::uint8_t>(80 + i % 100)))
                                    : painted(grey(200), points, grey(0));
        });
    };
    EXPECT_THAT(title(Grid::points / 50 + 1), testing::IsEmpty());
    EXPECT_EQ(title(Grid::points / 50).size(), 1U);
}

TEST(Still, IsNotedFromFiveSecondsOn) {
    const auto still = [](int pictures, int noise) {
        return weighed(300, [=](int i) {
            const int move = i < 50 || i >= 50 + pictures ? i % 2 * 10 : i % 2 * noise;
            return painted(grey(static_cast<std::uint8_t>(80 +
                                                          (i < 50               ? 40
                                                           : i >= 50 + pictures ? 80
                                                                                : 0) +
                                                          move)));
        });
    };
    EXPECT_THAT(still(124, 0), testing::IsEmpty());
    const auto found = still(125, 0);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].what, "stands still");
    EXPECT_EQ(found[0].when, (Stretch{2000ms, 7000ms}));
    EXPECT_EQ(still(125, 6).size(), 1U) << "coding noise is not movement";
    EXPECT_THAT(still(125, 7), testing::IsEmpty());
}

TEST(Still, ASmallMovingObjectIsEnough) {
    EXPECT_THAT(
        weighed(200, [](int i) { return painted(grey(200), static_cast<std::size_t>(i % 2), grey(90)); }),
        testing::IsEmpty());
}

}  // namespace
}  // namespace riverlight::quality
