// Fades at the outlet: levels of picture and sound around joins.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "content/base/files.hpp"
#include "player/canvas/canvas.hpp"
#include "player/canvas/fader.hpp"
#include "player/outlet/outlet.hpp"
#include "player/source/media.hpp"
#include "player/timeline/timeline.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");
constexpr int width = 640, height = 360, a_frame = 1920;
constexpr std::int64_t fade_frames = 6;

class FadeTest : public testing::Test {
  protected:
    /// A clip of luma 180 with a loud steady tone.
    std::string clip(const std::string& name, int frames) {
        WriterOptions options;
        options.width = width;
        options.height = height;
        FileWriter writer(folder_ / name, options);
        auto picture = black(width, height);
        std::fill(picture.y.begin(), picture.y.end(), std::uint8_t{180});
        for (int n = 0; n < frames; ++n) {
            writer.add(picture);
            Samples tone;
            for (int i = 0; i < a_frame; ++i)
                tone.insert(tone.end(), 2, 0.5F * static_cast<float>(std::sin(0.2 * (n * a_frame + i))));
            writer.add(tone);
        }
        writer.finish();
        return folder_ / name;
    }
    Cue cue(const std::string& id, int frames) {
        Cue c;
        c.airing = id;
        c.media.picture = clip(id + ".mp4", frames);
        c.media.locale = "en";
        c.duration = frames * 40ms;
        return c;
    }
    /// From the capture, for each frame: mean luma and the loudest sample.
    struct Levels {
        std::vector<int> luma;
        std::vector<double> loudest;
    };
    Levels play(const std::vector<Cue>& cues, Fade fade) {
        OutletOptions options;
        const auto out = folder_ / "out";
        options.outputs = {"capture:" + out};
        auto outlet = make_outlet(options);
        const auto format = format_of(options);
        Canvas canvas(black(format.width, format.height));
        Fader fader;
        Timeline timeline({format, 1500ms, true, fade}, open_media, [](const Event&) {});
        for (const auto& c : cues) timeline.handle(c, noon);
        timeline.handle(Quit{true}, noon);
        for (std::int64_t frame = 0; frame < 500; ++frame) {
            const auto step = timeline.step(noon + frame * 40ms, frame);
            if (timeline.finished()) break;
            outlet->show(fader.apply(canvas.compose(step.piece), step.shown), step.piece.samples, frame);
        }
        outlet->finish();
        return read_levels(out,
                           static_cast<std::size_t>(format.width) * static_cast<std::size_t>(format.height));
    }
    static Levels read_levels(const std::string& out, std::size_t pixels) {
        Levels levels;
        const auto frames = read_file(out + "/frames.y4m", 256U << 20);
        for (auto at = frames.find('\n') + 1; at < frames.size(); at += 6 + pixels * 3 / 2)
            levels.luma.push_back(static_cast<unsigned char>(frames[at + 6 + pixels / 2 + 100]));
        const auto sound = read_file(out + "/sound.wav", 16U << 20);
        for (std::size_t at = 44; at + a_frame * 4 <= sound.size(); at += a_frame * 4) {
            int loudest = 0;
            for (std::size_t i = at; i < at + a_frame * 4; i += 2)
                loudest = std::max(
                    loudest,
                    std::abs(int{static_cast<std::int16_t>(static_cast<unsigned char>(sound[i]) |
                                                           static_cast<unsigned char>(sound[i + 1]) << 8)}));
            levels.loudest.push_back(loudest / 32767.0);
        }
        return levels;
    }
    /// Of an item's frame `n`, of which `frames` are shown.
    static double share(std::int64_t n, std::int64_t frames, double into) {
        const auto nearest = std::min(static_cast<double>(n) + into, static_cast<double>(frames - n) - into);
        return 0.5 - 0.5 * std::cos(3.14159265 * std::min(1.0, nearest / fade_frames));
    }
    void expect_item(const Levels& levels, std::size_t first, std::int64_t frames) {
        for (std::int64_t n = 0; n < frames; ++n) {
            const auto at = first + static_cast<std::size_t>(n);
            EXPECT_NEAR(levels.luma[at], 16 + (180 - 16) * share(n, frames, 0.5), 3) << "frame " << at;
            const auto loud = std::max(share(n, frames, 0), share(n, frames, 1));
            EXPECT_NEAR(levels.loudest[at], 0.5 * loud, 0.04) << "frame " << at;
        }
    }
    test::Folder folder_;
};

TEST_F(FadeTest, JoinsGoThroughBlackAndSilenceAndNoFrameIsAdded) {
    const auto levels = play({cue("a", 30), cue("b", 20)}, {fade_frames});
    ASSERT_EQ(levels.luma.size(), 50U);
    ASSERT_EQ(levels.loudest.size(), 50U);
    expect_item(levels, 0, 30);
    expect_item(levels, 30, 20);
}

TEST_F(FadeTest, AHardStartWithinAFadeCutsOnItsFrame) {
    // a would fade from frame 24 on; b starts on 27, so a has faded out by then.
    auto b = cue("b", 20);
    b.start = noon + 27 * 40ms;
    const auto levels = play({cue("a", 30), b}, {fade_frames});
    ASSERT_EQ(levels.luma.size(), 47U);
    expect_item(levels, 0, 27);
    expect_item(levels, 27, 20);
}

TEST_F(FadeTest, WithoutOneEveryFrameIsWhole) {
    const auto levels = play({cue("a", 10), cue("b", 10)}, {});
    ASSERT_EQ(levels.luma.size(), 20U);
    for (const auto luma : levels.luma) EXPECT_NEAR(luma, 180, 2);
}

}  // namespace
}  // namespace riverlight::player
