#pragma once
#include <gtest/gtest.h>

#include "content/base/error.hpp"
#include "player/screen/screen_controller.hpp"

/// The screen controller with a simulated display and a clock that the test owns.
namespace riverlight::player {

using namespace std::chrono;
using namespace std::chrono_literals;

inline const SteadyTime start{1000s};

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

}  // namespace riverlight::player
