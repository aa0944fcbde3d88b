#include "firmware/outlet/record_keeper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/firmware/outlet/fixture.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using content::AiringStatus;
using testing::IsEmpty;
using testing::SizeIs;

class RecordKeeperTest : public test::OutletFixture {
  protected:
    RecordKeeperTest() {
        planned_.id = "airing";
        planned_.segment = "spot";
        planned_.locale = planned_.locale_asked = "km";
        planned_.start = now_.now;
        planned_.end = now_.now + 30s;
        now_.error = 12ms;
    }
    /// An airing that the player was told to play.
    QueuedAiring opened() {
        QueuedAiring queued;
        queued.planned = planned_;
        queued.record = keeper_.planned(planned_);
        keeper_.open(queued);
        return queued;
    }
    void put_on_air(QueuedAiring& queued, std::int64_t took = 0) {
        queued.on_air();
        player::OnAir event;
        event.instant = now_.now - now_.ahead;
        event.took = player::MediaChoice::from_wire(took);
        keeper_.on_air(queued, event, now_);
    }
    static player::OffAir off(AiringStatus status, Instant at, const std::string& why = "") {
        player::OffAir event;
        event.instant = at;
        event.status = status;
        event.reason = why;
        event.frames = 750;
        return event;
    }

    scheduler::PlannedAiring planned_;
    RecordKeeper keeper_{log_, {"screen", "kh-1", "boot"}};
};

TEST_F(RecordKeeperTest, ARecordIsOpenBeforeTheFirstFrameAndSaysWhatIsPlanned) {
    const auto queued = opened();
    ASSERT_THAT(log_.open_, SizeIs(1));
    const auto& record = log_.open_.at(queued.handle.value());
    EXPECT_EQ(record.outlet, "screen");
    EXPECT_EQ(record.place, "kh-1");
    EXPECT_EQ(record.boot_id, "boot");
    EXPECT_EQ(record.planned_start, planned_.start);
    EXPECT_FALSE(record.started);
    EXPECT_FALSE(record.status);
}

TEST_F(RecordKeeperTest, TheClockOfTheFirstFrameIsKept) {
    auto queued = opened();
    now_.ahead = 1h;
    now_.state = content::ClockState::unsynchronised;
    put_on_air(queued);
    const auto& record = log_.open_.at(*queued.handle);
    EXPECT_EQ(record.started, now_.now) << "by the board's clock";
    EXPECT_EQ(record.monotonic_start, now_.monotonic);
    EXPECT_EQ(record.clock, content::ClockState::unsynchronised);
    EXPECT_EQ(record.clock_error, 12ms);
    now_.state = content::ClockState::synchronised;
    pass(30s);
    keeper_.close(queued, off(AiringStatus::aired, now_.now), "KH", now_);
    EXPECT_EQ(last_record().clock, content::ClockState::unsynchronised) << "not that of its end";
    EXPECT_EQ(last_record().ended, now_.now);
}

TEST_F(RecordKeeperTest, AnAiringThatNeverWasOnHasNoTimes) {
    auto queued = opened();
    keeper_.close(queued, off(AiringStatus::failed, now_.now, "its picture is damaged"), "KH", now_);
    EXPECT_EQ(last_record().status, AiringStatus::failed);
    EXPECT_FALSE(last_record().started);
    EXPECT_FALSE(last_record().ended);
    EXPECT_EQ(last_record().clock, content::ClockState::synchronised);
    EXPECT_THAT(log_.open_, IsEmpty());
}

TEST_F(RecordKeeperTest, AnotherLanguageMakesASubstitution) {
    planned_.locale = "en";
    auto queued = opened();
    put_on_air(queued);
    keeper_.close(queued, off(AiringStatus::aired, now_.now), "KH", now_);
    EXPECT_EQ(last_record().status, AiringStatus::substituted);
    EXPECT_EQ(last_record().reason, "not cleared or not made in km");
    EXPECT_EQ(last_record().locale_aired, "en");
}

