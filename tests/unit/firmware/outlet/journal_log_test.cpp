#include "firmware/outlet/journal_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "tests/support/folder.hpp"

/// A journal on a full disk: the outlet goes on, and every record is written when there is space again.
namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const Instant noon = *from_rfc3339("2026-11-23T05:00:00Z");

/// While it lives no file grows: what a full disk does, by RLIMIT_FSIZE.
class FullDisk {
  public:
    FullDisk() {
        ::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit none{0, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &none);
    }
    ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }
    FullDisk(const FullDisk&) = delete;

  private:
    rlimit before_{};
};

class JournalLogTest : public testing::Test {
  protected:
    static content::AiringRecord record(const std::string& id,
                                        std::optional<content::AiringStatus> status = {},
                                        std::chrono::seconds after = 0s) {
        content::AiringRecord r;
        r.outlet = "screen";
        r.place = "kh-1";
        r.airing = id;
        r.segment = "spot";
        r.status = status;
        if (status) {
            r.started = noon + after;
            r.ended = noon + after + 30s;
        }
        return r;
    }
    [[nodiscard]] std::vector<std::string> in_journal() const {
        std::vector<std::string> out;
        for (const auto& r : journal_.read(1, 100))
            out.push_back(r.airing + ' ' + std::string(to_text(*r.status)));
        return out;
    }
    static scheduler::PlannedAiring planned(const std::string& id, Instant start = noon) {
        scheduler::PlannedAiring airing;
        airing.id = id;
        airing.start = start;
        return airing;
    }
    test::Folder folder_;
    Journal journal_{folder_ / "journal.db", "b1"};
    JournalLog log_{journal_, "screen"};
};

TEST_F(JournalLogTest, case_66_WritesTheRecordsOfAFullDiskWhenThereIsSpaceAgain) {
    const auto before = log_.open(record("a"));
    ASSERT_TRUE(before);
    {
        const FullDisk full;
        log_.close(before, record("a", content::AiringStatus::aired));
        const auto during = log_.open(record("b"));
        EXPECT_FALSE(during);
        EXPECT_FALSE(log_.fault().empty());
        log_.update(during, record("b"));
        log_.close(during, record("b", content::AiringStatus::failed, 30s));
        log_.add({record("c", content::AiringStatus::skipped, 60s)});
        log_.write_waiting();
        EXPECT_FALSE(log_.fault().empty()) << "still no room";
        EXPECT_THAT(in_journal(), IsEmpty());
    }
    log_.write_waiting();
    EXPECT_EQ(log_.fault(), "");
    EXPECT_THAT(in_journal(), ElementsAre("a aired", "b failed", "c skipped"));
    EXPECT_THAT(journal_.verify(), IsEmpty());
    // The open entry of what waited is gone: a restart finds nothing that was interrupted.
    EXPECT_EQ(journal_.close_interrupted("the power went"), 0U);
}

TEST_F(JournalLogTest, AiredSinceIncludesRecordsThatWaitInMemory) {
    log_.close(log_.open(record("early")), record("early", content::AiringStatus::aired, -3600s));
    log_.close(log_.open(record("a")), record("a", content::AiringStatus::aired));
    log_.close(log_.open(record("skipped")), record("skipped", content::AiringStatus::skipped, 30s));
    const FullDisk full;
    log_.close({}, record("b", content::AiringStatus::truncated, 60s));
    std::vector<std::string> ids;
    for (const auto& a : log_.aired_since(noon)) ids.push_back(a.id);
    EXPECT_THAT(ids, ElementsAre("a", "b"));
}

TEST_F(JournalLogTest, AiredSinceKnowsWhatCameLaterAndFromElsewhere) {
    const auto ids = [&](Instant from) {
        std::vector<std::string> out;
        for (const auto& a : log_.aired_since(from)) out.push_back(a.id);
        return out;
    };
    log_.close(log_.open(record("a")), record("a", content::AiringStatus::aired));
    EXPECT_THAT(ids(noon), ElementsAre("a"));
    log_.close(log_.open(record("b")), record("b", content::AiringStatus::aired, 30s));
    static_cast<void>(journal_.add(record("salvaged", content::AiringStatus::aired, 10s)));
    log_.write_waiting();
    EXPECT_THAT(ids(noon), ElementsAre("a", "b", "salvaged"));
    EXPECT_THAT(ids(noon + 20s), ElementsAre("b"));
    EXPECT_THAT(ids(noon), testing::UnorderedElementsAre("a", "b", "salvaged")) << "the clock was set back";
    journal_.rotate_epoch(2, "for the test");
    EXPECT_THAT(ids(noon), testing::UnorderedElementsAre("a", "b", "salvaged"))
        << "of both epochs, each once";
}

TEST_F(JournalLogTest, ARunOfFailuresIsTheRecordOfEachOfThemAlsoAfterARestart) {
    auto run = record("first", content::AiringStatus::failed);
    run.started.reset();
    run.ended.reset();
    run.planned_start = noon;
    run.planned_end = noon + 30s;
    write_failure_run({noon, noon + 10min, 20}, run);
    log_.add({run});
    JournalLog restarted(journal_, "screen"), other(journal_, "feed");
    for (auto* log : {&log_, &restarted, &other}) static_cast<void>(log->aired_since(noon - 1h));
    for (auto* log : {&log_, &restarted}) {
        EXPECT_TRUE(log->has(planned("second", noon + 30s)));
        EXPECT_FALSE(log->has(planned("later", noon + 10min)));
    }
    EXPECT_FALSE(other.has(planned("second", noon + 30s)));
}

TEST_F(JournalLogTest, DiscardRemovesAnOpenAiring) {
    log_.discard(log_.open(record("a")));
    log_.discard({});
    EXPECT_FALSE(log_.has(planned("a")));
    EXPECT_THAT(in_journal(), IsEmpty());
}

}  // namespace
}  // namespace riverlight::firmware
