#include "firmware/outlet/agenda.hpp"

#include <gtest/gtest.h>

#include <set>

#include "scheduler/plan/planner.hpp"
#include "tests/unit/scheduler/fixture.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr const char* spots = R"(
[[campaign]]
id = "spots"
title = "Spots"
from = 2026-11-01
until = 2026-12-31
audience = { countries = ["KH"] }
[[campaign.booking]]
id = "turns"
kind = "rotation"
segments = ["spot"]
plays_per_day = 24
[[campaign]]
id = "rest"
title = "Rest"
from = 2026-11-01
until = 2026-12-31
audience = { countries = ["KH"] }
[[campaign.booking]]
id = "fill"
kind = "filler"
segments = ["filler"]
)";

std::shared_ptr<const Programme> programme(const std::string& toml = spots) {
    Programme p;
    auto content = std::make_shared<content::ContentSet>();
    content->catalogue = test::catalogue({test::segment("spot", 30), test::segment("filler", 60)});
    p.place = content->catalogue.countries.at("KH").places[0];
    p.schedule = test::schedule(toml);
    p.content = std::move(content);
    return std::make_shared<const Programme>(std::move(p));
}

/// An outlet that plays its agenda, on a clock set by the test.
struct Board {
    explicit Board(Instant begin) : now(begin) {
        agenda.set_in_service_since(begin);
        agenda.begin(programme());
    }

