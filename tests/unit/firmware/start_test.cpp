#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "content/base/files.hpp"
#include "firmware/start/endurance.hpp"
#include "firmware/start/mode.hpp"
#include "firmware/start/starts.hpp"
#include "firmware/start/state_folder.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace fs = std::filesystem;

TEST(StateFolder, is_made_where_it_lacks_and_holds_nothing_of_the_look) {
    const test::Folder folder;
    EXPECT_THAT(state_fault(folder / "a/b", false), IsEmpty());
    EXPECT_TRUE(fs::is_empty(folder / "a/b"));
}

TEST(StateFolder, case_41_says_what_stands_in_its_place_and_what_to_do) {
    const test::Folder folder;
    const auto file = folder.write("state", "x");
    EXPECT_THAT(state_fault(file, false),
                AllOf(HasSubstr(file), HasSubstr("Look whether the data partition")));
    EXPECT_THAT(state_fault(file + "/below", false), HasSubstr("cannot be used"));
    EXPECT_THAT(state_fault("/proc/riverlight", false), HasSubstr("cannot be used"));
}

TEST(StateFolder, case_41_a_partition_that_is_not_mounted_is_not_its_bare_folder) {
    const test::Folder folder;
    struct stat here {
    }, root{};
    ASSERT_EQ(::stat(folder.path().c_str(), &here), 0);
    ASSERT_EQ(::stat("/", &root), 0);
    if (here.st_dev != root.st_dev) GTEST_SKIP() << "the temporary folder is a mount of its own";
    EXPECT_THAT(state_fault(folder.path(), true), HasSubstr("is not mounted"));
    EXPECT_THAT(state_fault(folder.path(), false), IsEmpty());
}

TEST(StateFolder, case_41_one_on_a_mount_of_its_own_counts) {
    struct stat shm {
    }, root{};
    if (::stat("/dev/shm", &shm) != 0 || ::stat("/", &root) != 0 || shm.st_dev == root.st_dev)
        GTEST_SKIP() << "no /dev/shm that is a mount";
    const auto path = "/dev/shm/riverlight-" + random_hex(8);
    EXPECT_THAT(state_fault(path, true), IsEmpty());
    fs::remove_all(path);
}

TEST(Starts, case_42_count_those_in_a_row_that_did_not_last) {
    const test::Folder folder;
    for (int n = 0; n < 7; ++n) EXPECT_EQ(Starts(folder.path()).begin(), n);
    Starts lasting(folder.path());
    EXPECT_EQ(lasting.begin(), 7);
    lasting.lasted();
    EXPECT_TRUE(lasting.removed());
    EXPECT_EQ(Starts(folder.path()).begin(), 0);
}

TEST(Starts, case_42_one_that_was_told_to_end_never_began) {
    const test::Folder folder;
    for (int n = 0; n < 9; ++n) {
        Starts starts(folder.path());
        EXPECT_EQ(starts.begin(), 0);
        starts.ended_in_order();
    }
    Starts(folder.path()).begin();  // killed
    for (int n = 0; n < 3; ++n) {
        Starts starts(folder.path());
        EXPECT_EQ(starts.begin(), 1) << "and takes nothing back of those before";
        starts.ended_in_order();
    }
}

TEST(Starts, case_42_the_last_words_are_of_the_last) {
    const test::Folder folder;
    Starts first(folder.path());
    first.begin();
    first.ended_with("the journal is another board's");
    Starts second(folder.path());
    EXPECT_EQ(second.begin(), 1);
    EXPECT_EQ(second.last_words(), "the journal is another board's");
    Starts third(folder.path());  // the second was killed
    EXPECT_EQ(third.begin(), 2);
    EXPECT_THAT(third.last_words(), IsEmpty());
    third.ended_with(std::string(1999, 'a') + "ខ្មែរ");
    Starts fourth(folder.path());
    EXPECT_EQ(fourth.begin(), 3);
    EXPECT_EQ(fourth.last_words(), std::string(1999, 'a')) << "whole characters";
}

