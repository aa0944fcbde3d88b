#include "content/sync/mirror_health.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace riverlight::content {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class MirrorHealthTest : public ::testing::Test {
  protected:
    std::chrono::steady_clock::time_point now_{};
    MirrorHealth health_{[this] { return now_; }};
    const std::vector<std::string> three_{"a", "b", "c"};
};

TEST_F(MirrorHealthTest, KeepsTheGivenOrderWhileAllWork) {
    EXPECT_THAT(health_.usable_first(three_), ElementsAre("a", "b", "c"));
    EXPECT_THAT(health_.suspended(), IsEmpty());
}

TEST_F(MirrorHealthTest, SuspendsAFailingSourceForDoublingTimesUpToAnHour) {
    for (const auto pause : {1min, 2min, 4min, 8min, 16min, 32min, 60min, 60min}) {
        health_.report_fault("a", SourceFault::unreachable, "no answer");
        EXPECT_THAT(health_.usable(three_), ElementsAre("b", "c"));
        EXPECT_THAT(health_.usable_first(three_), ElementsAre("b", "c", "a"));
        now_ += pause - 1s;
        EXPECT_THAT(health_.usable(three_), ElementsAre("b", "c")) << pause.count();
        now_ += 1s;
        EXPECT_THAT(health_.usable(three_), ElementsAre("a", "b", "c")) << pause.count();
    }
    health_.report_success("a");
    health_.report_fault("a", SourceFault::unreachable, "no answer");
    now_ += 1min;
    EXPECT_THAT(health_.usable(three_), ElementsAre("a", "b", "c")) << "success clears the count of failures";
}

TEST_F(MirrorHealthTest, SuspendsASourceWithBadContentForSixHours) {
    health_.report_fault("b", SourceFault::bad_content, "its bytes are not the signed ones");
    now_ += 5h + 59min;
    const auto aside = health_.suspended();
    ASSERT_THAT(aside, SizeIs(1));
    EXPECT_EQ(aside[0].url, "b");
    EXPECT_TRUE(aside[0].fault == SourceFault::bad_content);
    EXPECT_EQ(aside[0].left, 1min);
    EXPECT_EQ(aside[0].why, "its bytes are not the signed ones");
    now_ += 1min;
    EXPECT_THAT(health_.suspended(), IsEmpty());
}

TEST_F(MirrorHealthTest, OrdersSuspendedSourcesByTheEndOfTheirSuspension) {
    health_.report_fault("a", SourceFault::bad_content, "x");
    health_.report_fault("b", SourceFault::unreachable, "x");
    health_.report_fault("b", SourceFault::unreachable, "x");
    health_.report_fault("c", SourceFault::unreachable, "x");
    EXPECT_THAT(health_.usable_first(three_), ElementsAre("c", "b", "a"));
    EXPECT_THAT(health_.usable(three_), IsEmpty());
}

}  // namespace
}  // namespace riverlight::content
