#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <optional>

#include "content/base/files.hpp"
#include "firmware/start/crash_loop_guard.hpp"
#include "firmware/start/decision.hpp"
#include "firmware/start/stability.hpp"
#include "firmware/start/start_counter.hpp"
#include "firmware/start/state_folder.hpp"
#include "firmware/start/watchdog.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Optional;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

TEST(StateFolder, is_made_if_missing_and_the_check_leaves_nothing) {
    const test::Folder folder;
    EXPECT_EQ(check_state_folder(folder / "a/b", false), std::nullopt);
    EXPECT_TRUE(fs::is_empty(folder / "a/b"));
}

TEST(StateFolder, case_41_a_fault_names_the_folder_and_says_what_to_do) {
    const test::Folder folder;
    const auto file = folder.write("state", "x");
    EXPECT_THAT(check_state_folder(file, false),
                Optional(AllOf(HasSubstr(file), HasSubstr("Check that the data partition"))));
    EXPECT_TRUE(check_state_folder(file + "/below", false));
    EXPECT_TRUE(check_state_folder("/proc/riverlight", false));
}

TEST(StateFolder, case_41_a_partition_that_is_not_mounted_is_not_its_bare_folder) {
    const test::Folder folder("/var/tmp");  // another place may be a mount
    struct stat here {
    }, root{};
    ASSERT_EQ(::stat(folder.path().c_str(), &here), 0);
    ASSERT_EQ(::stat("/", &root), 0);
    if (here.st_dev != root.st_dev) GTEST_SKIP() << "/var/tmp is a mount of its own";
    EXPECT_THAT(check_state_folder(folder.path(), true), Optional(HasSubstr("is not mounted")));
    EXPECT_EQ(check_state_folder(folder.path(), false), std::nullopt);
}

TEST(StateFolder, case_41_one_on_a_mount_of_its_own_counts) {
    struct stat shm {
    }, root{};
    if (::stat("/dev/shm", &shm) != 0 || ::stat("/", &root) != 0 || shm.st_dev == root.st_dev)
        GTEST_SKIP() << "no /dev/shm that is a mount";
    const auto path = "/dev/shm/riverlight-" + random_hex(8);
    EXPECT_EQ(check_state_folder(path, true), std::nullopt);
    fs::remove_all(path);
}

TEST(StartCounter, case_42_counts_failed_starts_in_a_row) {
    const test::Folder folder;
    for (int n = 0; n < 7; ++n) EXPECT_EQ(StartCounter(folder.path()).count_start(), n);
    StartCounter lasting(folder.path());
    EXPECT_EQ(lasting.count_start(), 7);
    lasting.reset();
    EXPECT_TRUE(lasting.is_removed());
    EXPECT_EQ(StartCounter(folder.path()).count_start(), 0);
}

TEST(StartCounter, case_42_a_start_that_was_told_to_end_is_not_counted) {
    const test::Folder folder;
    for (int n = 0; n < 9; ++n) {
        StartCounter starts(folder.path());
        EXPECT_EQ(starts.count_start(), 0);
        starts.forget_start();
    }
    StartCounter(folder.path()).count_start();  // killed
    for (int n = 0; n < 3; ++n) {
        StartCounter starts(folder.path());
        EXPECT_EQ(starts.count_start(), 1) << "and does not undo the failure before it";
        starts.forget_start();
    }
}

TEST(StartCounter, case_43_a_start_in_another_boot_did_not_fail) {
    const test::Folder folder;
    for (const auto* boot : {"a", "b", "c"}) EXPECT_EQ(StartCounter(folder.path()).count_start(boot), 0);
    EXPECT_EQ(StartCounter(folder.path()).count_start("c"), 1) << "the same boot: it crashed";
    EXPECT_EQ(StartCounter(folder.path()).count_start("d"), 1)
        << "that one stays counted, the cut one is not";
    StartCounter ordered(folder.path());
    EXPECT_EQ(ordered.count_start("d"), 2);
    ordered.forget_start();
    EXPECT_EQ(StartCounter(folder.path()).count_start("e"), 2) << "it had ended in order";
    StartCounter failed(folder.path());
    EXPECT_EQ(failed.count_start("e"), 3);
    failed.record_failure("no memory");
    EXPECT_EQ(StartCounter(folder.path()).count_start("f"), 4) << "it failed before the power did";
    EXPECT_EQ(StartCounter(folder.path()).count_start(), 5) << "an unknown boot: nothing tells them apart";
}

