// An interpreter in the corner, frame by frame beside the picture that it belongs to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/base/files.hpp"
#include "player/canvas/canvas.hpp"
#include "player/source/inset.hpp"
#include "player/source/media.hpp"
#include "player/timeline/timeline.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");
constexpr int width = 640, height = 360;
constexpr int sign_width = 240, sign_height = 320;

class SignTest : public testing::Test {
  protected:
    /// A silent clip of `frames` numbered pictures from 100 on, `rate` a second.
    std::string numbers(int frames, Ratio rate = {25, 1}) {
        WriterOptions options;
        options.width = width;
        options.height = height;
        options.frame_rate = rate;
        options.sound = false;
        const auto path = folder_ / "numbers.mp4";
        FileWriter writer(path, options);
        for (int n = 0; n < frames; ++n) writer.add(test::numbered(width, height, 100U + unsigned(n)));
        writer.finish();
        return path;
    }
    /// The luma of the interpreter's picture `n`.
    static int luma_of(std::int64_t n) { return 40 + static_cast<int>(n % 20) * 9; }
    std::string interpreter(int frames) {
        WriterOptions options;
        options.width = sign_width;
        options.height = sign_height;
        options.sound = false;
        const auto path = folder_ / "sign.mp4";
        FileWriter writer(path, options);
        for (int n = 0; n < frames; ++n) {
            auto picture = black(sign_width, sign_height);
            std::fill(picture.y.begin(), picture.y.end(), static_cast<std::uint8_t>(luma_of(n)));
            writer.add(picture);
        }
        writer.finish();
        return path;
    }
    Cue cue(const std::string& picture, const std::string& sign) {
        Cue c;
        c.airing = "a";
        c.media.picture = picture;
        c.media.locale = "en";
        c.media.sign = Sign{sign, "tsq"};
        return c;
    }
    struct Shown {
        std::optional<unsigned> number;  ///< of the picture
        int luma = 0;                    ///< in the middle of the interpreter's box
        bool interpreted = false;
    };
    std::vector<Shown> play(const Cue& c, Ratio rate = {25, 1}) {
        const Format format{width, height, rate};
        const auto box = inset_box(format, sign_width, sign_height, lift_);
        Canvas canvas(black(width, height));
        Timeline timeline({format, 1500ms, true, {}}, open_media, [&](const Event& event) {
            if (const auto* off = std::get_if<OffAir>(&event)) off_ = *off;
            if (const auto* trouble = std::get_if<Trouble>(&event)) troubles_.push_back(trouble->what);
        });
        timeline.handle(c, noon);
        timeline.handle(Quit{true}, noon);
        std::vector<Shown> out;
        for (std::int64_t frame = 0; frame < 500; ++frame) {
            const auto step = timeline.step(
                noon + std::chrono::microseconds(frame * 1'000'000 * rate.den / rate.num), frame);
            if (timeline.finished()) break;
            const auto& picture = canvas.compose(step.piece);
            const auto middle =
                static_cast<std::size_t>((box.y + box.height / 2) * width + box.x + box.width / 2);
            out.push_back({test::number_on(picture), picture.y[middle], step.piece.interpreted});
            subtitle_ends_ = step.piece.subtitle ? step.piece.subtitle->x + step.piece.subtitle->width : 0;
        }
        return out;
    }
    test::Folder folder_;
    OffAir off_;
    std::vector<std::string> troubles_;
    int lift_ = 0, subtitle_ends_ = 0;
};

TEST_F(SignTest, EachFrameIsBesideItsPicture) {
    const auto shown = play(cue(numbers(50), interpreter(50)));
    ASSERT_EQ(shown.size(), 50U);
    for (std::size_t n = 0; n < shown.size(); ++n) {
        EXPECT_EQ(shown[n].number, 100 + n);
        EXPECT_NEAR(shown[n].luma, luma_of(std::int64_t(n)), 3) << n;
        EXPECT_TRUE(shown[n].interpreted);
    }
    EXPECT_EQ(off_.evidence.at("sign"), "tsq");
    EXPECT_EQ(off_.evidence.at("sign_frames"), "50");
    EXPECT_THAT(troubles_, IsEmpty());
}

