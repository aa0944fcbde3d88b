// The clock of an office under test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <fstream>

#include "tests/support/folder.hpp"
#include "tools/office/office.hpp"
#include "tools/office/simulated_clock.hpp"

namespace riverlight::office {
namespace {

using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-03-02T05:00:00Z");

TEST(SimulatedClock, IsReadByOthersAsItIsSet) {
    const test::Folder folder;
    SimulatedClock::make(folder.path(), noon);
    SimulatedClock fleet(folder.path()), office(folder.path());
    EXPECT_EQ(office.now(), noon);
    fleet.set(noon + 1h);
    EXPECT_EQ(office.now(), noon + 1h);
    EXPECT_EQ(fleet.done_until(), Instant{});
    office.set_done_until(noon);
    EXPECT_EQ(fleet.done_until(), noon);
}

TEST(SimulatedClock, NeverStandsBesideRealRecords) {
    const test::Folder folder;
    EXPECT_FALSE(SimulatedClock::is_in(folder.path()));
    EXPECT_THROW(SimulatedClock{folder.path()}, Error);
    static_cast<void>(std::ofstream(folder / "office.db"));
    EXPECT_THROW(SimulatedClock::make(folder.path(), noon), Error);
    std::filesystem::remove(folder / "office.db");
    folder.write("office.toml", "database = \"postgresql:///riverlight\"\n");
    EXPECT_THROW(SimulatedClock::make(folder.path(), noon), Error);
    EXPECT_FALSE(SimulatedClock::is_in(folder.path()));
}

TEST(SimulatedClock, AnOfficeThatLooksSaysUpToWhenItsWorkIsDone) {
    const test::Folder folder;
    boost::asio::io_context loop(1);
    std::atomic<Instant> now = noon, looked = Instant{};  // the office asks and tells from threads of its own
    OfficeSettings settings;
    settings.state_folder = folder.path();
    settings.look_every = 1ms;
    settings.on_looked = [&](Instant at) { looked = at; };
    Office office(loop, settings, [&] { return now.load(); });
    const auto looks_at = [&](Instant at) {
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (looked.load() != at && std::chrono::steady_clock::now() < deadline) loop.run_one_for(10ms);
        return looked.load() == at;
    };
    EXPECT_TRUE(looks_at(noon));
    now = noon + 1h;
    EXPECT_TRUE(looks_at(noon + 1h));
    now = noon - 24h;
    EXPECT_TRUE(looks_at(noon - 24h)) << "a clock that is set back";
    office.stop();
}

}  // namespace
}  // namespace riverlight::office