TEST(StartCounter, case_42_keeps_the_reason_of_the_last_failure_only) {
    const test::Folder folder;
    StartCounter first(folder.path());
    first.count_start();
    first.record_failure("the journal is another board's");
    StartCounter second(folder.path());
    EXPECT_EQ(second.count_start(), 1);
    EXPECT_EQ(second.last_failure(), "the journal is another board's");
    StartCounter third(folder.path());  // the second was killed
    EXPECT_EQ(third.count_start(), 2);
    EXPECT_THAT(third.last_failure(), IsEmpty());
    third.record_failure(std::string(1999, 'a') + "ខ្មែរ");
    StartCounter fourth(folder.path());
    EXPECT_EQ(fourth.count_start(), 3);
    EXPECT_EQ(fourth.last_failure(), std::string(1999, 'a')) << "cut between characters";
}

TEST(StartCounter, case_40_a_damaged_file_counts_as_none) {
    const test::Folder folder;
    for (const auto* text :
         {"", "{", "{\"format\":1,\"failed\":-4,\"words\":\"\"}", "{\"format\":2}", "\x00\xff"}) {
        folder.write("starts.json", text);
        EXPECT_FALSE(is_in_safe_mode(folder.path()));
        EXPECT_EQ(StartCounter(folder.path()).count_start(), 0);
        EXPECT_EQ(StartCounter(folder.path()).count_start(), 1);
    }
}

TEST(StartCounter, case_40_a_bit_that_flipped_does_not_lead_to_safe_mode) {
    const test::Folder folder;
    static_cast<void>(StartCounter(folder.path()).count_start("boot-a"));
    const auto path = folder / "starts.json";
    const auto text = read_file(path, 1U << 16);
    for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
        auto bent = text;
        bent[bit / 8] = static_cast<char>(bent[bit / 8] ^ (1 << bit % 8));
        folder.write("starts.json", bent);
        EXPECT_FALSE(is_in_safe_mode(folder.path())) << bit;
        EXPECT_LE(StartCounter(folder.path()).count_start("boot-a"), 1) << bit;
    }
    fs::remove(path);
    fs::create_directories(path + "/more");
    EXPECT_EQ(StartCounter(folder.path()).count_start("boot-a"), 0) << "nor a folder in its place";
    EXPECT_EQ(StartCounter(folder.path()).count_start("boot-a"), 1);
}

TEST(StartCounter, case_42_other_programs_see_safe_mode_and_can_end_it) {
    const test::Folder folder;
    StartCounter starts(folder.path());
    starts.count_start();
    EXPECT_FALSE(is_in_safe_mode(folder.path()));
    EXPECT_FALSE(leave_safe_mode(folder.path()));
    starts.count_start();
    starts.mark_safe_mode();
    EXPECT_TRUE(is_in_safe_mode(folder.path()));
    EXPECT_TRUE(leave_safe_mode(folder.path()));
    EXPECT_TRUE(starts.is_removed());
    EXPECT_FALSE(is_in_safe_mode(folder.path()));
    starts.count_start();
    starts.mark_safe_mode();
    starts.set_failed(4);
    StartCounter again(folder.path());
    EXPECT_EQ(again.count_start(), 4);
    EXPECT_FALSE(is_in_safe_mode(folder.path())) << "the one more attempt is a start like any other";
}

TEST(StartCounter, case_42_a_folder_that_cannot_be_written_throws) {
    EXPECT_THROW(StartCounter("/proc").count_start(), DiskFault);
}

MonotonicTime at_second(std::int64_t seconds) {
    return MonotonicTime(std::chrono::seconds(seconds));
}

using Outlets = std::vector<OutletProgress>;

