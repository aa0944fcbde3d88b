#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "scheduler/plan/plan_json.hpp"
#include "scheduler/preview/json.hpp"
#include "tests/support/refusal.hpp"
#include "tests/unit/scheduler/fixture.hpp"
#include "tests/unit/tools/traffic_day.hpp"
#include "tools/traffic/csv.hpp"
#include "tools/traffic/reconcile.hpp"
#include "tools/traffic/spot_fields.hpp"
#include "tools/traffic/timecode.hpp"
#include "tools/traffic/xml.hpp"

namespace riverlight::traffic {
namespace {

using test::AtLine;
using test::Refuses;
using testing::AllOf;
using testing::Contains;
using testing::StartsWith;

const bool property_settings_applied = ::setenv("RC_PARAMS", "max_success=200 seed=20261124", 0) == 0;

/// Text with characters that the formats must escape. XML cannot hold control characters, so it has none.
std::string random_text() {
    const auto parts = *rc::gen::container<std::vector<std::string>>(
        rc::gen::element<std::string>("a", "=", "'", " ", ",", "\"", "\n", "\r\n", "\t", "&", "<", "]]>", "%",
                                      "ជា", "+", "-", "@", "|", ";", "zh", "\\"));
    std::string out;
    for (const auto& part : parts) out += part;
    return out;
}

Spot random_spot(int number) {
    std::vector<std::optional<content::AiringStatus>> statuses{std::nullopt};
    statuses.insert(statuses.end(), content::every_airing_status.begin(), content::every_airing_status.end());
    const std::vector<std::optional<content::ClockState>> clocks{std::nullopt, content::ClockState::floor,
                                                                 content::ClockState::unsynchronised,
                                                                 content::ClockState::synchronised};
    Spot s;
    s.airing = *rc::gen::arbitrary<bool>() ? hex_id(number) : "unplanned-" + std::to_string(number);
    s.place = "kh-1";
    s.board = "kh-pp-01";
    s.outlet = *rc::gen::element<std::string>("feed", "screen", "");
    s.campaign = *rc::gen::element<std::string>("mekong", "partner-th");
    s.booking = random_text();
    s.segment = *rc::gen::element<std::string>("fair-work", "know-your-rights-no-slavery");
    s.revision = *rc::gen::inRange(0, 9);
    s.filler = *rc::gen::arbitrary<bool>();
    s.locale_asked = *rc::gen::element<std::string>("km", "zh-Hans", "");
    s.locale_aired = *rc::gen::element<std::string>("en", "km");
    s.status = *rc::gen::elementOf(statuses);
    s.reason = random_text();
    s.makes_good = *rc::gen::element<std::string>("", hex_id(7));
    s.clock = *rc::gen::elementOf(clocks);
    if (const auto error = *rc::gen::inRange(-1, 5000); error >= 0) s.clock_error = milliseconds{error};
    s.frames = *rc::gen::inRange(0, 100'000);
    s.lost = *rc::gen::inRange(0, 9);
    s.samples = *rc::gen::inRange(0, 100'000);
    const auto at = morning + microseconds{*rc::gen::inRange<std::int64_t>(0, 86'000'000'000)};
    if (s.airing.size() == 32 || *rc::gen::arbitrary<bool>()) {
        s.planned_start = at;
        s.planned_end = at + microseconds{*rc::gen::inRange(0, 900'000'000)};
    }
    if (!s.planned_start || *rc::gen::arbitrary<bool>()) {
        s.started = at + microseconds{*rc::gen::inRange(0, 5'000'000)};
        s.ended = *s.started + microseconds{*rc::gen::inRange(0, 900'000'000)};
        if (*rc::gen::arbitrary<bool>()) s.length = milliseconds{*rc::gen::inRange(0, 900'000)};
        if (*rc::gen::arbitrary<bool>()) s.shown = milliseconds{*rc::gen::inRange(0, 900'000)};
        if (*rc::gen::arbitrary<bool>()) s.missed = milliseconds{*rc::gen::inRange(0, 900'000)};
        if (*rc::gen::arbitrary<bool>()) s.start_off = milliseconds{*rc::gen::inRange(-9'000'000, 9'000'000)};
    }
    s.claimed = *rc::gen::elementOf(statuses);
    s.overclaims = *rc::gen::arbitrary<bool>();
    s.evidence = *rc::gen::arbitrary<bool>()
                     ? std::map<std::string, std::string>{}
                     : std::map<std::string, std::string>{{"datagrams", "4711"}, {"srt loss", random_text()}};
    s.epoch = "e1";
    s.seq = number;
    s.hash = std::string(64, 'f');
    return s;
}

AsRun random_list() {
    AsRun list{day, {}};
    const auto count = *rc::gen::inRange(0, 12);
    for (int i = 0; i < count; ++i) list.spots.push_back(random_spot(i));
    return list;
}

TEST(AsRunProperty, EveryFormatReadsBackWhatItWrote) {
    EXPECT_TRUE(rc::check("write, then read", [] {
        const auto list = random_list();
        for (const auto write : writers) {
            const auto text = write(list);
            RC_LOG() << text << '\n';
            auto read = read_as_run(text, "list", {});
            // A BXF message groups spots by outlet.
            const auto by_seq = [](const Spot& a, const Spot& b) { return a.seq < b.seq; };
            std::sort(read.spots.begin(), read.spots.end(), by_seq);
            RC_ASSERT(read.spots.size() == list.spots.size());
            for (std::size_t i = 0; i < read.spots.size(); ++i) {
                for (const auto& field : spot_fields()) {
                    RC_LOG() << field.name << '\n';
                    RC_ASSERT(field.get(read.spots[i]) == field.get(list.spots[i]));
                }
            }
            if (list.spots.empty()) continue;
            RC_ASSERT(read.day.place == list.day.place);
            RC_ASSERT(read.day.zone == list.day.zone);
            RC_ASSERT(read.day.day == list.day.day);
        }
    }));
}

TEST(AsRunProperty, case_51_DamagedFilesAreReadOrRefusedWithAnError) {
    EXPECT_TRUE(rc::check("one byte changed, or the end cut off", [] {
        for (const auto write : writers) {
            auto text = write(random_list());
            if (*rc::gen::arbitrary<bool>())
                text.resize(
                    static_cast<std::size_t>(*rc::gen::inRange<int>(0, static_cast<int>(text.size()))));
            else if (!text.empty())
                text[static_cast<std::size_t>(*rc::gen::inRange<int>(0, static_cast<int>(text.size())))] =
                    *rc::gen::arbitrary<char>();
            try {
                static_cast<void>(read_as_run(text, "list", day));
            } catch (const Error& e) {
                const auto* unread = dynamic_cast<const ReadError*>(&e);
                RC_ASSERT(unread && unread->where.file.starts_with("list"));
            }
        }
    }));
}

TEST(SpotFields, ClockAndItsErrorAreAbsentIfUnknown) {
    Spot spot;
    EXPECT_TRUE(set_field(spot, "clock", "floor"));
    EXPECT_EQ(spot.clock, content::ClockState::floor);
    EXPECT_FALSE(set_field(spot, "clock", "sundial"));
    EXPECT_TRUE(set_field(spot, "clock", ""));
    EXPECT_EQ(spot.clock, std::nullopt);
    EXPECT_TRUE(set_field(spot, "clock-error-ms", "12"));
    EXPECT_EQ(spot.clock_error, 12ms);
    for (const auto* wrong : {"-2", "12 ms", "many"})
        EXPECT_FALSE(set_field(spot, "clock-error-ms", wrong)) << wrong;
    for (const auto* unknown : {"-1", ""}) {  // -1: in the lists of 2026
        spot.clock_error = 12ms;
        EXPECT_TRUE(set_field(spot, "clock-error-ms", unknown));
        EXPECT_EQ(spot.clock_error, std::nullopt);
    }
    const auto rows = read_csv_rows(write_csv({day, {spot}}), "list");
    ASSERT_EQ(rows.size(), 2U);
    const auto column = std::find(rows[0].cells.begin(), rows[0].cells.end(), "clock-error-ms");
    ASSERT_NE(column, rows[0].cells.end());
    EXPECT_EQ(rows[1].cells.at(static_cast<std::size_t>(column - rows[0].cells.begin())), "");
}

TEST(TimeCodeProperty, EveryFrameIsReadBack) {
    EXPECT_TRUE(rc::check("format, parse, format", [] {
        const auto rate = *rc::gen::element(24, 25, 30, 50, 60);
        const auto code =
            format_time_code(microseconds{*rc::gen::inRange<std::int64_t>(0, 86'400'000'000)}, rate);
        const auto time = parse_time_code(code, rate);
        RC_ASSERT(time.has_value());
        RC_ASSERT(format_time_code(*time, rate) == code);
    }));
}

TEST(TimeCode, CountsFramesAndRefusesOtherText) {
    EXPECT_EQ(format_time_code(2h + 30min + 1s + 960ms, 25), "02:30:01:24");
    EXPECT_EQ(parse_time_code("02:30:01;24", 25), 2h + 30min + 1s + 960ms);
    for (const auto* wrong : {"", "02:30:01:25", "02:60:01:24", "2:30:01:24", "aa:bb:cc:dd", "-2:30:01:24"})
        EXPECT_FALSE(parse_time_code(wrong, 25)) << wrong;
}

/// The lines of a CCMS file that are records of spots.
std::vector<std::string> ccms_records(const std::string& text) {
    std::vector<std::string> out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("LOI")) out.push_back(line);
    return out;
}

TEST(AsRun, EveryPlannedSpotIsNotAiredUntilReported) {
    const auto plan = plan_of({planned(1, morning, 30s), planned(2, morning + 60s, 30s)});
    const auto before = make_as_run(day, list_booked_spots(plan), {});
    ASSERT_EQ(before.spots.size(), 2U);
    for (const auto& spot : before.spots) {
        EXPECT_EQ(spot.status, std::nullopt);
        EXPECT_FALSE(spot.started);
    }
    const auto records = ccms_records(write_ccms(before));
    ASSERT_EQ(records.size(), 2U);
    for (const auto& record : records) EXPECT_EQ(record.substr(73, 4), "0002");
    std::vector<std::string> statuses;
    read_xml(write_bxf(before, {25, morning}), "bxf", "BxfMessage", "AsRun", [&](const XmlElement& as_run) {
        statuses.push_back(as_run.text_at("BasicAsRun/AsRunDetail/Status"));
    });
    EXPECT_THAT(statuses, testing::ElementsAre("Did not air", "Did not air"));
    auto spot = played(plan.airings[1]);
    spot.evidence["datagrams"] = "4711";
    auto elsewhere = spot;
    elsewhere.place = "th-1";
    auto yesterday = played(planned(9, morning - 1h, 30s));
    const auto after = make_as_run(day, list_booked_spots(plan), std::vector{spot, elsewhere, yesterday});
    ASSERT_EQ(after.spots.size(), 2U);
    EXPECT_EQ(after.spots[0].status, std::nullopt);
    EXPECT_EQ(after.spots[1].status, content::AiringStatus::aired);
    EXPECT_EQ(after.spots[1].evidence.at("datagrams"), "4711");
}

TEST(AsRun, SpotsInARunOfFailuresHaveFailedWithIt) {
    const auto plan = plan_of({planned(1, morning, 30s), planned(2, morning + 30s, 30s),
                               planned(3, morning + 60s, 30s), planned(4, morning + 90s, 30s)});
    auto run = spot_of(plan.airings[0], played(plan.airings[0]).place);
    run.outlet = "screen";
    run.board = "kh-pp-01";
    run.status = content::AiringStatus::failed;
    run.evidence = {{"failed_airings", "3"}, {"failed_until", to_rfc3339(morning + 90s)}};
    const auto made = make_as_run(day, list_booked_spots(plan), std::vector{run, played(plan.airings[2])});
    ASSERT_EQ(made.spots.size(), 4U);
    EXPECT_EQ(made.spots[1].status, content::AiringStatus::failed);
    EXPECT_EQ(made.spots[1].outlet, "screen");
    EXPECT_THAT(made.spots[1].reason, testing::HasSubstr(plan.airings[0].id));
    EXPECT_EQ(made.spots[2].status, content::AiringStatus::aired) << "it has a record of its own";
    EXPECT_EQ(made.spots[3].status, std::nullopt) << "it begins after the run";
}

TEST(Ccms, WritesTheColumnsOfScte118) {
    auto spot = played(planned(1, morning + 8h + 59min, 30s));
    spot.started = morning + 8h + 59min + 400ms;
    spot.ended = *spot.started + 29s + 960ms;
    const auto text = write_ccms({day, {spot, played(planned(2, morning + 8h + 59min + 30s, 30s))}});
    const auto records = ccms_records(text);
    ASSERT_EQ(records.size(), 2U);
    const auto& line = records[0];
    EXPECT_EQ(line.substr(0, 60), "LOI 1124 085900 0800 0100 001 001 000030 085900 00002996 001");
    EXPECT_EQ(line.substr(61, 11), spot_code("fair-work", "km"));
    EXPECT_EQ(line.substr(73, 4), "0001");
    EXPECT_THAT(line.substr(78, 32), StartsWith("mekong "));
    EXPECT_THAT(line.substr(111, 20), StartsWith("fair-work "));
    EXPECT_EQ(line.substr(132, 4), "Sch ");
    EXPECT_THAT(records[1], StartsWith("LOI 1124 085930 0800 0100 001 002"));
    EXPECT_TRUE(text.ends_with("\r\nEND" + std::string(74, ' ') + "\r\n"));
}

TEST(Ccms, ReadsOtherSystemsFilesByTheirColumns) {
    const auto code = spot_code("fair-work", "km");
    const auto text =
        "REM from another system\r\nLOI 1124 085900 0829 0100 001 001 000030 085901 00003004 001 " + code +
        " 0001\r\nLOI 1124 095900 0929 0100 001 001 000030 000000 00000000 000 " + code + " 0002\r\nEND\r\n";
    const auto list = read_as_run(text, "a.ver", day);
    ASSERT_EQ(list.spots.size(), 2U);
    EXPECT_EQ(list.spots[0].started, morning + 8h + 59min + 1s);
    EXPECT_EQ(*list.spots[0].ended - *list.spots[0].started, 30s + 40ms);
    EXPECT_EQ(list.spots[1].status, std::nullopt);
    const auto plan = plan_of({planned(1, morning + 8h + 59min, 30s), planned(2, morning + 9h + 59min, 30s)});
    const auto result = reconcile({plan}, list, {});
    EXPECT_EQ(result.entries.at(0).verdict, Verdict::aired);
    EXPECT_EQ(result.entries.at(1).verdict, Verdict::booked_not_aired);
    EXPECT_EQ(result.entries.at(1).remark, "status code 2");
}

TEST(Bxf, ReadsOtherSystemsFilesByTheirElements) {
    const std::string text = R"(<?xml version="1.0" encoding="utf-8"?>
<BxfMessage xmlns="http://smpte-ra.org/schemas/2021/2017/BXF"><BxfData action="add"><Schedule type="Primary"><AsRun>
<BasicAsRun><AsRunEventId><EventId>urn:uuid:AAAAAAAA-AAAA-AAAA-AAAA-AAAAAAAAAAA1</EventId></AsRunEventId>
<Content><ContentId><HouseNumber>fair-work</HouseNumber></ContentId></Content>
<AsRunDetail><Status>Aired with Duration Discrepancy</Status><Type>Primary</Type>
<StartDateTime><SmpteDateTime frameRate="25" broadcastDate="2026-11-24"><SmpteTimeCode>08:59:00:12</SmpteTimeCode></SmpteDateTime></StartDateTime>
<Duration><SmpteDuration frameRate="25"><SmpteTimeCode>00:00:29:25</SmpteTimeCode></SmpteDuration></Duration>
</AsRunDetail></BasicAsRun></AsRun></Schedule></BxfData></BxfMessage>)";
    EXPECT_THROW(static_cast<void>(read_as_run(text, "a.xml", day)), Error)
        << "at 25 frames a second, frames count from 0 to 24";
    auto good = text;
    good.replace(good.find("29:25"), 5, "29:20");
    const auto list = read_as_run(good, "a.xml", day);
    ASSERT_EQ(list.spots.size(), 1U);
    EXPECT_EQ(list.spots[0].airing, hex_id(1));
    EXPECT_EQ(list.spots[0].started, morning + 8h + 59min + 480ms);
    EXPECT_EQ(*list.spots[0].ended - *list.spots[0].started, 29s + 800ms);
    EXPECT_EQ(list.spots[0].status, content::AiringStatus::truncated);
}

std::optional<ReadError> fault_of(const std::string& text) {
    return test::unread([&] { static_cast<void>(read_as_run(text, "in.txt", day)); });
}

TEST(Reading, FaultsNameFileLineAndColumn) {
    const auto empty = fault_of("");
    EXPECT_THAT(empty, AllOf(Refuses(ReadFault::missing, ""), test::Of("in.txt")));
    EXPECT_THAT(fault_of("a,b\r\n1,2\r\n"), AllOf(Refuses(ReadFault::missing, "airing"), AtLine(1)));
    EXPECT_THAT(fault_of("airing,segment,status\r\nx,y\r\n"),
                AllOf(Refuses(ReadFault::syntax, ""), AtLine(2)));
    EXPECT_THAT(fault_of("airing,segment,status,seq\r\n1,2,aired,4\r\nx,y,aired,four\r\n"),
                AllOf(Refuses(ReadFault::malformed, "seq"), AtLine(3)));
    EXPECT_THAT(fault_of("airing,segment,status\r\n\"x\r\n,y,z\r\n"),
                AllOf(Refuses(ReadFault::syntax, ""), AtLine(2)));
    EXPECT_THAT(fault_of("LOI 1124\r\n"), AllOf(Refuses(ReadFault::syntax, ""), AtLine(1)));
    EXPECT_THAT(fault_of("REM\r\nXYZ 1124\r\n"), AllOf(Refuses(ReadFault::syntax, ""), AtLine(2)));
    EXPECT_THAT(fault_of("<a>\n<b></a>"), AllOf(Refuses(ReadFault::unsupported, ""), AtLine(1)));
    EXPECT_THAT(fault_of("<BxfMessage>\n<b></BxfMessage>"), AllOf(Refuses(ReadFault::syntax, ""), AtLine(2)));
    EXPECT_THAT(fault_of("<!DOCTYPE BxfMessage [<!ENTITY a \"aa\">]>\n<BxfMessage>&a;</BxfMessage>"),
                Refuses(ReadFault::unsupported, ""));
    std::string deep = "<BxfMessage>";
    for (int i = 0; i < 100'000; ++i) deep += "<a>";
    EXPECT_THAT(fault_of(deep), Refuses(ReadFault::too_large, ""));
    EXPECT_THAT(fault_of("<BxfMessage><AsRun>" + std::string(70'000, 'x') + "</AsRun></BxfMessage>"),
                Refuses(ReadFault::too_large, ""));
    EXPECT_THAT(fault_of("{\"format\":1}\n"), test::Of("in.txt:1"));
    EXPECT_THAT(fault_of(std::string(65U << 20, ' ')), Refuses(ReadFault::too_large, ""));
}

TEST(Reading, AFaultSaysWhatToDo) {
    EXPECT_STREQ(fault_of("airing,segment,status\r\nx,y\r\n").value().what(),
                 "in.txt:2: has 2 cells under 3 column names; export the file again");
}

TEST(Reading, ReadsBackPlansAsWritten) {
    auto plan = plan_of({planned(1, morning, 30s), planned(2, morning + 60s, 30s, "x", BookingKind::filler)});
    plan.airings[1].cut = true;
    plan.airings[1].into = 1500ms;
    plan.shortfalls.push_back({"mekong", "spots", "fair-work", morning, 2, scheduler::Obstacle::daily_cap,
                               "it has had its plays", "", morning});
    plan.gaps = {{morning - 1h, morning, scheduler::GapCause::closed},
                 {morning + 90s, morning + 1h, scheduler::GapCause::nothing_booked}};
    const auto read = read_plans(scheduler::write_plan(plan), "p.json");
    ASSERT_EQ(read.size(), 1U);
    EXPECT_EQ(scheduler::write_plan(read[0]), scheduler::write_plan(plan));
    ASSERT_EQ(read[0].gaps.size(), 2U);
    EXPECT_EQ(read[0].gaps[0].cause, scheduler::GapCause::closed);
    EXPECT_EQ(read[0].shortfalls.size(), 1U);
    auto next = plan;
    next.from += 24h;
    EXPECT_EQ(read_plans(scheduler::preview_json({next, plan}), "p.json").at(0).from, plan.from);
    next.place = "th-1";
    EXPECT_THROW(static_cast<void>(read_plans(scheduler::preview_json({next, plan}), "p.json")), Error);
    EXPECT_THROW(static_cast<void>(read_plans("{\"format\":1}", "p.json")), Error);
    EXPECT_THROW(static_cast<void>(read_plans("{\"format\":1,\"plans\":[]}", "p.json")), Error);
}

TEST(Csv, case_72_ReadsBackCellsGuardedAgainstFormulas) {
    const std::vector<std::string> cells{
        "=1+1",   "'=1",       "' +1",    "'a'",     " -1",           "\t",       "plain",    "",
        "a\r\nb", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)", "\u3000=1", "'\uff1d1", "\u0e01-"};
    const auto rows = read_csv_rows(csv_row(cells), "f");
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].cells, cells);
    for (const std::string formula : {"=1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\uff1d1", "\uff0b1",
                                      "\uff0d1", "\uff201", "\u3000=1", "\u00a0\uff1d1", "\ufeff=1"})
        EXPECT_TRUE(CsvCell::text(formula).written().find('\'' + formula) < 2) << formula;
    EXPECT_EQ(CsvCell::text("\u0e01=1").written(), "\u0e01=1");
}

}  // namespace
}  // namespace riverlight::traffic
