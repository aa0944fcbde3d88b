// From a release to the programme on air: place, schedule, withdrawn clearances, and releases that cannot be
// staged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/segment/country_json.hpp"
#include "firmware/staging/playable.hpp"
#include "firmware/staging/stager.hpp"
#include "scheduler/campaign/cost.hpp"
#include "scheduler/campaign/write.hpp"
#include "tests/support/folder.hpp"
#include "tests/unit/scheduler/fixture.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const Instant noon = *from_rfc3339("2026-11-23T05:00:00Z");

class StagerTest : public testing::Test {
  protected:
    ProgrammeStager stager(const std::string& place = "kh-1", bool factory = false,
                           const std::string& factory_place = "") {
        return {loop_,
                content::Store(folder_ / "store"),
                {place, factory, factory_place, "screen"},
                time_,
                journal_,
                [this](const auto& programme) { staged_.push_back(programme); }};
    }
    /// A release with two segments, both cleared at place kh-1 of schedule `s`.
    static content::ContentSet release(const std::string& name = "1-aa") {
        content::ContentSet set;
        set.release = name;
        set.signed_until = noon + std::chrono::days(10);
        set.catalogue = test::catalogue({test::segment("first", 30), test::segment("second", 30)});
        set.schedules["s"] = scheduler::write_schedule_json(
            test::schedule(test::campaign("c", "id = \"b\"\nkind = \"filler\"\nsegments = [\"first\"]")));
        return set;
    }
    /// Runs the loop until what is being read is on air.
    void finish_reading(const ProgrammeStager& staging) {
        const auto before = staged_.size();
        for (const auto end = std::chrono::steady_clock::now() + 30s;
             staging.is_reading() && std::chrono::steady_clock::now() < end;) {
            EXPECT_EQ(staged_.size(), before) << "nothing goes on air but from the loop";
            loop_.restart();
            loop_.run_one_for(10ms);
        }
        EXPECT_FALSE(staging.is_reading());
    }
    test::Folder folder_;
    Journal journal_{folder_ / "journal.db", "kh-1"};
    SystemTime system_{noon, MonotonicTime(20s), true, 12ms};
    Timekeeper time_{journal_, {"kh-1", "boot-a", {}, [this] { return system_; }}};
    boost::asio::io_context loop_;
    std::vector<std::shared_ptr<const Programme>> staged_;
};

TEST_F(StagerTest, a_release_becomes_the_programme_of_the_boards_place) {
    auto staging = stager();
    EXPECT_EQ(staging.programme(), nullptr);
    staging.stage(release());
    ASSERT_EQ(staged_.size(), 1U);
    EXPECT_EQ(staging.programme(), staged_.front());
    EXPECT_EQ(staging.programme()->place.id, "kh-1");
    EXPECT_EQ(staging.programme()->schedule.campaigns.size(), 1U);
    EXPECT_EQ(staging.programme()->content->release, "1-aa");
    EXPECT_EQ(staging.fault(), "");
    EXPECT_EQ(journal_.state().last, 0);
}

TEST_F(StagerTest, a_release_that_cannot_be_staged_leaves_the_programme) {
    auto staging = stager();
    staging.stage(release());
    auto other = release("2-bb");
    other.schedules.clear();
    EXPECT_FALSE(staging.stage(std::move(other)));
    EXPECT_THAT(staging.fault(), HasSubstr("no schedule 's', which kh-1 follows"));
    auto broken = release("3-cc");
    broken.schedules["s"] = "{";
    staging.stage(std::move(broken));
    EXPECT_NE(staging.fault(), "");
    EXPECT_EQ(staging.programme()->content->release, "1-aa");
    EXPECT_EQ(staged_.size(), 1U);
    staging.stage(release("4-dd"));
    EXPECT_EQ(staging.fault(), "") << "the fault ends with the next good release";
    EXPECT_EQ(staging.programme()->content->release, "4-dd");
}

TEST_F(StagerTest, a_channel_without_the_place_says_what_to_correct) {
    auto staging = stager("kh-2");
    staging.stage(release());
    EXPECT_EQ(staging.programme(), nullptr);
    EXPECT_THAT(staging.fault(), HasSubstr("the channel has no place 'kh-2'; correct [place] id"));
}

