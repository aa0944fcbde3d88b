// What an outlet decides: its queue, its records and new releases.
#include "firmware/outlet/outlet_supervisor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/firmware/outlet/fixture.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using content::AiringStatus;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using OutletSupervisorTest = test::OutletFixture;

TEST_F(OutletSupervisorTest, StartsWithTheSlateWhileNoReleaseIsHeld) {
    handle(ProgrammeArrived{nullptr});
    EXPECT_EQ(starts_, 1);
    EXPECT_EQ(command_line_.front(), "/usr/bin/riverlight-player");
    EXPECT_FALSE(starts_with_option("--locale"));
    EXPECT_THAT(told_, IsEmpty());
    EXPECT_TRUE(view().slate);
    wait(5s);
    EXPECT_EQ(state(), PlayerState::playing);

    play();
    EXPECT_EQ(starts_, 2) << "the slate has a language now";
    EXPECT_TRUE(starts_with_option("--locale"));
    EXPECT_THAT(told_, SizeIs(3));
}

TEST_F(OutletSupervisorTest, CuesTheAiringOnAirAndTwoBehindIt) {
    play();
    ASSERT_THAT(told_, SizeIs(3));
    EXPECT_TRUE(told_[0].start) << "nothing is before it";
    EXPECT_FALSE(told_[1].start) << "it follows the first";
    EXPECT_THAT(log_.open_, SizeIs(3)) << "recorded before their first frames";

    report_on_air(told_[0]);
    EXPECT_FALSE(view().slate);
    ASSERT_TRUE(view().on_air);
    EXPECT_EQ(view().on_air->airing, airing_of(told_[0]));
    EXPECT_EQ(view().on_air->started, now_.now);
    EXPECT_EQ(view().next.front().id, airing_of(told_[1]));
    EXPECT_EQ(log_.open_.begin()->second.started, now_.now) << "the journal knows that it is on air";

    pass(60s);
    report_off_air(told_[0]);
    ASSERT_THAT(log_.closed_, SizeIs(1));
    EXPECT_EQ(last_record().airing, airing_of(told_[0]));
    EXPECT_EQ(last_record().status, AiringStatus::aired);
    EXPECT_EQ(last_record().ended, now_.now);
    EXPECT_EQ(last_record().frames, 750);
    EXPECT_EQ(last_record().boot_id, "boot");
    EXPECT_THAT(sent<player::Cue>(), SizeIs(1)) << "one more behind the two";
}

TEST_F(OutletSupervisorTest, RecordsTheAlternativeThatAired) {
    play();
    const auto cue = told_[0];
    ASSERT_FALSE(cue.alternatives.empty());
    report_on_air(cue, 1);
    pass(60s);
    player::OffAir off;
    off.airing = cue.airing;
    off.instant = now_.now;
    off.status = AiringStatus::substituted;
    off.reason = "its picture is damaged";
    off.took = player::MediaChoice::from_wire(1);
    report(off);
    EXPECT_EQ(last_record().status, AiringStatus::substituted);
    EXPECT_EQ(last_record().reason, "its picture is damaged");
    EXPECT_EQ(last_record().locale_aired, cue.alternatives[0].media.locale);
    EXPECT_NE(last_record().locale_asked, last_record().locale_aired);
}

TEST_F(OutletSupervisorTest, ANewReleaseKeepsWhatIsOnAndPlansTheRestAgain) {
    const auto on = play_first();
    const auto dropped = std::vector{told_[1], told_[2]};
    play();
    EXPECT_EQ(starts_, 1);
    std::vector<std::string> drops;
    for (const auto& drop : sent<player::Drop>()) drops.push_back(drop.airing);
    EXPECT_THAT(drops, ElementsAre(dropped[0].airing, dropped[1].airing));
    EXPECT_THAT(sent<player::Cue>(), SizeIs(2)) << "the same airings, under new names";
    EXPECT_THAT(log_.open_, SizeIs(5));
    for (const auto& cue : dropped) report_off_air(cue, AiringStatus::skipped, "dropped");
    EXPECT_THAT(log_.open_, SizeIs(3));
    EXPECT_THAT(log_.closed_, IsEmpty()) << "they may still air";
    report_off_air(on);
    EXPECT_EQ(last_record().status, AiringStatus::aired);
}

TEST_F(OutletSupervisorTest, ADropThatArrivesTooLateEndsAnAiringAndItsRecordSaysSo) {
    play();
    const auto late = told_[0];
    play();  // drops all three
    EXPECT_THAT(sent<player::Drop>(), SizeIs(3));
    report_on_air(late);
    EXPECT_TRUE(view().on_air);
    pass(40ms);
    report_off_air(late, AiringStatus::truncated, "dropped");
    ASSERT_THAT(log_.closed_, SizeIs(1));
    EXPECT_EQ(last_record().airing, airing_of(late));
    EXPECT_EQ(last_record().status, AiringStatus::truncated);
    EXPECT_EQ(last_record().reason, "dropped") << "its country still clears it";
}

