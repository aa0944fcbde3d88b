// Ladders: additional encodings of a segment's pictures, made from the source.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "content/base/files.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"
#include "tests/support/refusal.hpp"
#include "tools/author/build.hpp"
#include "tools/author/rung.hpp"

namespace riverlight::author {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

constexpr unsigned frames = 10;

/// A numbered picture with one-pixel columns of black and white in the lower half. Scaling to a smaller size
/// destroys the columns.
player::Picture striped(int width, int height, unsigned number) {
    auto picture = test::numbered(width, height, number);
    for (std::size_t i = picture.y.size() / 2; i < picture.y.size(); ++i) picture.y[i] = i % 2 ? 235 : 16;
    return picture;
}

/// Mean luma difference (8 bits) of neighbouring columns in the lower quarter.
double contrast(const player::Picture& p) {
    const auto from = p.y.size() * 3 / 4;
    double sum = 0;
    for (auto i = from; i + 1 < p.y.size(); ++i) sum += std::abs(p.y[i] - p.y[i + 1]);
    return sum / static_cast<double>(p.y.size() - from);
}

class LadderTest : public testing::Test {
  protected:
    LadderTest() {
        write("segment.toml",
              "format = 1\nid = \"spot\"\nrevision = 1\nrating = \"general\"\ntopics = []\nfallback "
              "= \"en\"\npicture = \"video.mp4\"\n");
        for (const auto* locale : {"en", "km"})
            write(locale + std::string("/strings.toml"), "title = \"Title " + std::string(locale) + "\"\n");
    }
    void write(const std::string& name, const std::string& text) const {
        fs::create_directories(fs::path(source() + '/' + name).parent_path());
        folder_.write("source/" + name, text);
    }
    void video(int width, int height) const {
        player::WriterOptions options;
        options.width = width;
        options.height = height;
        options.sound = false;
        options.crf = 8;
        player::FileWriter writer(source() + "/video.mp4", options);
        for (unsigned i = 0; i < frames; ++i) writer.add(striped(width, height, i));
        writer.finish();
    }
    content::Manifest build(const std::string& out, const std::vector<std::string>& ladder) {
        reported_.clear();
        return build_segment(read_segment(source()), folder_ / out,
                             [&](const std::string& what) {
                                 if (what.find(": ") != std::string::npos) reported_.push_back(what);
                             },
                             {{}, ladder, false});
    }
    [[nodiscard]] std::string source() const { return folder_ / "source"; }
    [[nodiscard]] std::string media(const content::Manifest& made, const std::string& sha256) const {
        return folder_ / ("out/media/" + made.files.at(sha256).name());
    }
    test::Folder folder_;
    std::vector<std::string> reported_;
};

TEST_F(LadderTest, EncodesEachRungFromTheSourceVideoInItsSizeAndCodec) {
    video(1920, 1080);
    const auto plain = build("plain", {});
    const auto made = build("out", {"1080p-hevc", "540p", "1080p", "540p"});
    const auto& words = made.locales.at("en");
    EXPECT_EQ(words.picture, plain.locales.at("en").picture) << "the standard picture is unchanged";
    EXPECT_EQ(made.duration, plain.duration);
    ASSERT_EQ(words.ladder.size(), 3U) << "in the requested order, without duplicates";
    EXPECT_EQ(made.locales.at("km").ladder, words.ladder) << "all languages share a video's rungs";
    std::vector<std::string> seen;
    for (const auto& sha256 : words.ladder) {
        const auto& file = made.files.at(sha256);
        player::Reader reader(media(made, sha256), player::Reader::Want::picture, 0, 0);
        EXPECT_EQ(reader.facts().video_codec, file.codec);
        EXPECT_EQ(reader.facts().width, file.width);
        EXPECT_EQ(reader.facts().height, file.height);
        EXPECT_EQ(reader.facts().frame_rate.num, 25 * reader.facts().frame_rate.den);
        EXPECT_EQ(file.kind, "picture");
        EXPECT_EQ(file.frame_rate, "25/1");
        EXPECT_EQ(file.bytes, fs::file_size(media(made, sha256)));
        unsigned count = 0;
        for (; const auto frame = reader.next_picture(); ++count) {
            if (file.height != 1080) continue;
            EXPECT_EQ(test::number_on(frame->picture), count) << file.codec;
            EXPECT_GT(contrast(frame->picture), 150) << "the finest detail is kept: " << file.codec;
        }
        EXPECT_EQ(count, frames);
        seen.push_back(file.codec + ' ' + std::to_string(file.width) + 'x' + std::to_string(file.height));
    }
    EXPECT_THAT(seen, ElementsAre("hevc 1920x1080", "h264 960x540", "h264 1920x1080"));
    const auto hevc = read_file(media(made, words.ladder[0]), 64U << 20);
    EXPECT_NE(hevc.find("hvc1"), std::string::npos) << "the sample entry that other players require";
    EXPECT_EQ(hevc.find("x265"), std::string::npos) << "no encoder name or settings in the file";
}

TEST_F(LadderTest, TheSameSourceGivesTheSameBytesAndOnlyNewRungsAreMade) {
    video(1920, 1080);
    const auto made = build("out", {"1080p-hevc", "540p"});
    EXPECT_THAT(reported_, testing::IsSupersetOf({"all: picture 1080p-hevc", "all: picture 540p"}));
    EXPECT_EQ(content::write_manifest(build("again", {"1080p-hevc", "540p"})), content::write_manifest(made))
        << "files are named by the hash of their content";
    EXPECT_EQ(content::write_manifest(build("out", {"1080p-hevc", "540p"})), content::write_manifest(made));
    const auto pictures = [&] {
        auto made_now = reported_;  // the sound step of a video without sound is repeated each time
        std::erase_if(made_now, [](const auto& step) { return step.find("picture") == std::string::npos; });
        return made_now;
    };
    EXPECT_THAT(pictures(), testing::IsEmpty());
    const auto more = build("out", {"540p", "720p-hevc"});
    EXPECT_THAT(pictures(), ElementsAre("all: picture 720p-hevc"));
    EXPECT_EQ(more.locales.at("en").ladder[0], made.locales.at("en").ladder[1]);
    EXPECT_FALSE(more.files.contains(made.locales.at("en").ladder[0]))
        << "a rung that is no longer requested is removed";
}

TEST_F(LadderTest, LeavesOutAndReportsRungsLargerThanTheVideo) {
    video(1280, 720);
    const auto made = build("out", {"1080p", "540p"});
    ASSERT_EQ(made.locales.at("en").ladder.size(), 1U);
    EXPECT_EQ(made.files.at(made.locales.at("en").ladder[0]).height, 540);
    EXPECT_THAT(reported_, testing::Contains(AllOf(HasSubstr("1080p is left out"), HasSubstr("1280x720"))));
    EXPECT_THAT(
        test::unread([&] { static_cast<void>(build("no", {"1080p-hevx"})); }),
        AllOf(test::Refuses(ReadFault::unknown, ""), test::Of("1080p-hevx"), test::Means("1080p-hevc")));
    EXPECT_FALSE(fs::exists(folder_ / "no"));
}

TEST_F(LadderTest, MeasuresARotatedPhoneVideoAsItIsDisplayed) {
    video(1280, 720);
    const auto landscape = source() + "/video.mp4", turned = folder_ / "turned.mp4";
    const auto command = "ffmpeg -v error -i " + landscape + " -c copy -metadata:s:v rotate=90 " + turned;
    ASSERT_EQ(std::system(command.c_str()), 0) << command;  // NOLINT(cert-env33-c): fixed words
    fs::rename(turned, landscape);
    const auto made = build("out", {"1080p"});
    ASSERT_EQ(made.locales.at("en").ladder.size(), 1U) << "1280 displayed lines are enough for 1080";
    player::Reader reader(media(made, made.locales.at("en").ladder[0]), player::Reader::Want::picture, 0, 0);
    const auto frame = reader.next_picture();
    ASSERT_TRUE(frame);
    const auto middle = frame->picture.y.begin() + std::ptrdiff_t{540} * 1920;
    EXPECT_EQ(*std::max_element(middle, middle + 600), 16) << "the area beside the picture is black";
    EXPECT_GT(*std::max_element(middle + 660, middle + 1260), 80);
}

TEST_F(LadderTest, CardsAreDrawnInEachSizeForEachLanguage) {
    write("segment.toml",
          "format = 1\nid = \"spot\"\nrevision = 1\nrating = \"general\"\ntopics = []\nfallback = \"en\"\n");
    write("cards.toml", "[[card]]\nseconds = 0.4\nheading = \"title\"\n");
    const auto made = build("out", {"1080p", "360p"});
    EXPECT_THAT(reported_,
                testing::UnorderedElementsAre("en: picture", "km: picture", "en: picture 1080p",
                                              "en: picture 360p", "km: picture 1080p", "km: picture 360p"));
    EXPECT_NE(made.locales.at("en").ladder, made.locales.at("km").ladder);
    const auto& words = made.locales.at("km");
    player::Reader own(media(made, words.picture), player::Reader::Want::picture, 0, 0);
    const auto still = own.next_picture();
    ASSERT_TRUE(still);
    for (const auto& sha256 : words.ladder) {
        player::Reader reader(media(made, sha256), player::Reader::Want::picture, 1280, 720);
        unsigned count = 0;
        double apart = 0;
        for (; const auto frame = reader.next_picture(); ++count)
            if (count == 0)
                for (std::size_t i = 0; i < frame->picture.y.size(); ++i)
                    apart += std::abs(frame->picture.y[i] - still->picture.y[i]);
        EXPECT_EQ(count, frames);
        EXPECT_LT(apart / static_cast<double>(still->picture.y.size()), 4)
            << "the same card in " << made.files.at(sha256).height << " lines";
    }
}

}  // namespace
}  // namespace riverlight::author
