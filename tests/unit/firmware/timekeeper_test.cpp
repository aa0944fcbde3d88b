// What a board's journal keeps about time, with a system clock that tests set.
#include "firmware/clock/timekeeper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/airing/time_fix.hpp"
#include "content/airing/time_gap.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-23T05:00:00Z");

class TimekeeperTest : public testing::Test {
  protected:
    Timekeeper timekeeper(const std::string& boot = "boot-a") {
        return {journal_,
                {"kh-pp-01", boot, {}, [this] { return system_; }, [this] { return hardware_clock_; }}};
    }
    void pass(std::chrono::microseconds time) {
        system_.realtime += time;
        system_.monotonic += time;
    }
    void set_clock(Instant to) {
        system_.realtime = to;
        system_.synchronised = true;
        system_.error = 12ms;
    }
    /// An airing of that boot whose times are not known to be right.
    void add_airing_without_time(const std::string& boot = "boot-a") {
        content::AiringRecord record;
        record.airing = "morning";
        record.outlet = "screen";
        record.status = content::AiringStatus::aired;
        record.boot_id = boot;
        record.started = system_.realtime;
        record.ended = system_.realtime + 30s;
        record.monotonic_start = system_.monotonic;
        record.monotonic_end = system_.monotonic + 30s;
        static_cast<void>(journal_.add(record));
    }
    std::vector<content::TimeFix> fixes() {
        std::vector<content::TimeFix> out;
        for (const auto& record : journal_.read(1, 100))
            if (const auto fix = content::time_fix_of(record)) out.push_back(*fix);
        return out;
    }
    std::vector<content::TimeGap> gaps() {
        std::vector<content::TimeGap> out;
        for (const auto& record : journal_.read(1, 100))
            if (const auto gap = content::time_gap_of(record)) out.push_back(*gap);
        return out;
    }
    std::optional<Instant> hardware_clock_;
    test::Folder folder_;
    Journal journal_{folder_ / "journal.db", "kh-pp-01"};
    SystemTime system_{Instant{} + 20s, MonotonicTime(20s), false, {}};
};

TEST_F(TimekeeperTest, case_52_continues_from_the_latest_sure_instant_after_a_restart) {
    {
        auto time = timekeeper();
        EXPECT_EQ(time.read().now, Instant{} + 20s) << "a new board knows nothing better";
        time.save_if_synchronised();
        EXPECT_FALSE(journal_.fact(content::journal_facts::latest_sure_time))
            << "1970 has not certainly passed";
        set_clock(noon);
        time.advance();
        time.save_if_synchronised();
        pass(10s);
        time.save();
    }
    EXPECT_EQ(journal_.fact(content::journal_facts::latest_sure_time), noon + 10s);
    system_ = {Instant{} + 20s, MonotonicTime(20s), false, {}};
    const auto time = timekeeper("boot-b");
    EXPECT_EQ(time.read().now, noon + 10s);
    EXPECT_EQ(time.read().state, content::ClockState::floor);
}

TEST_F(TimekeeperTest, the_age_of_an_image_is_a_floor) {
    const Timekeeper time(journal_, {"kh-pp-01", "boot-a", noon, [this] { return system_; },
                                     [] { return std::optional<Instant>(); }});
    EXPECT_EQ(time.read().now, noon);
}

TEST_F(TimekeeperTest, the_channels_signatures_raise_the_limit) {
    set_clock(noon);
    auto time = timekeeper();
    time.save();
    pass(1s);
    system_.realtime += std::chrono::days(400);
    EXPECT_EQ(time.read().state, content::ClockState::floor);
    time.set_signed_until(noon + std::chrono::days(380));
    EXPECT_EQ(time.read().state, content::ClockState::synchronised);
}

