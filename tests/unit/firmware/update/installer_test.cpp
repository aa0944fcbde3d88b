#include "firmware/update/installer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "content/base/crypto.hpp"
#include "content/base/error.hpp"
#include "content/sync/system_image.hpp"
#include "firmware/update/run_program.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/update_bundle.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using content::UpdateFault;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace fs = std::filesystem;

const std::string kind = "riverlight-amd64-uefi";

class InstallerTest : public testing::Test {
  protected:
    void SetUp() override {
        for (const auto* name : {"etc", "run/riverlightd", "run/riverlight-update", "store/images"})
            fs::create_directories(folder_ / name);
        std::ofstream(folder_ / "etc/os-release") << "IMAGE_ID=" << kind << "\nIMAGE_VERSION=0.2.0\n";
        setup_.paths.root = folder_.path();
        setup_.store.root = folder_ / "store";
        setup_.run = [this](std::vector<std::string> words, std::chrono::seconds) {
            words.back() = fs::path(words.back()).filename();
            ran_.push_back(words[0] + ' ' + words[1]);
            return ends_[ran_.back()];
        };
    }
    /// Puts a bundle into the store and asks for it.
    void ask(const std::string& bundle, const std::string& version = "0.3.0") {
        const auto digest = sha256_hex(bundle);
        std::ofstream(content::bundle_file(setup_.store, digest)) << bundle;
        write_request(setup_.paths.request(), {5, InstallerTask::install, digest, version});
    }
    /// Carries the request out; the answer is also in its file.
    InstallerAnswer serve() {
        const auto answer = serve_request(setup_).value();
        EXPECT_EQ(read_answer(setup_.paths.answer()), answer);
        EXPECT_EQ(answer.number, 5);
        EXPECT_TRUE(answer.done);
        return answer;
    }

    test::Folder folder_;
    InstallerSetup setup_;
    std::vector<std::string> ran_;              ///< programs and their first words
    std::map<std::string, ProgramEnd> ends_{};  ///< by these; success if there is none
};

TEST_F(InstallerTest, InstallsABundleThatIsWhatWasAskedFor) {
    ask(test::make_bundle(kind, "0.3.0"));
    EXPECT_EQ(serve().fault, UpdateFault::none);
    EXPECT_THAT(ran_, ElementsAre("rauc info", "rauc install"));
    EXPECT_FALSE(serve_request(setup_)) << "once";
}

TEST_F(InstallerTest, SaysThatItHasBegun) {
    ask(test::make_bundle(kind, "0.3.0"));
    std::optional<InstallerAnswer> meanwhile;
    setup_.run = [&](const auto&, auto) {
        meanwhile = read_answer(setup_.paths.answer());
        return ProgramEnd{};
    };
    serve();
    EXPECT_EQ(meanwhile, (InstallerAnswer{5, false, UpdateFault::none, {}}));
}

TEST_F(InstallerTest, ABundleIsNotInstalledThatIsNotNewer) {
    for (const auto* version : {"0.2.0", "0.1.9", "0.2.0~rc1"}) {
        ask(test::make_bundle(kind, version), version);
        EXPECT_EQ(serve().fault, UpdateFault::not_newer) << version;
    }
    EXPECT_THAT(ran_, IsEmpty());
}

TEST_F(InstallerTest, ABundleIsNotInstalledThatIsOfAnotherKindOrVersion) {
    ask(test::make_bundle("riverlight-arm64-pi4", "0.3.0"));
    EXPECT_EQ(serve().fault, UpdateFault::other_kind);
    ask(test::make_bundle(kind, "0.4.0"));
    EXPECT_EQ(serve().fault, UpdateFault::other_kind);
    ask("no bundle");
    EXPECT_EQ(serve().fault, UpdateFault::other_kind);
    EXPECT_THAT(ran_, IsEmpty());
}

