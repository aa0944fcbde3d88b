// What was shown, in seconds: in as-run lists, in what is billed from them, and in reconciliation. Lengths
// never come from two readings of a wall clock.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>

#include "content/base/json.hpp"
#include "tests/unit/tools/traffic_day.hpp"
#include "tools/traffic/csv.hpp"
#include "tools/traffic/reconcile.hpp"
#include "tools/traffic/spot_fields.hpp"
#include "tools/traffic/xml.hpp"

namespace riverlight::traffic {
namespace {

using content::AiringStatus;
using testing::HasSubstr;

/// What a board of today records of a whole airing, its clock `ahead` at the start and set by `step` in it.
content::AiringRecord recorded(const PlannedAiring& a, microseconds ahead = 0us, microseconds step = 0us) {
    content::AiringRecord r;
    r.board = "kh-pp-01";
    r.epoch = "e1";
    r.seq = 1;
    r.outlet = "feed";
    r.place = day.place;
    r.airing = a.id;
    r.booking = a.booking;
    r.campaign = a.campaign;
    r.segment = a.segment;
    r.locale_asked = r.locale_aired = a.locale;
    r.planned_start = a.start;
    r.planned_end = a.end;
    r.started = a.start + ahead;
    r.ended = a.end + ahead + step;
    r.clock = content::ClockState::synchronised;
    r.clock_error = 12ms;
    r.boot_id = "boot-a";
    r.monotonic_start = MonotonicTime{1h} + (a.start - morning);
    r.monotonic_end = MonotonicTime{1h} + (a.end - morning);
    r.status = AiringStatus::aired;
    const auto length = a.end - a.start;
    r.frames = length / 40ms;
    r.samples = length / 1s * 48'000;
    content::write_shown(
        {duration_cast<milliseconds>(length), duration_cast<milliseconds>(length), 0ms, true}, r.evidence);
    return r;
}

/// The same of an airing of which only `shown` was shown, from `missed` on.
content::AiringRecord partly(const PlannedAiring& a, seconds shown, seconds missed = 0s) {
    auto r = recorded(a);
    r.frames = shown / 40ms;
    r.samples = shown / 1s * 48'000;
    r.monotonic_end = *r.monotonic_start + shown;
    r.ended = *r.started + shown;
    r.status = AiringStatus::truncated;
    content::write_shown({duration_cast<milliseconds>(a.end - a.start), shown, missed, missed > 0s},
                         r.evidence);
    return r;
}

AsRun list_of(const std::vector<content::AiringRecord>& records) {
    return {day, spots_of(records)};
}

/// The cells of a CSV as they stand in the file, without what our reader undoes: none holds a comma or quote.
std::vector<std::vector<std::string>> raw_rows(const std::string& csv) {
    std::vector<std::vector<std::string>> rows;
    for (std::size_t at = csv_mark.size(); at < csv.size();) {
        const auto end = csv.find("\r\n", at);
        auto line = csv.substr(at, end - at) + ',';
        rows.emplace_back();
        for (std::size_t comma = 0; (comma = line.find(',')) != line.npos; line.erase(0, comma + 1))
            rows.back().push_back(line.substr(0, comma));
        at = end + 2;
    }
    return rows;
}

std::string cell(const std::vector<std::vector<std::string>>& rows, std::size_t row,
                 const std::string& name) {
    const auto at = std::find(rows.at(0).begin(), rows.at(0).end(), name);
    return at == rows.at(0).end() ? "no such column"
                                  : rows.at(row).at(static_cast<std::size_t>(at - rows.at(0).begin()));
}

std::vector<std::string> texts_in_bxf(const AsRun& list, std::string_view path) {
    std::vector<std::string> out;
    read_xml(write_bxf(list, {25, morning}), "bxf", "BxfMessage", "AsRun", [&](const XmlElement& as_run) {
        out.push_back(as_run.find("BasicAsRun/AsRunDetail")->text_at(path));
    });
    return out;
}

/// HHMMSSCC of each record.
std::vector<std::string> lengths_in_ccms(const AsRun& list) {
    std::vector<std::string> out;
    const auto text = write_ccms(list);
    for (auto at = text.find("LOI "); at != text.npos; at = text.find("LOI ", at + 4))
        out.push_back(text.substr(at + 48, 8));
    return out;
}

TEST(Lengths, AClockThatIsSetOnAirChangesNoLength) {
    const auto spot = planned(1, morning + 8h, 30s);
    for (const microseconds step : {-40s, 3640s, -30s, 30s}) {
        const auto list = list_of({recorded(spot, 0us, step)});
        EXPECT_EQ(list.spots[0].length, 30s);
        EXPECT_EQ(*list.spots[0].ended - *list.spots[0].started, 30s);
        EXPECT_EQ(cell(raw_rows(write_csv(list)), 1, "length-ms"), "30000");
        EXPECT_THAT(texts_in_bxf(list, "Duration/SmpteDuration/SmpteTimeCode"),
                    testing::ElementsAre("00:00:30:00"));
        EXPECT_THAT(lengths_in_ccms(list), testing::ElementsAre("00003000"));
        EXPECT_TRUE(reconcile({plan_of({spot})}, list, {}).is_clean());
    }
}

TEST(Lengths, ComeFromSamplesThenMonotonicTimeThenFrames) {
    auto record = recorded(planned(1, morning, 30s), 0us, 3640s);
    record.monotonic_end = *record.monotonic_start + 30s + 40ms;
    EXPECT_EQ(length_of(spot_of(record)), 30s);
    record.samples = 0;
    EXPECT_EQ(length_of(spot_of(record)), 30s + 40ms);
    record.monotonic_end.reset();
    EXPECT_EQ(length_of(spot_of(record)), 30s);
}

TEST(Lengths, AListFromBeforeIsReadWithoutItsWallClockLength) {
    const auto list = read_as_run(
        "length-ms,airing,segment,status,started,ended,clock-error-ms,frames,samples\r\n"
        "'-30000,x,fair-work,aired,2026-11-24T05:00:40Z,2026-11-24T05:00:10Z,'-1,250,480000\r\n"
        "3654720,y,fair-work,aired,2026-11-24T05:00:00Z,2026-11-24T06:00:54.72Z,12,250,0\r\n",
        "old.csv", day);
    ASSERT_EQ(list.spots.size(), 2U);
    EXPECT_EQ(length_of(list.spots[0]), 10s);
    EXPECT_EQ(list.spots[0].clock_error, std::nullopt);
    EXPECT_EQ(length_of(list.spots[1]), 10s);
    EXPECT_EQ(cell(raw_rows(write_csv(list)), 2, "length-ms"), "10000");
}

TEST(Starts, AfterAStepSayHowFarTheyAreTrusted) {
    const auto list = list_of({recorded(planned(1, morning, 30s)), recorded(planned(2, morning + 60s, 30s)),
                               recorded(planned(3, morning + 120s, 30s), -40s)});
    const auto rows = raw_rows(write_csv(list));
    EXPECT_EQ(cell(rows, 1, "start-off-ms"), "");
    EXPECT_EQ(cell(rows, 2, "start-off-ms"), "40000");
    EXPECT_EQ(cell(rows, 3, "start-off-ms"), "-40000");
    EXPECT_EQ(cell(rows, 3, "clock"), "synchronised");
    EXPECT_EQ(cell(rows, 3, "clock-error-ms"), "12");
    EXPECT_THAT(texts_in_bxf(list, "EventNotes/EventNote").at(2), HasSubstr("40.000 s earlier"));
}

TEST(Csv, ColumnsOfNumbersHoldNumbersOrNothing) {
    auto spot = spot_of(recorded(planned(1, morning, 30s)));
    spot.start_off = -40s;
    spot.clock_error.reset();
    const auto booked = planned(2, morning + 1h, 30s);
    auto early = played(planned(3, morning + 2h, 30s));
    early.started = *early.started - 5s;
    early.length = 20s;
    const AsRun list{day, {spot, spot_of(booked, "kh-1"), early}};
    std::vector<std::string> of_numbers{"booked-ms"};
    for (const auto& field : spot_fields())
        if (field.cells == Cells::numbers) of_numbers.emplace_back(field.name);
    EXPECT_THAT(of_numbers, testing::IsSupersetOf({"clock-error-ms", "start-off-ms", "shown-ms", "frames"}));
    const auto plan = plan_of({planned(1, morning, 30s), booked, planned(3, morning + 2h, 30s)});
    const auto is_number = testing::MatchesRegex("-?[0-9]*");
    const auto as_run = raw_rows(write_csv(list)),
               compared = raw_rows(reconciliation_csv(reconcile({plan}, list, {})));
    for (std::size_t row = 1; row <= 3; ++row) {
        for (const auto& name : of_numbers) EXPECT_THAT(cell(as_run, row, name), is_number) << name;
        for (const auto* name : {"booked ms", "shown ms", "start off ms", "length off ms"})
            EXPECT_THAT(cell(compared, row, name), is_number) << name;
    }
    EXPECT_EQ(cell(as_run, 1, "start-off-ms"), "-40000");
    EXPECT_EQ(cell(as_run, 1, "clock-error-ms"), "") << "unknown";
    for (const auto* name : {"length-ms", "shown-ms", "frames", "seq", "clock-error-ms"})
        EXPECT_EQ(cell(as_run, 2, name), "") << name << " of a spot without a record";
    EXPECT_EQ(cell(compared, 3, "start off ms"), "-5000");
    EXPECT_EQ(cell(compared, 3, "length off ms"), "-10000");
    EXPECT_EQ(cell(compared, 2, "start off ms"), "") << "it did not air";
    EXPECT_EQ(csv_line({CsvCell::number(-1), CsvCell::number(std::nullopt), CsvCell::text("-1")}),
              "-1,,'-1\r\n");
}

TEST(Bxf, SaysWhereASpotWasJoinedInProgress) {
    const auto spot = planned(1, morning, 30s);
    const auto joined = list_of({partly(spot, 18s, 12s)});
    EXPECT_EQ(joined.spots[0].missed, 12s);
    EXPECT_EQ(texts_in_bxf(joined, "Status").at(0), "Joined in Progress");
    auto whole = recorded(spot);  // enough of it to count as aired
    content::write_shown({30s, 29s, 1s, true}, whole.evidence);
    EXPECT_EQ(texts_in_bxf(list_of({whole}), "Status").at(0), "Joined in Progress");
    EXPECT_EQ(texts_in_bxf(list_of({partly(spot, 18s)}), "Status").at(0), "Aired with Duration Discrepancy");
    EXPECT_EQ(texts_in_bxf(list_of({recorded(spot)}), "Status").at(0), "Aired Without Discrepancy");
    EXPECT_EQ(read_as_run(write_bxf(joined, {25, morning}), "b", {}).spots.at(0).missed, 12s);
}

TEST(Bills, ATruncatedSpotIsBilledByTheSecondsShownOfThoseBooked) {
    const auto spot = planned(1, morning, 30s);
    const auto list = list_of({partly(spot, 12s)});
    EXPECT_EQ(texts_in_bxf(list, "EventNotes/EventNote").at(0), "12.000 s of 30.000 s booked were shown");
    EXPECT_THAT(lengths_in_ccms(list), testing::ElementsAre("00001200"));
    EXPECT_EQ(cell(raw_rows(write_csv(list)), 1, "shown-ms"), "12000");
    EXPECT_EQ(cell(raw_rows(write_csv(list)), 1, "booked-ms"), "30000");
    const auto result = reconcile({plan_of({spot})}, list, {});
    EXPECT_EQ(result.entries[0].shown, 12s);
    EXPECT_EQ(result.entries[0].length_deviation, -18s);
    EXPECT_EQ(result.entries[0].remark, "18.000 s short; 12.000 s of 30.000 s booked were shown");
    EXPECT_THAT(reconciliation_text(result, false), HasSubstr("12.000 s shown of 30.000 s booked"));
    const auto json = parse_json(reconciliation_json(result), "r");
    EXPECT_EQ(json.at("sums").at("shown_ms"), 12'000);
    EXPECT_EQ(json.at("sums").at("booked_ms"), 30'000);
}

TEST(Bills, ARecordThatClaimsMoreThanItsEvidenceSupportsIsBilledByTheEvidence) {
    const auto spot = planned(1, morning, 30s);
    auto boast = recorded(spot);
    boast.evidence["output_1"] = "udp://239.1.1.1:5000: idle; datagrams_refused 0, datagrams_sent 0";
    auto part = recorded(spot);
    part.frames = 250;
    part.samples = 480'000;
    part.evidence.clear();  // as an earlier board writes it
    const auto none = list_of({boast}), third = list_of({part});
    EXPECT_EQ(none.spots[0].status, AiringStatus::failed);
    EXPECT_EQ(third.spots[0].status, AiringStatus::truncated);
    for (const auto& list : {none, third}) {
        EXPECT_EQ(list.spots[0].claimed, AiringStatus::aired);
        EXPECT_TRUE(list.spots[0].overclaims);
        EXPECT_THAT(list.spots[0].reason, HasSubstr("the record says aired"));
        EXPECT_EQ(cell(raw_rows(write_csv(list)), 1, "overclaims"), "yes");
        EXPECT_EQ(cell(raw_rows(write_csv(list)), 1, "status-claimed"), "aired");
    }
    EXPECT_EQ(reconcile({plan_of({spot})}, none, {}).entries[0].verdict, Verdict::booked_not_aired);
    EXPECT_EQ(reconcile({plan_of({spot})}, none, {}).shown_time(), 0s);
    const auto found = reconcile({plan_of({spot})}, third, {}).shown_time();
    EXPECT_EQ(found, 10s + 1ms) << "what so many samples can have been, rounded up";
}

TEST(Bills, case_62_SeveralRecordsOfASpotAddUpOnAnOutletAndNeverOverItsLength) {
    const auto spot = planned(1, morning, 30s);
    auto first = partly(spot, 10s), second = partly(spot, 12s), elsewhere = partly(spot, 15s);
    first.status = AiringStatus::interrupted;
    elsewhere.outlet = "screen";
    const auto shown = [&](const std::vector<content::AiringRecord>& records) {
        return reconcile({plan_of({spot})}, list_of(records), {}).shown_time();
    };
    EXPECT_EQ(shown({first}), 10s);
    EXPECT_EQ(shown({first, second}), 22s);
    EXPECT_EQ(shown({first, second, elsewhere}), 22s) << "at the same time on another outlet";
    EXPECT_EQ(shown({first, second, recorded(spot)}), 30s);
}

TEST(BillsProperty, SecondsAreTheSameHoweverASpotIsSplit) {
    EXPECT_TRUE(rc::check("any split into records", [] {
        const auto length = seconds{*rc::gen::inRange(2, 120)};
        const auto spot = planned(1, morning, length);
        auto left = seconds{*rc::gen::inRange<int>(1, static_cast<int>(length.count()) + 1)};
        const auto all = left;
        std::vector<content::AiringRecord> records;
        while (left > 0s) {
            const auto part = seconds{*rc::gen::inRange<int>(1, static_cast<int>(left.count()) + 1)};
            records.push_back(partly(spot, part));
            left -= part;
        }
        const auto list = list_of(records);
        const auto whole = reconcile({plan_of({spot})}, list_of({partly(spot, all)}), {});
        const auto split = reconcile({plan_of({spot})}, list, {});
        RC_ASSERT(split.shown_time() == all);
        RC_ASSERT(whole.shown_time() == all);
        std::int64_t in_csv = 0;
        const auto rows = raw_rows(write_csv(list));
        for (std::size_t row = 1; row < rows.size(); ++row) in_csv += std::stoll(cell(rows, row, "shown-ms"));
        RC_ASSERT(milliseconds{in_csv} == all);
        for (const auto write : writers)
            RC_ASSERT(reconcile({plan_of({spot})}, read_as_run(write(list), "list", {}), {}).shown_time() ==
                      all);
    }));
}

}  // namespace
}  // namespace riverlight::traffic
