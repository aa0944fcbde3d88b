// Where riverlightd says that its status page is, for what makes a slot sure.
#include "firmware/slots/status_address.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include "content/base/files.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

TEST(StatusAddress, IsTheLoopbackWhereThePageIsOnEveryAddress) {
    EXPECT_EQ(own_address("0.0.0.0:8080", 8080), (StatusAddress{"127.0.0.1", 8080}));
    EXPECT_EQ(own_address("[::]:80", 80), (StatusAddress{"::1", 80}));
}

TEST(StatusAddress, IsTheOneThatThePageIsOn) {
    EXPECT_EQ(own_address("127.0.0.1:0", 40123), (StatusAddress{"127.0.0.1", 40123}));
    EXPECT_EQ(own_address("192.168.1.5:80", 80), (StatusAddress{"192.168.1.5", 80}));
    EXPECT_EQ(own_address("[fd00::7]:8080", 8080), (StatusAddress{"fd00::7", 8080}));
    EXPECT_EQ(own_address("localhost:8080", 8080), (StatusAddress{"localhost", 8080}));
}

TEST(StatusAddress, IsReadAsItWasTold) {
    const test::Folder folder;
    const auto file = folder / "status-address";
    for (const auto& address : {StatusAddress{"127.0.0.1", 8080}, StatusAddress{"::1", 1}}) {
        tell_status_address(file, address);
        EXPECT_EQ(read_status_address(file), address);
    }
    const auto mode = std::filesystem::status(file).permissions();
    EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(StatusAddress, IsNotToldWhereNobodyAsksForIt) {
    const test::Folder folder;
    tell_status_address(folder / "no-folder/status-address", {"127.0.0.1", 8080});
    EXPECT_FALSE(std::filesystem::exists(folder / "no-folder"));
    EXPECT_EQ(read_status_address(folder / "no-folder/status-address"), std::nullopt);
}

TEST(StatusAddress, OfADamagedFileIsNone) {
    const test::Folder folder;
    for (const auto* text : {"", "8080", ":8080", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:8080x",
                             "127.0.0.1:70000", "127.0.0.1:-1", "[]:80"})
        EXPECT_EQ(read_status_address(folder.write("status-address", text)), std::nullopt) << text;
    EXPECT_EQ(read_status_address(folder.write("status-address", std::string(1000, 'a') + ":80")),
              std::nullopt);
}

}  // namespace
}  // namespace riverlight::firmware
