// In which mode a board starts, and what it plays then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "content/base/files.hpp"
#include "content/store/layout.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/start/decision.hpp"
#include "firmware/start/start_counter.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace fs = std::filesystem;

class StartDecisionTest : public testing::Test {
  protected:
    StartDecisionTest() {
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
    StartDecision fail_and_start(int times) {
        for (int n = 0; n < times; ++n) static_cast<void>(decide_start(config_, run()));
        return decide_start(config_, run());
    }
    static std::string boot(int n) { return "boot-" + std::to_string(n); }
    /// A store with a release of no facts.
    void store_release(const std::string& name) const {
        fs::create_directories(config_.state + "/store");
        content::StoredRelease release;
        release.release = name;
        release.signed_until = *from_rfc3339("2030-01-01T00:00:00Z");
        const content::StoreLayout layout{config_.state + "/store"};
        content::make_current(layout, release);
    }
    std::string run() {
        fs::create_directories(folder_ / "run");
        return folder_ / "run";
    }
    test::Folder folder_;
    Config config_;
};

TEST_F(StartDecisionTest, a_working_folder_and_few_failures_are_normal) {
    const auto b = fail_and_start(4);
    EXPECT_EQ(b.mode, RunMode::normal);
    EXPECT_THAT(b.reason, IsEmpty());
    EXPECT_EQ(b.folder, config_.state);
    EXPECT_EQ(b.store, config_.state + "/store");
    EXPECT_EQ(settings_for(b, config_).outlets.size(), 2U);
    EXPECT_TRUE(settings_for(b, config_).office);
}

TEST_F(StartDecisionTest, case_42_after_five_every_outlet_plays_the_factory_loop) {
    const auto b = fail_and_start(5);
    EXPECT_EQ(b.mode, RunMode::safe);
    EXPECT_TRUE(b.factory);
    EXPECT_EQ(b.store, config_.factory.path);
    EXPECT_EQ(b.folder, config_.state + "/safe");
    EXPECT_THAT(b.reason,
                AllOf(HasSubstr("5 times in a row"), HasSubstr("factory loop"), HasSubstr("60 minutes")));
    EXPECT_TRUE(is_in_safe_mode(config_.state));
    const auto settings = settings_for(b, config_);
    EXPECT_FALSE(settings.office);
    EXPECT_FALSE(settings.nearby.find);
    ASSERT_EQ(settings.outlets.size(), 2U) << "each with its plainest output";
    EXPECT_THAT(settings.outlets.front().outputs, ElementsAre("udp://127.0.0.1:9"));
    EXPECT_EQ(settings.outlets.back().id, "screen");
}

TEST_F(StartDecisionTest, case_42_without_a_factory_loop_the_release_plays) {
    store_release("17-aa");
    EXPECT_TRUE(fail_and_start(5).factory);
    config_.factory.path.clear();
    EXPECT_EQ(decide_start(config_, run()).store, config_.state + "/store");
    EXPECT_THAT(fail_and_start(3).store, IsEmpty()) << "it crashed, too";
}

TEST_F(StartDecisionTest, case_42_the_release_before_plays_if_the_current_one_crashed) {
    store_release("17-aa");
    store_release("18-bb");
    auto b = fail_and_start(5);
    EXPECT_EQ(b.mode, RunMode::safe);
    EXPECT_EQ(b.store, config_.state + "/store");
    EXPECT_EQ(b.release, content::KeptRelease::last_good);
    EXPECT_FALSE(b.factory);
    EXPECT_THAT(b.reason, HasSubstr("The release before the newest one plays"));
    b = fail_and_start(4);
    EXPECT_TRUE(b.factory) << "that crashed, too";
    EXPECT_THAT(fail_and_start(4).store, IsEmpty()) << "and that";
}

TEST_F(StartDecisionTest, case_42_a_release_that_survived_a_restart_is_not_held_to_be_the_former_one) {
    store_release("17-aa");
    store_release("18-bb");
    content::confirm_current({config_.state + "/store"});
    EXPECT_TRUE(fail_and_start(5).factory);
}

TEST_F(StartDecisionTest, WithoutAReleaseThatCanBeReadTheLastGoodOneIsThere) {
    Settings settings{config_, SettingsSource::salvaged, folder_ / "riverlightd.toml", "it is cut"};
    store_release("17-aa");
    for (const auto* file : {"/store/current.json", "/store/current.copy.json"})
        write_file_atomically(config_.state + file, "{");
    EXPECT_EQ(decide_start(settings, run()).store, config_.state + "/store");
}

TEST_F(StartDecisionTest, case_43_power_cuts_never_lead_to_safe_mode) {
    for (int n = 0; n < 50; ++n) EXPECT_EQ(decide_start(config_, run(), boot(n)).mode, RunMode::normal) << n;
    for (int n = 0; n < 4; ++n) EXPECT_EQ(decide_start(config_, run(), boot(99)).mode, RunMode::normal) << n;
    EXPECT_EQ(decide_start(config_, run(), boot(99)).mode, RunMode::normal)
        << "four crashes, one of them pending";
    EXPECT_EQ(decide_start(config_, run(), boot(99)).mode, RunMode::safe)
        << "several in one boot are crashes";
}

TEST_F(StartDecisionTest, case_43_a_power_cut_does_not_end_safe_mode_or_lead_deeper) {
    for (int n = 0; n < 6; ++n) static_cast<void>(decide_start(config_, run(), boot(1)));
    for (int n = 2; n < 20; ++n) {
        const auto b = decide_start(config_, run(), boot(n));
        EXPECT_EQ(b.mode, RunMode::safe);
        EXPECT_TRUE(b.factory) << "never on to the slate";
    }
}

TEST_F(StartDecisionTest, WithoutSettingsWhatIsThereIsPlayed) {
    Settings settings{config_, SettingsSource::salvaged, folder_ / "riverlightd.toml", "it is cut"};
    store_release("17-aa");
    auto b = decide_start(settings, run());
    EXPECT_EQ(b.mode, RunMode::no_settings);
    EXPECT_EQ(b.store, config_.state + "/store");
    EXPECT_EQ(b.folder, config_.state + "/no-settings");
    EXPECT_THAT(b.settings_fault, HasSubstr("it is cut"));
    EXPECT_FALSE(settings_for(b, settings.config).office);
    settings.config.place.clear();
    b = decide_start(settings, run());
    EXPECT_TRUE(b.factory) << "a release airs for a place, and nobody knows it";
    EXPECT_FALSE(settings.config.place.empty());
    settings.config.place.clear();
    static_cast<void>(Journal(config_.state + "/journal.db", "kh-pp-07"));
    b = decide_start(settings, run());
    EXPECT_EQ(settings.config.place, "kh-pp-07") << "the journal knows it";
    EXPECT_FALSE(b.factory);
}

TEST_F(StartDecisionTest, EarlierSettingsAreANormalRunWithAnAlarm) {
    Settings settings{config_, SettingsSource::last_good, folder_ / "riverlightd.toml", "it is cut"};
    const auto b = decide_start(settings, run());
    EXPECT_EQ(b.mode, RunMode::normal);
    EXPECT_THAT(b.settings_fault, HasSubstr("it is cut"));
    EXPECT_EQ(b.settings_file, settings.file);
}

TEST_F(StartDecisionTest, case_42_a_board_of_feeds_keeps_one_output_that_writes_no_files) {
    config_.outlets.pop_back();
    const auto settings = settings_for(fail_and_start(5), config_);
    ASSERT_EQ(settings.outlets.size(), 1U);
    EXPECT_THAT(settings.outlets.front().outputs, ElementsAre("udp://127.0.0.1:9"));
    EXPECT_THAT(settings.outlets.front().hls, IsEmpty());
    EXPECT_FALSE(settings.outlets.front().avails);
}

TEST_F(StartDecisionTest, case_42_after_ten_the_slate_alone) {
    const auto b = fail_and_start(10);
    EXPECT_EQ(b.mode, RunMode::safe);
    EXPECT_THAT(b.store, IsEmpty());
    EXPECT_THAT(b.reason, HasSubstr("The slate is shown"));
}

TEST_F(StartDecisionTest, case_41_without_a_state_folder_all_outlets_play_and_write_elsewhere) {
    folder_.write("state", "in its place");
    const auto b = decide_start(config_, run());
    EXPECT_EQ(b.mode, RunMode::no_state);
    EXPECT_TRUE(b.factory);
    EXPECT_FALSE(b.counter);
    EXPECT_EQ(b.folder, run());
    EXPECT_THAT(b.reason, AllOf(HasSubstr("cannot be used"), HasSubstr("factory loop"), HasSubstr(run())));
    const auto settings = settings_for(b, config_);
    EXPECT_FALSE(settings.office);
    ASSERT_EQ(settings.outlets.size(), 2U);
    EXPECT_EQ(settings.outlets.front().hls, run() + "/outlets/feed/hls");
    EXPECT_THAT(settings.outlets.front().outputs,
                ElementsAre("hls:" + run() + "/outlets/feed/hls/", "udp://127.0.0.1:9"));
}

TEST_F(StartDecisionTest, case_41_no_factory_loop_and_no_run_folder) {
    folder_.write("state", "in its place");
    fs::remove_all(config_.factory.path);
    const auto b = decide_start(config_, "");
    EXPECT_THAT(b.store, IsEmpty());
    EXPECT_THAT(b.reason, HasSubstr("the slate is shown"));
    EXPECT_TRUE(fs::is_directory(b.folder));
    EXPECT_FALSE(fs::exists(config_.factory.path)) << "none is made in the image";
    fs::remove_all(b.folder);
}

}  // namespace
}  // namespace riverlight::firmware
