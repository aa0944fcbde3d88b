// A screen's steps on a display that does as it is told, and a clock that the test owns.
#include "player/screen/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace riverlight::player {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono;
using namespace std::chrono_literals;

const Moment start{1000s};

/// A display with vertical blanks of its own, and the pictures that were seen on it.
class Fake final : public Display {
  public:
    explicit Fake(const Moment& now) : now_(now) {
        plug("HDMI-A-1", "TV", {1920, 1080, {60, 1}, false, true, 0});
    }
    void plug(const std::string& name, const std::string& display, const Mode& mode) {
        connectors_ = {{7, name, true, display, {mode}}};
    }
    void unplug() { connectors_ = {{7, "HDMI-A-1", false, "", {}}}; }

    std::vector<Connector> connectors(bool) override {
        if (lost) throw Error("the graphics device does not answer");
        return connectors_;
    }
    void light(const Connector&, const Mode& mode, const Picture& picture) override {
        if (!refusal.empty()) throw Error(refusal);
        lit = powered = true;
        refresh = mode.refresh;
        first_picture = picture;
        pending_from_ = -1;
    }
    void dark() override { lit = powered = false; }
    void sleep(const Connector&) override {
        if (!refusal.empty()) throw Error(refusal);
        powered = false;
    }
    void wake(const Picture& picture) override {
        powered = true;
        first_picture = picture;
        pending_from_ = -1;
    }
    bool lay(std::span<const Overlay* const> texts, int width, int) override {
        EXPECT_EQ(width, 4);
        ++laid;
        const bool any = texts[0] || texts[1];
        text_shown = any && takes_text;
        return takes_text || !any;
    }
    void draw(const Picture& picture) override {
        drawn_ = picture.y[0];
        text_drawn = picture.y[7] > 100;
    }
    bool flip() override {
        if (broken || !powered) throw Error("a picture is refused");
        if (pending_from_ >= blank()) return false;
        pending_from_ = blank() + 1;
        seen.emplace_back(blank() + 1, drawn_);
        return true;
    }
    std::optional<Blank> last_blank() override {
        if (!counts || !powered) return {};
        return Blank{blank(), at(blank())};
    }
    std::string power() override { return powered ? "on" : "off"; }
    [[nodiscard]] std::string path() const override { return "fake"; }
    [[nodiscard]] unsigned card() const override { return 0; }

    /// 0.02 % slower than the mode says.
    [[nodiscard]] Moment at(std::int64_t blank) const {
        return Moment(nanoseconds(
            std::int64_t(double(blank) * 1e9 * double(refresh.den) / double(refresh.num) * 1.0002)));
    }
    [[nodiscard]] std::int64_t blank() const {
        auto b = std::int64_t(double(now_.time_since_epoch().count()) / 1e9 * double(refresh.num) /
                              double(refresh.den) / 1.0002) +
                 2;
        while (at(b) > now_) --b;
        return b;
    }

    bool lit = false, powered = false, counts = true, lost = false, broken = false;
    bool takes_text = false, text_shown = false, text_drawn = false;
    int laid = 0;
    std::string refusal;
    Ratio refresh{60, 1};
    Picture first_picture;
    std::vector<std::pair<std::int64_t, int>> seen;  ///< blank, picture

  private:
    const Moment& now_;
    std::vector<Connector> connectors_;
    int drawn_ = -1;
    std::int64_t pending_from_ = -1;
};

