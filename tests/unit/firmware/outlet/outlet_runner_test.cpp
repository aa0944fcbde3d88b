// An outlet's player as a real process: a shell script here; e2e.board runs the player.
#include "firmware/outlet/outlet_runner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "content/base/files.hpp"
#include "tests/support/folder.hpp"
#include "tests/unit/firmware/outlet/fixture.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class OutletRunnerTest : public test::OutletFixture {
  protected:
    /// A player that runs `each` for every command, with its cue's name in `$cue`, or nothing there.
    void use_player(const std::string& each) {
        const auto script =
            folder_.write("player", "#!/bin/sh\necho started >> " + folder_ / "starts" +
                                        "\nwhile read -r line <&3; do cue=${line#*\\\"airing\\\":\\\"}; "
                                        "cue=${cue%%\\\"*}\n" +
                                        each + "\ndone\n");
        std::filesystem::permissions(script, std::filesystem::perms::owner_all);
        setup_.player.program = script;
        setup_.player.folder = folder_ / "outlet";
        setup_.player.media = folder_ / "media";
    }
    void run() {
        runner_.emplace(loop_, setup_, journal_, [this] {
            now_.monotonic = system_time().monotonic;
            return now_;
        });
    }
    /// `on_air` of the cue, as the script's printf writes it.
    static std::string on_air_line() {
        player::OnAir on;
        on.airing = "%s";
        on.instant = *from_rfc3339("2026-11-23T03:00:00Z");
        return "printf '" + player::to_line(on) + "\\n' \"$cue\" >&3";
    }
    [[nodiscard]] std::size_t starts() const {
        const auto path = folder_ / "starts";
        if (!std::filesystem::exists(path)) return 0;
        const auto text = read_file(path, 4096);
        return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    }
    bool run_until(const std::function<bool()>& done) {
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (!done() && std::chrono::steady_clock::now() < deadline) {
            loop_.restart();
            loop_.run_one_for(50ms);
        }
        return done();
    }

    test::Folder folder_;
    boost::asio::io_context loop_;
    Journal journal_{folder_ / "journal.db", "kh-1"};
    std::optional<OutletRunner> runner_;
};

TEST_F(OutletRunnerTest, StartsThePlayerAndReportsWhatIsOn) {
    use_player("case $line in *'\"cue\"'*) [ $cue ] && [ ! $on ] && on=$cue && " + on_air_line() + ";; esac");
    run();
    EXPECT_TRUE(std::filesystem::is_directory(folder_ / "outlet"));
    EXPECT_EQ(starts(), 0U) << "before the first programme";
    runner_->play(programme());
    ASSERT_TRUE(run_until([&] { return runner_->view().on_air.has_value(); }));
    EXPECT_FALSE(runner_->view().slate);
    EXPECT_EQ(starts(), 1U);
}

TEST_F(OutletRunnerTest, APlayerThatEndsIsStartedAgain) {
    use_player("[ -e " + folder_ / "ended" + " ] || { touch " + folder_ / "ended" + "; kill -KILL $$; }");
    run();
    runner_->play(programme());
    ASSERT_TRUE(run_until([&] { return starts() == 2; }));
    EXPECT_EQ(runner_->view().restarts, 1);
    EXPECT_THAT(runner_->view().trouble, HasSubstr("killed by signal 9"));
}

/// Processes of the group, as /proc has them.
std::size_t processes_of_group(pid_t group) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        std::ifstream file(entry.path() / "stat");
        std::string stat;
        if (!std::getline(file, stat)) continue;
        std::istringstream behind(stat.substr(stat.rfind(')') + 1));
        char state = 0;
        pid_t parent = 0, of = 0;
        behind >> state >> parent >> of;
        count += of == group && state != 'Z';
    }
    return count;
}

TEST_F(OutletRunnerTest, APlayerWhoseChildKeepsItsSocketIsNoticedAndItsWholeGroupEnds) {
    const auto first = folder_ / "first";
    use_player("[ -e " + first + " ] || { echo $$ > " + first + "; sleep 600 & kill -KILL $$; }");
    run();
    runner_->play(programme());
    ASSERT_TRUE(run_until([&] { return starts() == 2; })) << "the sleeping child holds the socket";
    EXPECT_THAT(runner_->view().trouble, HasSubstr("killed by signal 9"));
    const auto group = static_cast<pid_t>(std::stol(read_file(first, 64)));
    EXPECT_TRUE(run_until([&] { return processes_of_group(group) == 0; }));
}

TEST_F(OutletRunnerTest, APlayerThatClosesItsSocketAndStaysIsEnded) {
    use_player("[ -e " + folder_ / "closed" + " ] || { touch " + folder_ / "closed" +
               "; exec 3>&-; sleep 600; }");
    run();
    runner_->play(programme());
    ASSERT_TRUE(run_until([&] { return starts() == 2; }));
}

TEST_F(OutletRunnerTest, APlayerThatFillsTheDiskIsEndedAndItsFolderCleared) {
    use_player("[ -e " + folder_ / "full" + " ] || { touch " + folder_ / "full" +
               "; head -c 80000000 /dev/zero > " + folder_ / "outlet/large" + "; sleep 600; }");
    run();
    runner_->play(programme());
    ASSERT_TRUE(run_until([&] { return starts() == 2; }));
    EXPECT_THAT(runner_->view().trouble, HasSubstr(folder_ / "outlet"));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "outlet/large"));
}

TEST_F(OutletRunnerTest, WhatAPlayerSentBeforeItEndedIsHandled) {
    use_player("case $line in *'\"cue\"'*) [ ! $on ] && on=$cue && " + on_air_line() +
               "; kill -KILL $$;; esac");
    run();
    runner_->play(programme());
    ASSERT_TRUE(run_until([&] { return journal_.state().last > 0; }));
    EXPECT_TRUE(journal_.read(1, 1).at(0).started) << "it was on";
}

TEST_F(OutletRunnerTest, AMissingPlayerIsReported) {
    use_player("");
    setup_.player.program = folder_ / "missing";
    run();
    runner_->play(programme());
    ASSERT_TRUE(run_until([&] { return !runner_->view().trouble.empty(); }));
    EXPECT_THAT(runner_->view().trouble, HasSubstr("could not be started"));
}

TEST_F(OutletRunnerTest, AStoppedPlayerEndsAndIsNotStartedAgain) {
    use_player("case $line in *'\"quit\"'*) echo quit >> " + folder_ / "quit" + "; exit 0;; esac");
    run();
    runner_->play(programme());
    ASSERT_TRUE(run_until([&] { return starts() == 1; }));
    runner_->stop();
    ASSERT_TRUE(run_until([&] { return std::filesystem::exists(folder_ / "quit"); }));
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    for (loop_.restart(); loop_.run_one_for(50ms) > 0 && std::chrono::steady_clock::now() < deadline;) {
    }
    EXPECT_EQ(starts(), 1U);
    EXPECT_EQ(runner_->view().restarts, 0);
}

}  // namespace
}  // namespace riverlight::firmware
