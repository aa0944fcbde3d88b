// What an outlet decides: player, queue and records.
#include "firmware/outlet/outlet_supervisor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/firmware/outlet/fixture.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using content::AiringStatus;
using testing::ElementsAre;
using testing::HasSubstr;
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

TEST_F(OutletSupervisorTest, APlayerThatHangsCostsItsItemOnly) {
    const auto hung = play_first();
    const auto next = told_[1];
    wait(1s);
    EXPECT_EQ(kills_, 0);
    wait(1400ms, /*silent=*/true);
    EXPECT_EQ(kills_, 1);
    EXPECT_EQ(starts_, 1) << "its end is not reported yet";
    end_player("the player was killed by signal 9");
    EXPECT_EQ(last_record().airing, airing_of(hung));
    EXPECT_EQ(last_record().status, AiringStatus::failed);
    EXPECT_EQ(last_record().reason, "the player hung and was ended");
    EXPECT_EQ(starts_, 2);
    ASSERT_THAT(told_, SizeIs(3));
    EXPECT_EQ(told_[0].airing, next.airing);
    EXPECT_TRUE(view().slate);
    EXPECT_EQ(view().restarts, 1);
}

TEST_F(OutletSupervisorTest, APlayerThatCrashesCostsItsItemOnly) {
    const auto crashed = play_first();
    const auto next = told_[1];
    wait(10s);
    player::Progress progress;
    progress.airing = crashed.airing;
    progress.frames = 250;
    report(progress);
    end_player();
    ASSERT_THAT(log_.closed_, SizeIs(1));
    EXPECT_EQ(last_record().reason, "the player was killed by signal 11");
    EXPECT_EQ(last_record().frames, 250) << "as far as is known";
    EXPECT_EQ(view().trouble, "the player was killed by signal 11");
    ASSERT_THAT(told_, SizeIs(3));
    EXPECT_EQ(told_[0].airing, next.airing);
    report_on_air(told_[0]);
    EXPECT_THAT(log_.closed_, SizeIs(1));
}

TEST_F(OutletSupervisorTest, AnItemThatEndsItsPlayerTwiceBeforeItIsOnAirCostsItself) {
    play();
    const auto bad = told_[0], good = told_[1];
    wait(1s);
    end_player();
    EXPECT_EQ(told_[0].airing, bad.airing) << "it may have been the player";
    EXPECT_THAT(log_.closed_, IsEmpty());
    wait(1s);
    end_player();
    ASSERT_THAT(log_.closed_, SizeIs(1));
    EXPECT_EQ(last_record().airing, airing_of(bad));
    EXPECT_EQ(last_record().status, AiringStatus::failed);
    EXPECT_FALSE(last_record().started);
    EXPECT_EQ(told_[0].airing, good.airing);
    EXPECT_THAT(told_, SizeIs(3));
    for (const auto& cue : told_) EXPECT_NE(airing_of(cue), airing_of(bad)) << "not in this run";
}

TEST_F(OutletSupervisorTest, APlayerThatKeepsEndingIsStartedMoreSlowly) {
    handle(ProgrammeArrived{nullptr});
    for (int i = 0; i < 2; ++i) end_player();
    EXPECT_EQ(starts_, 3);
    end_player();
    EXPECT_EQ(starts_, 3);
    EXPECT_EQ(state(), PlayerState::waiting);
    wait(400ms);
    EXPECT_EQ(starts_, 3);
    wait(200ms);
    EXPECT_EQ(starts_, 4);
}

TEST_F(OutletSupervisorTest, AReleaseDuringTheDelayStartsThePlayerOnce) {
    handle(ProgrammeArrived{nullptr});
    for (int i = 0; i < 3; ++i) end_player();
    ASSERT_EQ(state(), PlayerState::waiting);
    play();
    EXPECT_EQ(starts_, 4);
    wait(2s);
    EXPECT_EQ(starts_, 4) << "the start that was due is not carried out any more";
}

