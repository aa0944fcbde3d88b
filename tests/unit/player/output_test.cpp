// Outputs one by one: their specs, RTP's head, and what a slow or dead carrier does to the others (nothing).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <fstream>
#include <mutex>

#include "content/base/files.hpp"
#include "player/feed/backoff.hpp"
#include "player/feed/file_output.hpp"
#include "player/feed/queued_output.hpp"
#include "player/feed/sender.hpp"
#include "player/feed/udp_output.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/receivers.hpp"

namespace riverlight::player {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;
using Kind = OutputSpec::Kind;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");

std::string refusal(const std::string& spec) {
    try {
        static_cast<void>(parse_output(spec));
    } catch (const Error& e) {
        return e.what();
    }
    return "accepted";
}

TEST(OutputSpec, EveryKindIsReadWithItsSettings) {
    EXPECT_EQ(parse_output("window").kind, Kind::window);
    EXPECT_EQ(parse_output("capture:/x").path, "/x");
    EXPECT_EQ(parse_output("null").width, 1280);
    EXPECT_EQ(parse_output("null?size=1080x1920").width, 1080);
    EXPECT_EQ(parse_output("null?size=1080x1920").height, 1920);
    for (const auto* wrong :
         {"null?size=1920", "null?size=1920x1081", "null?size=8000x2000", "null?size=x", "null?size="})
        EXPECT_THAT(refusal(wrong), HasSubstr("size")) << wrong;
    EXPECT_THAT(refusal("window?size=1920x1080"), HasSubstr("no setting of it"));
    EXPECT_THAT(refusal("drm?size=1920x1080"), HasSubstr("unknown outlet"));
    EXPECT_EQ(parse_output("file:/a?b.ts").path, "/a?b.ts") << "a path may hold a question mark";
    const auto hours = parse_output("file:/srv/feed/");
    EXPECT_EQ(hours.kind, Kind::hours);
    EXPECT_EQ(hours.path, "/srv/feed");
    const auto udp = parse_output("udp://239.1.1.1:5004?ttl=16&interface=eth1");
    EXPECT_EQ(udp.host, "239.1.1.1");
    EXPECT_EQ(udp.port, 5004);
    EXPECT_EQ(udp.ttl, 16);
    EXPECT_EQ(udp.interface, "eth1");
    EXPECT_EQ(parse_output("rtp://[ff15::1]:6000").host, "ff15::1");
    const auto srt = parse_output("srt://:9000?mode=listener&latency=400&key=32&passphrase=ten%20letters%25");
    EXPECT_TRUE(srt.listener);
    EXPECT_EQ(srt.latency, 400ms);
    EXPECT_EQ(srt.key_bytes, 32);
    EXPECT_EQ(srt.passphrase, "ten letters%");
    const auto hls = parse_output("hls:/run/x/?seconds=4&window=5");
    EXPECT_EQ(hls.path, "/run/x");
    EXPECT_EQ(hls.segment, 4s);
    EXPECT_EQ(hls.window, 5);
    EXPECT_EQ(parse_output("hls:").path, "") << "a board gives it a folder";
}

TEST(OutputSpec, WhatCannotWorkIsRefusedByNameWithWhatIsKnown) {
    EXPECT_THAT(refusal("television"), AllOf(HasSubstr("television"), HasSubstr("srt://host:port")));
    EXPECT_THAT(refusal("udb://1.2.3.4:5"), HasSubstr("did you mean 'udp://'"));
    EXPECT_THAT(refusal("udp://1.2.3.4"), HasSubstr("host:port"));
    EXPECT_THAT(refusal("udp://1.2.3.4:70000"), HasSubstr("65535"));
    EXPECT_THAT(refusal("udp://:5004"), HasSubstr("names no host"));
    EXPECT_THAT(refusal("udp://1.2.3.4:5?tll=3"), HasSubstr("did you mean 'ttl'"));
    EXPECT_THAT(refusal("udp://1.2.3.4:5?ttl=256"), HasSubstr("from 1 to 255"));
    EXPECT_THAT(refusal("udp://1.2.3.4:5?latency=3"), HasSubstr("known: ttl, interface"));
    EXPECT_THAT(refusal("srt://h:5?mode=both"), HasSubstr("caller or listener"));
    EXPECT_THAT(refusal("srt://h:5?key=20"), HasSubstr("16, 24 or 32"));
    EXPECT_THAT(refusal("srt://h:5?passphrase=short"), HasSubstr("10 to 79"));
    EXPECT_THAT(refusal("srt://h:5?streamid=%zz"), HasSubstr("%25"));
    EXPECT_THAT(refusal("srt://h:5?streamid=%00"), HasSubstr("NUL"));
    EXPECT_THAT(refusal("file:"), HasSubstr("no place"));
    EXPECT_THAT(refusal("udp://" + std::string(3000, 'x')), HasSubstr("longer than"));
}

TEST(OutputSpec, APassphraseIsNeverShown) {
    const std::string secret = "correcthorse";
    EXPECT_THAT(parse_output("srt://h:5?passphrase=" + secret + "&latency=200").name,
                AllOf(Not(HasSubstr(secret)), HasSubstr("latency=200")));
    EXPECT_THAT(refusal("srt://h:5?passphrase=" + secret + "&mode=x"), Not(HasSubstr(secret)));
    EXPECT_THAT(refusal("str://h:5?passphrase=" + secret), Not(HasSubstr(secret)));
}

TEST(RtpHeader, CountsAndStampsAsTheStandardsSay) {
    RtpHeader rtp;
    const auto word = [](const RtpHeader::Head& h, std::size_t at) {
        return std::uint32_t{h[at]} << 24 | std::uint32_t{h[at + 1]} << 16 | std::uint32_t{h[at + 2]} << 8 |
               h[at + 3];
    };
    const auto a = rtp.next(0), b = rtp.next(ticks_a_second);
    EXPECT_EQ(a[0], 0x80);
    EXPECT_EQ(a[1], 0x80 | 33) << "MP2T, marked: its stamps follow nothing";
    EXPECT_EQ(b[1], 33);
    EXPECT_EQ(static_cast<std::uint16_t>((b[2] << 8 | b[3]) - (a[2] << 8 | a[3])), 1);
    EXPECT_EQ(word(b, 4) - word(a, 4), 90'000U);
    EXPECT_EQ(word(a, 8), word(b, 8));
    EXPECT_NE(word(RtpHeader().next(0), 8), word(a, 8)) << "each start is a source of its own";
}

TEST(Backoff, GrowsToEightSecondsAndBeginsAnew) {
    Backoff backoff;
    EXPECT_EQ(backoff.next(), 250ms);
    EXPECT_EQ(backoff.next(), 500ms);
    for (int i = 0; i < 10; ++i) static_cast<void>(backoff.next());
    EXPECT_EQ(backoff.next(), 8000ms);
    backoff.reset();
    EXPECT_EQ(backoff.next(), 250ms);
}

Datagram datagram(std::int64_t number, Instant utc = noon) {
    Datagram d;
    d.bytes.fill(0);
    for (std::size_t at = 0; at < datagram_size; at += packet_size) d.bytes[at] = 0x47;
    d.bytes[4] = static_cast<std::uint8_t>(number);
    d.time = number * ticks_a_second / 1000;
    d.utc = utc;
    return d;
}

/// What a test tells a carrier to do, and what came to it.
struct Way {
    std::mutex mutex;
    std::condition_variable changed;
    bool refuse = false, stuck = false, old = true, gathers = false;
    int opened = 0;
    std::vector<int> carried;

    void wait_until(const std::function<bool()>& what) {
        std::unique_lock lock(mutex);
        ASSERT_TRUE(changed.wait_for(lock, 10s, what));
    }
    void set(const std::function<void()>& what) {
        const std::lock_guard lock(mutex);
        what();
        changed.notify_all();
    }
};

class TestCarrier final : public Carrier {
  public:
    explicit TestCarrier(std::shared_ptr<Way> way) : way_(std::move(way)) {}
    void open(const std::atomic<bool>&) override {
        bool refused = false;
        way_->set([&] {
            ++way_->opened;
            refused = way_->refuse;  // as it was when a test saw this attempt
        });
        if (refused) throw Error("the far end is not there");
    }
    void carry(std::span<const Datagram> run) override {
        std::unique_lock lock(way_->mutex);
        way_->changed.wait(lock, [&] { return !way_->stuck; });
        if (way_->refuse) throw Error("the far end went away");
        for (const auto& d : run) way_->carried.push_back(d.bytes[4]);
        way_->changed.notify_all();
    }
    void close() override {}
    [[nodiscard]] bool wants_old() const override { return way_->old; }
    [[nodiscard]] std::string waiting() const override {
        const std::lock_guard lock(way_->mutex);
        return way_->gathers ? "its first piece is being made" : "";
    }
    [[nodiscard]] std::size_t run() const override { return 1; }

  private:
    std::shared_ptr<Way> way_;  // a hung carrier outlives its output
};

TEST(QueuedOutput, CarriesInOrderAndLetsOutWhatWaitsAtTheEnd) {
    const auto way = std::make_shared<Way>();
    QueuedOutput output("x", std::make_unique<TestCarrier>(way), 100);
    for (int i = 0; i < 50; ++i) output.send(datagram(i));
    output.finish();
    ASSERT_EQ(way->carried.size(), 50U);
    for (int i = 0; i < 50; ++i) EXPECT_EQ(way->carried[static_cast<std::size_t>(i)], i);
    EXPECT_EQ(output.state().figures.at("dropped"), 0);
}

TEST(QueuedOutput, AStuckCarrierDropsTheOldestAndNeverHoldsUpTheSender) {
    const auto way = std::make_shared<Way>();
    way->stuck = true;
    {
        QueuedOutput output("x", std::make_unique<TestCarrier>(way), 10);
        const auto begun = std::chrono::steady_clock::now();
        for (int i = 0; i < 200; ++i) output.send(datagram(i));
        EXPECT_LT(std::chrono::steady_clock::now() - begun, 2s);
        EXPECT_GE(output.state().figures.at("dropped"), 100);
        way->set([&] { way->stuck = false; });
        way->wait_until([&] { return !way->carried.empty() && way->carried.back() == 199; });
    }
    EXPECT_LT(way->carried.size(), 100U);
}

std::int64_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::int64_t total = 0, resident = 0;
    statm >> total >> resident;
    return resident * 4096;
}

TEST(QueuedOutput, AReceiverAwayForTenMinutesTakesNoMemory) {
    const auto way = std::make_shared<Way>();
    way->refuse = true;
    constexpr std::int64_t ten_minutes = 600LL * 5'000'000 / 8 / datagram_size, most = 1900;  // four seconds
    QueuedOutput output("x", std::make_unique<TestCarrier>(way), most);
    for (std::int64_t i = 0; i < 2 * most; ++i) output.send(datagram(i));
    [[maybe_unused]] const auto early = resident_bytes();
    for (std::int64_t i = 0; i < ten_minutes; ++i) output.send(datagram(i));
#ifndef RIVERLIGHT_SANITIZED  // which keeps what was given back for a while
    EXPECT_LE(resident_bytes() - early, 2 << 20);
#endif
    EXPECT_EQ(output.state().figures.at("dropped"), ten_minutes + most);
    EXPECT_TRUE(output.state().trouble);
}

TEST(QueuedOutput, ACarrierThatHangsForEverIsLeftBehind) {
    const auto way = std::make_shared<Way>();
    way->stuck = true;
    const auto begun = std::chrono::steady_clock::now();
    {
        QueuedOutput output("x", std::make_unique<TestCarrier>(way), 10);
        output.send(datagram(1));
        output.finish();
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 8s);
    way->set([&] { way->stuck = false; });
}

TEST(QueuedOutput, ALostWayIsSaidAndTriedAgain) {
    const auto way = std::make_shared<Way>();
    way->refuse = true;
    QueuedOutput output("x", std::make_unique<TestCarrier>(way), 10);
    way->wait_until([&] { return way->opened >= 2; });
    EXPECT_EQ(output.state().words, "the far end is not there");
    EXPECT_TRUE(output.state().trouble);
    EXPECT_FALSE(output.state().sending);
    way->set([&] { way->refuse = false; });
    output.send(datagram(7));
    way->wait_until([&] { return way->carried == std::vector<int>{7}; });
    output.finish();
    EXPECT_EQ(output.state().words, "");
    EXPECT_FALSE(output.state().trouble);
}

TEST(QueuedOutput, WhyNothingLeftIsSaidUntilSomethingLeavesAgain) {
    const auto way = std::make_shared<Way>();
    way->gathers = true;
    QueuedOutput output("x", std::make_unique<TestCarrier>(way), 10);
    way->wait_until([&] { return way->opened == 1; });
    way->set([&] { way->refuse = true; });
    output.send(datagram(1));
    ASSERT_TRUE(test::comes([&] { return output.state().trouble; }));
    way->set([&] { way->refuse = false; });
    output.send(datagram(2));
    way->wait_until([&] { return !way->carried.empty(); });
    ASSERT_TRUE(test::comes([&] { return output.state().words == "the far end went away"; }));
    EXPECT_TRUE(output.state().trouble) << "it gathers again, but nothing has left";
    way->set([&] { way->gathers = false; });
    EXPECT_TRUE(test::comes([&] { return output.state().sending && !output.state().trouble; }));
}

TEST(QueuedOutput, AReceiverThatComesBackGetsWhatIsOnNow) {
    const auto way = std::make_shared<Way>();
    way->refuse = true;
    way->old = false;
    QueuedOutput output("x", std::make_unique<TestCarrier>(way), 100);
    way->wait_until([&] { return way->opened >= 1; });
    for (int i = 0; i < 5; ++i) output.send(datagram(i));
    way->set([&] { way->refuse = false; });
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (output.state().figures.at("opened") == 0 && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    output.send(datagram(9));
    way->wait_until([&] { return !way->carried.empty(); });
    EXPECT_EQ(way->carried.front(), 9);
    EXPECT_EQ(output.state().figures.at("dropped"), 5);
}

/// Notes when each datagram comes.
class Listening final : public Output {
  public:
    void send(const Datagram& d) override { came.emplace_back(d.time, std::chrono::steady_clock::now()); }
    void finish() override {}
    [[nodiscard]] OutputState state() const override { return {}; }
    std::vector<std::pair<Ticks, std::chrono::steady_clock::time_point>> came;
};

TEST(Sender, LetsEachDatagramOutInItsMomentWithoutAddingUp) {
    auto own = std::make_unique<Listening>();
    auto& listening = *own;
    std::vector<std::unique_ptr<Output>> outputs;
    outputs.push_back(std::move(own));
    Sender sender(std::move(outputs), Sender::Pace::live);
    const auto begun = std::chrono::steady_clock::now();  // before the stream's first moment
    for (int i = 0; i < 600; ++i) sender.write(datagram(i));
    sender.finish();
    ASSERT_EQ(listening.came.size(), 600U);
    const auto first_time = listening.came.front().first;
    for (const auto& [time, at] : listening.came)
        EXPECT_GE(at - begun, std::chrono::nanoseconds{(time - first_time) * 1000 / 27})
            << "never before its moment";
    const auto whole = listening.came.back().second - begun;
    EXPECT_GE(whole, 599ms);
    EXPECT_LT(whole, 900ms) << "one that was late makes none after it late";
    EXPECT_EQ(sender.figures().at("overran"), 0);
}

TEST(Sender, KeepsToTheHouseClockAndIsLevelAgainAfterAStandstill) {
    auto own = std::make_unique<Listening>();
    auto& listening = *own;
    std::vector<std::unique_ptr<Output>> outputs;
    outputs.push_back(std::move(own));
    Sender sender(std::move(outputs), Sender::Pace::live);
    const auto zero = std::chrono::steady_clock::now() + 50ms;
    sender.keep_to(0, zero);
    for (int i = 0; i < 100; ++i) sender.write(datagram(i));
    std::this_thread::sleep_until(zero + 350ms);  // the loop stood still: a quarter of a second has nothing
    for (int i = 100; i < 900; ++i) sender.write(datagram(i));
    sender.finish();
    ASSERT_EQ(listening.came.size(), 900U);
    const auto moment = [&](std::size_t i) { return zero + std::chrono::milliseconds{i}; };
    for (std::size_t i = 0; i < 900; ++i) EXPECT_GE(listening.came[i].second, moment(i)) << i;
    EXPECT_GE(listening.came[350].second - listening.came[100].second, 100ms) << "no burst";
    EXPECT_LE(listening.came[899].second - moment(899), 15ms) << "level again";
    EXPECT_EQ(sender.figures().at("ran_dry"), 1);
    EXPECT_GE(sender.figures().at("datagrams_late"), 100);
}

TEST(Sender, ALoopThatRunsAwayIsHeldToEightSeconds) {
    std::vector<std::unique_ptr<Output>> outputs;
    outputs.push_back(std::make_unique<Listening>());
    Sender sender(std::move(outputs), Sender::Pace::live);
    for (std::int64_t i = 0; i < 10; ++i) {
        const auto d = datagram(i * 2000);
        sender.write(d);
    }
    EXPECT_GE(sender.figures().at("overran"), 3) << "18 s came; two datagrams may be in the pacer's hands";
}

TEST(FileCarrier, HoursHaveFilesOfTheirOwnAndARestartGoesOnWithTheLast) {
    const test::Folder folder;
    const auto spec = parse_output("file:" + (folder / "feed") + "/");
    const std::atomic<bool> stop = false;
    const auto last = noon - 1ms;
    {
        FileCarrier carrier(spec);
        carrier.open(stop);
        const std::vector<Datagram> run{datagram(1, last), datagram(2, noon), datagram(3, noon + 1s)};
        carrier.carry(run);
        carrier.close();
    }
    const auto five = folder / "feed/2026-11-24T05Z.ts";
    EXPECT_EQ(std::filesystem::file_size(folder / "feed/2026-11-24T04Z.ts"), datagram_size);
    EXPECT_EQ(std::filesystem::file_size(five), 2 * datagram_size);
    std::ofstream(five, std::ios::app) << std::string(100, 'x');  // killed amid a packet
    FileCarrier again(spec);
    again.open(stop);
    again.carry(std::vector<Datagram>{datagram(4, noon + 2s)});
    again.close();
    const auto bytes = read_file(five, 1U << 20);
    EXPECT_EQ(bytes.size(), 3 * datagram_size);
    for (std::size_t at = 0; at < bytes.size(); at += packet_size) EXPECT_EQ(bytes[at], 0x47);
}

TEST(FileCarrier, AFolderThatCannotBeMadeSaysSo) {
    const test::Folder folder;
    const auto file = folder.write("plain", "x");
    const std::atomic<bool> stop = false;
    FileCarrier carrier(parse_output("file:" + file + "/below/"));
    try {
        carrier.open(stop);
        FAIL();
    } catch (const Error& e) {
        EXPECT_THAT(e.what(), HasSubstr(file + "/below"));
    }
}

}  // namespace
}  // namespace riverlight::player