TEST_F(SignTest, MovesWhileThePictureIsStill) {
    // Ten pictures in two seconds, fifty of the interpreter; and texts, which the canvas blends into the
    // picture that it gets.
    auto c = cue(numbers(10, {5, 1}), interpreter(50));
    c.media.subtitles = folder_.write("words.vtt", "WEBVTT\n\n00:00.400 --> 00:01.200\nwords\n");
    const auto shown = play(c);
    ASSERT_EQ(shown.size(), 50U);
    for (std::size_t n = 0; n < shown.size(); ++n) {
        EXPECT_EQ(shown[n].number, 100 + n / 5) << n;
        EXPECT_NEAR(shown[n].luma, luma_of(std::int64_t(n)), 3) << n;
    }
}

TEST_F(SignTest, FollowsTheOutletsRateAndAJoinInProgress) {
    auto c = cue(numbers(50), interpreter(50));
    c.offset = 1s;
    const auto shown = play(c, {50, 1});
    ASSERT_EQ(shown.size(), 50U);
    for (std::size_t n = 0; n < shown.size(); ++n) {
        const auto source = 25 + std::int64_t(n) / 2;
        EXPECT_EQ(shown[n].number, 100U + unsigned(source)) << n;
        EXPECT_NEAR(shown[n].luma, luma_of(source), 3) << n;
    }
}

TEST_F(SignTest, DisappearsAtItsEnd) {
    const auto shown = play(cue(numbers(30), interpreter(20)));
    ASSERT_EQ(shown.size(), 30U);
    for (std::size_t n = 0; n < shown.size(); ++n) {
        EXPECT_EQ(shown[n].interpreted, n < 20) << n;
        EXPECT_EQ(shown[n].number, 100 + n);
        if (n >= 20) {
            EXPECT_NEAR(shown[n].luma, 90, 3) << "the picture's own";
        }
    }
    EXPECT_EQ(off_.evidence.at("sign_frames"), "20");
}

TEST_F(SignTest, AFaultOfItsFileDoesNotAffectTheItem) {
    const auto picture = numbers(30);
    auto shown = play(cue(picture, folder_ / "absent.mp4"));
    EXPECT_EQ(shown.size(), 30U);
    EXPECT_EQ(off_.status, content::AiringStatus::aired);
    EXPECT_EQ(off_.evidence.at("sign_frames"), "0");
    ASSERT_EQ(troubles_.size(), 1U);
    EXPECT_THAT(troubles_[0], testing::AllOf(HasSubstr("absent.mp4"), HasSubstr("without its interpreter")));
    troubles_.clear();
    // Damaged in the middle.
    auto bytes = read_file(interpreter(30), 64U << 20);
    for (std::size_t at = bytes.size() * 2 / 3; at < bytes.size(); ++at) bytes[at] = '\xff';
    shown = play(cue(picture, folder_.write("torn.mp4", bytes)));
    ASSERT_EQ(shown.size(), 30U);
    EXPECT_EQ(off_.status, content::AiringStatus::aired);
    for (std::size_t n = 0; n < shown.size(); ++n) EXPECT_EQ(shown[n].number, 100 + n);
    // A file of sound has no pictures to show.
    WriterOptions options;
    options.picture = false;
    FileWriter writer(folder_ / "sound.m4a", options);
    writer.add(Samples(96'000, 0.1F));
    writer.finish();
    troubles_.clear();
    shown = play(cue(picture, folder_ / "sound.m4a"));
    EXPECT_EQ(shown.size(), 30U);
    ASSERT_EQ(troubles_.size(), 1U);
    EXPECT_THAT(troubles_[0], HasSubstr("has no picture"));
}

TEST_F(SignTest, SubtitlesStayAtItsLeft) {
    auto c = cue(numbers(20), interpreter(20));
    c.media.subtitles =
        folder_.write("words.vtt",
                      "WEBVTT\n\n00:00.000 --> 00:09.000\nA sentence of many words that would "
                      "else go from one edge of the picture to the other\n");
    static_cast<void>(play(c));
    const auto box = inset_box({width, height}, sign_width, sign_height, 0);
    EXPECT_GT(subtitle_ends_, box.x / 2);
    EXPECT_LT(subtitle_ends_, box.x);
    c.media.sign.reset();
    static_cast<void>(play(c));
    EXPECT_GT(subtitle_ends_, box.x) << "without it they have the whole width";
}

}  // namespace
}  // namespace riverlight::player
