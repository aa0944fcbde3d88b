#include "firmware/outlet/airing_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const Instant noon = *from_rfc3339("2026-11-23T05:00:00Z");

scheduler::PlannedAiring planned(const std::string& id, Instant start = noon) {
    scheduler::PlannedAiring airing;
    airing.id = id;
    airing.start = start;
    airing.end = start + 30s;
    return airing;
}

class AiringQueueTest : public testing::Test {
  protected:
    QueuedAiring& push(const std::string& id) {
        QueuedAiring queued;
        queued.planned = planned(id);
        queued.cue.airing = queue_.name_for(id);
        queue_.push(std::move(queued));
        return queue_.all().back();
    }
    static void put_on_air(QueuedAiring& queued, Instant at) {
        queued.on_air();
        queued.record.started = at;
    }
    AiringQueue queue_;
};

TEST_F(AiringQueueTest, ACuesNameIsItsAiringsAndNeverUsedTwice) {
    const auto first = queue_.name_for("a"), second = queue_.name_for("a");
    EXPECT_NE(first, second);
    EXPECT_TRUE(first.starts_with("a-"));
    const auto& queued = push("b");
    EXPECT_EQ(queue_.find(queued.cue.airing), &queued);
    EXPECT_EQ(queue_.find("b"), nullptr) << "events name the cue";
}

TEST_F(AiringQueueTest, AnAiringFollowsTheLastWithinOneFrame) {
    EXPECT_FALSE(queue_.follows_last(planned("a"))) << "there is none";
    queue_.set_end(noon);
    EXPECT_TRUE(queue_.follows_last(planned("a", noon)));
    EXPECT_TRUE(queue_.follows_last(planned("a", noon + 40ms)));
    EXPECT_FALSE(queue_.follows_last(planned("a", noon + 41ms)));
    EXPECT_TRUE(queue_.follows_last(planned("a", noon - 1s))) << "it is due already";
    queue_.clear_end();
    EXPECT_FALSE(queue_.follows_last(planned("a", noon)));
}

TEST_F(AiringQueueTest, ADroppedAiringIsQueuedButNotKept) {
    push("a").drop();
    push("b");
    EXPECT_FALSE(queue_.is_empty());
    EXPECT_EQ(queue_.kept(), 1U);
    EXPECT_FALSE(queue_.keeps("a"));
    EXPECT_TRUE(queue_.keeps("b"));
}

TEST_F(AiringQueueTest, AnAiringThatHasToEndDoesNotCountAsOnAir) {
    auto& queued = push("a");
    EXPECT_FALSE(queue_.is_on_air());
    put_on_air(queued, noon);
    EXPECT_TRUE(queue_.is_on_air());
    queued.drop();
    EXPECT_EQ(queued.state, CueState::withdrawn);
    EXPECT_FALSE(queue_.is_on_air());
    EXPECT_TRUE(queued.is_on_air()) << "until the player reports its end";
}

TEST_F(AiringQueueTest, WhatIsOnCountsAsIfItWentOnToItsEnd) {
    push("queued");
    EXPECT_THAT(queue_.aired(noon, noon), IsEmpty());
    put_on_air(push("late"), noon + 10s);
    const auto aired = queue_.aired(noon, noon);
    ASSERT_THAT(aired, SizeIs(1));
    EXPECT_EQ(aired[0].id, "late");
    EXPECT_EQ(aired[0].start, noon + 10s);
    EXPECT_EQ(aired[0].end, noon + 40s);
}

TEST_F(AiringQueueTest, WhatFollowsBeforeAnInstantCountsWhereItWillBe) {
    put_on_air(push("on"), noon + 10s);
    push("next");
    push("dropped").drop();
    push("later");
    const auto aired = queue_.aired(noon + 20s, noon + 50s);
    ASSERT_THAT(aired, SizeIs(2)) << "the third begins at 12:01:10";
    EXPECT_EQ(aired[1].id, "next");
    EXPECT_EQ(aired[1].start, noon + 40s);
    EXPECT_EQ(aired[1].end, noon + 70s);
}

TEST_F(AiringQueueTest, NamesTheFilesOfAllItsCues) {
    push("a").cue.media.picture = "/media/a.mp4";
    auto& second = push("b");
    second.cue.media.picture = "/media/b.mp4";
    second.cue.media.sound = "/media/b.m4a";
    player::Alternative other;
    other.media.picture = "/media/c.mp4";
    second.cue.alternatives = {other};
    second.drop();
    EXPECT_THAT(queue_.media(), ElementsAre("a.mp4", "b.m4a", "b.mp4", "c.mp4"))
        << "a dropped cue's too: the player may have them open";
    queue_.erase(queue_.all().back());
    EXPECT_THAT(queue_.media(), ElementsAre("a.mp4"));
}

}  // namespace
}  // namespace riverlight::firmware
