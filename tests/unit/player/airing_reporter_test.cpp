// What is reported of an airing follows from the frames that left its outlet, and is said once they have.
#include "player/outlet/airing_reporter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/airing/media_damage.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;
using content::AiringStatus;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");

/// An outlet whose frames leave when the test says so.
class HeldOutlet final : public Outlet {
  public:
    void show(const Picture&, std::span<const float>, std::int64_t) override {}
    void finish() override {}
    [[nodiscard]] FrameFate fate_of(std::int64_t frame) const override { return frames.fate_of(frame); }
    [[nodiscard]] Evidence evidence() const override {
        return {{"display", std::string("Acme")}, {"flips", flips}};
    }
    [[nodiscard]] std::vector<OutputState> outputs() const override { return states; }

    FateLedger frames;
    std::int64_t flips = 0;
    std::vector<OutputState> states;
};

class AiringReporterTest : public testing::Test {
  protected:
    void put_on(const std::string& airing, MediaChoice took = {}) {
        on_ = airing;
        took_ = took;
        put_in_ = 0;
        reporter_.handle(OnAir{airing, noon, frame_, took});
    }
    void put_in(int count, AiringReporter::Content content = {true, false}) {
        for (; count > 0; --count, ++frame_, ++put_in_) reporter_.add_frame(on_, content);
    }
    /// Ends the item on air as the timeline does: it lasts ten seconds.
    void end(AiringStatus status, const std::string& reason = "", std::chrono::milliseconds missed = 0ms) {
        OffAir off;
        off.airing = std::exchange(on_, "");
        off.instant = noon;
        off.status = status;
        off.reason = reason;
        off.frames = put_in_;
        off.took = took_;
        off.shown = content::Shown{10s, put_in_ * 40ms, missed, true};
        reporter_.handle(off);
    }
    /// Frames before `end` have left, but for those lost before.
    void leave(std::int64_t end) {
        outlet_.frames.settle_before(end);
        reporter_.poll();
    }
    template <class Kind>
    std::vector<Kind> all() const {
        std::vector<Kind> found;
        for (const auto& event : events_)
            if (const auto* one = std::get_if<Kind>(&event)) found.push_back(*one);
        return found;
    }
    [[nodiscard]] OffAir only_end() const {
        const auto ends = all<OffAir>();
        EXPECT_EQ(ends.size(), 1U);
        return ends.empty() ? OffAir{} : ends.front();
    }

    std::string on_;
    MediaChoice took_;
    std::int64_t frame_ = 0, put_in_ = 0;
    HeldOutlet outlet_;
    std::vector<Event> events_;
    AiringReporter reporter_{outlet_, Format{}, [this](const Event& event) { events_.push_back(event); }};
};