TEST_F(StagerTest, case_41_a_factory_loop_follows_its_own_place_if_it_does_not_know_the_boards) {
    auto staging = stager("kh-2", true, "kh-1");
    staging.stage(release());
    ASSERT_TRUE(staging.programme());
    EXPECT_EQ(staging.programme()->place.id, "kh-1");
    auto unnamed = stager("kh-2", true);
    unnamed.stage(release());
    EXPECT_EQ(unnamed.programme(), nullptr);
    EXPECT_THAT(unnamed.fault(), HasSubstr("[factory] place"));
}

TEST_F(StagerTest, the_signatures_expiry_reaches_the_clock_even_if_staging_fails) {
    time_.save();
    system_.realtime += std::chrono::days(40);
    EXPECT_EQ(time_.read().state, content::ClockState::floor);
    stager("kh-2").stage(release());
    EXPECT_EQ(time_.read().state, content::ClockState::synchronised);
}

TEST_F(StagerTest, a_withdrawn_clearance_is_acknowledged_in_the_journal) {
    auto staging = stager();
    staging.stage(release());
    auto withdrawn = release("2-bb");
    std::erase_if(withdrawn.catalogue.countries.at("KH").clearances,
                  [](const auto& clearance) { return clearance.segment == "second"; });
    staging.stage(std::move(withdrawn));
    const auto records = journal_.read(1, 10);
    ASSERT_EQ(records.size(), 2U) << "of both locales";
    EXPECT_EQ(records[0].segment, "second");
    EXPECT_EQ(records[0].place, "kh-1");
    EXPECT_EQ(records[0].outlet, "screen");
    EXPECT_EQ(records[0].planned_start, noon);
    EXPECT_EQ(records[0].clock, content::ClockState::synchronised);
    EXPECT_THAT(records[0].reason, HasSubstr("KH no longer clears it; received with release 2-bb"));
    EXPECT_EQ(staging.programme()->content->release, "2-bb");
}

/// A store whose current release and last good one are what a test writes.
class StoredReleases : public StagerTest {
  protected:
    StoredReleases() { std::filesystem::create_directories(folder_ / "store/targets"); }
    void keep(const std::string& name, const std::string& schedule, bool survives = false) {
        auto set = release(name);
        if (!schedule.empty()) set.schedules["s"] = schedule;
        const auto& country = set.catalogue.countries.at("KH");
        content::StoredRelease stored{name, noon + std::chrono::days(10), {}, {}};
        const auto add = [&](const std::string& path, const std::string& bytes) {
            stored.facts[path] = sha256_hex(bytes);
            static_cast<void>(folder_.write("store/targets/" + sha256_hex(bytes), bytes));
        };
        add("schedules/s.json", set.schedules.at("s"));
        add("countries/kh/places.json", content::write_places(country));
        add("countries/kh/clearances.json", content::write_clearances(country));
        content::make_current(layout_, stored);
        if (survives) content::confirm_current(layout_);
    }
    content::StoreLayout layout_{folder_ / "store"};
};

TEST_F(StoredReleases, the_board_returns_to_the_last_good_one_and_says_why) {
    keep("1-aa", "");
    keep("2-bb", "{\"format\":9}");
    auto staging = stager();
    staging.load_current();
    ASSERT_TRUE(staging.programme());
    EXPECT_EQ(staging.programme()->content->release, "1-aa");
    EXPECT_THAT(staging.fault(), HasSubstr("format"));
    staging.load_current();
    EXPECT_EQ(staged_.size(), 1U) << "it is on already";
    EXPECT_NE(staging.fault(), "");
    keep("3-cc", "");
    staging.load_current();
    EXPECT_EQ(staging.programme()->content->release, "3-cc");
    EXPECT_EQ(staging.fault(), "");
}

TEST_F(StoredReleases, a_running_board_reads_beside_its_loop) {
    keep("1-aa", "");
    auto staging = stager();
    const auto read = [&] {
        staging.read_current();
        EXPECT_TRUE(staging.is_reading());
        finish_reading(staging);
    };
    read();
    ASSERT_TRUE(staging.programme());
    EXPECT_EQ(staging.programme()->content->release, "1-aa");
    keep("2-bb", "", true);
    read();
    EXPECT_EQ(staging.programme()->content->release, "2-bb");
    EXPECT_EQ(staged_.size(), 2U);
    keep("3-cc", "{\"format\":9}");
    read();
    EXPECT_EQ(staging.programme()->content->release, "2-bb");
    EXPECT_NE(staging.fault(), "");
    EXPECT_EQ(staged_.size(), 2U);
}