TEST(Starts, case_40_a_spoiled_file_counts_from_the_beginning) {
    const test::Folder folder;
    for (const auto* text :
         {"", "{", "{\"format\":1,\"failed\":-4,\"words\":\"\"}", "{\"format\":2}", "\x00\xff"}) {
        folder.write("starts.json", text);
        EXPECT_FALSE(is_in_safe_mode(folder.path()));
        EXPECT_EQ(Starts(folder.path()).begin(), 0);
        EXPECT_EQ(Starts(folder.path()).begin(), 1);
    }
}

TEST(Starts, case_42_whether_in_safe_mode_is_told_to_others_and_taken_back) {
    const test::Folder folder;
    Starts starts(folder.path());
    starts.begin();
    EXPECT_FALSE(is_in_safe_mode(folder.path()));
    EXPECT_FALSE(leave_safe_mode(folder.path()));
    starts.begin();
    starts.note_safe_mode();
    EXPECT_TRUE(is_in_safe_mode(folder.path()));
    EXPECT_TRUE(leave_safe_mode(folder.path()));
    EXPECT_TRUE(starts.removed());
    EXPECT_FALSE(is_in_safe_mode(folder.path()));
    starts.begin();
    starts.note_safe_mode();
    starts.leave_at(4);
    Starts again(folder.path());
    EXPECT_EQ(again.begin(), 4);
    EXPECT_FALSE(is_in_safe_mode(folder.path())) << "the one more try is a start like any other";
}

TEST(Starts, case_42_a_folder_that_cannot_be_written_throws) {
    EXPECT_THROW(Starts("/proc").begin(), DiskFault);
}

constexpr std::int64_t second = 1'000'000;

/// Asks every five seconds from `from` on; when it first said yes, in seconds, or −1.
template <class Frames>
std::int64_t first_yes(Endurance& endurance, std::int64_t from, std::int64_t until, const Frames& frames) {
    for (auto at = from; at <= until; at += 5)
        if (endurance.lasted(at * second, frames(at))) return at;
    return -1;
}

using Counts = std::vector<std::int64_t>;

TEST(Endurance, case_42_lasts_when_every_outlet_has_been_on_for_so_long) {
    Endurance endurance(std::chrono::seconds(180));
    EXPECT_EQ(first_yes(endurance, 1000, 1400, [](auto at) { return Counts{at * 25, at * 50}; }), 1180);
}

TEST(Endurance, case_42_frames_that_stop_begin_it_anew) {
    Endurance endurance(std::chrono::seconds(180));
    // One outlet is still from 60 to 90 s after the start: more than the patience of 15 s.
    const auto frames = [](auto at) { return Counts{at, at >= 1060 && at < 1090 ? 7 : at}; };
    EXPECT_EQ(first_yes(endurance, 1000, 2000, frames), 1090 + 180);
}

TEST(Endurance, case_42_a_player_started_anew_in_time_breaks_nothing) {
    Endurance endurance(std::chrono::seconds(60));
    EXPECT_EQ(first_yes(endurance, 100, 300, [](auto at) { return Counts{at < 130 ? at : at - 130}; }), 160);
}

TEST(Endurance, case_42_nothing_on_never_lasts_but_a_closed_place_does) {
    Endurance still(std::chrono::seconds(10)), none(std::chrono::seconds(10)),
        closed(std::chrono::seconds(10));
    EXPECT_EQ(first_yes(still, 100, 500, [](auto) { return Counts{0}; }), -1);
    EXPECT_EQ(first_yes(none, 100, 500, [](auto) { return Counts{}; }), -1);
    EXPECT_EQ(first_yes(closed, 100, 500, [](auto) { return Counts{Endurance::closed}; }), 110);
}

class ModeTest : public testing::Test {
  protected:
    ModeTest() {
        config_.state = folder_ / "state";
        config_.place = "kh-pp-01";
        config_.factory.path = folder_ / "factory";
        fs::create_directories(folder_ / "factory/media");
        auto& feed = config_.outlets.emplace_back();
        feed.id = "feed";
        feed.hls = config_.state + "/outlets/feed/hls";
        feed.outputs = {"hls:" + feed.hls + '/', "udp://127.0.0.1:9"};
        feed.profile = "720p25";
        feed.avails = true;
        auto& screen = config_.outlets.emplace_back();
        screen.id = "screen";
        screen.outputs = {"null"};
        config_.office = OfficeConfig{"https://office.example", "", ""};
        config_.nearby.find = true;
    }
    Beginning fail_and_begin(int times) {
        for (int n = 0; n < times; ++n) static_cast<void>(begin(config_, run()));
        return begin(config_, run());
    }
    std::string run() {
        fs::create_directories(folder_ / "run");
        return folder_ / "run";
    }
    test::Folder folder_;
    Config config_;
};

