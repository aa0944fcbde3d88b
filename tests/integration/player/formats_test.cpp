// Random joins of many formats on the capture outlet: every frame and hard start is in its place, and a tone
// is unbroken. RIVERLIGHT_JOINS: how many joins (default 20); the long run takes 500.
#include <gtest/gtest.h>

#include <fstream>

#include "content/base/files.hpp"
#include "tests/integration/player/random_run.hpp"

namespace riverlight::player {
namespace {

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");

class FormatsTest : public testing::Test {
  protected:
    void play(const test::RandomRun& run) {
        const OutletOptions options{{"capture:" + (folder_ / "out")}, "", "", noon};
        const auto outlet = make_outlet(options);
        test::play_run(*outlet, format_of(options), run.cues(folder_, noon), noon);
    }
    std::vector<int> numbers_captured() {
        std::ifstream in(folder_ / "out/frames.y4m", std::ios::binary);
        std::string line;
        std::getline(in, line);
        std::vector<int> numbers;
        Picture p = black(1280, 720);
        while (std::getline(in, line)) {
            in.read(reinterpret_cast<char*>(p.y.data()), std::streamsize(p.y.size()));
            in.ignore(std::streamsize(p.u.size() + p.v.size()));
            numbers.push_back(test::number_scaled(
                [&](int x, int y) { return p.y[static_cast<std::size_t>(y * p.width + x)]; }));
        }
        return numbers;
    }
    std::vector<double> sound_captured() {
        const auto bytes = read_file(folder_ / "out/sound.wav", 1U << 30);
        std::vector<double> left;
        for (std::size_t at = 44; at + 3 < bytes.size(); at += 4)
            left.push_back(std::int16_t(std::uint8_t(bytes[at]) | std::uint8_t(bytes[at + 1]) << 8) /
                           32768.0);
        return left;
    }
    test::Folder folder_;
};

TEST_F(FormatsTest, RandomJoinsLoseNoFrameAndBreakNoTone) {
    for (std::size_t k = 0; k < test::kinds.size(); ++k) test::make_kind(folder_, k);
    if (HasFatalFailure()) return;
    std::mt19937 random(20261124);
    constexpr int at_once = 20;  // a capture of more would fill a disk
    for (int done = 0; done < test::joins_wanted(20); done += at_once) {
        const test::RandomRun run(random, at_once);
        play(run);
        run.expect_numbers(numbers_captured());
        if (HasFatalFailure()) return;
        run.expect_tone(sound_captured());
        if (HasFatalFailure()) return;
    }
}

}  // namespace
}  // namespace riverlight::player
