#include "content/sync/standing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace riverlight::content {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class StandingTest : public ::testing::Test {
  protected:
    std::chrono::steady_clock::time_point now_{};
    Standing standing_{[this] { return now_; }};
    const std::vector<std::string> three_{"a", "b", "c"};
};

TEST_F(StandingTest, TheOrderGivenIsKeptWhileAllBehave) {
    EXPECT_THAT(standing_.order(three_, true), ElementsAre("a", "b", "c"));
    EXPECT_THAT(standing_.aside(), IsEmpty());
}

TEST_F(StandingTest, OneThatFailsPausesTwiceAsLongEachTimeUpToAnHour) {
    for (const auto pause : {1min, 2min, 4min, 8min, 16min, 32min, 60min, 60min}) {
        standing_.failed("a", "no answer");
        EXPECT_THAT(standing_.order(three_, false), ElementsAre("b", "c"));
        EXPECT_THAT(standing_.order(three_, true), ElementsAre("b", "c", "a"));
        now_ += pause - 1s;
        EXPECT_THAT(standing_.order(three_, false), ElementsAre("b", "c")) << pause.count();
        now_ += 1s;
        EXPECT_THAT(standing_.order(three_, false), ElementsAre("a", "b", "c")) << pause.count();
    }
    standing_.worked("a");
    standing_.failed("a", "no answer");
    now_ += 1min;
    EXPECT_THAT(standing_.order(three_, false), ElementsAre("a", "b", "c")) << "what works starts afresh";
}

TEST_F(StandingTest, OneThatHandsOutWhatWasNotSignedIsNamedAndLeftAsideForHours) {
    standing_.unsound("b", "its bytes are not the ones that were signed");
    now_ += 5h + 59min;
    const auto aside = standing_.aside();
    ASSERT_THAT(aside, SizeIs(1));
    EXPECT_EQ(aside[0].url, "b");
    EXPECT_TRUE(aside[0].unsound);
    EXPECT_EQ(aside[0].left, 1min);
    EXPECT_EQ(aside[0].why, "its bytes are not the ones that were signed");
    now_ += 1min;
    EXPECT_THAT(standing_.aside(), IsEmpty());
}

TEST_F(StandingTest, WhereAllAreAsideTheOneWhoseTimeEndsFirstIsTried) {
    standing_.unsound("a", "x");
    standing_.failed("b", "x");
    standing_.failed("b", "x");
    standing_.failed("c", "x");
    EXPECT_THAT(standing_.order(three_, true), ElementsAre("c", "b", "a"));
    EXPECT_THAT(standing_.order(three_, false), IsEmpty());
}

}  // namespace
}  // namespace riverlight::content