TEST_F(OutletSupervisorTest, EndsAtOnceWhatItsCountryNoLongerClears) {
    const auto on = play_first();
    auto& clearances = content_->catalogue.countries.at("KH").clearances;
    std::erase_if(clearances, [&](const auto& c) { return c.segment == log_.open_.at(1).segment; });
    play();
    ASSERT_THAT(sent<player::Drop>(), SizeIs(3));
    EXPECT_EQ(sent<player::Drop>().front().airing, on.airing);
    report_off_air(on, AiringStatus::truncated, "dropped");
    EXPECT_EQ(last_record().status, AiringStatus::truncated);
    EXPECT_EQ(last_record().reason, "withdrawn: KH no longer clears it in " + last_record().locale_aired);
}

TEST_F(OutletSupervisorTest, ATakeoverCutsInOnItsFrame) {
    const auto on = play_first();
    schedule_ = test::schedule(std::string(test::spots_and_fillers) +
                               test::campaign("alarm",
                                              "id = \"now\"\nkind = \"takeover\"\nfrom = "
                                              "2026-11-23T10:00:07+07:00\nuntil = "
                                              "2026-11-23T10:30:00+07:00\nsegments = [\"spot\"]"));
    pass(5s);
    play();
    const auto cues = sent<player::Cue>();
    ASSERT_FALSE(cues.empty());
    const auto alarm = std::find_if(cues.begin(), cues.end(), [](const auto& c) {
        return c.start == *from_rfc3339("2026-11-23T03:00:07Z");
    });
    ASSERT_NE(alarm, cues.end());
    pass(2s);
    report_off_air(on, AiringStatus::truncated, "taken over");
    EXPECT_EQ(last_record().reason, "taken over");
    report_on_air(*alarm);
    EXPECT_EQ(view().on_air->booking, "now");
}

TEST_F(OutletSupervisorTest, AProgrammeThatCannotBePlannedLeavesTheSlateOn) {
    place_.zone = "Nowhere/Land";
    play();
    EXPECT_THAT(view().trouble, testing::HasSubstr("Nowhere/Land"));
    wait(5s);
    EXPECT_EQ(starts_, 1);
    EXPECT_EQ(state(), PlayerState::playing);
    EXPECT_TRUE(view().slate);
}

TEST_F(OutletSupervisorTest, AJournalThatCannotBeWrittenDoesNotStopTheOutlet) {
    log_.fault_ = "the disk is full";
    const auto on = play_first();
    EXPECT_THAT(told_, SizeIs(3));
    EXPECT_EQ(view().journal_fault, "the disk is full");
    wait(2s);
    EXPECT_GE(log_.writes_, 1) << "each second";
    report_off_air(on);
    EXPECT_EQ(last_record().status, AiringStatus::aired) << "handed to the log, which keeps it";
    EXPECT_THAT(sent<player::Cue>(), SizeIs(1));
}

TEST_F(OutletSupervisorTest, PlayersGetTheSystemClocksTimeAndRecordsTheBoards) {
    now_.ahead = 1h;  // the system clock is an hour behind
    play();
    ASSERT_TRUE(told_[0].start);
    EXPECT_EQ(*told_[0].start, view().next.front().start - 1h);
    report_on_air(told_[0]);
    EXPECT_EQ(view().on_air->started, now_.now);
    pass(60s);
    report_off_air(told_[0]);
    EXPECT_EQ(last_record().ended, now_.now);
}

TEST_F(OutletSupervisorTest, ReportsAboutUnknownCuesChangeNothing) {
    const auto on = play_first();
    player::Cue unknown;
    unknown.airing = "unknown-1";
    report_on_air(unknown);
    report_off_air(unknown);
    pass(5s);
    report_on_air(on);  // twice
    EXPECT_EQ(view().on_air->started, now_.now - 5s) << "its first frame left once";
    EXPECT_THAT(log_.closed_, IsEmpty());
}

TEST_F(OutletSupervisorTest, NamesTheMediaThatItsPlayerNeeds) {
    play();
    EXPECT_THAT(outlet_->media(), ElementsAre(std::string(64, 'f') + ".mp4")) << "three fillers";
    play();
    EXPECT_THAT(sent<player::Drop>(), SizeIs(3));
    EXPECT_FALSE(outlet_->media().empty()) << "until the player has answered";
}

}  // namespace
}  // namespace riverlight::firmware