TEST_F(OutletSupervisorTest, DoesWithoutHardwareDecodersForAnHourAfterAnEnd) {
    play_first();
    EXPECT_FALSE(starts_with_option("--no-machine-decoder"));
    wait(10s);
    end_player();
    EXPECT_TRUE(starts_with_option("--no-machine-decoder"));
    pass(2h);
    wait(10s);
    end_player();
    EXPECT_TRUE(starts_with_option("--no-machine-decoder")) << "this end counts, too";
}

TEST_F(OutletSupervisorTest, ABoardSetToDoWithoutHardwareDecodersNeverUsesThem) {
    setup_.player.hardware_decoder = false;
    play();
    EXPECT_TRUE(starts_with_option("--no-machine-decoder"));
}

TEST_F(OutletSupervisorTest, UsesHardwareDecodersAgainAfterAnHour) {
    handle(ProgrammeArrived{nullptr});
    wait(10s);
    end_player();
    ASSERT_TRUE(starts_with_option("--no-machine-decoder"));
    pass(1h);
    play();  // its slate replaces the player
    EXPECT_FALSE(starts_with_option("--no-machine-decoder"));
}

TEST_F(OutletSupervisorTest, APlayerThatCannotBeStartedIsTriedAgain) {
    play();
    handle(PlayerStartFailed{"no memory"});
    EXPECT_EQ(view().trouble, "no memory");
    EXPECT_EQ(state(), PlayerState::waiting);
    const auto first = told_[0];
    wait(1800ms);
    EXPECT_EQ(starts_, 1);
    wait(200ms);
    EXPECT_EQ(starts_, 2);
    EXPECT_EQ(told_[0].airing, first.airing) << "it is told its queue";
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

TEST_F(OutletSupervisorTest, MakesGoodWhatWasMissedWhileNoPlayerCouldBeStarted) {
    const auto began = now_.now;
    play();
    handle(PlayerStartFailed{"no memory"});
    pass(3h);
    wait(2s);
    ASSERT_EQ(starts_, 2);
    EXPECT_GT(std::count_if(log_.closed_.begin(), log_.closed_.end(),
                            [](const auto& r) {
                                return r.status == AiringStatus::skipped &&
                                       r.reason == to_text(MissCause::not_playing);
                            }),
              100)
        << "a filler each minute";
    const auto plan =
        scheduler::plan_day(schedule_, content_->catalogue, place_, test::date("2026-11-23"), 0);
    play_until(plan.until);
    const auto due = std::count_if(plan.airings.begin(), plan.airings.end(),
                                   [&](const auto& a) { return a.booking == "turns" && a.start >= began; });
    EXPECT_EQ(std::count_if(log_.closed_.begin(), log_.closed_.end(),
                            [](const auto& r) { return r.booking == "turns" && r.started; }),
              due);
    EXPECT_GE(due, 13);
}

TEST_F(OutletSupervisorTest, RecordsEachMissedAiringOnce) {
    play();
    handle(PlayerStartFailed{"no memory"});
    pass(3h);
    wait(5s);
    std::set<std::string> ids;
    for (const auto& r : log_.closed_) EXPECT_TRUE(ids.insert(r.airing).second) << r.airing;
    EXPECT_FALSE(ids.empty());
}

TEST_F(OutletSupervisorTest, WhatWasDueBeforeTheBoardWasInServiceIsNotRecorded) {
    in_service_since_ = now_.now;
    play();
    wait(2s);
    EXPECT_THAT(log_.closed_, IsEmpty()) << "ten hours of the day had passed";
}

TEST_F(OutletSupervisorTest, AProgrammeThatCannotBePlannedLeavesTheSlateOn) {
    place_.zone = "Nowhere/Land";
    EXPECT_THROW(play(), Error);
    wait(5s);
    EXPECT_EQ(starts_, 1);
    EXPECT_EQ(state(), PlayerState::playing);
    EXPECT_TRUE(view().slate);
}

class ClosingTest : public OutletSupervisorTest {
  protected:
    ClosingTest() {
        setup_.display = true;
        setup_.open = {*content::parse_open_hours("08:00-10:01")};
    }
};

TEST_F(ClosingTest, WhatIsOnAtClosingTimeEndsBeforeItsDisplayIsSwitchedOff) {
    const auto on = play_first();
    wait(90s);
    EXPECT_THAT(of<player::Panel>(all_), IsEmpty()) << "it is still on";
    EXPECT_FALSE(view().closed);
    report_off_air(on);
    wait(2s);
    ASSERT_THAT(of<player::Panel>(all_), SizeIs(1)) << "told once";
    EXPECT_FALSE(of<player::Panel>(all_)[0].on);
    EXPECT_TRUE(view().closed);
    wait(5s);
    EXPECT_THAT(of<player::Panel>(all_), SizeIs(1));
}

TEST_F(ClosingTest, AiringsOfAClosedPlaceAreSkippedAndNotMadeGood) {
    const auto on = play_first();
    EXPECT_THAT(told_, SizeIs(1)) << "the next would begin after closing time";
    report_off_air(on);
    wait(5min);
    ASSERT_THAT(log_.closed_, SizeIs(testing::Gt(3U)));
    for (std::size_t i = 1; i < log_.closed_.size(); ++i) {
        EXPECT_EQ(log_.closed_[i].status, AiringStatus::skipped);
        EXPECT_EQ(log_.closed_[i].reason, to_text(MissCause::closed));
    }
}

TEST_F(ClosingTest, APlayerThatEndsAtNightIsStartedWithoutLight) {
    pass(2h);
    play();
    EXPECT_TRUE(starts_with_option("--panel-off"));
    EXPECT_THAT(told_, IsEmpty());
    wait(10s);
    end_player();
    EXPECT_TRUE(starts_with_option("--panel-off"));
}

TEST_F(ClosingTest, AClockThatIsNotKnownToBeRightClosesNothing) {
    pass(2h);
    now_.state = content::ClockState::floor;
    play();
    EXPECT_FALSE(starts_with_option("--panel-off"));
    EXPECT_THAT(told_, SizeIs(3));
    EXPECT_FALSE(view().closed);
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

TEST_F(OutletSupervisorTest, ANoticeIsSentOnceToEachPlayer) {
    play_first();
    handle(NoticeChanged{{"Remove the stick", "en"}});
    EXPECT_THAT(sent<player::Notice>(), SizeIs(1));
    handle(NoticeChanged{{"Remove the stick", "en"}});
    EXPECT_THAT(sent<player::Notice>(), IsEmpty());
    wait(10s);
    end_player();
    ASSERT_THAT(sent<player::Notice>(), SizeIs(1)) << "the next player shows it, too";
    EXPECT_EQ(sent<player::Notice>()[0].text, "Remove the stick");
    handle(NoticeChanged{{"", "en"}});
    EXPECT_THAT(sent<player::Notice>(), SizeIs(1));
    wait(10s);
    end_player();
    EXPECT_THAT(sent<player::Notice>(), IsEmpty());
}

class FeedTest : public OutletSupervisorTest {
  protected:
    FeedTest() {
        setup_.id = "feed";
        setup_.feed = setup_.avails = true;
        setup_.profile = "720p25";
        schedule_.campaigns.pop_back();  // no fillers: there is open time
        schedule_.campaigns.front().bookings.front().plays_per_day = 24;
    }
};

TEST_F(FeedTest, ShowsNoNotices) {
    play();
    handle(NoticeChanged{{"Remove the stick", "en"}});
    EXPECT_THAT(commands_, IsEmpty());
}

TEST_F(FeedTest, AGuideIsSentToEachPlayerAndEveryTenMinutes) {
    play();
    wait(10s);
    EXPECT_THAT(of<player::Guide>(all_), SizeIs(1));
    wait(10min);
    EXPECT_THAT(of<player::Guide>(all_), SizeIs(2));
    end_player();
    wait(2s);
    EXPECT_THAT(of<player::Guide>(all_), SizeIs(3));
}

TEST_F(FeedTest, EachAvailIsSentOnceToEachPlayer) {
    play();
    // The first airing's end begins open time.
    const auto first = view().next.front();
    pass(first.end - now_.now - 16s);
    wait(10s);
    ASSERT_THAT(of<player::Avail>(all_), SizeIs(1));
    EXPECT_EQ(of<player::Avail>(all_)[0].start, first.end);
    end_player();
    wait(2s);
    EXPECT_THAT(of<player::Avail>(all_), SizeIs(2)) << "a new player knows nothing";
}

TEST_F(FeedTest, ARefusedRenditionIsEncodedAsItPlays) {
    auto& spot = content_->catalogue.segments.at("spot");
    const std::string rendition(64, 'r');
    spot.files[rendition] = spot.files.at(std::string(64, 's'));
    spot.files[rendition].sha256 = rendition;
    spot.files[rendition].profile = "720p25";
    for (auto& [locale, words] : spot.locales) words.renditions["720p25"] = rendition;
    std::string refused;
    setup_.is_refused = [&](const std::string& path) { return path == refused; };
    play();
    ASSERT_TRUE(told_[0].media.rendition);
    EXPECT_EQ(log_.open_.at(1).sha256, rendition);
    refused = told_[0].media.rendition->path;
    play();
    ASSERT_FALSE(sent<player::Cue>().empty());
    EXPECT_FALSE(sent<player::Cue>()[0].media.rendition);
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

TEST_F(OutletSupervisorTest, AClockThatIsSetRightPlansTheDayThatItWasSetTo) {
    const auto right = now_.now;
    now_.now = Instant{20s};  // 1970: the board has no battery
    now_.state = content::ClockState::floor;
    in_service_since_ = now_.now;
    play();
    EXPECT_THAT(told_, IsEmpty()) << "no campaign had begun";
    now_.now = right;
    now_.state = content::ClockState::synchronised;
    in_service_since_ = right;
    wait(2s);
    EXPECT_THAT(told_, SizeIs(3));
    EXPECT_THAT(log_.closed_, IsEmpty());
}

TEST_F(OutletSupervisorTest, StopsInOrderWhileAnAiringIsOn) {
    const auto on = play_first();
    handle(StopRequested{});
    EXPECT_THAT(sent<player::Quit>(), SizeIs(1));
    EXPECT_EQ(state(), PlayerState::stopping);
    report_off_air(on, AiringStatus::truncated, "the player was asked to end");
    EXPECT_EQ(last_record().status, AiringStatus::truncated);
    EXPECT_THAT(commands_, IsEmpty()) << "nothing more is cued";
    end_player("the player ended with status 0");
    EXPECT_EQ(state(), PlayerState::stopped);
    EXPECT_EQ(starts_, 1);
    EXPECT_THAT(log_.closed_, SizeIs(1)) << "what only waited may air in the next run";
    play();  // a release that a worker had loaded meanwhile
    EXPECT_EQ(starts_, 1);
}

TEST_F(OutletSupervisorTest, APlayerThatEndsWithoutAWordWhileStoppingFailsWhatWasOn) {
    const auto on = play_first();
    handle(StopRequested{});
    end_player("the player was killed by signal 9");
    ASSERT_THAT(log_.closed_, SizeIs(1));
    EXPECT_EQ(last_record().airing, airing_of(on));
    EXPECT_EQ(last_record().status, AiringStatus::failed);
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

TEST_F(OutletSupervisorTest, AnEventThatNoStateExpectsAbortsInTests) {
    play();
    end_player();
    end_player();
    end_player();
    ASSERT_EQ(state(), PlayerState::waiting);
    EXPECT_DEATH(handle(PlayerEnded{"again"}), "does not expect");
}

TEST_F(OutletSupervisorTest, InTheFieldAnUnexpectedEventLeavesThePictureOn) {
    unexpected_ = UnexpectedEvent::ignore;
    const auto on = play_first();
    handle(PlayerStartFailed{"a start that nobody asked for"});
    EXPECT_EQ(state(), PlayerState::playing);
    EXPECT_EQ(view().on_air->airing, airing_of(on));
    wait(1600ms, /*silent=*/true);
    EXPECT_EQ(kills_, 1) << "silence still leads to a new player";
    end_player();
    EXPECT_EQ(starts_, 2);
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