    std::optional<PlanRequest> ask() {
        return agenda.ask(reading(), [&](Instant since, Instant) {
            auto counted = aired;
            std::erase_if(counted, [&](const auto& a) { return a.start < since; });
            return counted;
        });
    }
    PlanEffect accept(const PlanRequest& request) { return agenda.accept(make_plan(request), reading()); }
    /// True if the day is planned again.
    bool look(Instant at) {
        now = at;
        const auto request = ask();
        return request && accept(*request) == PlanEffect::again;
    }
    [[nodiscard]] ClockReading reading() const {
        ClockReading reading;
        reading.now = now;
        reading.monotonic = MonotonicTime{now.time_since_epoch()};
        return reading;
    }
    [[nodiscard]] std::vector<Agenda::Missed> take_missed(Instant at) {
        return agenda.take_missed(at, 100'000);
    }
    /// Plays as planned everything that starts before `end`.
    void play_until(Instant end) {
        for (look(now); !agenda.coming().empty() && agenda.coming().front().start < end; look(now)) {
            const auto a = agenda.take_next();
            agenda.set_done(a);
            aired.push_back({a.id, a.booking, a.segment, a.start, a.end});
            now = a.end;
        }
    }
    [[nodiscard]] auto turns_aired() const {
        return std::count_if(aired.begin(), aired.end(), [](const auto& a) { return a.booking == "turns"; });
    }
    Agenda agenda;
    Instant now;
    std::vector<scheduler::Aired> aired;
};

/// Local midnight in Phnom Penh, and hours after it.
Instant at(minutes h, const char* day = "2026-11-23") {
    return Instant{sys_days{test::date(day).time_since_epoch()}} - 7h + h;
}

TEST(AgendaTest, PlansTheNextDayTenMinutesEarlyAndOnce) {
    Board board(at(0h));
    EXPECT_TRUE(board.look(at(0h))) << "nothing to follow";
    board.play_until(at(23h) + 49min);
    EXPECT_EQ(board.agenda.coming().back().end, at(24h));
    EXPECT_FALSE(board.look(at(23h) + 51min)) << "the next day follows this one";
    EXPECT_EQ(board.agenda.coming().back().end, at(48h));
}

TEST(AgendaTest, PlaysMissedInAPowerCutAreMadeGoodInWhatIsLeftOfTheDay) {
    Board before(at(0h));
    before.play_until(at(10h));
    const auto until_then = before.turns_aired();
    ASSERT_EQ(until_then, 10);

    // The board is off for four hours; its next run reads from the journal what aired.
    Board after(at(0h));
    after.aired = before.aired;
    after.look(at(14h));
    after.play_until(at(24h));
    EXPECT_EQ(after.turns_aired(), 24);
}

TEST(AgendaTest, AfterAPowerCutEachPlayOfTheDayIsPlannedOrMissed) {
    Board before(at(0h));
    before.play_until(at(10h));

    Board after(at(0h));
    after.aired = before.aired;
    EXPECT_TRUE(after.look(at(14h)));
    const auto whole = scheduler::plan_day(test::schedule(spots), programme()->content->catalogue,
                                           programme()->place, test::date("2026-11-23"), 0);
    std::set<std::string> accounted;
    for (const auto& a : before.aired) accounted.insert(a.id);
    for (const auto& missed : after.take_missed(at(14h))) {
        EXPECT_EQ(missed.cause, MissCause::not_playing);
        EXPECT_TRUE(accounted.insert(missed.planned.id).second) << "returned twice, or aired";
    }
    EXPECT_TRUE(after.take_missed(at(14h)).empty()) << "each is returned once";
    for (const auto& a : after.agenda.coming()) accounted.insert(a.id);
    for (const auto& missed : after.take_missed(at(24h))) accounted.insert(missed.planned.id);
    for (const auto& a : whole.airings) EXPECT_TRUE(accounted.contains(a.id)) << a.booking;
}

TEST(AgendaTest, PlansTheRestOfTheDayAgainAfterThreeHoursWithoutAPlayer) {
    Board board(at(0h));
    board.play_until(at(6h));
    EXPECT_FALSE(board.look(at(6h)));
    EXPECT_TRUE(board.look(at(9h))) << "three hours passed unplayed";
    EXPECT_FALSE(board.look(at(9h)));
    board.play_until(at(24h));
    EXPECT_EQ(board.turns_aired(), 24);
}

TEST(AgendaTest, AnAiringPassedOverIsMissedAndNotMadeGood) {
    Board board(at(0h));
    board.look(at(0h));
    board.play_until(at(20h));
    const auto night = std::count_if(board.agenda.coming().begin(), board.agenda.coming().end(),
                                     [](const auto& a) { return a.booking == "turns"; });
    ASSERT_EQ(night, 4);
    while (!board.agenda.coming().empty()) board.agenda.pass_over(board.agenda.take_next());
    EXPECT_TRUE(board.take_missed(at(20h)).empty()) << "not before their end";
    EXPECT_FALSE(board.look(at(22h))) << "the day is not planned again";
    const auto missed_tonight = board.take_missed(at(22h));
    ASSERT_FALSE(missed_tonight.empty());
    for (const auto& missed : missed_tonight) {
        EXPECT_EQ(missed.cause, MissCause::closed);
        EXPECT_TRUE(board.agenda.is_done(missed.planned.id));
        EXPECT_LE(missed.planned.end, at(22h));
    }
    EXPECT_TRUE(board.take_missed(at(22h)).empty()) << "each is returned once";
}

TEST(AgendaTest, AiringsBeforeTheBoardWasInServiceAreNotMissed) {
    Board board(at(12h));
    board.look(at(12h));
    EXPECT_TRUE(board.take_missed(at(12h)).empty());
    board.play_until(at(24h));
    EXPECT_EQ(board.turns_aired(), 12);
}

TEST(AgendaTest, ABeginOfServiceThatIsCorrectedEndsWhatWasMissedBeforeIt) {
    Board board(at(0h));
    board.look(at(6h));
    board.agenda.set_in_service_since(at(5h));
    const auto missed = board.take_missed(at(6h));
    ASSERT_FALSE(missed.empty());
    for (const auto& one : missed) {
        EXPECT_GE(one.planned.start, at(5h));
        EXPECT_LE(one.planned.end, at(6h));
    }
    EXPECT_TRUE(board.take_missed(at(6h)).empty());
}

TEST(AgendaTest, AnAiringPassedOverBeforeTheCorrectedBeginOfServiceIsNotMissed) {
    Board board(at(0h));
    board.look(at(0h));
    board.agenda.pass_over(board.agenda.take_next());
    board.agenda.set_in_service_since(at(1h));
    EXPECT_TRUE(board.take_missed(at(30min)).empty());
}

TEST(AgendaTest, PlansTheDayThatTheClockWasSetTo) {
    Board board(at(0h));
    board.play_until(at(1h));
    EXPECT_TRUE(board.look(at(9 * 24h))) << "ahead by nine days";
    EXPECT_FALSE(board.take_missed(at(9 * 24h)).empty());
    EXPECT_GE(board.agenda.coming().front().end, at(9 * 24h));
    EXPECT_TRUE(board.look(at(2h))) << "and set right again";
    EXPECT_EQ(board.agenda.coming().back().end, at(24h));
}

TEST(AgendaTest, ANewReleaseDoesNotRepeatWhatIsDone) {
    Board board(at(0h));
    board.play_until(at(8h));
    const auto done = board.aired.back().id;
    board.agenda.begin(programme());
    EXPECT_FALSE(board.agenda.coming().empty()) << "the former plan stays until the new one is there";
    EXPECT_TRUE(board.look(at(8h)));
    EXPECT_TRUE(board.agenda.is_done(done));
    for (const auto& a : board.agenda.coming()) EXPECT_FALSE(board.agenda.is_done(a.id));
}

TEST(AgendaTest, APlanForAProgrammeThatWasReplacedMeanwhileIsDropped) {
    Board board(at(0h));
    const auto first = board.ask();
    ASSERT_TRUE(first);
    const auto newer = programme();
    board.agenda.begin(newer);
    EXPECT_FALSE(board.ask()) << "one plan at a time";
    EXPECT_EQ(board.accept(*first), PlanEffect::nothing);
    EXPECT_TRUE(board.agenda.coming().empty());
    const auto second = board.ask();
    ASSERT_TRUE(second);
    EXPECT_EQ(second->programme, newer);
    EXPECT_EQ(board.accept(*first), PlanEffect::nothing) << "an answer to an earlier request";
    EXPECT_EQ(board.accept(*second), PlanEffect::again);
    EXPECT_EQ(board.agenda.planned_from(), newer);
}

TEST(AgendaTest, APlanThatDoesNotKnowWhatCameOnAirMeanwhileIsMadeAgainAFewTimes) {
    Board board(at(0h));
    int made = 0;
    for (auto effect = PlanEffect::nothing; effect == PlanEffect::nothing; ++made) {
        const auto request = board.ask();
        ASSERT_TRUE(request);
        board.agenda.set_on_air("another-" + std::to_string(made));
        effect = board.accept(*request);
    }
    EXPECT_EQ(made, 4) << "three times again, and then a late plan is better than none";
}

TEST(AgendaTest, APlanThatTakesLongBeginsLaterTheNextTime) {
    Board board(at(0h));
    const auto slow = board.ask();
    board.now += 2s;
    EXPECT_EQ(board.accept(*slow), PlanEffect::again);
    board.agenda.begin(programme());
    const auto next = board.ask();
    ASSERT_TRUE(next);
    EXPECT_EQ(std::get<PlanRequest::Rest>(next->what).from, board.now + 3s);
    board.now += 5ms;
    EXPECT_EQ(board.accept(*next), PlanEffect::again);
    board.agenda.begin(programme());
    const auto quick = board.ask();
    ASSERT_TRUE(quick);
    EXPECT_EQ(std::get<PlanRequest::Rest>(quick->what).from, board.now);
}

TEST(AgendaTest, NothingIsMissedWhileTheDayIsPlannedAgainAndAllOfItIfThatFails) {
    Board board(at(0h));
    board.play_until(at(6h));
    board.now = at(9h);
    const auto request = board.ask();
    ASSERT_TRUE(request);
    EXPECT_TRUE(board.take_missed(at(9h)).empty()) << "the plan may make it good";
    MadePlan none;
    none.number = request->number;
    none.fault = "no time zone";
    EXPECT_EQ(board.agenda.accept(none, board.reading()), PlanEffect::nothing);
    EXPECT_FALSE(board.ask()) << "for a minute";
    const auto missed = board.take_missed(at(9h));
    ASSERT_FALSE(missed.empty());
    EXPECT_GE(missed.back().planned.end, at(9h) - 1min);
    board.agenda.begin(programme());
    EXPECT_TRUE(board.ask()) << "another release is planned at once";
}

TEST(AgendaTest, MissedAiringsAreReturnedInPartsAndNotPlayedLate) {
    Board board(at(0h));
    board.look(at(0h));
    const auto planned = board.agenda.coming().size();
    std::size_t missed = 0;
    for (auto part = board.agenda.take_missed(at(24h), 200); !part.empty();
         part = board.agenda.take_missed(at(24h), 200)) {
        EXPECT_LE(part.size(), 200U);
        EXPECT_TRUE(board.agenda.coming().empty()) << "nothing that is over is played";
        missed += part.size();
    }
    EXPECT_EQ(missed, planned);
}

}  // namespace
}  // namespace riverlight::firmware
