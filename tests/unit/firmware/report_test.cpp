#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/base/crypto.hpp"
#include "content/base/error.hpp"
#include "content/http/gzip.hpp"
#include "firmware/report/backoff.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
constexpr std::uint32_t low = 0, half = 0x80000000, high = 0xffffffff;

TEST(Backoff, case_64_CeilingDoublesFromOneSecondToFifteenMinutes) {
    Backoff b;
    for (const auto ceiling : {1s, 2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 512s, 900s, 900s, 900s}) {
        auto same = b;
        EXPECT_EQ(same.failed(half), std::chrono::milliseconds(ceiling) / 2);
        const auto wait = b.failed(high);
        EXPECT_LE(wait, ceiling);
        EXPECT_GE(wait, std::chrono::milliseconds(ceiling) - 1ms);
    }
}

TEST(Backoff, IsNeverABusyLoopAndStartsOverAfterSuccess) {
    Backoff b;
    for (int i = 0; i < 50; ++i) EXPECT_GE(b.failed(low), 200ms);
    b.succeeded();
    EXPECT_LE(b.failed(high), 1s);
}

TEST(Backoff, case_64_ComesNoSoonerThanAsked) {
    Backoff b;
    EXPECT_EQ(b.failed(low, 120s), 120s);
    EXPECT_GT(b.failed(high, 120s), 131s);
    EXPECT_LE(b.failed(high, 120s), 132s);
    EXPECT_EQ(b.failed(low, 86'400s), 900s) << "a day's wish is held to the longest wait";
    EXPECT_EQ(b.failed(low, 0s), 1s);
}

TEST(Gzip, GivesBackWhatItTook) {
    for (const std::string& text :
         {std::string(), std::string("a"), std::string(1 << 20, 'x'), random_hex(100'000)})
        EXPECT_EQ(http::gunzip(http::gzip(text), 4U << 20), text);
    EXPECT_LT(http::gzip(std::string(1 << 20, 'x')).size(), 2000U);
}

TEST(Gzip, case_69_StopsAtTheCapBeforeItHasUnpackedAll) {
    const auto bomb = http::gzip(std::string(64U << 20, '\0'));
    EXPECT_LT(bomb.size(), 100'000U);
    EXPECT_THROW(static_cast<void>(http::gunzip(bomb, 1U << 20)), Error);
    EXPECT_EQ(http::gunzip(http::gzip("12345"), 5), "12345");
    EXPECT_THROW(static_cast<void>(http::gunzip(http::gzip("123456"), 5)), Error);
}

TEST(Gzip, RefusesWhatIsCutOffDamagedOrFollowed) {
    const auto whole = http::gzip("what aired in Poipet");
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_THROW(static_cast<void>(http::gunzip(whole.substr(0, size), 1000)), Error) << size;
    EXPECT_THROW(static_cast<void>(http::gunzip(whole + "x", 1000)), Error);
    auto bent = whole;
    bent[whole.size() - 6] = static_cast<char>(bent[whole.size() - 6] ^ 1);  // its CRC
    EXPECT_THROW(static_cast<void>(http::gunzip(bent, 1000)), Error);
    EXPECT_THROW(static_cast<void>(http::gunzip("plain text", 1000)), Error);
}

}  // namespace
}  // namespace riverlight::firmware
