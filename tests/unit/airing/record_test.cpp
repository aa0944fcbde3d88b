// Statuses, kinds and times of records, and which facts of a journal survive a new epoch.
#include "content/airing/record.hpp"

#include <gtest/gtest.h>

#include <set>

#include "content/airing/time_fix.hpp"
#include "content/base/error.hpp"
#include "content/journal/facts.hpp"

namespace riverlight::content {
namespace {

using namespace std::chrono_literals;

AiringRecord record() {
    AiringRecord r;
    r.board = r.place = "kh-pp-01";
    r.epoch = "e1";
    r.seq = 1;
    r.outlet = "screen";
    r.airing = "abc";
    r.segment = "fair-work";
    r.locale_asked = "km";
    r.boot_id = "boot-a";
    return r;
}

AiringRecord again(const AiringRecord& r) {
    return parse_record(record_json(writable(r)), "record");
}

TEST(AiringStatus, EveryStatusHasATextOfItsOwnAndReadsBack) {
    std::set<std::string_view> texts;
    for (const auto status : every_airing_status) {
        EXPECT_EQ(parse_airing_status(to_text(status)), status);
        texts.insert(to_text(status));
    }
    EXPECT_EQ(texts.size(), every_airing_status.size());
    for (const auto* other : {"", "Aired", "aired ", "planned"})
        EXPECT_FALSE(parse_airing_status(other)) << other;
}

TEST(AiringStatus, OnlyWhatWentOutCountsAsAPlay) {
    int plays = 0;
    for (const auto status : every_airing_status) plays += counts_as_play(status);
    EXPECT_EQ(plays, 3);
    EXPECT_TRUE(counts_as_play(AiringStatus::substituted));
    EXPECT_FALSE(counts_as_play(AiringStatus::interrupted));
    EXPECT_FALSE(counts_as_play(std::optional<AiringStatus>{}));
}

TEST(Record, AbsentValuesStayAbsent) {
    const auto r = again(record());
    EXPECT_FALSE(r.status);
    EXPECT_FALSE(r.clock_error);
    EXPECT_FALSE(r.monotonic_start);
    EXPECT_FALSE(r.started);
}

TEST(Record, TimesKeepTheirUnits) {
    auto r = record();
    r.clock_error = 12ms;
    r.monotonic_start = MonotonicTime(3s);
    r.monotonic_end = MonotonicTime(0us);
    const auto json = record_json(r);
    EXPECT_NE(json.find("\"clock_error_ms\":12,"), std::string::npos);
    EXPECT_NE(json.find("\"monotonic_start_us\":3000000,"), std::string::npos);
    EXPECT_EQ(again(r).clock_error, 12ms);
    EXPECT_EQ(again(r).monotonic_start, MonotonicTime(3s));
    EXPECT_EQ(again(r).monotonic_end, MonotonicTime(0us)) << "0 is a time, not absent";
}

TEST(Record, TextsThatJsonCannotHoldAreMadeReadable) {
    auto r = record();
    r.reason = "the decoder said:\n\t\"broken\"";
    r.evidence["display"] = "HDMI\x01";
    EXPECT_EQ(again(r).reason, "the decoder said:  \"broken\"");
    EXPECT_EQ(again(r).evidence.at("display"), "HDMI ");
    const std::string khmer = "\xE1\x9E\x81";  // one letter of three bytes
    for (std::size_t bytes = 0; bytes <= khmer.size(); ++bytes) {
        r.reason = "cut" + khmer.substr(0, bytes);
        EXPECT_EQ(again(r).reason, bytes == khmer.size() ? r.reason : "cut") << bytes;
    }
    r.reason = "two\nlines";
    EXPECT_THROW(static_cast<void>(record_json(r)), Error) << "it is not made writable in secret";
}

TEST(Record, AnUnknownStatusOrClockIsRefused) {
    auto r = record();
    r.status = AiringStatus::aired;
    for (const auto& [from, to] : {std::pair{"\"aired\"", "\"shown\""}, {"\"floor\"", "\"roof\""}}) {
        auto json = record_json(r);
        json.replace(json.find(from), std::string(from).size(), to);
        EXPECT_THROW(static_cast<void>(parse_record(json, "record")), Error) << to;
    }
}

TEST(RecordKind, TheIdSaysTheKindAndOnlyIfItFitsTheRecord) {
    auto withdrawal = record();
    withdrawal.kind = RecordKind::withdrawal;
    withdrawal.airing.clear();
    EXPECT_EQ(record_id(withdrawal), "unplanned-withdrawal-fair-work-km");
    EXPECT_EQ(again(withdrawal).kind, RecordKind::withdrawal);
    EXPECT_EQ(again(withdrawal).airing, "");

    auto fix = record_of(TimeFix{"kh-pp-01", "boot-a", Instant{} + 9s, MonotonicTime(5s), 12ms}, "kh-pp-01");
    fix.seq = 1;
    EXPECT_EQ(record_id(fix), "unplanned-clock-boot-a");
    EXPECT_EQ(again(fix).kind, RecordKind::time_fix);

    for (const auto* id :
         {"unplanned-clock-boot-b", "unplanned-withdrawal-fair-work-en", "unplanned-slate-1", "abc"}) {
        auto other = record();
        other.airing = id;
        EXPECT_EQ(again(other).kind, RecordKind::airing) << id;
        EXPECT_EQ(record_id(again(other)), id);
    }
}

TEST(RecordKind, ATimeFixOfNoBootIsNone) {
    auto r = record();
    r.boot_id.clear();
    r.airing = "unplanned-clock-";
    EXPECT_EQ(again(r).kind, RecordKind::airing);
    EXPECT_FALSE(time_fix_of(again(r)));
}

TEST(TimeFix, FifteenMinutesFromItsPlanAnAiringIsOffPlan) {
    const Instant planned{};
    EXPECT_FALSE(is_off_plan(planned, planned + 15min));
    EXPECT_TRUE(is_off_plan(planned, planned + 15min + 1us));
    EXPECT_TRUE(is_off_plan(planned, planned - 16min));
}

TEST(JournalFacts, OnlyWhatIsNotOfOneEpochSurvivesARotation) {
    for (const auto* key : {"office_key", "claim", "latest", "set_aside_records"})
        EXPECT_TRUE(survives_rotation(key)) << key;
    for (const auto* key : {"board", "epoch", "format", "receipted", "set_aside", "since", "since_unsure",
                            "mode", "lesser_mode", "took_over_e1", "unknown"})
        EXPECT_FALSE(survives_rotation(key)) << key;
}

TEST(JournalFacts, SetAsideRecordsReadBackAndTheLastFiftyStay) {
    const auto& fact = journal_facts::set_aside_records;
    EXPECT_TRUE(fact.survives_rotation);
    SetAsideNotes notes;
    for (int n = 1; n <= 60; ++n)
        notes.push_back({"e1", n, "hash", Instant{} + 5s, "the office said \"no\""});
    const auto read = fact.from_text(fact.to_text(notes));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, SetAsideNotes(notes.begin() + 10, notes.end()));
    EXPECT_FALSE(fact.from_text("no JSON"));
    EXPECT_FALSE(fact.from_text("[7]"));
}

TEST(JournalFacts, ValuesReadBack) {
    const auto& unsure = journal_facts::unsure_since;
    const auto since = unsure.from_text(unsure.to_text({MonotonicTime(7s), "boot a"}));
    ASSERT_TRUE(since);
    EXPECT_EQ(since->monotonic, MonotonicTime(7s));
    EXPECT_EQ(since->boot_id, "boot a");
    EXPECT_EQ(unsure.from_text("no number")->boot_id, "") << "of no boot";

    const auto& reduced = journal_facts::reduced_run;
    const auto run = reduced.from_text(reduced.to_text({Instant{} + 5s, "the disk is full"}));
    ASSERT_TRUE(run);
    EXPECT_EQ(run->taken_over, Instant{} + 5s);
    EXPECT_EQ(run->why, "the disk is full");
    EXPECT_FALSE(reduced.from_text("the disk is full"));
    EXPECT_FALSE(journal_facts::receipted.from_text("7 or so"));
}

}  // namespace
}  // namespace riverlight::content
