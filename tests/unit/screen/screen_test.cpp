// A screen with its thread, in real time: a few frames only.
#include "player/screen/screen.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "content/base/error.hpp"

namespace riverlight::player {
namespace {

using std::chrono::steady_clock;
using testing::HasSubstr;
using namespace std::chrono_literals;

/// A device without a display, or with a driver that fails.
class NoDisplay final : public Display {
  public:
    explicit NoDisplay(bool broken) : broken_(broken) {}
    std::vector<Connector> connectors(Probe) override {
        if (broken_) throw std::runtime_error("the driver failed");
        return {};
    }
    void enable(const Connector&, const Mode&, const Picture&) override {}
    void disable() override {}
    void power_off(const Connector&) override {}
    void power_on(const Picture&) override {}
    bool set_overlays(std::span<const Overlay* const>, int, int) override { return true; }
    void draw(const Picture&) override {}
    bool page_flip() override { return true; }
    std::optional<Vblank> last_vblank() override { return {}; }
    std::string dpms_state() override { return {}; }
    [[nodiscard]] std::string description() const override { return {}; }
    [[nodiscard]] unsigned card_number() const override { return 0; }

  private:
    bool broken_;
};

TEST(ScreenTest, TheDisplaysClockPacesTheCaller) {
    Screen screen(std::make_unique<NoDisplay>(false), {}, {25, 1});
    const auto begun = steady_clock::now();
    const Layers layers{std::make_shared<const Picture>(black(4, 2)), {}, {}};
    constexpr std::int64_t count = 20;
    for (std::int64_t frame = 0; frame < count; ++frame) {
        screen.show(layers, frame);
        EXPECT_GT(screen.due(frame), steady_clock::now()) << "submitted before it is due";
    }
    // The first is seen after 200 ms; the last three wait in the queue.
    const auto took = steady_clock::now() - begun;
    EXPECT_GT(took, 200ms + (count - 1 - std::int64_t{Screen::frames_ahead}) * 40ms - 45ms);
    EXPECT_LT(took, 5s);
    EXPECT_THAT(screen.trouble(), HasSubstr("no display"));
}

TEST(ScreenTest, ShowThrowsOnceTheThreadHasEnded) {
    Screen screen(std::make_unique<NoDisplay>(true), {}, {25, 1});
    const Layers layers{std::make_shared<const Picture>(black(4, 2)), {}, {}};
    try {
        for (std::int64_t frame = 0; frame < 20; ++frame) screen.show(layers, frame);
        FAIL() << "nobody takes these frames";
    } catch (const Error& e) {
        EXPECT_THAT(e.what(), HasSubstr("the driver failed"));
    }
}

}  // namespace
}  // namespace riverlight::player
