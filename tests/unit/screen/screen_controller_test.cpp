// The screen controller with a simulated display and a clock that the test owns.
#include "player/screen/screen_controller.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/base/error.hpp"

namespace riverlight::player {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono;
using namespace std::chrono_literals;

const SteadyTime start{1000s};

/// Simulates a display with its own vertical blanks and records the pictures that were shown.
class FakeDisplay final : public Display {
  public:
    explicit FakeDisplay(const SteadyTime& now) : now_(now) {
        plug("HDMI-A-1", "TV", {1920, 1080, {60, 1}, false, true, 0});
    }
    void plug(const std::string& name, const std::string& display, const Mode& mode) {
        connectors_ = {{7, name, true, display, {mode}}};
    }
    void unplug() { connectors_ = {{7, "HDMI-A-1", false, "", {}}}; }

    std::vector<Connector> connectors(Probe) override {
        if (lost) throw Error("the graphics device does not answer");
        return connectors_;
    }
    void enable(const Connector&, const Mode& mode, const Picture& picture) override {
        if (!refusal.empty()) throw Error(refusal);
        enabled = powered = true;
        refresh = mode.refresh;
        first_picture = picture;
        pending_from_ = -1;
    }
    void disable() override { enabled = powered = false; }
    void power_off(const Connector&) override {
        if (!refusal.empty()) throw Error(refusal);
        powered = false;
    }
    void power_on(const Picture& picture) override {
        powered = true;
        first_picture = picture;
        pending_from_ = -1;
    }
    bool set_overlays(std::span<const Overlay* const> texts, int width, int) override {
        EXPECT_EQ(width, 4);
        ++offered;
        const bool any = texts[0] || texts[1];
        text_shown = any && takes_text;
        return takes_text || !any;
    }
    void draw(const Picture& picture) override {
        drawn_ = picture.y[0];
        text_drawn = picture.y[7] > 100;
    }
    bool page_flip() override {
        if (broken || !powered) throw Error("a picture is refused");
        if (pending_from_ >= blank()) return false;
        pending_from_ = blank() + 1;
        seen.emplace_back(blank() + 1, drawn_);
        return true;
    }
    std::optional<Vblank> last_vblank() override {
        if (!counts || !powered) return {};
        return Vblank{blank(), at(blank())};
    }
    std::string dpms_state() override { return powered ? "on" : "off"; }
    [[nodiscard]] std::string description() const override { return "fake"; }
    [[nodiscard]] unsigned card_number() const override { return 0; }

    /// 0.02 % slower than the mode says.
    [[nodiscard]] SteadyTime at(std::int64_t blank) const {
        return SteadyTime(nanoseconds(
            std::int64_t(double(blank) * 1e9 * double(refresh.den) / double(refresh.num) * 1.0002)));
    }
    [[nodiscard]] std::int64_t blank() const {
        auto b = std::int64_t(double(now_.time_since_epoch().count()) / 1e9 * double(refresh.num) /
                              double(refresh.den) / 1.0002) +
                 2;
        while (at(b) > now_) --b;
        return b;
    }

    bool enabled = false, powered = false, counts = true, lost = false, broken = false;
    bool takes_text = false, text_shown = false, text_drawn = false;
    int offered = 0;
    std::string refusal;
    Ratio refresh{60, 1};
    Picture first_picture;
    std::vector<std::pair<std::int64_t, int>> seen;  ///< blank, picture

