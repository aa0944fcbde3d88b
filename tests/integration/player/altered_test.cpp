// Files of a store that are changed on the disk while their airing is on: noticed before it ends.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "content/airing/media_damage.hpp"
#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "player/source/media.hpp"
#include "player/timeline/timeline.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using content::AiringStatus;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");
constexpr int width = 640, height = 360, frames = 150;

class AlteredTest : public testing::Test {
  protected:
    /// A clip as a store names it. No two have the same bytes: what a process has proven it remembers.
    std::string clip(int count = frames) {
        WriterOptions options;
        options.width = width;
        options.height = height;
        const auto path = folder_ / "new.mp4";
        FileWriter writer(path, options);
        for (int n = 0; n < count; ++n) {
            writer.add(test::numbered(width, height, first_ + unsigned(n)));
            writer.add(std::vector<float>(1920 * 2, 0.01F * static_cast<float>(n % 7)));
        }
        writer.finish();
        first_ += 1000;
        return store(path, "mp4");
    }
    std::string store(const std::string& path, const std::string& extension) {
        const auto named = folder_ / (sha256_hex(read_file(path, 64U << 20)) + '.' + extension);
        fs::rename(path, named);
        return named;
    }
    static Cue cue(const std::string& picture) {
        Cue c;
        c.airing = "a";
        c.media.picture = picture;
        c.media.locale = "en";
        c.duration = std::chrono::milliseconds{frames * 40};
        return c;
    }
    /// Plays the cue; at outlet frame `at` does `what`.
    OffAir play(const Cue& c, int at, const std::function<void()>& what) {
        const Format format{width, height, {25, 1}};
        OffAir off;
        Timeline timeline({format, 1500ms, true, {}}, open_media, [&](const Event& event) {
            if (const auto* over = std::get_if<OffAir>(&event)) off = *over;
        });
        timeline.handle(c, noon);
        timeline.handle(Quit{true}, noon);
        for (std::int64_t frame = 0; frame < 2 * frames && !timeline.finished(); ++frame) {
            if (frame == at) what();
            static_cast<void>(timeline.step(noon + frame * 40ms, frame));
        }
        return off;
    }
    static MediaDamage altered(const std::string& path) {
        return {MediaFault::altered, fs::path(path).filename().string()};
    }
    static void overwrite(const std::string& path) {
        const Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
        const std::string garbage(fs::file_size(path), 'x');
        ASSERT_EQ(::pwrite(fd.get(), garbage.data(), garbage.size(), 0),
                  static_cast<ssize_t>(garbage.size()));
    }

    test::Folder folder_;
    unsigned first_ = 0;
};

TEST_F(AlteredTest, AFileThatIsLeftAloneAirsWhole) {
    const auto off = play(cue(clip()), -1, [] {});
    EXPECT_EQ(off.status, AiringStatus::aired) << off.reason;
    EXPECT_EQ(off.frames, frames);
    EXPECT_FALSE(content::read_damage(off.evidence));
}

TEST_F(AlteredTest, AFileThatIsOverwrittenOnAirIsSaid) {
    const auto path = clip();
    const auto off = play(cue(path), frames / 3, [&] { overwrite(path); });
    EXPECT_EQ(content::read_damage(off.evidence), altered(path));
    EXPECT_GE(off.frames, frames / 3);
}

TEST_F(AlteredTest, AFileThatIsCutOffOnAirIsSaid) {
    const auto path = clip();
    const auto off = play(cue(path), frames / 3, [&] { fs::resize_file(path, fs::file_size(path) / 2); });
    EXPECT_EQ(content::read_damage(off.evidence), altered(path));
}

TEST_F(AlteredTest, AFileThatIsReplacedOnAirIsSaidAndTheFirstPlaysOn) {
    const auto path = clip(), other = clip();
    const auto off = play(cue(path), frames / 3, [&] { fs::rename(other, path); });
    EXPECT_EQ(content::read_damage(off.evidence), altered(path));
    EXPECT_EQ(off.status, AiringStatus::aired)
        << "all that was shown came from the verified file: " << off.reason;
}

TEST_F(AlteredTest, Case20AnotherFileBeforeItsAiringIsNeverShown) {
    const auto path = clip();
    fs::rename(clip(), path);
    const auto off = play(cue(path), -1, [] {});
    EXPECT_EQ(off.status, AiringStatus::failed);
    EXPECT_EQ(off.frames, 0);
    EXPECT_EQ(content::read_damage(off.evidence), altered(path));
}

TEST_F(AlteredTest, AnAlternativeAirsInItsPlaceAndTheRecordSaysWhy) {
    const auto path = clip(), other = clip();
    fs::rename(clip(), path);
    auto c = cue(path);
    c.alternatives.push_back({cue(other).media, {}});
    const auto off = play(c, -1, [] {});
    EXPECT_EQ(off.status, AiringStatus::substituted);
    EXPECT_EQ(off.frames, frames);
    EXPECT_EQ(content::read_damage(off.evidence), altered(path));
}

TEST_F(AlteredTest, SoundAndSubtitlesAreVerifiedToo) {
    const auto picture = clip(), sound = clip();
    auto c = cue(picture);
    c.media.sound = sound;
    fs::rename(clip(), sound);
    EXPECT_EQ(content::read_damage(play(c, -1, [] {}).evidence), altered(sound));
    const auto subtitles =
        store(folder_.write("new.vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n"), "vtt");
    c = cue(picture);
    c.media.subtitles = subtitles;
    EXPECT_EQ(play(c, -1, [] {}).status, AiringStatus::aired);
    folder_.write(fs::path(subtitles).filename(), "WEBVTT\n\n00:00.000 --> 00:02.000\nOther\n");
    const auto off = play(c, -1, [] {});
    EXPECT_EQ(off.status, AiringStatus::failed);
    EXPECT_EQ(content::read_damage(off.evidence), altered(subtitles));
}

TEST_F(AlteredTest, AnAlteredInterpreterIsLeftOutAndSaid) {
    const auto picture = clip(), sign = clip();
    auto c = cue(picture);
    c.media.sign = Sign{sign, "tsq"};
    fs::rename(clip(), sign);
    const auto off = play(c, -1, [] {});
    EXPECT_EQ(off.status, AiringStatus::aired) << off.reason;
    EXPECT_EQ(content::read_damage(off.evidence), altered(sign));
}

}  // namespace
}  // namespace riverlight::player