class RunTest : public testing::Test {
  protected:
    ScreenRun& run() {
        if (!run_) run_ = std::make_unique<ScreenRun>(display_, spec_, Ratio{25, 1}, 200ms, now_, panel_on_);
        return *run_;
    }
    /// Goes on for so long, with a picture whenever one is wanted.
    void go(milliseconds time) {
        const auto until = now_ + time;
        while (now_ < until) {
            auto next = run().step(now_);
            if (run().hungry() && now_ >= slow_until_) {
                Picture p = black(4, 2);
                p.y[0] = static_cast<std::uint8_t>(frame_ % 200);
                due_.push_back(run().timing().due(frame_));
                run().give({std::make_shared<const Picture>(std::move(p)), {}, text_}, frame_++, now_);
                next = now_;
            } else if (run().hungry()) {
                next = std::min(next, slow_until_);
            }
            now_ = std::max(now_ + 20us, std::min(next + 30us, now_ + 2ms));
        }
    }
    std::string told(const std::string& key) { return run().evidence().at(key); }
    /// How many blanks each picture stood, from the n-th on.
    std::string stood(std::size_t from, std::size_t count) {
        std::string out;
        for (std::size_t i = from; i < from + count && i + 1 < display_.seen.size(); ++i)
            out += (out.empty() ? "" : " ") +
                   std::to_string(display_.seen[i + 1].first - display_.seen[i].first);
        return out;
    }
    Moment now_ = start, slow_until_ = start;
    Fake display_{now_};
    ScreenSpec spec_;
    bool panel_on_ = true;
    std::shared_ptr<const Overlay> text_;
    std::int64_t frame_ = 0;
    std::vector<Moment> due_;
    std::unique_ptr<ScreenRun> run_;
};

TEST_F(RunTest, FramesStandByTheirCadenceAndNoneIsLost) {
    go(10s);
    ASSERT_GT(display_.seen.size(), 240U);
    for (std::size_t i = 0; i < display_.seen.size(); ++i) EXPECT_EQ(display_.seen[i].second, int(i % 200));
    const auto pattern = stood(5, 10);
    EXPECT_EQ(std::count(pattern.begin(), pattern.end(), '2'), 6) << pattern;
    EXPECT_EQ(std::count(pattern.begin(), pattern.end(), '3'), 4) << pattern;
    EXPECT_EQ(told("frames_late"), "0");
    EXPECT_EQ(told("mode"), "1920x1080@60");
    EXPECT_EQ(told("display"), "TV");
    EXPECT_EQ(told("dpms"), "on");
}

TEST_F(RunTest, WhatWasPromisedIsWhatIsSeen) {
    go(300s);
    // By then the display's rate is measured: it is a fifth of a thousandth slower than it says.
    for (std::size_t i = display_.seen.size() - 100; i < display_.seen.size(); ++i)
        EXPECT_LT(abs(display_.at(display_.seen[i].first) - due_[i]), 2ms) << i;
}

TEST_F(RunTest, ADriverThatCountsNoBlanksIsKeptToTheModesRate) {
    display_.counts = false;
    go(10s);
    EXPECT_NEAR(double(display_.seen.size()), 245, 3);
    EXPECT_NEAR(double((due_[200] - due_[100]).count()) / 1e9, 4.0, 0.001);
}

TEST_F(RunTest, AnUnpluggedDisplayCostsNoFrameAndComesBackWithThePictureThatIsOn) {
    go(2s);
    const auto before = frame_;
    display_.unplug();
    go(20s);
    EXPECT_NEAR(double(frame_ - before), 500, 5) << "the run goes on at its beat";
    EXPECT_EQ(told("connector"), "none");
    EXPECT_EQ(told("unplugged"), "1");
    EXPECT_NEAR(std::stod(told("frames_unseen")), 475, 30);
    EXPECT_THAT(run().trouble(), HasSubstr("no display is plugged in"));
    display_.plug("HDMI-A-1", "TV", {1920, 1080, {60, 1}, false, true, 0});
    const auto shown = display_.seen.size();
    go(5s);
    EXPECT_EQ(told("connector"), "HDMI-A-1");
    EXPECT_THAT(run().trouble(), IsEmpty());
    EXPECT_EQ(display_.first_picture.width, 4) << "not black: the frame that was on";
    EXPECT_GT(display_.seen.size(), shown + 90);
    EXPECT_EQ(std::stoi(told("frames_shown")) + std::stoi(told("frames_unseen")) +
                  std::stoi(told("frames_skipped")) + (run().hungry() ? 0 : 1),
              frame_)
        << "each frame had its turn once";
}