/// Observes every five seconds from `from` on. The second at which the start was first stable.
template <class At>
std::optional<std::int64_t> first_stable(StabilityCheck check, std::int64_t from, std::int64_t until,
                                         const At& outlets_at) {
    for (auto at = from; at <= until; at += 5)
        if (check.observe(at_second(at), outlets_at(at))) return at;
    return {};
}

TEST(StabilityCheck, case_42_a_start_is_stable_when_every_outlet_has_run_for_so_long) {
    EXPECT_EQ(first_stable(StabilityCheck(180s), 1000, 1400,
                           [](auto at) {
                               return Outlets{{at * 25}, {at * 50}};
                           }),
              1180);
}

TEST(StabilityCheck, case_42_an_outlet_that_stands_still_starts_the_time_again) {
    // One outlet is still from 60 to 90 s after the start: more than the patience of 15 s.
    const auto outlets = [](auto at) { return Outlets{{at}, {at >= 1060 && at < 1090 ? 7 : at}}; };
    EXPECT_EQ(first_stable(StabilityCheck(180s), 1000, 2000, outlets), 1090 + 180);
}

TEST(StabilityCheck, case_42_a_player_restarted_in_time_does_not_count_as_still) {
    EXPECT_EQ(first_stable(StabilityCheck(60s), 100, 300,
                           [](auto at) { return Outlets{{at < 130 ? at : at - 130}}; }),
              160);
}

TEST(StabilityCheck, case_42_no_frames_are_never_stable_but_a_closed_place_is) {
    const StabilityCheck check(10s);
    EXPECT_EQ(first_stable(check, 100, 500, [](auto) { return Outlets{{0}}; }), std::nullopt);
    EXPECT_EQ(first_stable(check, 100, 500, [](auto) { return Outlets{}; }), std::nullopt);
    EXPECT_EQ(first_stable(check, 100, 500, [](auto) { return Outlets{{0, true}}; }), 110);
}

class CrashLoopGuardTest : public testing::Test {
  protected:
    using Verdict = CrashLoopGuard::Verdict;

    /// A board in `mode` whose start was counted after `failed` failed ones.
    StartDecision start_in(RunMode mode, int failed = 0) {
        StartDecision start;
        start.mode = mode;
        if (mode == RunMode::no_state) return start;
        start.counter.emplace(folder_.path());
        start.counter->set_failed(failed);
        EXPECT_EQ(start.counter->count_start(), failed);
        if (mode == RunMode::safe) start.counter->mark_safe_mode();
        return start;
    }
    CrashLoopGuard guard(StartDecision& start) {
        return {start, {5, 10s, 60s}, at_second(100), [this] { return usable_; }};
    }
    /// Polls with moving frames every five seconds until `until`; true if the guard asked for a restart.
    static bool restarts(CrashLoopGuard& guard, std::int64_t from, std::int64_t until) {
        for (auto at = from; at <= until; at += 5)
            if (guard.poll(at_second(at), {{at}}) == Verdict::restart) return true;
        return false;
    }
    /// What the next start would find.
    int failed_before_next() { return StartCounter(folder_.path()).count_start(); }

    test::Folder folder_;
    bool usable_ = false;
};

TEST_F(CrashLoopGuardTest, case_42_a_stable_normal_start_clears_the_count) {
    auto start = start_in(RunMode::normal, 3);
    auto watch = guard(start);
    EXPECT_FALSE(restarts(watch, 100, 105));
    EXPECT_FALSE(start.counter->is_removed()) << "not stable yet";
    EXPECT_FALSE(restarts(watch, 110, 300));
    EXPECT_TRUE(start.counter->is_removed());
    EXPECT_EQ(failed_before_next(), 0);
}

TEST_F(CrashLoopGuardTest, case_42_frozen_outlets_never_clear_the_count) {
    auto start = start_in(RunMode::normal, 3);
    auto watch = guard(start);
    for (std::int64_t at = 100; at < 1000; at += 5)
        EXPECT_EQ(watch.poll(at_second(at), {{0}}), Verdict::keep_running);
    EXPECT_EQ(failed_before_next(), 4);
}

