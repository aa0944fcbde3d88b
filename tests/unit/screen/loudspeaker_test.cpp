// The loudspeaker with a simulated sound card and a clock that the test owns.
#include "player/screen/loudspeaker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "content/base/error.hpp"

namespace riverlight::player {
namespace {

using testing::HasSubstr;
using namespace std::chrono;
using namespace std::chrono_literals;

/// Simulates a sound card, which outlives the device objects that open it.
struct Card {
    SteadyTime now{1000s};
    double clock_ppm = 0;
    std::int64_t room = 24'000;
    bool there = true, starve = false;
    int opened = 0;
    // of the running device
    std::vector<float> heard;  ///< left, since it was started
    double played = 0;         ///< sample frames of those that left
    SteadyTime started{};
    SoundDevice::State state = SoundDevice::State::idle;

    void pass(nanoseconds time) {
        now += time;
        if (state != SoundDevice::State::running) return;
        played += duration<double>(time).count() * sample_rate * (1 + clock_ppm / 1e6);
        if (played > double(heard.size()) || std::exchange(starve, false))
            state = SoundDevice::State::underrun;
    }
    /// When the sample at index `n` is heard.
    [[nodiscard]] SteadyTime moment_of(std::size_t n) const {
        return started + nanoseconds(std::llround(double(n) * 1e9 / sample_rate / (1 + clock_ppm / 1e6)));
    }
};

class Device final : public SoundDevice {
  public:
    explicit Device(Card& card) : card_(card) {
        if (!card.there) throw Error("the sound device 'hw:0' cannot be opened: No such device");
        ++card.opened;
        reset();
    }
    State state() override { return card_.there ? card_.state : State::disconnected; }
    std::optional<std::int64_t> delay() override {
        if (card_.state != State::running) return {};
        return std::int64_t(double(card_.heard.size()) - card_.played);
    }
    std::int64_t write(std::span<const float> samples) override {
        for (std::size_t i = 0; i < samples.size(); i += 2) card_.heard.push_back(samples[i]);
        return std::int64_t(samples.size() / 2);
    }
    void start() override {
        card_.state = State::running;
        card_.started = card_.now;
        card_.played = 0;
    }
    void reset() override {
        card_.heard.clear();
        card_.state = State::idle;
    }

  private:
    Card& card_;
};

class LoudspeakerTest : public testing::Test {
  protected:
    /// So many frames, each played 100 ms before it is seen; each begins with a click.
    void frames(int count) {
        for (int i = 0; i < count; ++i, ++frame_) {
            Samples samples(1920 * 2, 0.0F);
            samples[0] = samples[1] = 1.0F;
            dues_.push_back(due(frame_));
            loudspeaker_.play(samples, due(frame_), card_.now);
            card_.pass(40ms);
        }
    }
    [[nodiscard]] SteadyTime due(int frame) const {
        return SteadyTime{1000s} + 100ms + frame * 40ms + shift_;
    }
    /// The last whole click: when it is heard, against when its frame is seen.
    [[nodiscard]] nanoseconds last_click_late() const {
        for (auto n = card_.heard.size() - 1900; n > 0; --n)
            if (card_.heard[n] > 0.5F && card_.heard[n] >= card_.heard[n - 1] &&
                card_.heard[n] >= card_.heard[n + 1]) {
                const auto heard = card_.moment_of(n);
                auto best = nanoseconds::max();
                for (const auto& d : dues_)
                    if (abs(heard - d) < abs(best)) best = heard - d;
                return best;
            }
        return nanoseconds::max();
    }
    std::string evidence(const std::string& key) { return to_text(loudspeaker_.evidence().at(key)); }
    Card card_;
    nanoseconds shift_{};
    int frame_ = 0;
    std::vector<SteadyTime> dues_;
    Loudspeaker loudspeaker_{[this] { return std::make_unique<Device>(card_); }, {25, 1}, 0ms};
};

TEST_F(LoudspeakerTest, SoundIsHeardWhenItsFrameIsSeen) {
    frames(20);
    EXPECT_EQ(evidence("sound"), "yes");
    EXPECT_LT(abs(last_click_late()), 1ms);
}

class LoudspeakerDriftTest : public LoudspeakerTest, public testing::WithParamInterface<double> {};

TEST_P(LoudspeakerDriftTest, SoundOfAFastOrSlowCardStaysInStep) {
    card_.clock_ppm = GetParam();
    frames(25 * 900);
    EXPECT_LT(abs(last_click_late()), 1ms);
    EXPECT_NEAR(std::stod(evidence("sound_ppm")), GetParam(), 15);
    EXPECT_EQ(evidence("sound_resyncs"), "0");
    EXPECT_EQ(evidence("sound_xruns"), "0");
}
INSTANTIATE_TEST_SUITE_P(Clocks, LoudspeakerDriftTest, testing::Values(-200.0, 0.0, 35.0, 300.0));

TEST_F(LoudspeakerTest, SoundIsInStepAgainRightAfterAnUnderrun) {
    frames(20);
    card_.starve = true;
    frames(2);
    EXPECT_EQ(evidence("sound_xruns"), "1");
    frames(20);
    EXPECT_EQ(evidence("sound"), "yes");
    EXPECT_EQ(evidence("sound_xruns"), "1");
    EXPECT_LT(abs(last_click_late()), 1ms);
}

TEST_F(LoudspeakerTest, ACardIsOpenedWhenItIsPluggedIn) {
    card_.there = false;
    frames(60);
    EXPECT_THAT(evidence("sound"), HasSubstr("No such device"));
    card_.there = true;
    frames(60);
    EXPECT_EQ(evidence("sound"), "yes");
    card_.there = false;
    frames(10);
    EXPECT_THAT(evidence("sound"), HasSubstr("was disconnected"));
    EXPECT_EQ(evidence("sound_lost"), "1");
    card_.there = true;
    frames(100);
    EXPECT_EQ(evidence("sound"), "yes");
    EXPECT_EQ(card_.opened, 2);
    EXPECT_LT(abs(last_click_late()), 1ms);
}

TEST_F(LoudspeakerTest, SoundFollowsAJumpOfTheDisplaysClockWithinASecond) {
    frames(50);
    shift_ = 70ms;  // another display, another rate
    frames(30);
    EXPECT_EQ(evidence("sound_resyncs"), "1");
    EXPECT_LT(abs(last_click_late()), 1ms);
}

TEST_F(LoudspeakerTest, AFrameThatIsOverdueIsNotPlayedLate) {
    shift_ = -200ms;
    frames(10);
    EXPECT_EQ(evidence("sound"), "no");
    EXPECT_TRUE(card_.heard.empty());
}

}  // namespace
}  // namespace riverlight::player
