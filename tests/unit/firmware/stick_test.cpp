// What people are told of a stick whose importer hangs or dies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "firmware/stick/importer.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using State = StickNote::State;

constexpr std::int64_t minute = 60'000'000;
const StickNote reading{State::reading, "Copying from the stick: 1 MB of 9 MB.", {}};

TEST(StickWatch, case_81_an_importer_that_died_is_said_to_have_ended) {
    StickWatch watch;
    EXPECT_EQ(watch.told(reading, true, 0)->words, reading.words);
    const auto dead = watch.told(reading, false, minute);
    EXPECT_EQ(dead->state, State::failed);
    EXPECT_EQ(dead->words, import_ended_early);
}

TEST(StickWatch, case_81_one_that_hangs_is_said_to_be_silent) {
    StickWatch watch;
    EXPECT_EQ(watch.told(reading, true, 0)->words, reading.words);
    EXPECT_EQ(watch.told(reading, true, 3 * minute - 1)->words, reading.words);
    const auto still = watch.told(reading, true, 4 * minute);
    EXPECT_EQ(still->state, State::reading);
    EXPECT_THAT(still->words, HasSubstr("for 4 minutes nothing has come from it. Pull it out"));
    auto on = reading;
    on.words = "Copying from the stick: 2 MB of 9 MB.";
    EXPECT_EQ(watch.told(on, true, 5 * minute)->words, on.words) << "it goes on";
    EXPECT_EQ(watch.told(on, true, 7 * minute)->words, on.words);
}

TEST(StickWatch, what_is_over_stays_as_it_was_said) {
    StickWatch watch;
    EXPECT_FALSE(watch.told({}, false, 0));
    const StickNote done{State::done, "Release 2 was taken.", {}};
    EXPECT_EQ(watch.told(done, false, 99 * minute)->words, done.words);
    EXPECT_EQ(watch.told(done, false, 99 * minute)->state, State::done);
}

TEST(StickLock, case_81_is_free_once_its_holder_is_gone) {
    const test::Folder folder;
    EXPECT_FALSE(stick_is_being_imported(folder.path()));
    {
        const auto one = hold_stick_lock(folder.path());
        const auto two = hold_stick_lock(folder.path());  // two sticks
        EXPECT_TRUE(stick_is_being_imported(folder.path()));
    }
    EXPECT_FALSE(stick_is_being_imported(folder.path()));
    EXPECT_THROW(static_cast<void>(hold_stick_lock(folder / "nothing")), DiskFault);
}

TEST(StickEnd, case_81_the_unit_says_what_the_importer_could_not) {
    EXPECT_THAT(words_of_end("success", "0", false), IsEmpty());
    EXPECT_EQ(words_of_end("signal", "SEGV", true), import_ended_early);
    EXPECT_EQ(words_of_end("timeout", "TERM", true), import_ended_early);
    EXPECT_EQ(words_of_end("oom-kill", "KILL", true), import_ended_early);
    EXPECT_EQ(words_of_end("exit-code", "32", false), stick_not_opened) << "mount(8): mount failure";
    EXPECT_THAT(words_of_end("exit-code", "1", false), IsEmpty()) << "the importer said it";
}

}  // namespace
}  // namespace riverlight::firmware
