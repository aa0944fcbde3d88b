// Outputs one by one: RTP headers, slow and failing writers, the pacer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <fstream>
#include <mutex>

#include "content/base/files.hpp"
#include "player/feed/pacer.hpp"
#include "player/feed/queued_output.hpp"
#include "player/feed/reopen_delay.hpp"
#include "player/feed/ts_file_writer.hpp"
#include "player/feed/udp_output.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/receivers.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");

TEST(RtpHeaders, HaveSequenceNumbersAndTimeStampsOfTheStandards) {
    RtpHeaders rtp;
    const auto word = [](const RtpHeaders::Header& h, std::size_t at) {
        return std::uint32_t{h[at]} << 24 | std::uint32_t{h[at + 1]} << 16 | std::uint32_t{h[at + 2]} << 8 |
               h[at + 3];
    };
    const auto a = rtp.next(StreamTime{}), b = rtp.next(StreamTime{1s});
    EXPECT_EQ(a[0], 0x80);
    EXPECT_EQ(a[1], 0x80 | 33) << "MP2T, with the marker: the first time stamp";
    EXPECT_EQ(b[1], 33);
    EXPECT_EQ(static_cast<std::uint16_t>((b[2] << 8 | b[3]) - (a[2] << 8 | a[3])), 1);
    EXPECT_EQ(word(b, 4) - word(a, 4), 90'000U);
    EXPECT_EQ(word(a, 8), word(b, 8));
    EXPECT_NE(word(RtpHeaders().next(StreamTime{}), 8), word(a, 8)) << "each start has an SSRC of its own";
}

TEST(ReopenDelay, GrowsToEightSecondsAndIsReset) {
    ReopenDelay backoff;
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
    d.time = StreamTime{number * ClockTicks{1ms}};
    d.utc = utc;
    return d;
}

/// How a test writer behaves, and what it was given.
struct WriterScript {
    std::mutex mutex;
    std::condition_variable changed;
    bool refuse = false, stuck = false, accepts_backlog = true, idle = false;
    int opened = 0;
    std::vector<int> written;

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

class TestWriter final : public StreamWriter {
  public:
    explicit TestWriter(std::shared_ptr<WriterScript> script) : script_(std::move(script)) {}
    void open(const std::atomic<bool>&) override {
        bool refused = false;
        script_->set([&] {
            ++script_->opened;
            refused = script_->refuse;  // as the test set it before this attempt
        });
        if (refused) throw Error("the far end is not there");
    }
    [[nodiscard]] std::vector<bool> write(std::span<const Datagram> run) override {
        std::unique_lock lock(script_->mutex);
        script_->changed.wait(lock, [&] { return !script_->stuck; });
        if (script_->refuse) throw Error("the far end went away");
        for (const auto& d : run) script_->written.push_back(d.bytes[4]);
        script_->changed.notify_all();
        return std::vector<bool>(run.size(), true);
    }
    void close() override {}
    [[nodiscard]] bool accepts_backlog() const override { return script_->accepts_backlog; }
    [[nodiscard]] std::string idle_reason() const override {
        const std::lock_guard lock(script_->mutex);
        return script_->idle ? "its first piece is being made" : "";
    }
    [[nodiscard]] std::size_t batch_size() const override { return 1; }

  private:
    std::shared_ptr<WriterScript> script_;  // a writer that hangs outlives its output
};

TEST(QueuedOutput, WritesInOrderAndFinishesTheQueue) {
    const auto script = std::make_shared<WriterScript>();
    QueuedOutput output("x", std::make_unique<TestWriter>(script), 100);
    for (int i = 0; i < 50; ++i) output.send(datagram(i));
    output.finish();
    ASSERT_EQ(script->written.size(), 50U);
    for (int i = 0; i < 50; ++i) EXPECT_EQ(script->written[static_cast<std::size_t>(i)], i);
    EXPECT_EQ(output.state().figures.at("dropped"), 0);
}

TEST(QueuedOutput, AWriterThatHangsDropsTheOldestAndNeverBlocksTheSender) {
    const auto script = std::make_shared<WriterScript>();
    script->stuck = true;
    {
        QueuedOutput output("x", std::make_unique<TestWriter>(script), 10);
        const auto begun = std::chrono::steady_clock::now();
        for (int i = 0; i < 200; ++i) output.send(datagram(i));
        EXPECT_LT(std::chrono::steady_clock::now() - begun, 2s);
        EXPECT_GE(output.state().figures.at("dropped"), 100);
        script->set([&] { script->stuck = false; });
        script->wait_until([&] { return !script->written.empty() && script->written.back() == 199; });
    }
    EXPECT_LT(script->written.size(), 100U);
}

std::int64_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::int64_t total = 0, resident = 0;
    statm >> total >> resident;
    return resident * 4096;
}

TEST(QueuedOutput, AReceiverThatIsAbsentForTenMinutesUsesNoMemory) {
    const auto script = std::make_shared<WriterScript>();
    script->refuse = true;
    constexpr std::int64_t ten_minutes = 600LL * 5'000'000 / 8 / datagram_size, most = 1900;  // four seconds
    QueuedOutput output("x", std::make_unique<TestWriter>(script), most);
    for (std::int64_t i = 0; i < 2 * most; ++i) output.send(datagram(i));
    [[maybe_unused]] const auto early = resident_bytes();
    for (std::int64_t i = 0; i < ten_minutes; ++i) output.send(datagram(i));
#ifndef RIVERLIGHT_SANITIZED  // sanitizers keep freed memory for a while
    EXPECT_LE(resident_bytes() - early, 2 << 20);
#endif
    EXPECT_EQ(output.state().figures.at("dropped"), ten_minutes + most);
    EXPECT_TRUE(output.state().trouble);
}

TEST(QueuedOutput, AWriterThatHangsForEverIsLeftBehind) {
    const auto script = std::make_shared<WriterScript>();
    script->stuck = true;
    const auto begun = std::chrono::steady_clock::now();
    {
        QueuedOutput output("x", std::make_unique<TestWriter>(script), 10);
        output.send(datagram(1));
        output.finish();
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 8s);
    script->set([&] { script->stuck = false; });
}

TEST(QueuedOutput, AFailureIsReportedAndRetried) {
    const auto script = std::make_shared<WriterScript>();
    script->refuse = true;
    QueuedOutput output("x", std::make_unique<TestWriter>(script), 10);
    script->wait_until([&] { return script->opened >= 2; });
    EXPECT_EQ(output.state().words, "the far end is not there");
    EXPECT_TRUE(output.state().trouble);
    EXPECT_FALSE(output.state().sending);
    script->set([&] { script->refuse = false; });
    output.send(datagram(7));
    script->wait_until([&] { return script->written == std::vector<int>{7}; });
    output.finish();
    EXPECT_EQ(output.state().words, "");
    EXPECT_FALSE(output.state().trouble);
}

TEST(QueuedOutput, AFailureIsReportedUntilSomethingLeavesAgain) {
    const auto script = std::make_shared<WriterScript>();
    script->idle = true;
    QueuedOutput output("x", std::make_unique<TestWriter>(script), 10);
    script->wait_until([&] { return script->opened == 1; });
    script->set([&] { script->refuse = true; });
    output.send(datagram(1));
    ASSERT_TRUE(test::comes([&] { return output.state().trouble; }));
    script->set([&] { script->refuse = false; });
    output.send(datagram(2));
    script->wait_until([&] { return !script->written.empty(); });
    ASSERT_TRUE(test::comes([&] { return output.state().words == "the far end went away"; }));
    EXPECT_TRUE(output.state().trouble) << "it is open again, but nothing has left";
    script->set([&] { script->idle = false; });
    EXPECT_TRUE(test::comes([&] { return output.state().sending && !output.state().trouble; }));
}

TEST(QueuedOutput, AReceiverThatIsBackGetsTheCurrentStream) {
    const auto script = std::make_shared<WriterScript>();
    script->refuse = true;
    script->accepts_backlog = false;
    QueuedOutput output("x", std::make_unique<TestWriter>(script), 100);
    script->wait_until([&] { return script->opened >= 1; });
    for (int i = 0; i < 5; ++i) output.send(datagram(i));
    script->set([&] { script->refuse = false; });
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (output.state().figures.at("opened") == 0 && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    output.send(datagram(9));
    script->wait_until([&] { return !script->written.empty(); });
    EXPECT_EQ(script->written.front(), 9);
    EXPECT_EQ(output.state().figures.at("dropped"), 5);
}

/// Records when each datagram is sent.
class RecordingOutput final : public Output {
  public:
    void send(const Datagram& d) override { sent.emplace_back(d.time, std::chrono::steady_clock::now()); }
    void finish() override {}
    [[nodiscard]] OutputState state() const override { return {}; }
    [[nodiscard]] FrameFate fate_of(std::int64_t /*picture*/) const override { return FrameFate::left; }
    std::vector<std::pair<StreamTime, std::chrono::steady_clock::time_point>> sent;
};

TEST(Pacer, SendsEachDatagramOnTimeWithoutDrift) {
    auto own = std::make_unique<RecordingOutput>();
    auto& recording = *own;
    std::vector<std::unique_ptr<Output>> outputs;
    outputs.push_back(std::move(own));
    Pacer pacer(std::move(outputs), Pacer::Mode::live);
    const auto begun = std::chrono::steady_clock::now();  // before the stream's first moment
    for (int i = 0; i < 600; ++i) pacer.write(datagram(i));
    pacer.finish();
    ASSERT_EQ(recording.sent.size(), 600U);
    const auto first_time = recording.sent.front().first;
    for (const auto& [time, at] : recording.sent) EXPECT_GE(at - begun, time - first_time) << "never early";
    const auto whole = recording.sent.back().second - begun;
    EXPECT_GE(whole, 599ms);
    EXPECT_LT(whole, 900ms) << "a late datagram delays none after it";
    EXPECT_EQ(pacer.figures().at("overran"), 0);
}

TEST(Pacer, FollowsTheHouseClockAndIsOnTimeAgainAfterAStall) {
    auto own = std::make_unique<RecordingOutput>();
    auto& recording = *own;
    std::vector<std::unique_ptr<Output>> outputs;
    outputs.push_back(std::move(own));
    Pacer pacer(std::move(outputs), Pacer::Mode::live);
    const auto zero = std::chrono::steady_clock::now() + 50ms;
    pacer.set_anchor(StreamTime{}, zero);
    for (int i = 0; i < 100; ++i) pacer.write(datagram(i));
    std::this_thread::sleep_until(zero + 350ms);  // the loop stalls: a quarter of a second is missing
    for (int i = 100; i < 900; ++i) pacer.write(datagram(i));
    pacer.finish();
    ASSERT_EQ(recording.sent.size(), 900U);
    const auto moment = [&](std::size_t i) { return zero + std::chrono::milliseconds{i}; };
    for (std::size_t i = 0; i < 900; ++i) EXPECT_GE(recording.sent[i].second, moment(i)) << i;
    EXPECT_GE(recording.sent[350].second - recording.sent[100].second, 100ms) << "no burst";
    EXPECT_LE(recording.sent[899].second - moment(899), 15ms) << "on time again";
    EXPECT_EQ(pacer.figures().at("ran_dry"), 1);
    EXPECT_GE(pacer.figures().at("datagrams_late"), 100);
}

TEST(Pacer, QueuesAtMostEightSeconds) {
    std::vector<std::unique_ptr<Output>> outputs;
    outputs.push_back(std::make_unique<RecordingOutput>());
    Pacer pacer(std::move(outputs), Pacer::Mode::live);
    for (std::int64_t i = 0; i < 10; ++i) {
        const auto d = datagram(i * 2000);
        pacer.write(d);
    }
    EXPECT_GE(pacer.figures().at("overran"), 3) << "18 s were written; the pacer may hold two datagrams";
}

TEST(TsFileWriter, WritesAFilePerHourAndContinuesTheLastAfterARestart) {
    const test::Folder folder;
    const auto spec = parse_output("file:" + (folder / "feed") + "/");
    const std::atomic<bool> stop = false;
    const auto last = noon - 1ms;
    {
        TsFileWriter writer(spec);
        writer.open(stop);
        const std::vector<Datagram> run{datagram(1, last), datagram(2, noon), datagram(3, noon + 1s)};
        EXPECT_EQ(writer.write(run), std::vector<bool>(run.size(), true));
        writer.close();
    }
    const auto five = folder / "feed/2026-11-24T05Z.ts";
    EXPECT_EQ(std::filesystem::file_size(folder / "feed/2026-11-24T04Z.ts"), datagram_size);
    EXPECT_EQ(std::filesystem::file_size(five), 2 * datagram_size);
    std::ofstream(five, std::ios::app) << std::string(100, 'x');  // killed in the middle of a packet
    TsFileWriter again(spec);
    again.open(stop);
    EXPECT_EQ(again.write(std::vector<Datagram>{datagram(4, noon + 2s)}), std::vector<bool>{true});
    again.close();
    const auto bytes = read_file(five, 1U << 20);
    EXPECT_EQ(bytes.size(), 3 * datagram_size);
    for (std::size_t at = 0; at < bytes.size(); at += packet_size) EXPECT_EQ(bytes[at], 0x47);
}

TEST(TsFileWriter, ReportsAFolderThatCannotBeMade) {
    const test::Folder folder;
    const auto file = folder.write("plain", "x");
    const std::atomic<bool> stop = false;
    TsFileWriter writer(parse_output("file:" + file + "/below/"));
    try {
        writer.open(stop);
        FAIL();
    } catch (const Error& e) {
        EXPECT_THAT(e.what(), testing::HasSubstr(file + "/below"));
    }
}

}  // namespace
}  // namespace riverlight::player
