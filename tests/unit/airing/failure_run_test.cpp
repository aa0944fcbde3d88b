// Many failed airings in one record, and what a record says of a damaged file.
#include "content/airing/failure_run.hpp"

#include <gtest/gtest.h>

#include "content/airing/media_damage.hpp"

namespace riverlight::content {
namespace {

using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");

AiringRecord failed() {
    AiringRecord r;
    r.board = "kh-pp-01";
    r.epoch = "e";
    r.seq = 1;
    r.airing = std::string(32, 'a');
    r.outlet = "screen";
    r.planned_start = noon;
    r.planned_end = noon + 30s;
    r.status = AiringStatus::failed;
    r.previous = first_previous("kh-pp-01", "e");
    return r;
}

TEST(FailureRun, IsReadBackFromItsRecordOfFormat1) {
    const FailureRun run{noon, noon + 10min, 20};
    auto record = failed();
    write_failure_run(run, record);
    record.hash = record_hash(record);
    const auto read = parse_record(record_json(writable(record)), "record");
    EXPECT_EQ(failure_run_of(read), run);
    EXPECT_EQ(read, record);
    EXPECT_TRUE(run.covers(noon));
    EXPECT_TRUE(run.covers(noon + 10min - 1us));
    EXPECT_FALSE(run.covers(noon + 10min));
    EXPECT_FALSE(run.covers(noon - 1us));
}

TEST(FailureRun, OtherRecordsHoldNone) {
    EXPECT_FALSE(failure_run_of(failed()));
    auto record = failed();
    write_failure_run({noon, noon + 10min, 20}, record);
    auto aired = record;
    aired.status = AiringStatus::aired;
    EXPECT_FALSE(failure_run_of(aired));
    auto begun = record;
    begun.started = noon;
    EXPECT_FALSE(failure_run_of(begun));
    for (const auto& [key, value] : {std::pair("failed_airings", "1"),
                                     {"failed_airings", "x"},
                                     {"failed_airings", "20x"},
                                     {"failed_airings", "99999999999999999999"},
                                     {"failed_until", "soon"},
                                     {"failed_until", "2026-11-24T05:00:00Z"},
                                     {"failed_until", "2027-11-24T05:00:00Z"}}) {
        auto other = record;
        other.evidence[key] = value;
        EXPECT_FALSE(failure_run_of(other)) << key << ' ' << value;
    }
}

TEST(MediaDamage, IsReadBackFromTheEvidence) {
    std::map<std::string, std::string> evidence;
    EXPECT_FALSE(read_damage(evidence));
    for (const auto fault : {MediaFault::altered, MediaFault::unreadable}) {
        write_damage({fault, "ab.mp4"}, evidence);
        EXPECT_EQ(read_damage(evidence), (MediaDamage{fault, "ab.mp4"}));
    }
    evidence["media_fault"] = "melted";
    EXPECT_FALSE(read_damage(evidence)) << "of a later version";
}

}  // namespace
}  // namespace riverlight::content