TEST_F(TimekeeperTest, case_52_records_one_time_fix_a_boot_if_airings_need_it) {
    auto time = timekeeper();
    add_airing_without_time();
    time.record_time_fix(false);
    EXPECT_EQ(fixes().size(), 0U) << "the time is not known yet";
    pass(600s);
    set_clock(noon);
    time.record_time_fix(false);
    ASSERT_EQ(fixes().size(), 1U);
    EXPECT_EQ(fixes().front().at, noon);
    EXPECT_EQ(fixes().front().boot_id, "boot-a");
    time.record_time_fix(true);
    EXPECT_EQ(fixes().size(), 1U) << "once";
    timekeeper().record_time_fix(false);
    EXPECT_EQ(fixes().size(), 1U) << "also over a restart of the daemon";
}

TEST_F(TimekeeperTest, records_no_time_fix_that_nothing_needs) {
    add_airing_without_time("boot-before");
    set_clock(noon);
    auto time = timekeeper();
    time.record_time_fix(false);
    EXPECT_EQ(fixes().size(), 0U);
    auto unknown = timekeeper("unknown");
    unknown.record_time_fix(true);
    EXPECT_EQ(fixes().size(), 0U) << "a boot without an id cannot be matched";
}

TEST_F(TimekeeperTest, an_airing_on_air_needs_a_time_fix_too) {
    set_clock(noon);
    auto time = timekeeper();
    time.record_time_fix(true);
    EXPECT_EQ(fixes().size(), 1U);
}

TEST_F(TimekeeperTest, case_53_a_believed_jump_is_one_record_and_nothing_before_its_end_is_missed) {
    set_clock(noon);
    auto time = timekeeper();
    time.update_present_since();
    EXPECT_EQ(time.present_since(), noon);
    pass(60s);
    system_.realtime += std::chrono::days(30);
    time.update_present_since();
    time.advance();
    ASSERT_EQ(gaps().size(), 1U);
    EXPECT_EQ(gaps()[0], (content::TimeGap{"boot-a", noon + 60s, system_.realtime, system_.monotonic,
                                           content::ClockState::synchronised, 12ms}));
    EXPECT_EQ(time.present_since(), system_.realtime);
    EXPECT_EQ(journal_.state().last, 1) << "and no other record";
}

TEST_F(TimekeeperTest, case_53_a_jump_that_is_not_believed_changes_nothing) {
    set_clock(noon);
    auto time = timekeeper();
    time.update_present_since();
    pass(60s);
    system_.synchronised = false;
    system_.realtime += std::chrono::days(30);
    hardware_clock_ = noon + 60s;
    time.update_present_since();
    time.advance();
    EXPECT_EQ(time.read().now, noon + 60s);
    EXPECT_EQ(time.present_since(), noon);
    EXPECT_EQ(journal_.state().last, 0);
    time.hear(TimeWitness::office, system_.realtime);
    time.advance();
    EXPECT_EQ(gaps().size(), 1U) << "the office confirms it";
}

TEST_F(TimekeeperTest, case_53_the_hardware_clock_confirms_a_boot_after_a_long_time_without_power) {
    set_clock(noon);
    timekeeper().save();
    system_ = {noon + std::chrono::days(20), MonotonicTime(20s), false, {}};
    EXPECT_EQ(timekeeper("boot-b").read().state, content::ClockState::floor);
    hardware_clock_ = system_.realtime + 2s;
    const auto time = timekeeper("boot-b");
    EXPECT_EQ(time.read().now, system_.realtime);
    EXPECT_EQ(time.present_since(), system_.realtime) << "what it missed meanwhile is in one record";
    EXPECT_EQ(gaps().size(), 1U);
}

TEST_F(TimekeeperTest, case_55_corrects_since_when_the_board_has_been_present) {
    auto time = timekeeper();
    EXPECT_EQ(time.present_since(), Instant{});
    time.update_present_since();
    EXPECT_EQ(time.present_since(), Instant{} + 20s);
    pass(600s);
    set_clock(noon);
    EXPECT_EQ(time.present_since(), Instant{} + 20s) << "reading changes nothing";
    time.update_present_since();
    EXPECT_EQ(time.present_since(), noon - 600s);
}

}  // namespace
}  // namespace riverlight::firmware