TEST_F(CrashLoopGuardTest, case_42_safe_mode_is_left_after_its_time_with_one_more_attempt) {
    auto start = start_in(RunMode::safe, 5);
    auto watch = guard(start);
    EXPECT_FALSE(restarts(watch, 100, 155));
    EXPECT_TRUE(restarts(watch, 160, 160)) << "60 s after it began";
    EXPECT_EQ(failed_before_next(), 4) << "one more failure makes five";
}

TEST_F(CrashLoopGuardTest, case_42_stable_safe_mode_is_no_reason_to_leave_it) {
    auto start = start_in(RunMode::safe, 9);
    auto watch = guard(start);
    EXPECT_FALSE(restarts(watch, 100, 130));
    EXPECT_EQ(failed_before_next(), 5) << "the next start is in safe mode, and not on its way to the slate";
}

TEST_F(CrashLoopGuardTest, case_42_safe_mode_is_left_at_once_by_command) {
    auto start = start_in(RunMode::safe, 5);
    auto watch = guard(start);
    EXPECT_FALSE(restarts(watch, 100, 105));
    EXPECT_TRUE(leave_safe_mode(folder_.path()));
    EXPECT_TRUE(restarts(watch, 110, 110));
    EXPECT_EQ(failed_before_next(), 0);
}

TEST_F(CrashLoopGuardTest, OtherSettingsAreLeftAsSoonAsTheFileCanBeRead) {
    for (const auto mode : {RunMode::normal, RunMode::no_settings, RunMode::safe}) {
        auto start = start_in(mode, mode == RunMode::safe ? 5 : 0);
        start.settings_fault = "cut";
        bool readable = false;
        CrashLoopGuard watch(
            start, {5, 10s, 3600s}, at_second(100), [] { return true; }, [&] { return readable; });
        EXPECT_FALSE(restarts(watch, 100, 200));
        readable = true;
        EXPECT_TRUE(restarts(watch, 205, 205));
        fs::remove(folder_ / "starts.json");
    }
    auto start = start_in(RunMode::normal);
    CrashLoopGuard watch(
        start, {5, 10s, 3600s}, at_second(100), [] { return true; }, [] { return true; });
    EXPECT_FALSE(restarts(watch, 100, 200)) << "they are those of the file";
}

TEST_F(CrashLoopGuardTest, case_41_no_state_is_left_as_soon_as_the_folder_can_be_used) {
    auto start = start_in(RunMode::no_state);
    auto watch = guard(start);
    EXPECT_FALSE(restarts(watch, 100, 10'000)) << "however long that takes";
    usable_ = true;
    EXPECT_TRUE(restarts(watch, 10'005, 10'005));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "starts.json")) << "this mode counts nothing";
}

TEST_F(CrashLoopGuardTest, case_42_a_count_that_cannot_be_written_is_tried_again) {
    auto start = start_in(RunMode::normal, 3);
    auto watch = guard(start);
    EXPECT_FALSE(restarts(watch, 100, 105));
    const auto away = folder_.path() + ".away";
    fs::rename(folder_.path(), away);
    EXPECT_THROW(static_cast<void>(restarts(watch, 110, 110)), DiskFault);
    fs::rename(away, folder_.path());
    EXPECT_FALSE(restarts(watch, 115, 115));
}

TEST(WatchdogTest, case_49_IsFedOnlyWhileEveryOutletAdvances) {
    Watchdog watchdog;
    MonotonicTime now{100s};
    std::vector<OutletProgress> outlets(2);
    const auto after = [&](std::chrono::seconds time) {
        now += time;
        return watchdog.observe(now, outlets);
    };
    EXPECT_TRUE(after(0s)) << "they are starting";
    EXPECT_TRUE(after(Watchdog::starting_patience));
    EXPECT_FALSE(after(1s));
    outlets[0].frames = outlets[1].frames = 10;
    EXPECT_TRUE(after(1s));
    outlets[0].frames = 20;
    EXPECT_TRUE(after(Watchdog::patience)) << "the other may be between two players";
    EXPECT_FALSE(after(1s));
    outlets[1].closed = true;
    outlets[0].frames = 30;
    EXPECT_TRUE(after(1s)) << "a closed place shows nothing";
}

}  // namespace
}  // namespace riverlight::firmware
