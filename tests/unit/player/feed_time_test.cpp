// A feed's time tables and its monitor's view of the PCR, over days and when the wall clock is set.
#include <gtest/gtest.h>

#include <cmath>

#include "player/feed/feed.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");

/// Records the TDTs (EN 300 468, 5.2.5) that leave.
class TimeTables final : public Output {
  public:
    struct Tdt {
        sys_seconds time;
        Instant left;
    };
    void send(const Datagram& d) override {
        for (std::size_t at = 0; at < datagram_size; at += packet_size) read(d, d.bytes.data() + at);
        last = d.utc;
    }
    void finish() override {}
    [[nodiscard]] OutputState state() const override { return {}; }
    [[nodiscard]] FrameFate fate_of(std::int64_t /*picture*/) const override { return FrameFate::left; }
    std::vector<Tdt> tdts;
    Instant last{};

  private:
    static int bcd(std::uint8_t b) { return (b >> 4) * 10 + (b & 15); }
    void read(const Datagram& d, const std::uint8_t* p) {
        if ((p[1] & 0x5f) != 0x40 || p[2] != 0x14 || p[5] != 0x70) return;
        const auto* t = p + 8;  // behind pointer and section header
        const sys_days day{days{(t[0] << 8 | t[1]) - 40'587}};
        tdts.push_back({day + hours{bcd(t[2])} + minutes{bcd(t[3])} + seconds{bcd(t[4])}, d.utc});
    }
};

class FeedTimeTest : public testing::Test {
  protected:
    FeedTimeTest() : pacer_(made(), Pacer::Mode::unpaced), feed_({profile_, {}, "", noon}, pacer_) {
        frame_.video.assign(4000, 0x55);
    }
    /// Plays frames up to `until`, with the wall clock set by `off` since the start.
    void play(std::int64_t until, microseconds off) {
        for (; frames_ < until; ++frames_) {
            const auto at = milliseconds{frames_ * 40};
            feed_.set_frame_time(frames_, steady_clock::time_point{at}, noon + feed_.delay() + at + off);
            frame_.key = frames_ % 24 == 0;
            frame_.sound.assign(frames_ % 3 == 2 ? 1 : 2, Bytes(576, 0xff));
            feed_.splice(frame_);
        }
    }
    std::vector<std::unique_ptr<Output>> made() {
        std::vector<std::unique_ptr<Output>> outputs;
        auto own = std::make_unique<TimeTables>();
        tables_ = own.get();
        outputs.push_back(std::move(own));
        return outputs;
    }
    Profile profile_ = profile_named("720p25");
    TimeTables* tables_ = nullptr;
    Pacer pacer_;
    Feed feed_;
    CodedFrame frame_;
    std::int64_t frames_ = 0;
};

TEST_F(FeedTimeTest, TablesAndFilesFollowTheWallClockWhenItIsSet) {
    play(40 * 25, 0s);
    const auto before = tables_->last;
    EXPECT_LT(std::chrono::abs(before - (noon + 40s)), 2s);
    play(80 * 25, 3600s);
    feed_.finish();
    ASSERT_GE(tables_->tdts.size(), 8U);
    EXPECT_LT(std::chrono::abs(tables_->tdts.front().time - noon), 1s);
    EXPECT_GT(tables_->tdts.back().time, noon + 3600s + 65s);
    for (const auto& t : tables_->tdts) {  // a datagram's time is that of its first packet
        EXPECT_LE(t.time, t.left + 3ms) << "to the second";
        EXPECT_GT(t.time, t.left - 1s) << "to the second";
    }
    EXPECT_GT(tables_->last - before, 3600s + 35s) << "the time of hour files and HLS";
}

TEST_F(FeedTimeTest, TheTdtHoldsTheTimeAtWhichItLeaves) {
    play(30 * 25, 0s);
    ASSERT_FALSE(tables_->tdts.empty());
    // Frames leave about 0.7 s before they are seen; a packet has the wall clock of when it leaves.
    const auto left = noon + milliseconds{(frames_ - feed_.frames_ahead()) * 40};
    EXPECT_LT(std::chrono::abs(tables_->last - left), 200ms);
}

TEST(FeedState, ContinuesByTheWallClockAsItWasSetLast) {
    FeedState state("");
    const auto first = state.frame_at(noon, 25);
    state.set_anchor(noon + 3600s - milliseconds{first * 40});  // the clock was set an hour forward
    state.set_last_frame(first + 250);
    EXPECT_EQ(state.frame_at(noon + 3600s + 12s, 25), first + 300) << "twelve seconds later, not an hour";
}

/// One packet with a PCR, at packet `number` of a stream of 50 packets a second.
std::array<std::uint8_t, packet_size> clock_packet(std::int64_t number, ClockTicks error) {
    std::array<std::uint8_t, packet_size> packet{};
    PacketHead head;
    head.pid = 0x101;
    head.pcr = StreamTime{number * ClockTicks{20ms} + ClockTicks{5s} + error};
    std::uint8_t counter = 0;
    static_cast<void>(write_packet(packet, head, counter, {}));
    return packet;
}

TEST(Monitor, AcceptsAPcrThatWrapsAndReportsJitter) {
    Monitor monitor(1504 * 50);
    for (std::int64_t n = 0; n < 50 * 3600 * 54; ++n)
        monitor.inspect(clock_packet(n, ClockTicks{0}));  // two wraps
    EXPECT_LT(std::stod(to_text(monitor.evidence().at("ts_pcr_jitter_ns"))), 100);
    EXPECT_EQ(monitor.alarm(), "");
    monitor.inspect(clock_packet(50 * 3600 * 54, ClockTicks{27}));
    EXPECT_NEAR(std::stod(to_text(monitor.evidence().at("ts_pcr_jitter_ns"))), 1000, 100);
    EXPECT_NE(monitor.alarm(), "");
}

}  // namespace
}  // namespace riverlight::player
