#include "scheduler/plan/separation.hpp"

#include <gtest/gtest.h>

namespace riverlight::scheduler {
namespace {

using namespace std::chrono_literals;

/// Two rotations and a block. Segments 0 and 1 share a topic; 2 is for children and 3 is rated.
class SeparationTest : public ::testing::Test {
  protected:
    SeparationTest() {
        rotation_.kind = BookingKind::rotation;
        block_.kind = BookingKind::block;
        manifest_.duration = 30s;
        day_.length = 24h;
        day_.children_distance = 10min;
        day_.topic_separations = {5min};
        day_.bookings.resize(3);
        day_.bookings[0].booking = day_.bookings[1].booking = &rotation_;
        day_.bookings[2].booking = &block_;
        day_.bookings[0].separation = 1h;
        day_.bookings[1].topic_separation = 5min;
        day_.segments.resize(4);
        for (auto& facts : day_.segments) facts.segment = &manifest_;
        for (auto& facts : day_.segments) facts.widest_separation = 1h;
        day_.segments[0].topics = day_.segments[1].topics = {0};
        day_.segments[2].child = true;
        day_.segments[3].rated = true;
    }
    static Item item(SegmentIndex key) {
        Item out;
        out.key = key;
        out.length = 30s;
        return out;
    }
    Booking rotation_, block_;
    content::Manifest manifest_;
    Day day_;
    const DayTime noon_ = day_begin + 12h;
};

TEST_F(SeparationTest, KeepsTheSameSegmentApartInBothDirections) {
    SeparationRules rules(day_);
    rules.add(0, item(0), noon_, noon_ + 30s);
    const auto later = rules.find_conflict(1, item(0), noon_ + 59min, 30s);
    ASSERT_TRUE(later) << "the larger of the two distances applies";
    EXPECT_EQ(later->why, Obstacle::separation);
    EXPECT_EQ(later->by, 0U);
    EXPECT_EQ(later->retry, noon_ + 1h);
    EXPECT_TRUE(rules.find_conflict(1, item(0), noon_ - 59min, 30s));
    EXPECT_FALSE(rules.find_conflict(1, item(0), noon_ + 1h, 30s));
    EXPECT_FALSE(rules.find_conflict(1, item(0), noon_ - 1h, 30s));
    rules.remove(0, item(0), noon_);
    EXPECT_FALSE(rules.find_conflict(1, item(0), noon_, 30s));
}

TEST_F(SeparationTest, KeepsSegmentsOfOneTopicApart) {
    SeparationRules rules(day_);
    rules.add(0, item(0), noon_, noon_ + 30s);
    const auto conflict = rules.find_conflict(1, item(1), noon_ + 4min, 30s);
    ASSERT_TRUE(conflict);
    EXPECT_EQ(conflict->why, Obstacle::topic_separation);
    EXPECT_EQ(conflict->retry, noon_ + 5min);
    EXPECT_FALSE(rules.find_conflict(0, item(1), noon_ + 4min, 30s)) << "neither booking asks for it";
}

TEST_F(SeparationTest, KeepsRatedSegmentsAndChildrensApartFromEndToStart) {
    SeparationRules rules(day_);
    rules.add(1, item(2), noon_, noon_ + 30s);
    const auto conflict = rules.find_conflict(1, item(3), noon_ + 10min, 30s);
    ASSERT_TRUE(conflict);
    EXPECT_EQ(conflict->why, Obstacle::children);
    EXPECT_EQ(conflict->retry, noon_ + 30s + 10min);
    EXPECT_FALSE(rules.find_conflict(1, item(3), noon_ + 30s + 10min, 30s));
    EXPECT_TRUE(rules.find_conflict(1, item(3), noon_ - 10min, 30s)) << "it would end too near";
    EXPECT_FALSE(rules.find_conflict(1, item(3), noon_ - 10min - 30s, 30s));
}

TEST_F(SeparationTest, DoesNotApplyWithinOneRun) {
    day_.bookings[2].separation = 1h;
    SeparationRules rules(day_);
    rules.add(2, item(0), noon_, noon_ + 30s);
    EXPECT_FALSE(rules.find_conflict(2, item(0), noon_ + 30s, 30s));
    EXPECT_TRUE(rules.find_conflict(1, item(0), noon_ + 30s, 30s));
}

TEST_F(SeparationTest, RemovingWhatWasNotAddedFailsLoudly) {
    SeparationRules rules(day_);
    EXPECT_DEATH(rules.remove(0, item(0), noon_), "");
}

}  // namespace
}  // namespace riverlight::scheduler