TEST_F(ModeTest, a_sound_folder_and_few_failures_are_normal) {
    const auto b = fail_and_begin(4);
    EXPECT_EQ(b.mode, Mode::normal);
    EXPECT_THAT(b.words, IsEmpty());
    EXPECT_EQ(b.keep, config_.state);
    EXPECT_EQ(b.store, config_.state + "/store");
    EXPECT_EQ(settings_for(b, config_).outlets.size(), 2U);
    EXPECT_TRUE(settings_for(b, config_).office);
}

TEST_F(ModeTest, case_42_after_five_the_plainest_outlet_plays_the_factory_loop) {
    const auto b = fail_and_begin(5);
    EXPECT_EQ(b.mode, Mode::safe);
    EXPECT_TRUE(b.factory);
    EXPECT_EQ(b.store, config_.factory.path);
    EXPECT_EQ(b.keep, config_.state + "/safe");
    EXPECT_THAT(b.words,
                AllOf(HasSubstr("5 times in a row"), HasSubstr("factory loop"), HasSubstr("60 minutes")));
    EXPECT_TRUE(is_in_safe_mode(config_.state));
    const auto settings = settings_for(b, config_);
    EXPECT_FALSE(settings.office);
    EXPECT_FALSE(settings.nearby.find);
    ASSERT_EQ(settings.outlets.size(), 1U);
    EXPECT_EQ(settings.outlets.front().id, "screen");
}

TEST_F(ModeTest, case_42_a_board_of_feeds_keeps_one_output_that_writes_no_files) {
    config_.outlets.pop_back();
    const auto settings = settings_for(fail_and_begin(5), config_);
    ASSERT_EQ(settings.outlets.size(), 1U);
    EXPECT_THAT(settings.outlets.front().outputs, ElementsAre("udp://127.0.0.1:9"));
    EXPECT_THAT(settings.outlets.front().hls, IsEmpty());
    EXPECT_FALSE(settings.outlets.front().avails);
}

TEST_F(ModeTest, case_42_after_ten_the_slate_alone) {
    const auto b = fail_and_begin(10);
    EXPECT_EQ(b.mode, Mode::safe);
    EXPECT_THAT(b.store, IsEmpty());
    EXPECT_THAT(b.words, HasSubstr("The slate is shown"));
}

TEST_F(ModeTest, case_41_without_a_state_folder_all_outlets_play_and_write_elsewhere) {
    folder_.write("state", "in its place");
    const auto b = begin(config_, run());
    EXPECT_EQ(b.mode, Mode::no_state);
    EXPECT_TRUE(b.factory);
    EXPECT_FALSE(b.starts);
    EXPECT_EQ(b.keep, run());
    EXPECT_THAT(b.words, AllOf(HasSubstr("cannot be used"), HasSubstr("factory loop"), HasSubstr(run())));
    const auto settings = settings_for(b, config_);
    EXPECT_FALSE(settings.office);
    ASSERT_EQ(settings.outlets.size(), 2U);
    EXPECT_EQ(settings.outlets.front().hls, run() + "/outlets/feed/hls");
    EXPECT_THAT(settings.outlets.front().outputs,
                ElementsAre("hls:" + run() + "/outlets/feed/hls/", "udp://127.0.0.1:9"));
}

TEST_F(ModeTest, case_41_no_factory_loop_and_no_run_folder) {
    folder_.write("state", "in its place");
    fs::remove_all(config_.factory.path);
    const auto b = begin(config_, "");
    EXPECT_THAT(b.store, IsEmpty());
    EXPECT_THAT(b.words, HasSubstr("the slate is shown"));
    EXPECT_TRUE(fs::is_directory(b.keep));
    EXPECT_FALSE(fs::exists(config_.factory.path)) << "none is made in the image";
    fs::remove_all(b.keep);
}

}  // namespace
}  // namespace riverlight::firmware
