// A screen on its own thread, in real time: some frames only.
#include "player/screen/screen.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace riverlight::player {
namespace {

using std::chrono::steady_clock;
using testing::HasSubstr;
using namespace std::chrono_literals;

/// No display plugged in, or a driver that breaks.
class Nothing final : public Display {
  public:
    explicit Nothing(bool broken) : broken_(broken) {}
    std::vector<Connector> connectors(bool) override {
        if (broken_) throw std::runtime_error("the driver broke");
        return {};
    }
    void light(const Connector&, const Mode&, const Picture&) override {}
    void dark() override {}
    void sleep(const Connector&) override {}
    void wake(const Picture&) override {}
    bool lay(std::span<const Overlay* const>, int, int) override { return true; }
    void draw(const Picture&) override {}
    bool flip() override { return true; }
    std::optional<Blank> last_blank() override { return {}; }
    std::string power() override { return {}; }
    [[nodiscard]] std::string path() const override { return {}; }
    [[nodiscard]] unsigned card() const override { return 0; }

  private:
    bool broken_;
};

TEST(ScreenTest, TheDisplaysClockLetsFramesInOneAfterTheOther) {
    Screen screen(std::make_unique<Nothing>(false), {}, {25, 1});
    const auto begun = steady_clock::now();
    const Layers layers{std::make_shared<const Picture>(black(4, 2)), {}, {}};
    constexpr std::int64_t count = 20;
    for (std::int64_t frame = 0; frame < count; ++frame) {
        screen.show(layers, frame);
        EXPECT_GT(screen.due(frame), steady_clock::now()) << "never later than its moment";
    }
    // The first is seen after 200 ms; the last three wait in the queue.
    const auto took = steady_clock::now() - begun;
    EXPECT_GT(took, 200ms + (count - 1 - std::int64_t{Screen::frames_ahead}) * 40ms - 45ms);
    EXPECT_LT(took, 5s);
    EXPECT_THAT(screen.trouble(), HasSubstr("no display"));
}

TEST(ScreenTest, AThreadThatEndedSaysWhyInsteadOfWaitingForEver) {
    Screen screen(std::make_unique<Nothing>(true), {}, {25, 1});
    const Layers layers{std::make_shared<const Picture>(black(4, 2)), {}, {}};
    try {
        for (std::int64_t frame = 0; frame < 20; ++frame) screen.show(layers, frame);
        FAIL() << "nobody takes these frames";
    } catch (const Error& e) {
        EXPECT_THAT(e.what(), HasSubstr("the driver broke"));
    }
}

}  // namespace
}  // namespace riverlight::player
