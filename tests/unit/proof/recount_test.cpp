// What is counted again, by records of all kinds, is what the office counted.
#include "content/airing/failure_run.hpp"
#include "content/airing/time_gap.hpp"
#include "tests/unit/proof/proof_fixture.hpp"

namespace riverlight::proof {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

/// One place and two days of plans; each test lets the board write.
class Recount : public ProofTest {
  protected:
    Recount() {
        plan("kh-1", first_day);
        plan("kh-1", first_day + day_length);
    }
    void SetUp() override { join(one_); }
    /// All is sent, with a record behind the days.
    std::string sent() {
        one_.add(aired("kh-1", first_day + 2 * day_length, 0));
        send(one_, 1, one_.records.size());
        return bundle();
    }
};

TEST_F(Recount, AiringsFromBeforeTheClockWasSetStandWhereTheTimeFixPutsThem) {
    for (int n = 0; n < 4; ++n) {
        auto r = aired("kh-1", first_day, n);
        r.started = *r.started - 20h;  // the board thinks that it is the day before
        r.ended = *r.started + 10s;
        if (n == 3) r.planned_start = *r.planned_start - 20h, r.planned_end = *r.planned_start + 10s;
        r.clock = content::ClockState::floor;
        one_.add(r);
    }
    content::TimeFix fix;
    fix.boot_id = "boot-1";
    fix.at = start_of(first_day) + 12h;
    fix.monotonic = MonotonicTime(12h);
    fix.error = 50ms;
    one_.add(content::record_of(fix, "kh-1"));
    for (int n = 5; n < 8; ++n) one_.add(aired("kh-1", first_day, n));
    const auto found = verdict(sent());
    EXPECT_THAT(findings(found), IsEmpty());
    EXPECT_EQ(found.countries.at("KH").aired, 6) << "one was planned for a wrong time";
    EXPECT_EQ(found.countries.at("KH").unplanned, 1);
}

TEST_F(Recount, GapsAndRunsOfFailuresAreWhyPlaysAreSilentOrMissed) {
    one_.add(aired("kh-1", first_day, 0));
    content::TimeGap gap;
    gap.boot_id = "boot-1";
    gap.from = start_of(first_day) + 8h + 5min;
    gap.until = gap.from + 20min;
    gap.monotonic = MonotonicTime(9h);
    gap.clock = content::ClockState::synchronised;
    one_.add(content::record_of(gap, "kh-1"));
    auto failed = not_aired(aired("kh-1", first_day, 5), AiringStatus::failed, "no file");
    failed.started = failed.ended = {};  // it never began
    failed.monotonic_start = failed.monotonic_end = {};
    content::write_failure_run({*failed.planned_start, *failed.planned_start + 35min, 4}, failed);
    one_.add(failed);
    one_.add(aired("kh-1", first_day, 11));
    const auto found = verdict(sent());
    EXPECT_THAT(findings(found), IsEmpty());
    EXPECT_EQ(found.countries.at("KH").missed, 4);
    EXPECT_EQ(found.countries.at("KH").aired, 2);
}

TEST_F(Recount, ARecordInDoubtThatIsCountedIsFoundOut) {
    air(one_, first_day);
    auto empty = aired("kh-1", first_day, 5);
    empty.frames = 0;
    empty.boot_id = "boot-2";
    one_.add(empty);
    const auto text = sent();
    EXPECT_THAT(findings(text), IsEmpty());
    for (const auto* doubt : {"overlap", "no-evidence"}) {
        int cleared = 0;
        const auto counted = changed(text, [&](Object& line) {
            if (!is(line, "record") || line.at("doubt").as_string() != doubt) return;
            line["doubt"] = "";
            ++cleared;
        });
        EXPECT_EQ(cleared, 1) << doubt;
        EXPECT_THAT(findings(counted), Contains(ProofFinding::doubt_ignored)) << doubt;
    }
}

TEST_F(Recount, ARecordThatIsLeftOutWithoutReasonIsSaid) {
    air(one_, first_day);
    const auto text = sent();
    for (const auto* doubt : {"overlap", "future", "over-a-day"}) {
        const auto found = findings(changed(text, [&](Object& line) {
            if (is_record(line, 2)) line["doubt"] = doubt;
        }));
        EXPECT_THAT(found, ElementsAre(ProofFinding::figure_differs, ProofFinding::doubt_unproven)) << doubt;
    }
}

TEST_F(Recount, AnotherPlanThanTheBoardsIsSaid) {
    auto other = aired("kh-1", first_day, 40);
    one_.add(other);
    EXPECT_THAT(findings(sent()), ElementsAre(ProofFinding::plan_unproven));
}

TEST_F(Recount, ASegmentThatAnotherReleaseChoseIsNoLie) {
    auto other = aired("kh-1", first_day, 2);
    other.segment = "another";
    one_.add(other);
    EXPECT_THAT(findings(sent()), ElementsAre(ProofFinding::plan_unproven));
}

TEST_F(Recount, APromiseThatIsNotWhatTheBoardSignedIsFoundOut) {
    auto r = aired("kh-1", first_day, 2);
    r.campaign = "another";
    one_.add(r);
    EXPECT_THAT(findings(sent()), Contains(ProofFinding::plan_contradicted));
}

}  // namespace
}  // namespace riverlight::proof
