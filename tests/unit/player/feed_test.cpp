#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "player/feed/profile.hpp"
#include "player/feed/restamp.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::player {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");

TEST(FeedMemory, GoesOnWhereAnUninterruptedFeedWouldBe) {
    const test::Folder folder;
    std::int64_t first = 0;
    {
        FeedMemory memory(folder / "feed");
        EXPECT_FALSE(memory.resumed());
        first = memory.frame_at(noon, 25);
        memory.passed(first + 100);
        memory.counter(256) = 9;
    }
    FeedMemory again(folder / "feed");
    EXPECT_TRUE(again.resumed());
    EXPECT_EQ(again.counter(256), 9);
    EXPECT_EQ(again.frame_at(noon + 10s, 25), first + 250);
}

TEST(FeedMemory, AClockSetBackNeverTakesTimeBack) {
    const test::Folder folder;
    std::int64_t last = 0;
    {
        FeedMemory memory(folder / "feed");
        last = memory.frame_at(noon, 25) + 1000;
        memory.passed(last);
    }
    FeedMemory again(folder / "feed");
    const auto next = again.frame_at(noon - 24h, 25);
    EXPECT_GT(next, last);
    EXPECT_LE(next, last + 25);
}

TEST(FeedMemory, ATornOrForeignFileStartsOver) {
    const test::Folder folder;
    for (const auto& bytes : {std::string("torn"), std::string(9000, 'x'), std::string()}) {
        const FeedMemory memory(folder.write("feed", bytes));
        EXPECT_FALSE(memory.resumed());
    }
    EXPECT_THROW(FeedMemory("/nowhere/at/all"), Error);
}

using Packet = std::array<std::uint8_t, 188>;

/// One packet with a PCR and the head of a PES packet with PTS and DTS.
Packet packet(std::uint64_t pcr, std::uint64_t pts, std::uint64_t dts) {
    Packet p{};
    p[0] = 0x47;
    p[1] = 0x41;  // begins a PES packet; PID 0x100
    p[3] = 0x30;
    p[4] = 7;
    p[5] = 0x10;
    p[6] = static_cast<std::uint8_t>(pcr >> 25);
    p[7] = static_cast<std::uint8_t>(pcr >> 17);
    p[8] = static_cast<std::uint8_t>(pcr >> 9);
    p[9] = static_cast<std::uint8_t>(pcr >> 1);
    p[10] = static_cast<std::uint8_t>((pcr << 7 & 0x80) | 0x7e);
    auto* pes = p.data() + 12;
    pes[2] = 1;
    pes[3] = 0xe0;
    pes[6] = 0x80;
    pes[7] = 0xc0;
    pes[8] = 10;
    const auto stamp = [](std::uint8_t* at, std::uint64_t t, std::uint8_t mark) {
        at[0] = static_cast<std::uint8_t>(mark | (t >> 29 & 0x0e) | 1);
        at[1] = static_cast<std::uint8_t>(t >> 22);
        at[2] = static_cast<std::uint8_t>((t >> 14 & 0xfe) | 1);
        at[3] = static_cast<std::uint8_t>(t >> 7);
        at[4] = static_cast<std::uint8_t>((t << 1 & 0xfe) | 1);
    };
    stamp(pes + 9, pts, 0x30);
    stamp(pes + 14, dts, 0x10);
    return p;
}

TEST(Restamper, MovesEveryClockByTheSameAndWrapsAt33Bits) {
    FeedMemory memory("");
    memory.counter(0x100) = 15;
    for (const std::int64_t offset :
         {std::int64_t{0}, std::int64_t{90'000}, std::int64_t{-90'000}, (std::int64_t{1} << 33) - 50}) {
        constexpr std::uint64_t mask = (std::uint64_t{1} << 33) - 1;
        const std::uint64_t pcr = 1'000'000, pts = mask - 10, dts = mask - 3610;
        auto p = packet(pcr, pts, dts);
        const auto o = static_cast<std::uint64_t>(offset);
        auto wanted = packet((pcr + o) & mask, (pts + o) & mask, (dts + o) & mask);
        Restamper restamper(memory, offset);
        restamper.restamp(p);
        wanted[3] = static_cast<std::uint8_t>(0x30 | memory.counter(0x100));
        EXPECT_EQ(p, wanted) << offset;
    }
}

TEST(Restamper, CountersGoOnAndNullPacketsStay) {
    FeedMemory memory("");
    memory.counter(0x100) = 15;
    Restamper restamper(memory, 0);
    std::array<std::uint8_t, 564> two{};
    for (std::size_t i = 0; i < 3; ++i) {
        two[i * 188] = 0x47;
        two[i * 188 + 1] = i == 1 ? 0x1f : 0x01;
        two[i * 188 + 2] = i == 1 ? 0xff : 0x00;
        two[i * 188 + 3] = 0x1a;
    }
    restamper.restamp(two);
    EXPECT_EQ(two[3] & 15, 0);
    EXPECT_EQ(two[188 + 3], 0x1a) << "null packets carry no counter";
    EXPECT_EQ(two[376 + 3] & 15, 1);
}

TEST(Profile, IsFoundByNameOrTheKnownOnesAreNamed) {
    EXPECT_EQ(profile_named("720p25").format.height, 720);
    try {
        static_cast<void>(profile_named("4k"));
        FAIL();
    } catch (const Error& e) {
        EXPECT_THAT(e.what(), HasSubstr("720p25"));
    }
    for (const auto& p : profiles())
        EXPECT_GT(p.mux_rate, p.video_bit_rate + p.audio_bit_rate) << "room for tables and overhead";
}

}  // namespace
}  // namespace riverlight::player
