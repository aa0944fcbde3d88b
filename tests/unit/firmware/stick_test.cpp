// An importer that hangs or dies, and what the status page and the screens show about a stick.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "firmware/journal/journal.hpp"
#include "firmware/stick/import.hpp"
#include "firmware/stick/import_lock.hpp"
#include "firmware/stick/monitor.hpp"
#include "firmware/stick/watch.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using State = StickNote::State;

const MonotonicTime start{1h};
const Instant noon = *from_rfc3339("2026-11-25T05:00:00Z");
const StickNote reading{State::reading, "Copying from the stick: 1 MB of 9 MB.", noon};

TEST(StickWatch, case_81_an_importer_that_died_counts_as_failed) {
    StickWatch watch;
    watch.observe(reading, start);
    EXPECT_EQ(watch.report(reading, true, start)->message, reading.message);
    const auto dead = watch.report(reading, false, start + 1min);
    EXPECT_EQ(dead->state, State::failed);
    EXPECT_EQ(dead->message, import_ended_early);
}

TEST(StickWatch, case_81_an_importer_that_hangs_is_reported_after_three_minutes) {
    StickWatch watch;
    watch.observe(reading, start);
    watch.observe(reading, start + 2min);
    EXPECT_EQ(watch.report(reading, true, start + 3min - 1us)->message, reading.message);
    const auto silent = watch.report(reading, true, start + 4min + 30s);
    EXPECT_EQ(silent->state, State::reading);
    EXPECT_THAT(silent->message, HasSubstr("no progress for 4 minutes. Pull the stick out"));
    auto moved = reading;
    moved.message = "Copying from the stick: 2 MB of 9 MB.";
    EXPECT_EQ(watch.report(moved, true, start + 5min)->message, moved.message) << "not observed yet";
    watch.observe(moved, start + 5min);
    EXPECT_EQ(watch.report(moved, true, start + 7min)->message, moved.message);
    EXPECT_NE(watch.report(moved, true, start + 8min)->message, moved.message);
}

TEST(StickWatch, a_finished_import_is_reported_as_it_is) {
    StickWatch watch;
    watch.observe({}, start);
    EXPECT_FALSE(watch.report({}, false, start));
    const StickNote done{State::done, "Release 2 was taken.", noon};
    watch.observe(done, start);
    EXPECT_EQ(watch.report(done, false, start + 99min)->message, done.message);
    EXPECT_EQ(watch.report(done, false, start + 99min)->state, State::done);
}

TEST(ImportLock, case_81_is_free_once_its_holder_is_gone) {
    const test::Folder folder;
    EXPECT_FALSE(is_import_running(folder.path()));
    {
        const auto one = hold_import_lock(folder.path());
        const auto two = hold_import_lock(folder.path());  // two sticks
        EXPECT_TRUE(is_import_running(folder.path()));
    }
    EXPECT_FALSE(is_import_running(folder.path()));
    EXPECT_THROW(static_cast<void>(hold_import_lock(folder / "nothing")), DiskFault);
}

TEST(StickUnit, case_81_its_result_explains_an_importer_that_could_not) {
    EXPECT_EQ(explain_unit_result("success", "0", false), "");
    EXPECT_EQ(explain_unit_result("signal", "SEGV", true), import_ended_early);
    EXPECT_EQ(explain_unit_result("timeout", "TERM", true), import_ended_early);
    EXPECT_EQ(explain_unit_result("oom-kill", "KILL", true), import_ended_early);
    EXPECT_EQ(explain_unit_result("exit-code", "32", false), stick_not_opened) << "mount(8): mount failure";
    EXPECT_EQ(explain_unit_result("exit-code", "1", false), "") << "the importer explained it";
}