TEST_F(RunTest, FramesNeverGoBackInTimeWhenTheClockChanges) {
    go(1s);
    for (int i = 0; i < 5; ++i) {
        display_.unplug();
        go(3'137ms);
        display_.plug("HDMI-A-1", "TV", {1920, 1080, {i % 2 ? 50 : 60, 1}, false, true, 0});
        go(3'711ms);
    }
    for (std::size_t i = 1; i < due_.size(); ++i) {
        const auto length = due_[i] - due_[i - 1];
        ASSERT_GT(length, 10ms) << i;
        ASSERT_LT(length, 90ms) << i;
    }
}

TEST_F(RunTest, AnotherDisplayOnTheSameConnectorIsLitAnew) {
    go(2s);
    display_.plug("HDMI-A-1", "Projector", {1280, 720, {50, 1}, false, true, 0});
    go(2s);
    EXPECT_EQ(told("display"), "Projector");
    EXPECT_EQ(told("mode"), "1280x720@50");
    EXPECT_EQ(told("plugged"), "2");
}

TEST_F(RunTest, ARefusedModeIsToldAndTriedAgain) {
    display_.refusal = "another program (a desktop?) owns the screen";
    go(3s);
    EXPECT_THAT(run().trouble(), HasSubstr("desktop"));
    EXPECT_EQ(told("frames_shown"), "0");
    EXPECT_GT(frame_, 60) << "the run goes on";
    display_.refusal.clear();
    go(2s);
    EXPECT_TRUE(display_.lit);
    EXPECT_GT(std::stoi(told("frames_shown")), 15);
}

TEST_F(RunTest, ADeviceThatFailsInTheMiddleIsDarkAndComesBack) {
    go(2s);
    display_.broken = true;
    go(2s);
    EXPECT_THAT(run().trouble(), HasSubstr("refused"));
    display_.broken = false;
    display_.lost = true;
    go(2s);
    EXPECT_THAT(run().trouble(), HasSubstr("does not answer"));
    display_.lost = false;
    const auto shown = display_.seen.size();
    go(3s);
    EXPECT_GT(display_.seen.size(), shown + 40);
}

TEST_F(RunTest, AMachineThatSleptGoesOnRatherThanRaceThroughWhatItMissed) {
    go(2s);
    slow_until_ = now_ + 30s;
    now_ += 30s;
    const auto before = frame_;
    go(2s);
    EXPECT_NEAR(double(frame_ - before), 50, 4);
}

TEST_F(RunTest, AfterAShortDelayTheFrameThatIsDueIsShownAndWhatWasMissedIsCounted) {
    go(2s);
    slow_until_ = now_ + 150ms;
    go(2s);
    EXPECT_NEAR(std::stod(told("frames_skipped")), 2, 1);
    EXPECT_LE(std::stoi(told("frames_late")), 3);
    EXPECT_NEAR(double(frame_), 95, 3);
}

std::shared_ptr<const Overlay> white() {
    return std::make_shared<const Overlay>(Overlay{2, 0, 2, 2, std::vector<std::uint8_t>(16, 255)});
}

TEST_F(RunTest, TextThatStandsIsLaidOnce) {
    display_.takes_text = true;
    text_ = white();
    go(4s);
    EXPECT_EQ(display_.laid, 1);
    EXPECT_TRUE(display_.text_shown);
    EXPECT_FALSE(display_.text_drawn) << "not twice";
    EXPECT_EQ(told("text"), "plane");
    text_ = white();
    go(1s);
    EXPECT_EQ(display_.laid, 2);
    text_.reset();
    go(1s);
    EXPECT_EQ(display_.laid, 3);
    EXPECT_FALSE(display_.text_shown);
    EXPECT_EQ(told("text"), "");
}

TEST_F(RunTest, TextThatADisplayDoesNotTakeIsInThePicture) {
    text_ = white();
    go(2s);
    EXPECT_EQ(display_.laid, 1) << "it is not asked again for the same";
    EXPECT_TRUE(display_.text_drawn);
    EXPECT_EQ(told("text"), "picture");
}

TEST_F(RunTest, ADisplayThatComesIsOfferedTheTextThatStands) {
    display_.takes_text = true;
    text_ = white();
    go(2s);
    display_.unplug();
    go(3s);
    display_.text_shown = false;
    display_.plug("HDMI-A-1", "TV", {1920, 1080, {60, 1}, false, true, 0});
    go(3s);
    EXPECT_GT(display_.first_picture.y[7], 100) << "its first picture holds the text";
    EXPECT_EQ(display_.laid, 2);
    EXPECT_TRUE(display_.text_shown);
    EXPECT_FALSE(display_.text_drawn);
}

TEST_F(RunTest, APanelThatIsSwitchedOffCostsNoFrameAndComesOnWithThePictureThatIsOn) {
    go(2s);
    const auto shown = display_.seen.size();
    const auto before = frame_;
    run().set_panel(false, now_);
    go(20s);
    EXPECT_FALSE(display_.powered);
    EXPECT_TRUE(display_.lit) << "its mode is kept";
    EXPECT_NEAR(double(frame_ - before), 500, 5) << "the run goes on at its beat";
    EXPECT_NEAR(double(display_.seen.size()), double(shown), 1);
    EXPECT_EQ(told("connector"), "HDMI-A-1");
    EXPECT_EQ(told("panel"), "off");
    EXPECT_EQ(told("dpms"), "off");
    EXPECT_NEAR(std::stod(told("frames_dark")), 500, 5);
    EXPECT_EQ(told("frames_unseen"), "0");
    EXPECT_EQ(told("unplugged"), "0");
    EXPECT_THAT(run().trouble(), IsEmpty()) << "as it should be";
    const auto on = int(frame_ % 200);
    run().set_panel(true, now_);
    go(5s);
    EXPECT_EQ(told("panel"), "on");
    EXPECT_EQ(told("dpms"), "on");
    EXPECT_NEAR(display_.first_picture.y[0], on, 1);
    EXPECT_NEAR(double(display_.seen.size() - shown), 125, 5);
    EXPECT_EQ(told("frames_late"), "0");
}

TEST_F(RunTest, APanelThatBeginsOffIsNotLit) {
    panel_on_ = false;
    go(5s);
    EXPECT_FALSE(display_.lit);
    EXPECT_FALSE(display_.powered);
    EXPECT_EQ(told("connector"), "HDMI-A-1");
    EXPECT_EQ(told("dpms"), "off");
    run().set_panel(true, now_);
    go(2s);
    EXPECT_TRUE(display_.lit);
    EXPECT_EQ(told("plugged"), "1");
    EXPECT_GT(display_.seen.size(), 40U);
}

TEST_F(RunTest, APanelThatIsOffStaysOffWhateverIsPluggedIn) {
    go(1s);
    run().set_panel(false, now_);
    go(2s);
    display_.unplug();
    go(2s);
    EXPECT_EQ(told("connector"), "none");
    EXPECT_THAT(run().trouble(), HasSubstr("no display is plugged in"));
    display_.plug("HDMI-A-1", "Projector", {1280, 720, {50, 1}, false, true, 0});
    go(6s);
    EXPECT_FALSE(display_.powered);
    EXPECT_EQ(told("connector"), "HDMI-A-1");
    EXPECT_EQ(told("display"), "Projector");
    run().set_panel(true, now_);
    go(2s);
    EXPECT_EQ(told("mode"), "1280x720@50");
    EXPECT_EQ(told("dpms"), "on");
}

TEST_F(RunTest, APanelThatCannotBeSwitchedOffIsTold) {
    go(1s);
    display_.refusal = "cannot be switched off";
    run().set_panel(false, now_);
    go(2s);
    EXPECT_THAT(run().trouble(), HasSubstr("cannot be switched off"));
    display_.refusal.clear();
    go(2s);
    EXPECT_EQ(told("dpms"), "off");
    EXPECT_THAT(run().trouble(), IsEmpty());
}

TEST_F(RunTest, ANamedConnectorIsWaitedFor) {
    spec_.connector = "HDMI-A-1";
    display_.unplug();
    go(2s);
    EXPECT_THAT(run().trouble(), HasSubstr("HDMI-A-1"));
    EXPECT_FALSE(display_.lit);
}

TEST_F(RunTest, APortraitScreenIsShownItsPictureTurned) {
    spec_.rotate = 90;
    display_.unplug();
    go(1s);
    display_.plug("HDMI-A-1", "TV", {1920, 1080, {60, 1}, false, true, 0});
    go(2s);
    EXPECT_EQ(display_.first_picture.width, 2);
    EXPECT_EQ(display_.first_picture.height, 4);
}

}  // namespace
}  // namespace riverlight::player
