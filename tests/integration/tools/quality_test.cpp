// The quality gate over real files: what it finds, what it leaves alone, and the page that says so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"
#include "tests/support/refusal.hpp"
#include "tools/author/build.hpp"
#include "tools/author/report/report.hpp"

namespace riverlight::author {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

constexpr int width = 640, height = 360;

player::Picture grey(int luma) {
    auto picture = player::black(width, height);
    std::fill(picture.y.begin(), picture.y.end(), static_cast<std::uint8_t>(luma));
    return picture;
}

struct Clip {
    int frames = 50;
    std::function<player::Picture(int)> picture = [](int i) {
        return test::numbered(width, height, static_cast<unsigned>(i));
    };
    std::function<float(double)> sound;  ///< of seconds; absent: no sound
    int sound_frames = 0;                ///< 0: as many as the pictures'
};

float tone(double at) {
    return static_cast<float>(0.1 * std::sin(at * 2 * 3.14159265358979 * 997));
}

MATCHER_P2(Is, defect, where, "") {
    return arg.defect == defect && arg.where == where;
}
MATCHER(StopsABuild, "") {
    return arg.refused;
}
/// From and until at these milliseconds, to a picture.
MATCHER_P2(Lasts, from, until, "") {
    return arg.when && std::chrono::abs(arg.when->from - from) < 40ms &&
           std::chrono::abs(arg.when->until - until) < 40ms;
}

class QualityTest : public testing::Test {
  protected:
    QualityTest() { segment("A title"); }
    void segment(const std::string& title) {
        write("segment.toml",
              "format = 1\nid = \"spot\"\nrevision = 1\nrating = \"general\"\ntopics = []\nfallback = "
              "\"en\"\npicture = \"video.mp4\"\n");
        write("en/strings.toml",
              "title = \"" + title + "\"\nstrap = \"Ask for help\"\nhotline = \"000 000 000\"\n");
    }
    void write(const std::string& name, const std::string& text) {
        fs::create_directories(fs::path(source() + '/' + name).parent_path());
        folder_.write("source/" + name, text);
    }
    [[nodiscard]] std::string source() const { return folder_ / "source"; }
    void film(const Clip& clip) const {
        player::WriterOptions options;
        options.width = width;
        options.height = height;
        options.sound = static_cast<bool>(clip.sound);
        player::FileWriter writer(source() + "/video.mp4", options);
        const int sound_frames = clip.sound_frames ? clip.sound_frames : clip.frames;
        for (int i = 0; i < std::max(clip.frames, sound_frames); ++i) {
            if (i < clip.frames) writer.add(clip.picture(i));
            if (!clip.sound || i >= sound_frames) continue;
            player::Samples samples;
            for (int n = 0; n < 1920; ++n) {
                const auto value = clip.sound((i * 1920.0 + n) / 48'000);
                samples.insert(samples.end(), {value, value});
            }
            writer.add(samples);
        }
        writer.finish();
    }
    [[nodiscard]] Examination examined(const ExamineOptions& options = {}) const {
        return examine(read_segment(source()), {}, nullptr, options);
    }
    [[nodiscard]] std::vector<SegmentFinding> found(const ExamineOptions& options = {}) const {
        return examined(options).findings;
    }
    test::Folder folder_;
};

TEST_F(QualityTest, AWholeVideoWithSoundHasNothingFound) {
    film({.frames = 75, .sound = tone});
    EXPECT_THAT(found(), testing::IsEmpty());
    const auto result = examined();
    EXPECT_EQ(result.duration, 3s);
    ASSERT_TRUE(result.video);
    EXPECT_EQ(result.video->facts.width, width);
    EXPECT_NEAR(result.video->sound.integrated_lufs, -20, 0.3);
}

TEST_F(QualityTest, FlashesStopTheBuild) {
    film({.frames = 50, .picture = [](int i) { return grey(i / 3 % 2 ? 200 : 30); }, .sound = tone});
    EXPECT_THAT(found(), Contains(AllOf(Is(Defect::flashes, "picture"), StopsABuild())));
    try {
        static_cast<void>(build_segment(read_segment(source()), folder_ / "out", {}));
        FAIL() << "it was built";
    } catch (const SegmentRefused& e) {
        EXPECT_EQ(e.finding.defect, Defect::flashes);
    }
    EXPECT_FALSE(fs::exists(folder_ / "out"));
    film({.frames = 50, .picture = [](int i) { return grey(i / 10 % 2 ? 200 : 30); }, .sound = tone});
    EXPECT_THAT(found(), Not(Contains(Is(Defect::flashes, "picture")))) << "1.25 a second";
}

TEST_F(QualityTest, BlackAndStillPicturesAreNoted) {
    film({.frames = 250,
          .picture =
              [](int i) {
                  if (i >= 50 && i < 70) return player::black(width, height);
                  return i < 100 ? test::numbered(width, height, static_cast<unsigned>(i)) : grey(120);
              },
          .sound = tone});
    EXPECT_THAT(
        found(),
        ElementsAre(AllOf(Is(Defect::black, "picture"), Lasts(2000ms, 2800ms), Not(StopsABuild())),
                    AllOf(Is(Defect::still, "picture"), Lasts(4000ms, 10'000ms), Not(StopsABuild()))));
}

TEST_F(QualityTest, SoundThatIsSilentClippedOrOfAnotherLengthIsNoted) {
    film({.frames = 200, .sound = [](double at) { return at > 3 && at < 6 ? 0.0F : tone(at); }});
    const auto sound = "picture's sound";
    const auto silence = found();
    ASSERT_THAT(silence, Contains(AllOf(Is(Defect::silence, sound), Not(StopsABuild()))));
    EXPECT_EQ(std::chrono::floor<std::chrono::seconds>(silence[0].when->from), 3s);
    film({.frames = 100, .sound = [](double at) { return std::clamp(tone(at) * 40, -1.0F, 1.0F); }});
    EXPECT_THAT(found(), Contains(Is(Defect::clipping, sound)));
    film({.frames = 100, .sound = tone, .sound_frames = 80});
    EXPECT_THAT(found(), Contains(AllOf(Is(Defect::ends_early, sound), Lasts(3200ms, 4000ms))));
    film({.frames = 100, .sound = tone, .sound_frames = 90});
    EXPECT_THAT(found(), testing::IsEmpty()) << "less than half a second";
    film({.frames = 100, .sound = tone, .sound_frames = 120});
    EXPECT_THAT(found(), Contains(AllOf(Is(Defect::ends_late, sound), Lasts(4000ms, 4800ms))));
    film({.frames = 50, .sound = [](double) { return 0.0F; }});
    EXPECT_THAT(found(),
                Contains(AllOf(Is(Defect::silence, sound), Not(StopsABuild()),
                               testing::Field(&SegmentFinding::what, "is silent from beginning to end"))));
}

TEST_F(QualityTest, AVideoWithoutSoundIsBuiltSilent) {
    film({});
    EXPECT_THAT(found(), ElementsAre(AllOf(Is(Defect::no_sound, "en"), Not(StopsABuild()))));
    const auto manifest = build_segment(read_segment(source()), folder_ / "out", {});
    EXPECT_TRUE(manifest.locales.at("en").sound.empty());
}

TEST_F(QualityTest, LanguagesThatAreNeededAreMissed) {
    film({.sound = tone});
    write("zh-Hans/strings.toml", "title = \"标题\"\n");
    EXPECT_THAT(found({.stills = {}, .expected = {"en", "zh"}}), testing::IsEmpty());
    EXPECT_THAT(found({.stills = {}, .expected = {"km", "zh", "e"}}),
                ElementsAre(AllOf(Is(Defect::language, "km"), StopsABuild()),
                            AllOf(Is(Defect::language, "e"), StopsABuild())));
}

TEST_F(QualityTest, SubtitlesThatFlickerOrOverlapAreNoted) {
    film({.sound = tone});
    write("en/subtitles.vtt",
          "WEBVTT\n\n00:00.000 --> 00:00.500\none\n\n00:00.540 --> 00:01.200\ntwo\n\n00:01.000 --> "
          "00:01.600\nthree\n");
    EXPECT_THAT(found(),
                Contains(AllOf(Is(Defect::gap, source() + "/en/subtitles.vtt"),
                               testing::Field(&SegmentFinding::when, quality::Stretch{500ms, 540ms}))));
    EXPECT_THAT(found(),
                Contains(AllOf(Is(Defect::overlap, source() + "/en/subtitles.vtt"),
                               testing::Field(&SegmentFinding::when, quality::Stretch{1000ms, 1200ms}))));
}

TEST_F(QualityTest, ThePageShowsAllAndEscapesWhatItShows) {
    segment("<script>alert(1)</script>");
    write("km/strings.toml", "title = \"មាត្រា ២៣\"\nstrap = \"ទូរស័ព្ទ\"\nhotline = \"000\"\n");
    write("km/subtitles.vtt", "WEBVTT\n\n00:00.500 --> 00:01.500\nមនុស្សគ្រប់រូប\n");
    write("en/subtitles.vtt",
          "WEBVTT\n\n00:00.500 --> 00:02.000\n1 &lt; 2\n\n00:02.000 --> 00:04.000\ntwo\n");
    film({.frames = 150, .sound = tone});
    const auto read = read_segment(source());
    const auto result = examine(read, {}, nullptr, {report_stills(read), {}});
    ASSERT_TRUE(result.video);
    EXPECT_GE(result.video->stills.size(), 14U) << "12 thumbnails and a picture for each subtitle";
    const auto page = report_page(read, result);
    EXPECT_THAT(page, Not(HasSubstr("<script")));
    EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
    EXPECT_THAT(page, HasSubstr("It can be built"));
    EXPECT_THAT(page, Not(HasSubstr(source()))) << "no local paths";
    for (const auto* words :
         {"<svg", "<title>Loudness over time", "<desc>", "lang=\"km\"", "មាត្រា ២៣", "Pictures a second"})
        EXPECT_THAT(page, HasSubstr(words));
    std::size_t pictures = 0;
    for (auto at = page.find("<img alt=\""); at != std::string::npos; at = page.find("<img alt=\"", at + 1))
        ++pictures;
    EXPECT_EQ(pictures, 12U + 2U + 1U);
    EXPECT_EQ(page, report_page(read, result)) << "the same again";
}

TEST_F(QualityTest, ThePageSaysWhatStopsABuildAndOpensWithoutPictures) {
    film({.frames = 50, .picture = [](int i) { return grey(i / 3 % 2 ? 200 : 30); }, .sound = tone});
    auto read = read_segment(source());
    EXPECT_THAT(report_page(read, examine(read, {})), HasSubstr("Refused: 1 finding stops a build."));
    write("video.mp4", "no video at all");
    write("en/subtitles.vtt", "no subtitles");
    read = read_segment(source());
    const auto page = report_page(read, examine(read, {}, nullptr, {report_stills(read), {}}));
    EXPECT_THAT(page, HasSubstr("No picture could be decoded"));
    EXPECT_THAT(page, HasSubstr("It cannot be shown: en/subtitles.vtt"));
    EXPECT_THAT(page, HasSubstr("Refused: 2 findings stop a build."));
}

TEST_F(QualityTest, JsonSaysTheSameToPrograms) {
    film({.frames = 125, .picture = [](int i) { return grey(i / 3 % 2 ? 200 : 30); }, .sound = tone});
    const auto read = read_segment(source());
    const auto text = report_json(read, examine(read, {}));
    const auto value = parse_json(text, "report");
    EXPECT_FALSE(value.at("accepted").as_bool());
    EXPECT_EQ(value.at("duration_ms").as_int64(), 5000);
    const auto& finding = value.at("findings").at(0);
    EXPECT_EQ(finding.at("kind").as_string(), "refused");
    EXPECT_GT(finding.at("until_ms").as_int64(), finding.at("from_ms").as_int64());
    EXPECT_EQ(value.at("video").at("width").as_int64(), width);
    EXPECT_EQ(value.at("video").at("sound").at("short_term_lufs").as_array().size(), 3U);
    film({.frames = 25, .sound = [](double) { return 0.0F; }});
    EXPECT_TRUE(parse_json(report_json(read, examine(read, {})), "report")
                    .at("video")
                    .at("sound")
                    .at("integrated_lufs")
                    .is_null());
}

}  // namespace
}  // namespace riverlight::author