  private:
    const SteadyTime& now_;
    std::vector<Connector> connectors_;
    int drawn_ = -1;
    std::int64_t pending_from_ = -1;
};

class ScreenControllerTest : public testing::Test {
  protected:
    ScreenController& controller() {
        if (!controller_)
            controller_ =
                std::make_unique<ScreenController>(display_, spec_, Ratio{25, 1}, 200ms, now_, panel_on_);
        return *controller_;
    }
    /// Lets that time pass and submits a frame whenever one is accepted.
    void run_for(milliseconds time) {
        const auto until = now_ + time;
        while (now_ < until) {
            auto next = controller().step(now_);
            if (controller().ready_for_frame() && now_ >= slow_until_) {
                Picture p = black(4, 2);
                p.y[0] = static_cast<std::uint8_t>(frame_ % 200);
                due_.push_back(controller().timing().due(frame_));
                controller().submit({std::make_shared<const Picture>(std::move(p)), {}, text_}, frame_++,
                                    now_);
                next = now_;
            } else if (controller().ready_for_frame()) {
                next = std::min(next, slow_until_);
            }
            now_ = std::max(now_ + 20us, std::min(next + 30us, now_ + 2ms));
        }
    }
    std::string evidence(const std::string& key) { return to_text(controller().evidence().at(key)); }
    /// How many blanks each picture was shown, from picture `from` on.
    std::string durations(std::size_t from, std::size_t count) {
        std::string out;
        for (std::size_t i = from; i < from + count && i + 1 < display_.seen.size(); ++i)
            out += (out.empty() ? "" : " ") +
                   std::to_string(display_.seen[i + 1].first - display_.seen[i].first);
        return out;
    }
    SteadyTime now_ = start, slow_until_ = start;
    FakeDisplay display_{now_};
    ScreenSpec spec_;
    bool panel_on_ = true;
    std::shared_ptr<const Overlay> text_;
    std::int64_t frame_ = 0;
    std::vector<SteadyTime> due_;
    std::unique_ptr<ScreenController> controller_;
};

TEST_F(ScreenControllerTest, FramesKeepTheirCadenceAndNoneIsLost) {
    run_for(10s);
    ASSERT_GT(display_.seen.size(), 240U);
    for (std::size_t i = 0; i < display_.seen.size(); ++i) EXPECT_EQ(display_.seen[i].second, int(i % 200));
    const auto pattern = durations(5, 10);
    EXPECT_EQ(std::count(pattern.begin(), pattern.end(), '2'), 6) << pattern;
    EXPECT_EQ(std::count(pattern.begin(), pattern.end(), '3'), 4) << pattern;
    EXPECT_EQ(evidence("frames_late"), "0");
    EXPECT_EQ(evidence("mode"), "1920x1080@60");
    EXPECT_EQ(evidence("display"), "TV");
    EXPECT_EQ(evidence("dpms"), "on");
}

TEST_F(ScreenControllerTest, FramesAreSeenWhenPromised) {
    run_for(300s);
    // By then the display's rate is measured: it is 0.02 % lower than the nominal one.
    for (std::size_t i = display_.seen.size() - 100; i < display_.seen.size(); ++i)
        EXPECT_LT(abs(display_.at(display_.seen[i].first) - due_[i]), 2ms) << i;
}

TEST_F(ScreenControllerTest, WithoutAVblankCounterFramesKeepTheModesRate) {
    display_.counts = false;
    run_for(10s);
    EXPECT_NEAR(double(display_.seen.size()), 245, 3);
    EXPECT_NEAR(double((due_[200] - due_[100]).count()) / 1e9, 4.0, 0.001);
}

TEST_F(ScreenControllerTest, AnUnpluggedDisplayLosesNoFrameAndShowsTheCurrentPictureWhenItIsBack) {
    run_for(2s);
    const auto before = frame_;
    display_.unplug();
    run_for(20s);
    EXPECT_NEAR(double(frame_ - before), 500, 5) << "frames keep their rate";
    EXPECT_EQ(evidence("connector"), "none");
    EXPECT_EQ(evidence("unplugged"), "1");
    EXPECT_NEAR(std::stod(evidence("frames_unseen")), 475, 30);
    EXPECT_THAT(controller().trouble(), HasSubstr("no display is plugged in"));
    display_.plug("HDMI-A-1", "TV", {1920, 1080, {60, 1}, false, true, 0});
    const auto shown = display_.seen.size();
    run_for(5s);
    EXPECT_EQ(evidence("connector"), "HDMI-A-1");
    EXPECT_THAT(controller().trouble(), IsEmpty());
    EXPECT_EQ(display_.first_picture.width, 4) << "the current frame, not black";
    EXPECT_GT(display_.seen.size(), shown + 90);
    EXPECT_EQ(std::stoi(evidence("frames_shown")) + std::stoi(evidence("frames_unseen")) +
                  std::stoi(evidence("frames_skipped")) + (controller().ready_for_frame() ? 0 : 1),
              frame_)
        << "each frame was counted once";
}

TEST_F(ScreenControllerTest, FramesNeverGoBackInTimeWhenTheClockChanges) {
    run_for(1s);
    for (int i = 0; i < 5; ++i) {
        display_.unplug();
        run_for(3'137ms);
        display_.plug("HDMI-A-1", "TV", {1920, 1080, {i % 2 ? 50 : 60, 1}, false, true, 0});
        run_for(3'711ms);
    }
    for (std::size_t i = 1; i < due_.size(); ++i) {
        const auto length = due_[i] - due_[i - 1];
        ASSERT_GT(length, 10ms) << i;
        ASSERT_LT(length, 90ms) << i;
    }
}

TEST_F(ScreenControllerTest, AnotherDisplayOnTheSameConnectorIsEnabledAgain) {
    run_for(2s);
    display_.plug("HDMI-A-1", "Projector", {1280, 720, {50, 1}, false, true, 0});
    run_for(2s);
    EXPECT_EQ(evidence("display"), "Projector");
    EXPECT_EQ(evidence("mode"), "1280x720@50");
    EXPECT_EQ(evidence("plugged"), "2");
}

TEST_F(ScreenControllerTest, ARefusedModeIsReportedAndTriedAgain) {
    display_.refusal = "another program (a desktop?) owns the screen";
    run_for(3s);
    EXPECT_THAT(controller().trouble(), HasSubstr("desktop"));
    EXPECT_EQ(evidence("frames_shown"), "0");
    EXPECT_GT(frame_, 60) << "frames keep their rate";
    display_.refusal.clear();
    run_for(2s);
    EXPECT_TRUE(display_.enabled);
    EXPECT_GT(std::stoi(evidence("frames_shown")), 15);
}

TEST_F(ScreenControllerTest, ADeviceThatFailsIsDisabledAndEnabledAgain) {
    run_for(2s);
    display_.broken = true;
    run_for(2s);
    EXPECT_THAT(controller().trouble(), HasSubstr("refused"));
    display_.broken = false;
    display_.lost = true;
    run_for(2s);
    EXPECT_THAT(controller().trouble(), HasSubstr("does not answer"));
    display_.lost = false;
    const auto shown = display_.seen.size();
    run_for(3s);
    EXPECT_GT(display_.seen.size(), shown + 40);
}

TEST_F(ScreenControllerTest, FramesMissedDuringASuspendAreNotCaughtUpWith) {
    run_for(2s);
    slow_until_ = now_ + 30s;
    now_ += 30s;
    const auto before = frame_;
    run_for(2s);
    EXPECT_NEAR(double(frame_ - before), 50, 4);
}

TEST_F(ScreenControllerTest, AShortDelaySkipsAndCountsTheFramesMissed) {
    run_for(2s);
    slow_until_ = now_ + 150ms;
    run_for(2s);
    EXPECT_NEAR(std::stod(evidence("frames_skipped")), 2, 1);
    EXPECT_LE(std::stoi(evidence("frames_late")), 3);
    EXPECT_NEAR(double(frame_), 95, 3);
}

std::shared_ptr<const Overlay> white() {
    return std::make_shared<const Overlay>(Overlay{2, 0, 2, 2, std::vector<std::uint8_t>(16, 255)});
}

TEST_F(ScreenControllerTest, UnchangedTextIsOfferedOnce) {
    display_.takes_text = true;
    text_ = white();
    run_for(4s);
    EXPECT_EQ(display_.offered, 1);
    EXPECT_TRUE(display_.text_shown);
    EXPECT_FALSE(display_.text_drawn) << "not twice";
    EXPECT_EQ(evidence("text"), "plane");
    text_ = white();
    run_for(1s);
    EXPECT_EQ(display_.offered, 2);
    text_.reset();
    run_for(1s);
    EXPECT_EQ(display_.offered, 3);
    EXPECT_FALSE(display_.text_shown);
    EXPECT_EQ(evidence("text"), "");
}

TEST_F(ScreenControllerTest, TextThatTheDisplayRefusesIsInThePicture) {
    text_ = white();
    run_for(2s);
    EXPECT_EQ(display_.offered, 1) << "the same text is not offered again";
    EXPECT_TRUE(display_.text_drawn);
    EXPECT_EQ(evidence("text"), "picture");
}

TEST_F(ScreenControllerTest, ADisplayThatIsPluggedInIsOfferedTheCurrentText) {
    display_.takes_text = true;
    text_ = white();
    run_for(2s);
    display_.unplug();
    run_for(3s);
    display_.text_shown = false;
    display_.plug("HDMI-A-1", "TV", {1920, 1080, {60, 1}, false, true, 0});
    run_for(3s);
    EXPECT_GT(display_.first_picture.y[7], 100) << "the first picture holds the text";
    EXPECT_EQ(display_.offered, 2);
    EXPECT_TRUE(display_.text_shown);
    EXPECT_FALSE(display_.text_drawn);
}

TEST_F(ScreenControllerTest, APanelThatIsSwitchedOffLosesNoFrameAndShowsTheCurrentPictureWhenItIsOn) {
    run_for(2s);
    const auto shown = display_.seen.size();
    const auto before = frame_;
    controller().set_panel(false, now_);
    run_for(20s);
    EXPECT_FALSE(display_.powered);
    EXPECT_TRUE(display_.enabled) << "its mode is kept";
    EXPECT_NEAR(double(frame_ - before), 500, 5) << "frames keep their rate";
    EXPECT_NEAR(double(display_.seen.size()), double(shown), 1);
    EXPECT_EQ(evidence("connector"), "HDMI-A-1");
    EXPECT_EQ(evidence("panel"), "off");
    EXPECT_EQ(evidence("dpms"), "off");
    EXPECT_NEAR(std::stod(evidence("frames_dark")), 500, 5);
    EXPECT_EQ(evidence("frames_unseen"), "0");
    EXPECT_EQ(evidence("unplugged"), "0");
    EXPECT_THAT(controller().trouble(), IsEmpty()) << "switched off on purpose";
    const auto on = int(frame_ % 200);
    controller().set_panel(true, now_);
    run_for(5s);
    EXPECT_EQ(evidence("panel"), "on");
    EXPECT_EQ(evidence("dpms"), "on");
    EXPECT_NEAR(display_.first_picture.y[0], on, 1);
    EXPECT_NEAR(double(display_.seen.size() - shown), 125, 5);
    EXPECT_EQ(evidence("frames_late"), "0");
}

TEST_F(ScreenControllerTest, APanelThatIsOffFromTheStartIsNotEnabled) {
    panel_on_ = false;
    run_for(5s);
    EXPECT_FALSE(display_.enabled);
    EXPECT_FALSE(display_.powered);
    EXPECT_EQ(evidence("connector"), "HDMI-A-1");
    EXPECT_EQ(evidence("dpms"), "off");
    controller().set_panel(true, now_);
    run_for(2s);
    EXPECT_TRUE(display_.enabled);
    EXPECT_EQ(evidence("plugged"), "1");
    EXPECT_GT(display_.seen.size(), 40U);
}

TEST_F(ScreenControllerTest, APanelThatIsOffStaysOffWhateverIsPluggedIn) {
    run_for(1s);
    controller().set_panel(false, now_);
    run_for(2s);
    display_.unplug();
    run_for(2s);
    EXPECT_EQ(evidence("connector"), "none");
    EXPECT_THAT(controller().trouble(), HasSubstr("no display is plugged in"));
    display_.plug("HDMI-A-1", "Projector", {1280, 720, {50, 1}, false, true, 0});
    run_for(6s);
    EXPECT_FALSE(display_.powered);
    EXPECT_EQ(evidence("connector"), "HDMI-A-1");
    EXPECT_EQ(evidence("display"), "Projector");
    controller().set_panel(true, now_);
    run_for(2s);
    EXPECT_EQ(evidence("mode"), "1280x720@50");
    EXPECT_EQ(evidence("dpms"), "on");
}

TEST_F(ScreenControllerTest, APanelThatCannotBeSwitchedOffIsReported) {
    run_for(1s);
    display_.refusal = "cannot be switched off";
    controller().set_panel(false, now_);
    run_for(2s);
    EXPECT_THAT(controller().trouble(), HasSubstr("cannot be switched off"));
    display_.refusal.clear();
    run_for(2s);
    EXPECT_EQ(evidence("dpms"), "off");
    EXPECT_THAT(controller().trouble(), IsEmpty());
}

TEST_F(ScreenControllerTest, ANamedConnectorIsWaitedFor) {
    spec_.connector = "HDMI-A-1";
    display_.unplug();
    run_for(2s);
    EXPECT_THAT(controller().trouble(), HasSubstr("HDMI-A-1"));
    EXPECT_FALSE(display_.enabled);
}

TEST_F(ScreenControllerTest, APortraitScreenShowsARotatedPicture) {
    spec_.rotate = 90;
    display_.unplug();
    run_for(1s);
    display_.plug("HDMI-A-1", "TV", {1920, 1080, {60, 1}, false, true, 0});
    run_for(2s);
    EXPECT_EQ(display_.first_picture.width, 2);
    EXPECT_EQ(display_.first_picture.height, 4);
}

}  // namespace
}  // namespace riverlight::player