TEST_F(RecordKeeperTest, AFillerThatAiredInItsPlaceIsNamed) {
    auto queued = opened();
    auto filler = planned_;
    filler.segment = "filler";
    filler.locale = "en";
    queued.alternatives.push_back({filler, std::string(64, 'f')});
    put_on_air(queued, 1);
    auto end = off(AiringStatus::substituted, now_.now, "its picture is damaged");
    end.took = player::MediaChoice::from_wire(1);
    keeper_.close(queued, end, "KH", now_);
    EXPECT_EQ(last_record().segment, "spot") << "what was planned";
    EXPECT_EQ(last_record().evidence.at("filler"), "filler");
    EXPECT_EQ(last_record().sha256, std::string(64, 'f'));
    EXPECT_EQ(last_record().locale_aired, "en");
    EXPECT_EQ(last_record().reason, "its picture is damaged");
}

TEST_F(RecordKeeperTest, WhatWasShownIsEvidence) {
    auto queued = opened();
    put_on_air(queued);
    auto end = off(AiringStatus::truncated, now_.now);
    end.shown = content::Shown{30s, 20s, 5s, false};
    keeper_.close(queued, end, "KH", now_);
    EXPECT_EQ(content::read_shown(last_record().evidence), end.shown);
    EXPECT_TRUE(content::counts_as_play(last_record())) << "more than half of it";
}

TEST_F(RecordKeeperTest, ALengthNeverComesFromTwoReadingsOfTheClock) {
    auto queued = opened();
    put_on_air(queued);
    const auto started = now_.now;
    auto end = off(AiringStatus::aired, now_.now - 1h);  // set back meanwhile
    end.samples = 30 * 48'000;
    keeper_.close(queued, end, "KH", now_);
    EXPECT_EQ(last_record().ended, started + 30s);
}

TEST_F(RecordKeeperTest, EvidenceBeyondWhatARecordHoldsIsLeftOut) {
    auto queued = opened();
    put_on_air(queued);
    auto end = off(AiringStatus::aired, now_.now);
    end.shown = content::Shown{30s, 30s, 0s, true};
    for (int i = 0; i < 50; ++i) end.evidence["a" + std::to_string(i)] = "1";
    keeper_.close(queued, end, "KH", now_);
    EXPECT_EQ(last_record().evidence.size(), content::most_evidence);
    EXPECT_EQ(content::read_shown(last_record().evidence), end.shown) << "comes first";
}

TEST_F(RecordKeeperTest, AWithdrawnAiringNamesTheCountry) {
    auto queued = opened();
    put_on_air(queued);
    queued.drop();
    keeper_.close(queued, off(AiringStatus::truncated, now_.now, "dropped"), "KH", now_);
    EXPECT_EQ(last_record().reason, "withdrawn: KH no longer clears it in km");
}

TEST_F(RecordKeeperTest, AnEndlessReasonIsCut) {
    auto queued = opened();
    put_on_air(queued);
    keeper_.close(queued, off(AiringStatus::failed, now_.now, std::string(5000, 'x')), "KH", now_);
    EXPECT_EQ(last_record().reason.size(), 1000U);
}

TEST_F(RecordKeeperTest, WhatIsDiscardedLeavesNoRecord) {
    const auto queued = opened();
    keeper_.discard(queued);
    EXPECT_THAT(log_.open_, IsEmpty());
    EXPECT_THAT(log_.closed_, IsEmpty());
}

TEST_F(RecordKeeperTest, AMissedAiringIsSkippedWithItsCauseUnlessItHasARecord) {
    auto recorded = planned_;
    recorded.id = "recorded";
    content::AiringRecord earlier;
    earlier.airing = recorded.id;
    log_.closed_ = {earlier};
    keeper_.skip({{recorded, MissCause::not_playing}, {planned_, MissCause::closed}}, now_);
    ASSERT_THAT(log_.closed_, SizeIs(2));
    EXPECT_EQ(last_record().airing, "airing");
    EXPECT_EQ(last_record().status, AiringStatus::skipped);
    EXPECT_EQ(last_record().reason, to_text(MissCause::closed));
    EXPECT_EQ(last_record().clock_error, 12ms);
}

}  // namespace
}  // namespace riverlight::firmware