TEST(StickNoteFile, reads_back_and_a_damaged_one_counts_as_none) {
    const test::Folder folder;
    EXPECT_FALSE(read_stick_note(folder.path()));
    for (const auto state : {State::reading, State::done, State::failed}) {
        write_stick_note(folder.path(), {state, "a message", noon, 40});
        const auto note = read_stick_note(folder.path());
        ASSERT_TRUE(note);
        EXPECT_EQ(note->state, state);
        EXPECT_EQ(note->message, "a message");
        EXPECT_EQ(note->at, noon);
        EXPECT_EQ(note->percent, 40);
    }
    folder.write("stick.json", "{");
    EXPECT_FALSE(read_stick_note(folder.path()));
}

TEST(StickMonitor, shows_a_stick_on_page_and_screens_while_it_is_read_and_shortly_after) {
    const test::Folder folder;
    StickMonitor monitor(folder.path());
    monitor.poll(start);
    EXPECT_FALSE(monitor.status(start));
    EXPECT_EQ(monitor.screen_notice({"km"}), ScreenNotice{});

    const auto importer = hold_import_lock(folder.path());
    write_stick_note(folder.path(), reading);
    EXPECT_EQ(monitor.status(start + 1s)->message, reading.message) << "the page need not wait for a poll";
    EXPECT_EQ(monitor.screen_notice({"km"}), ScreenNotice{}) << "screens change at a poll";
    monitor.poll(start + 5s);
    EXPECT_EQ(monitor.screen_notice({"km"}).locale, "km");
    EXPECT_THAT(monitor.status(start + 4min)->message, HasSubstr("no progress"));

    write_stick_note(folder.path(), {State::done, "Release 2 was taken.", noon + 1min});
    monitor.poll(start + 10s);
    const auto done = monitor.screen_notice({});
    EXPECT_EQ(done.locale, "en");
    monitor.poll(start + 39s);
    EXPECT_EQ(monitor.screen_notice({}), done);
    monitor.poll(start + 40s);
    EXPECT_EQ(monitor.screen_notice({}), ScreenNotice{});
    EXPECT_EQ(monitor.status(start + 99min)->state, State::done) << "the page keeps it";
}

TEST(StickMonitor, case_81_screens_show_the_failure_of_an_importer_that_died) {
    const test::Folder folder;
    StickMonitor monitor(folder.path());
    monitor.poll(start);
    write_stick_note(folder.path(), reading);
    monitor.poll(start + 5s);  // nobody holds the lock
    EXPECT_EQ(monitor.status(start + 5s)->state, State::failed);
    EXPECT_EQ(monitor.screen_notice({}), screen_notice_for({State::failed, "", noon}, {}));
}

TEST(StickImport, case_74_NothingIsReadOrWrittenThroughLinks) {
    namespace fs = std::filesystem;
    const test::Folder folder;
    const StickSetup setup{folder / "stick", folder / "state", folder / "root.json", "kh-1"};
    fs::create_directories(setup.state);
    Journal journal(setup.state + "/journal.db", "kh-1");
    SigningKey::generate().save(setup.state + "/board.key");
    content::AiringRecord record;
    record.airing = "a";
    record.status = content::AiringStatus::skipped;
    static_cast<void>(journal.add(record));
    const auto known = journal.state();
    for (const auto* linked : {"riverlight", "riverlight/journals", "riverlight/journals/kh-1"}) {
        fs::remove_all(setup.stick);
        fs::remove_all(folder / "elsewhere");
        fs::create_directories(fs::path(setup.stick + '/' + linked).parent_path());
        fs::create_directories(folder / "elsewhere");
        fs::create_symlink(folder / "elsewhere", setup.stick + '/' + linked);
        EXPECT_TRUE(import_stick(setup, {noon, false}, [](const auto&, auto) {}).failed) << linked;
        EXPECT_TRUE(fs::is_empty(folder / "elsewhere")) << linked;
    }
    fs::remove_all(setup.stick);
    fs::create_directories(setup.stick);
    EXPECT_EQ(import_stick(setup, {noon, false}, [](const auto&, auto) {}).airings, known.last);
}

}  // namespace
}  // namespace riverlight::firmware