TEST_F(AiringReporterTest, AnAiringIsReportedOnceItsFramesHaveLeft) {
    put_on("a");
    put_in(250);
    end(AiringStatus::aired);
    reporter_.poll();
    EXPECT_TRUE(events_.empty()) << "nothing has left";
    leave(1);
    EXPECT_EQ(all<OnAir>().size(), 1U);
    leave(249);
    EXPECT_TRUE(all<OffAir>().empty());
    leave(250);
    const auto off = only_end();
    EXPECT_EQ(off.status, AiringStatus::aired);
    EXPECT_EQ(off.frames, 250);
    EXPECT_EQ(off.samples, 480'000);
    EXPECT_EQ(off.shown, (content::Shown{10s, 10s, 0s, true}));
}

TEST_F(AiringReporterTest, case_48_WhatNeverLeftFailed) {
    put_on("a");
    put_in(250);
    end(AiringStatus::aired);
    outlet_.frames.lose(0, 250);
    leave(250);
    EXPECT_EQ(only_end().status, AiringStatus::failed);
    EXPECT_EQ(only_end().frames, 0);
    EXPECT_EQ(only_end().samples, 0);
}

TEST_F(AiringReporterTest, WhatTurnedOutToBeAnotherFileIsNotWhole) {
    put_on("a");
    put_in(250);
    OffAir off;
    off.airing = std::exchange(on_, "");
    off.status = AiringStatus::failed;
    off.reason = "clip.mp4: has other bytes than the file that arrived";
    off.shown = content::Shown{10s, 10s, 0s, true};
    content::write_damage({content::MediaFault::altered, "clip.mp4"}, off.evidence);
    reporter_.handle(off);
    leave(250);
    EXPECT_EQ(only_end().status, AiringStatus::truncated);
    EXPECT_THAT(only_end().reason, testing::HasSubstr("other bytes"));
    EXPECT_TRUE(content::read_damage(only_end().evidence));
}

TEST_F(AiringReporterTest, FramesThatWereLostAreNotShown) {
    put_on("a");
    put_in(250);
    end(AiringStatus::aired);
    outlet_.frames.lose(100, 113);
    leave(250);
    EXPECT_EQ(only_end().status, AiringStatus::truncated) << "94.8 %";
    EXPECT_EQ(only_end().frames, 237);
    EXPECT_EQ(only_end().shown->shown, 9480ms);
}

TEST_F(AiringReporterTest, HeldPicturesAndTheSlateAreNotTheItem) {
    put_on("a");
    put_in(200);
    put_in(50, {false, false});
    end(AiringStatus::aired);
    leave(250);
    EXPECT_EQ(only_end().status, AiringStatus::truncated);
    EXPECT_EQ(only_end().frames, 250) << "they left";
    EXPECT_EQ(only_end().shown->shown, 8s);
    EXPECT_FALSE(only_end().shown->end_shown);
}

TEST_F(AiringReporterTest, TheLastSecondMustBeShown) {
    put_on("a");
    put_in(250);
    end(AiringStatus::aired);
    outlet_.frames.lose(244, 250);
    leave(250);
    EXPECT_EQ(only_end().status, AiringStatus::truncated) << "97.6 %, and 19 of the last 25 frames";
    EXPECT_FALSE(only_end().shown->end_shown);
}

TEST_F(AiringReporterTest, ACutThatCostsNothingIsStillWhole) {
    put_on("a");
    put_in(246);  // a hard start took the nearest frame on the grid
    end(AiringStatus::truncated, "cut by the next item's start");
    leave(246);
    EXPECT_EQ(only_end().status, AiringStatus::aired);
    EXPECT_EQ(only_end().reason, "");
    EXPECT_TRUE(only_end().shown->end_shown);
}

TEST_F(AiringReporterTest, ALateJoinIsTruncated) {
    put_on("a");
    put_in(150);
    end(AiringStatus::aired, "", 4s);
    leave(150);
    EXPECT_EQ(only_end().status, AiringStatus::truncated);
    EXPECT_EQ(only_end().shown, (content::Shown{10s, 6s, 4s, true}));
}

TEST_F(AiringReporterTest, AnItemThatBrokeIsTruncatedByWhatWasShown) {
    put_on("a");
    put_in(100);
    end(AiringStatus::failed, "it is broken");
    leave(100);
    EXPECT_EQ(only_end().status, AiringStatus::truncated);
    EXPECT_THAT(only_end().reason, testing::StartsWith("it is broken; 40 %"));
}

TEST_F(AiringReporterTest, AWholeAlternativeIsSubstituted) {
    put_on("a", MediaChoice{}.next());
    put_in(250);
    end(AiringStatus::substituted, "km: is broken");
    leave(250);
    EXPECT_EQ(only_end().status, AiringStatus::substituted);
    EXPECT_EQ(only_end().reason, "km: is broken");
}

TEST_F(AiringReporterTest, WhatWasNeverOnAirIsReportedAtOnce) {
    OffAir off;
    off.airing = "a";
    off.status = AiringStatus::skipped;
    off.reason = "its start had passed";
    reporter_.handle(off);
    EXPECT_EQ(only_end().status, AiringStatus::skipped);
    EXPECT_EQ(only_end().reason, "its start had passed");
}

TEST_F(AiringReporterTest, EvidenceBelongsToOneAiringAndAddsUpToItsFrames) {
    outlet_.states = {{"udp://239.1.1.1:5000", true, "", false, {{"datagrams_sent", 0}}}};
    const auto air = [&](const std::string& name, AiringReporter::Content content) {
        put_on(name);
        put_in(250, content);
        reporter_.poll();
        end(AiringStatus::aired);
        outlet_.flips += 250;
        outlet_.states[0].figures["datagrams_sent"] += 4000;
        leave(frame_);
    };
    air("a", {true, true});
    air("b", {true, false});
    const auto ends = all<OffAir>();
    ASSERT_EQ(ends.size(), 2U);
    for (const auto& off : ends) {
        EXPECT_EQ(off.evidence.at("flips"), "250");
        EXPECT_EQ(off.evidence.at("display"), "Acme");
        EXPECT_THAT(off.evidence.at("output_1"), testing::EndsWith("datagrams_sent 4000"));
    }
    EXPECT_EQ(ends[0].evidence.at("frames_spliced"), "250");
    EXPECT_EQ(ends[0].evidence.at("frames_encoded"), "0");
    EXPECT_EQ(ends[1].evidence.at("frames_spliced"), "0");
    EXPECT_EQ(ends[1].evidence.at("frames_encoded"), "250");
}

TEST_F(AiringReporterTest, ProgressSaysWhatHasLeft) {
    put_on("a");
    put_in(50);
    reporter_.handle(Progress{"a", 51, content::Shown{10s, 2s, 0s, false}});
    put_in(1);
    outlet_.frames.lose(10, 20);
    leave(51);
    ASSERT_EQ(all<Progress>().size(), 1U);
    EXPECT_EQ(all<Progress>()[0].frames, 41);
    EXPECT_EQ(all<Progress>()[0].shown->shown, 1640ms);
}

TEST_F(AiringReporterTest, AtTheEndWhatHasNotLeftIsLost) {
    put_on("a");
    put_in(250);
    leave(125);
    end(AiringStatus::truncated, "the player was told to stop");
    reporter_.handle(OnAir{"b", noon, frame_, {}});  // its frame was never put in
    reporter_.finish();
    EXPECT_EQ(only_end().frames, 125);
    EXPECT_EQ(only_end().status, AiringStatus::truncated);
    EXPECT_EQ(all<OnAir>().size(), 2U);
}

TEST_F(AiringReporterTest, EventsKeepTheirOrder) {
    put_on("a");
    put_in(250);
    end(AiringStatus::aired);
    put_on("b");
    put_in(1);
    leave(251);
    ASSERT_EQ(events_.size(), 3U);
    EXPECT_TRUE(std::holds_alternative<OnAir>(events_[0]));
    EXPECT_TRUE(std::holds_alternative<OffAir>(events_[1]));
    EXPECT_EQ(std::get<OnAir>(events_[2]).airing, "b");
}

TEST(FateLedger, LostFramesStayLostAndPendingOnesArePending) {
    FateLedger frames;
    EXPECT_EQ(frames.fate_of(0), FrameFate::pending);
    frames.lose(2, 4);
    frames.settle_before(6);
    frames.settle_before(5);
    EXPECT_EQ(frames.fate_of(1), FrameFate::left);
    EXPECT_EQ(frames.fate_of(2), FrameFate::lost);
    EXPECT_EQ(frames.fate_of(3), FrameFate::lost);
    EXPECT_EQ(frames.fate_of(5), FrameFate::left);
    EXPECT_EQ(frames.fate_of(6), FrameFate::pending);
    frames.lose(0, 1'000'000'000);
    EXPECT_EQ(frames.fate_of(999'999'999), FrameFate::lost);
}

TEST(OutletEvidence, CountsAreSubtractedAndFactsAreNot) {
    const Evidence before{{"flips", 100}, {"mode", std::string("720p")}, {"plugged", 1}};
    const Evidence after{{"flips", 350}, {"mode", std::string("1080p")}, {"plugged", 1}, {"late", 3}};
    EXPECT_EQ(evidence_between(before, after),
              (Evidence{{"flips", 250}, {"mode", std::string("1080p")}, {"plugged", 0}, {"late", 3}}));
}

}  // namespace
}  // namespace riverlight::player
