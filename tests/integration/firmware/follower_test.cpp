#include "firmware/follow/follower.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <filesystem>

#include "content/base/files.hpp"
#include "content/store/layout.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/repository.hpp"

/// Who follows a channel also sees what others do to the store: the import of a stick.
namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;

TEST(FollowerTest, AStoreThatChangedDuringAVisitWhichFailedIsTaken) {
    const test::Folder folder;
    FollowSetup setup;
    setup.options.channel_url = "file://" + (folder / "no-channel");
    setup.options.store_root = folder / "store";
    setup.options.trusted_root = folder / "no-root.json";
    setup.budget_file = folder / "traffic.json";
    std::filesystem::create_directories(setup.options.store_root);
    const auto current = content::StoreLayout{setup.options.store_root}.current();
    boost::asio::io_context loop;
    std::optional<bool> changed;
    // Asked for when a visit begins: the stick is taken in just then.
    const auto in_use = [&] {
        write_file_atomically(current, "{}");
        return std::set<std::string>{};
    };
    Follower follower(
        loop, setup, [] { return ClockReading{}; }, in_use,
        [&](bool is) {
            changed = is;
            loop.stop();
            return true;
        });
    follower.start();
    loop.run_for(20s);
    follower.stop();
    ASSERT_TRUE(changed) << "the visit did not end";
    EXPECT_TRUE(*changed);
    EXPECT_NE(follower.fault(), "") << "the visit was to fail";
}

TEST(FollowerTest, DamagedMediaBringTheNextVisitForward) {
    const test::Folder folder;
    FollowSetup setup;
    setup.options.channel_url = "file://" + (folder / "no-channel");
    setup.options.store_root = folder / "store";
    setup.options.trusted_root = folder / "no-root.json";
    setup.budget_file = folder / "traffic.json";
    setup.check = 1h;
    std::filesystem::create_directories(setup.options.store_root);
    boost::asio::io_context loop;
    int visits = 0, ended = 0;
    ClockReading now;
    now.monotonic = MonotonicTime{1h};
    Follower follower(
        loop, setup, [&] { return now; },
        [&] {
            ++visits;
            return std::set<std::string>{};
        },
        [&](bool) {
            if (++ended == 1)
                boost::asio::post(loop, [&] {
                    now.monotonic += 1min;  // long after the first
                    follower.visit_soon();
                    follower.visit_soon();
                });
            else
                loop.stop();
            return true;
        });
    follower.start();
    loop.run_for(20s);
    follower.stop();
    EXPECT_EQ(visits, 2) << "the check interval is an hour";
}

/// A channel of a folder, and what a visit to it says.
class FollowerFault : public testing::Test {
  protected:
    FollowerFault() {
        setup_.options.channel_url = "file://" + (folder_ / "tree");
        setup_.options.store_root = folder_ / "store";
        setup_.options.trusted_root = folder_ / "tree/metadata/1.root.json";
        setup_.budget_file = folder_ / "traffic.json";
        std::filesystem::create_directories(folder_ / "tree/metadata");
        for (const auto& [name, bytes] : test::Repository{*from_rfc3339("2026-11-23T05:00:00Z")}.files)
            static_cast<void>(folder_.write("tree/metadata/" + name, bytes));
    }
    FollowFault visit() {
        boost::asio::io_context loop;
        Follower follower(
            loop, setup_, [] { return ClockReading{}; }, [] { return std::set<std::string>{}; },
            [&](bool) {
                loop.stop();
                return true;
            });
        follower.start();
        loop.run_for(20s);
        follower.stop();
        EXPECT_NE(follower.fault(), "");
        return follower.fault_kind();
    }
    test::Folder folder_;
    FollowSetup setup_;
};

TEST_F(FollowerFault, of_files_that_are_damaged_or_not_signed_is_the_channels) {
    static_cast<void>(folder_.write("tree/metadata/timestamp.json", "{\"signed\":"));
    EXPECT_EQ(visit(), FollowFault::unusable);
    static_cast<void>(folder_.write("tree/metadata/timestamp.json", R"({"signatures":[],"signed":{}})"));
    EXPECT_EQ(visit(), FollowFault::unusable);
    std::filesystem::remove(folder_ / "tree/metadata/timestamp.json");
    EXPECT_EQ(visit(), FollowFault::unusable);
}

TEST_F(FollowerFault, of_a_source_that_does_not_answer_is_the_networks) {
    setup_.options.channel_url = "http://127.0.0.1:1";
    EXPECT_EQ(visit(), FollowFault::unreachable);
}

}  // namespace
}  // namespace riverlight::firmware
