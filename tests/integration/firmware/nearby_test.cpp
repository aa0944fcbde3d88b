// Media served to other boards: only by hash, at a limited rate, whole or from the middle.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/sync/fetch.hpp"
#include "firmware/nearby/avahi.hpp"
#include "firmware/nearby/media_server.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

class Nearby : public testing::Test {
  protected:
    Nearby() {
        for (std::size_t n = 0; n < 400'000; ++n) bytes_ += static_cast<char>('a' + n * n % 23);
        static_cast<void>(folder_.write(name_, bytes_));
    }
    static content::Fetcher to(const MediaServer& server) {
        content::FetchOptions options;
        options.base_url = "http://127.0.0.1:" + std::to_string(server.port());
        return content::Fetcher(std::move(options));
    }
    void fetch(const MediaServer& server) const {
        const content::FileFacts facts{bytes_.size(), sha256_hex(bytes_), {}, true};
        auto line = to(server);
        line.file("media/" + name_, folder_ / "staged", folder_ / "x", facts, {});
    }
    test::Folder folder_;
    std::string bytes_;
    const std::string name_ = std::string(64, 'a') + ".mp4";
};

TEST_F(Nearby, MediaAreServedAndContinueFromTheMiddle) {
    const MediaServer server("127.0.0.1:0", folder_.path(), 0);
    static_cast<void>(folder_.write("staged", bytes_.substr(0, 100'000)));
    fetch(server);
    EXPECT_EQ(read_file(folder_ / "x", 1U << 20), bytes_);
}

TEST_F(Nearby, case_74_NothingButMediaByTheirHashIsServed) {
    static_cast<void>(folder_.write("secret.json", "secret"));
    const MediaServer server("127.0.0.1:0", folder_.path(), 0);
    auto line = to(server);
    for (const auto& path : {std::string("media/secret.json"), std::string("media/../secret.json"),
                             std::string("media/%2e%2e%2fsecret.json"), std::string("media/"), std::string(),
                             "media/" + std::string(64, 'b') + ".mp4"})
        EXPECT_FALSE(line.bytes(path, 1000)) << path;
    EXPECT_EQ(line.bytes("media/" + name_, 1U << 20), bytes_);
}

TEST(MediaPath, IsAHashAndAShortEnding) {
    const std::string hash(64, 'a');
    EXPECT_TRUE(is_media_path("/media/" + hash + ".mp4"));
    for (const auto& bad :
         {hash + ".mp4", "/media/" + hash, "/media/" + hash + ".", "/media/" + hash + ".MP4",
          "/media/" + hash + ".toolongending", "/media/" + std::string(64, 'G') + ".mp4",
          "/media/" + hash + "./x", "/media/a" + hash + ".mp4", "/media/" + hash + ".mp4.etag"})
        EXPECT_FALSE(is_media_path(bad)) << bad;
}

TEST_F(Nearby, AllConnectionsShareTheLimit) {
    const MediaServer server("127.0.0.1:0", folder_.path(), 400'000);
    const auto began = std::chrono::steady_clock::now();
    auto one = to(server), two = to(server);
    std::thread other([&] { EXPECT_TRUE(two.bytes("media/" + name_, 1U << 20)); });
    EXPECT_TRUE(one.bytes("media/" + name_, 1U << 20));
    other.join();
    EXPECT_GE(std::chrono::steady_clock::now() - began, 1900ms) << "800 kB at 400 kB/s";
}

TEST(NearbyAvahi, WithoutADaemonNothingIsFoundAndThatIsReportedOnce) {
    test::Folder folder;
    ::setenv("DBUS_SYSTEM_BUS_ADDRESS", ("unix:path=" + (folder / "none")).c_str(), 1);
    std::atomic<int> reports = 0;
    std::string message;
    {
        const AvahiNeighbours neighbours({"kh-1", 8790, true, [&](const std::string& text) {
                                              message = text;
                                              ++reports;
                                          }});
        EXPECT_TRUE(neighbours.found().empty());
    }
    ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
    EXPECT_EQ(reports, 1);
    EXPECT_THAT(message, HasSubstr("install avahi-daemon"));
}

}  // namespace
}  // namespace riverlight::firmware
