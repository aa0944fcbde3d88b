#include "firmware/outlet/prover.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "content/base/files.hpp"
#include "tests/support/folder.hpp"
#include "tests/unit/scheduler/fixture.hpp"

/// What is known of renditions before they are due. Who reads is a script here; e2e.renditions has the
/// player.
namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string picture(64, 'a'), bad(64, 'b'), good(64, 'c'), absent(64, 'd');

class ProverTest : public testing::Test {
  protected:
    ProverTest() {
        auto spot = test::segment("spot", 30, {"km", "lo", "my"});
        for (const auto& hash : {picture, bad, good, absent}) {
            spot.files[hash].sha256 = hash;
            spot.files[hash].ext = "mp4";
            if (hash != picture) spot.files[hash].profile = "720p25";
            if (hash != absent) folder_.write(hash + ".mp4", "x");
        }
        spot.locales.at("km").renditions["720p25"] = bad;
        spot.locales.at("lo").renditions["720p25"] = good;
        spot.locales.at("my").renditions["720p25"] = absent;
        content_->catalogue = test::catalogue({spot});
        content_->media_folder = folder_.path();
        programme_.content = content_;
    }
    /// A reader that does this with each line it is asked, `$path` in hand.
    Prover prover(const std::string& each) {
        const auto script =
            folder_.write("reader",
                          "#!/bin/sh\nwhile read -r line <&3; do path=${line#*path\\\":\\\"}; "
                          "path=${path%%\\\"*}\n" +
                              each + "\ndone\n");
        std::filesystem::permissions(script, std::filesystem::perms::owner_all);
        return Prover(loop_, {script, folder_.path(), {"720p25"}, 64});
    }
    void run_until(const std::function<bool()>& done) {
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (!done() && std::chrono::steady_clock::now() < deadline) {
            loop_.restart();
            loop_.run_one_for(50ms);
        }
        ASSERT_TRUE(done());
    }
    std::string path(const std::string& hash) {
        return content_->path_of(content_->catalogue.segments.at("spot").files.at(hash));
    }

    test::Folder folder_;
    boost::asio::io_context loop_;
    std::shared_ptr<content::ContentSet> content_ = std::make_shared<content::ContentSet>();
    Programme programme_;
};

TEST_F(ProverTest, WhatIsRefusedIsNamedOnceWithItsReason) {
    const auto log = folder_ / "asked";
    auto prover = this->prover(
        "echo \"$path\" >> " + log +
        "\nwhy=''; case $path in *bbb*) why=\"$path: is torn\";; esac\n"
        "printf '{\"type\":\"proved\",\"path\":\"%s\",\"fault\":\"%s\"}\\n' \"$path\" \"$why\" >&3");
    prover.look_at(programme_);
    run_until([&] { return prover.settled(); });
    EXPECT_TRUE(prover.refused("720p25", path(bad)));
    EXPECT_FALSE(prover.refused("720p25", path(good)));
    EXPECT_FALSE(prover.refused("720p50", path(bad)));
    EXPECT_THAT(prover.complaints(),
                ElementsAre(AllOf(HasSubstr("spot in km for 720p25"), HasSubstr("plays: is torn. Have"))));
    prover.look_at(programme_);  // nothing new has come
    EXPECT_TRUE(prover.settled());
    folder_.write(absent + ".mp4", "x");
    prover.look_at(programme_);
    EXPECT_FALSE(prover.settled());
    run_until([&] { return prover.settled(); });
    EXPECT_EQ(read_file(log, 4096), path(bad) + '\n' + path(good) + '\n' + path(absent) + '\n');
}

TEST_F(ProverTest, WhatIsPublishedAnewIsComplainedAboutNoMore) {
    auto prover =
        this->prover("printf '{\"type\":\"proved\",\"path\":\"%s\",\"fault\":\"torn\"}\\n' \"$path\" >&3");
    prover.look_at(programme_);
    run_until([&] { return prover.settled(); });
    EXPECT_EQ(prover.complaints().size(), 2U);
    content_->catalogue.segments.at("spot").locales.at("km").renditions.clear();
    prover.look_at(programme_);
    EXPECT_THAT(prover.complaints(), ElementsAre(HasSubstr("spot in lo")));
}

TEST_F(ProverTest, AReaderThatEndsOnceIsAskedAgain) {
    const auto mark = folder_ / "ended";
    auto prover =
        this->prover("[ -e " + mark + " ] || { touch " + mark +
                     "; kill -KILL $$; }\n"
                     "printf '{\"type\":\"proved\",\"path\":\"%s\",\"fault\":\"\"}\\n' \"$path\" >&3");
    prover.look_at(programme_);
    run_until([&] { return prover.settled(); });
    EXPECT_THAT(prover.complaints(), IsEmpty());
}

TEST_F(ProverTest, AFileOnWhichTheReaderFallsCostsThatFile) {
    auto prover = this->prover(
        "case $path in *bbb*) kill -SEGV $$;; esac\n"
        "printf '{\"type\":\"proved\",\"path\":\"%s\",\"fault\":\"\"}\\n' \"$path\" >&3");
    prover.look_at(programme_);
    run_until([&] { return prover.settled(); });
    EXPECT_THAT(prover.complaints(),
                ElementsAre(AllOf(HasSubstr("spot in km"), HasSubstr("killed by signal 11"))));
    EXPECT_FALSE(prover.refused("720p25", path(good)));
}

TEST_F(ProverTest, ABoardWithoutThatFeedReadsNothing) {
    Prover prover(loop_, {"/nonexistent", folder_.path(), {}, 64});
    prover.look_at(programme_);
    EXPECT_TRUE(prover.settled());
    EXPECT_THAT(prover.complaints(), IsEmpty());
}

}  // namespace
}  // namespace riverlight::firmware