TEST_F(StoredReleases, a_release_that_is_read_when_the_board_stops_is_left) {
    keep("1-aa", "");
    {
        auto staging = stager();
        staging.read_current();
    }
    loop_.run();
    EXPECT_TRUE(staged_.empty());
}

TEST_F(StoredReleases, what_is_on_stays_if_its_own_files_are_lost) {
    keep("1-aa", "");
    keep("2-bb", "");
    auto staging = stager();
    staging.load_current();
    std::filesystem::remove_all(folder_ / "store/targets");
    staging.load_current();
    EXPECT_EQ(staging.programme()->content->release, "2-bb");
    EXPECT_NE(staging.fault(), "");
    for (const auto* file : {"store/current.json", "store/current.copy.json"})
        static_cast<void>(folder_.write(file, ""));
    staging.load_current();
    EXPECT_EQ(staging.programme()->content->release, "2-bb");
    EXPECT_EQ(staged_.size(), 1U);
}

TEST_F(StoredReleases, a_lost_current_release_leaves_the_last_good_one) {
    keep("1-aa", "", true);
    for (const auto* file : {"store/current.json", "store/current.copy.json"})
        std::filesystem::remove(folder_ / file);
    auto staging = stager();
    staging.load_current();
    ASSERT_TRUE(staging.programme());
    EXPECT_EQ(staging.programme()->content->release, "1-aa");
    EXPECT_NE(staging.fault(), "");
}

class PlayableTest : public testing::Test {
  protected:
    static content::Facts facts() {
        content::Facts out;
        out.catalogue = test::catalogue({test::segment("first", 30)});
        out.schedules["s"] = scheduler::write_schedule_json(
            test::schedule(test::campaign("c", "id = \"b\"\nkind = \"filler\"\nsegments = [\"first\"]")));
        return out;
    }
};

TEST_F(PlayableTest, a_release_with_the_place_and_its_schedule_is) {
    EXPECT_NO_THROW(require_playable(facts(), "kh-1", noon));
    auto withdrawn = facts();
    withdrawn.catalogue.countries.at("KH").clearances.clear();
    EXPECT_NO_THROW(require_playable(withdrawn, "kh-1", noon)) << "a country may withdraw everything";
}

TEST_F(PlayableTest, one_without_them_is_not) {
    EXPECT_THROW(require_playable(facts(), "kh-9", noon), Error);
    auto other = facts();
    other.schedules.clear();
    EXPECT_THROW(require_playable(other, "kh-1", noon), Error);
    other.schedules["s"] = "{\"format\":9}";
    EXPECT_THROW(require_playable(other, "kh-1", noon), Error);
    std::string rotations;
    for (int n = 0; n < 300; ++n)
        rotations +=
            test::campaign("c" + std::to_string(n),
                           "id = \"b" + std::to_string(n) +
                               "\"\nkind = \"rotation\"\nplays_per_hour = 12\nsegments = [\"first\"]");
    other.schedules["s"] = scheduler::write_schedule_json(test::schedule(rotations));
    EXPECT_THROW(require_playable(other, "kh-1", noon), scheduler::CostError) << "planning it takes too long";
    other = facts();
    other.catalogue.countries.at("KH").places.front().zone = "Asia/Atlantis";
    EXPECT_THROW(require_playable(other, "kh-1", noon), Error) << "no day can be planned";
}

TEST_F(StagerTest, a_store_without_a_release_is_no_fault) {
    auto staging = stager();
    staging.load_current();
    EXPECT_EQ(staging.fault(), "");
    EXPECT_EQ(staging.programme(), nullptr);
}

TEST_F(StagerTest, a_damaged_store_is_a_fault) {
    std::filesystem::create_directories(folder_ / "store");
    static_cast<void>(folder_.write("store/current.json", "{"));
    auto staging = stager();
    staging.load_current();
    EXPECT_NE(staging.fault(), "");
}

TEST_F(StagerTest, case_41_a_factory_loop_without_a_release_is_reported_from_the_loop) {
    auto staging = stager("kh-1", true);
    staging.load_factory_loop();
    finish_reading(staging);
    EXPECT_THAT(staging.fault(), HasSubstr("has no release"));
}

}  // namespace
}  // namespace riverlight::firmware