TEST_F(InstallerTest, ABundleIsNotInstalledWhoseBytesChanged) {
    ask(test::make_bundle(kind, "0.3.0"));
    for (const auto& entry : fs::directory_iterator(folder_ / "store/images"))
        std::fstream(entry.path(), std::ios::in | std::ios::out).seekp(100) << '!';
    EXPECT_EQ(serve().fault, UpdateFault::bad_digest);
    ask(test::make_bundle(kind, "0.3.0"));
    fs::remove_all(folder_ / "store/images");
    EXPECT_EQ(serve().fault, UpdateFault::no_bundle);
    EXPECT_THAT(ran_, IsEmpty());
}

TEST_F(InstallerTest, ALinkInPlaceOfABundleIsNotFollowed) {
    const auto bundle = test::make_bundle(kind, "0.3.0");
    ask(bundle);
    fs::rename(content::bundle_file(setup_.store, sha256_hex(bundle)), folder_ / "elsewhere");
    fs::create_symlink(folder_ / "elsewhere", content::bundle_file(setup_.store, sha256_hex(bundle)));
    EXPECT_EQ(serve().fault, UpdateFault::no_bundle);
}

TEST_F(InstallerTest, ABundleThatRaucDoesNotTrustIsNotInstalled) {
    ends_["rauc info"] = {1, "signature verification failed", false};
    ask(test::make_bundle(kind, "0.3.0"));
    const auto answer = serve();
    EXPECT_EQ(answer.fault, UpdateFault::bad_signature);
    EXPECT_THAT(answer.why, HasSubstr("signature verification failed"));
    EXPECT_THAT(ran_, ElementsAre("rauc info"));
}

TEST_F(InstallerTest, AnInstallationThatFailsSaysWhatRaucSays) {
    for (const auto& end : {ProgramEnd{1, "No space left", false}, ProgramEnd{0, "half", true}}) {
        ends_["rauc install"] = end;
        ask(test::make_bundle(kind, "0.3.0"));
        const auto answer = serve();
        EXPECT_EQ(answer.fault, UpdateFault::install_failed);
        EXPECT_THAT(answer.why, HasSubstr(end.words));
    }
}

TEST_F(InstallerTest, ASystemThatIsNoImageInstallsNothing) {
    std::ofstream(folder_ / "etc/os-release") << "ID=debian\n";
    ask(test::make_bundle(kind, "0.3.0"));
    EXPECT_EQ(serve().fault, UpdateFault::other_kind);
    EXPECT_THAT(ran_, IsEmpty());
}

TEST_F(InstallerTest, StartsTheBoardAgain) {
    write_request(setup_.paths.request(), {5, InstallerTask::restart, {}, {}});
    EXPECT_EQ(serve().fault, UpdateFault::none);
    EXPECT_THAT(ran_, ElementsAre("systemctl reboot"));
    ends_["systemctl reboot"] = {1, "denied", false};
    write_request(setup_.paths.request(), {5, InstallerTask::restart, {}, {}});
    EXPECT_EQ(serve().why, "denied");
}

TEST(RunProgram, GivesTheExitCodeAndTheLastWords) {
    EXPECT_TRUE(run_program({"true"}, 10s).succeeded());
    const auto end = run_program({"sh", "-c", "echo out; echo err >&2; exit 3"}, 10s);
    EXPECT_EQ(end.code, 3);
    EXPECT_THAT(end.words, HasSubstr("out"));
    EXPECT_THAT(end.words, HasSubstr("err"));
    EXPECT_EQ(run_program({"sh", "-c", "kill -9 $$"}, 10s).code, 128 + 9);
    EXPECT_EQ(run_program({"sh", "-c", "yes | head -c 100000; echo; echo last"}, 10s).words.size(), 2000U);
    EXPECT_THROW(static_cast<void>(run_program({"/no/such/program"}, 10s)), Error);
}

TEST(RunProgram, EndsAProgramThatDoesNotEnd) {
    const auto end = run_program({"sleep", "1000"}, 0s);
    EXPECT_TRUE(end.timed_out);
    EXPECT_FALSE(end.succeeded());
}

}  // namespace
}  // namespace riverlight::firmware
