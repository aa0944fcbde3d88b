#include "firmware/outlet/rendition_checker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "content/base/files.hpp"
#include "tests/support/folder.hpp"
#include "tests/unit/scheduler/fixture.hpp"

/// The reader is a shell script here; e2e.renditions runs the player.
namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string picture(64, 'a'), bad(64, 'b'), good(64, 'c'), absent(64, 'd');

class RenditionValidatorTest : public testing::Test {
  protected:
    RenditionValidatorTest() {
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
    /// The reader runs `each` for every request, with the file in `$path`.
    RenditionChecker validator(const std::string& each) {
        const auto script =
            folder_.write("reader",
                          "#!/bin/sh\nwhile read -r line <&3; do path=${line#*path\\\":\\\"}; "
                          "path=${path%%\\\"*}\n" +
                              each + "\ndone\n");
        std::filesystem::permissions(script, std::filesystem::perms::owner_all);
        return RenditionChecker(loop_, {script, folder_.path(), {"720p25"}, 64});
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

TEST_F(RenditionValidatorTest, ARefusedFileThatWasFetchedAgainIsReadAgain) {
    const auto repaired = folder_ / "repaired";
    auto validator = this->validator(
        "why=''; [ -e " + repaired +
        " ] || why=\"$path: is torn\"\n"
        "printf '{\"type\":\"proved\",\"path\":\"%s\",\"fault\":\"%s\"}\\n' \"$path\" \"$why\" >&3");
    validator.validate(programme_);
    run_until([&] { return validator.is_idle(); });
    ASSERT_TRUE(validator.is_refused("720p25", path(bad)));
    folder_.write("repaired", "");
    validator.validate(programme_);
    run_until([&] { return validator.is_idle(); });
    EXPECT_TRUE(validator.is_refused("720p25", path(bad))) << "it is still the same file";
    std::filesystem::last_write_time(path(bad), std::filesystem::last_write_time(path(bad)) + 1h);
    validator.validate(programme_);
    run_until([&] { return validator.is_idle(); });
    EXPECT_FALSE(validator.is_refused("720p25", path(bad)));
}

TEST_F(RenditionValidatorTest, ReadsEachFileOnceAndNamesTheRefusedWithTheirReason) {
    const auto log = folder_ / "asked";
    auto validator = this->validator(
        "echo \"$path\" >> " + log +
        "\nwhy=''; case $path in *bbb*) why=\"$path: is torn\";; esac\n"
        "printf '{\"type\":\"proved\",\"path\":\"%s\",\"fault\":\"%s\"}\\n' \"$path\" \"$why\" >&3");
    validator.validate(programme_);
    run_until([&] { return validator.is_idle(); });
    EXPECT_TRUE(validator.is_refused("720p25", path(bad)));
    EXPECT_FALSE(validator.is_refused("720p25", path(good)));
    EXPECT_FALSE(validator.is_refused("720p50", path(bad)));
    EXPECT_THAT(validator.complaints(),
                ElementsAre(AllOf(HasSubstr("spot in km for 720p25"), HasSubstr("plays: is torn. Build"))));
    validator.validate(programme_);  // nothing new has come
    EXPECT_TRUE(validator.is_idle());
    folder_.write(absent + ".mp4", "x");
    validator.validate(programme_);
    EXPECT_FALSE(validator.is_idle());
    run_until([&] { return validator.is_idle(); });
    EXPECT_EQ(read_file(log, 4096), path(bad) + '\n' + path(good) + '\n' + path(absent) + '\n');
}

TEST_F(RenditionValidatorTest, DropsTheComplaintWhenTheReleaseNoLongerNamesTheFile) {
    auto validator =
        this->validator("printf '{\"type\":\"proved\",\"path\":\"%s\",\"fault\":\"torn\"}\\n' \"$path\" >&3");
    validator.validate(programme_);
    run_until([&] { return validator.is_idle(); });
    EXPECT_EQ(validator.complaints().size(), 2U);
    content_->catalogue.segments.at("spot").locales.at("km").renditions.clear();
    validator.validate(programme_);
    EXPECT_THAT(validator.complaints(), ElementsAre(HasSubstr("spot in lo")));
}

TEST_F(RenditionValidatorTest, ReadsAFileAgainIfTheReaderEndsOnItOnce) {
    const auto mark = folder_ / "ended";
    auto validator =
        this->validator("[ -e " + mark + " ] || { touch " + mark +
                        "; kill -KILL $$; }\n"
                        "printf '{\"type\":\"proved\",\"path\":\"%s\",\"fault\":\"\"}\\n' \"$path\" >&3");
    validator.validate(programme_);
    run_until([&] { return validator.is_idle(); });
    EXPECT_THAT(validator.complaints(), IsEmpty());
}

TEST_F(RenditionValidatorTest, RefusesAFileOnWhichTheReaderEndsTwice) {
    auto validator = this->validator(
        "case $path in *bbb*) kill -SEGV $$;; esac\n"
        "printf '{\"type\":\"proved\",\"path\":\"%s\",\"fault\":\"\"}\\n' \"$path\" >&3");
    validator.validate(programme_);
    run_until([&] { return validator.is_idle(); });
    EXPECT_THAT(validator.complaints(),
                ElementsAre(AllOf(HasSubstr("spot in km"), HasSubstr("killed by signal 11"))));
    EXPECT_FALSE(validator.is_refused("720p25", path(good)));
}

TEST_F(RenditionValidatorTest, ReadsNothingWithoutAFeedOfTheProfile) {
    RenditionChecker validator(loop_, {"/nonexistent", folder_.path(), {}, 64});
    validator.validate(programme_);
    EXPECT_TRUE(validator.is_idle());
    EXPECT_THAT(validator.complaints(), IsEmpty());
}

}  // namespace
}  // namespace riverlight::firmware
