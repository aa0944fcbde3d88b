// Sign-language interpreters: which videos are refused, and what is built from the others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/base/files.hpp"
#include "player/feed/rendition_encoder.hpp"
#include "player/source/inset.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"
#include "tests/support/refusal.hpp"
#include "tools/author/build.hpp"
#include "tools/author/film.hpp"
#include "tools/author/sign.hpp"

namespace riverlight::author {
namespace {

using test::Of;
using test::Refuses;
using testing::AllOf;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Key;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

MATCHER_P2(Stops, defect, where, "") {
    return arg.refused && arg.defect == defect && arg.where == where;
}
MATCHER_P2(Noted, defect, where, "") {
    return !arg.refused && arg.defect == defect && arg.where == where;
}

class AuthorSignTest : public testing::Test {
  protected:
    AuthorSignTest() {
        write("segment.toml",
              "format = 1\nid = \"fair-work\"\nrevision = 1\nrating = \"general\"\ntopics = []\nfallback = "
              "\"en\"\n");
        write("cards.toml", "[[card]]\nseconds = 2\nheading = \"title\"\nbody = \"first\"\n");
        for (const auto* locale : {"en", "th"})
            write(std::string(locale) + "/strings.toml",
                  "title = \"Article 23\"\nstrap = \"Declaration\"\nhotline = \"000\"\n[text]\nfirst = "
                  "\"Everyone\"\n");
    }
    void write(const std::string& name, const std::string& text) {
        fs::create_directories(fs::path(source() + '/' + name).parent_path());
        folder_.write("source/" + name, text);
    }
    [[nodiscard]] std::string source() const { return folder_ / "source"; }
    void film(const std::string& name, int frames, int width, int height, std::uint8_t luma = 200) {
        player::WriterOptions options;
        options.width = width;
        options.height = height;
        options.sound = false;
        player::FileWriter writer(source() + '/' + name, options);
        auto picture = player::black(width, height);
        std::fill(picture.y.begin(), picture.y.end(), luma);
        for (int n = 0; n < frames; ++n) writer.add(picture);
        writer.finish();
    }
    /// Of interpreters' videos.
    std::vector<SegmentFinding> findings() {
        auto all = examine(read_segment(source()), {}).findings;
        std::erase_if(all,
                      [](const SegmentFinding& f) { return f.where.find("sign-") == std::string::npos; });
        return all;
    }
    std::optional<ReadError> misread() {
        return test::unread([&] { static_cast<void>(read_segment(source())); });
    }
    test::Folder folder_;
};

TEST_F(AuthorSignTest, StoresTheInterpreterAtItsDisplayedSizeAndTheSegmentsLength) {
    film("th/sign-tsq.mp4", 51, 900, 1200);
    EXPECT_THAT(findings(), IsEmpty()) << "one picture more than the segment has is cut off";
    std::vector<std::string> made;
    const auto build = [&](const std::vector<std::string>& profiles) {
        made.clear();
        return build_segment(read_segment(source()), folder_ / "out",
                             [&](const std::string& step) {
                                 if (step.find(": ") != std::string::npos) made.push_back(step);
                             },
                             {profiles});
    };
    const auto manifest = build({});
    EXPECT_THAT(manifest.locales.at("en").signs, IsEmpty());
    ASSERT_THAT(manifest.locales.at("th").signs, ElementsAre(Key("tsq")));
    const auto& file = manifest.files.at(manifest.locales.at("th").signs.at("tsq"));
    EXPECT_EQ(file.kind, "sign");
    EXPECT_EQ(file.codec, "h264");
    EXPECT_NEAR(file.width * file.height, largest_sign, largest_sign / 100);
    EXPECT_NEAR(file.width * 4, file.height * 3, 8);
    player::Reader reader(folder_ / ("out/media/" + file.name()), player::Reader::Want::picture, 0, 0);
    int frames = 0;
    while (const auto frame = reader.next_picture()) {
        EXPECT_EQ(frame->picture.width, file.width);
        ++frames;
    }
    EXPECT_EQ(frames, 50);
    EXPECT_EQ(content::write_manifest(build({})), content::write_manifest(manifest));
    EXPECT_THAT(made, IsEmpty()) << "nothing has changed";
    film("th/sign-tsq.mp4", 50, 300, 400);
    const auto other = build({});
    EXPECT_THAT(made, ElementsAre("th-tsq: interpreter"));
    EXPECT_EQ(other.files.at(other.locales.at("th").signs.at("tsq")).width, 300) << "never made larger";
}

TEST_F(AuthorSignTest, BuildsARenditionWithTheInterpreter) {
    film("th/sign-tsq.mp4", 50, 300, 400);
    const auto manifest =
        build_segment(read_segment(source()), folder_ / "out", {}, {{"720p25", "720p25+tsq"}});
    EXPECT_THAT(manifest.locales.at("en").renditions, ElementsAre(Key("720p25")));
    const auto& renditions = manifest.locales.at("th").renditions;
    ASSERT_THAT(renditions, ElementsAre(Key("720p25"), Key("720p25+tsq")));
    const auto luma = [&](const std::string& key) {
        const auto& file = manifest.files.at(renditions.at(key));
        EXPECT_EQ(file.profile, "720p25");
        const auto path = folder_ / ("out/media/" + file.name());
        EXPECT_EQ(player::validate_rendition(path, player::profile_named("720p25")).frames, 51);
        player::Reader reader(path, player::Reader::Want::picture, 0, 0);
        const auto picture = reader.next_picture()->picture;
        const auto box = player::inset_box({1280, 720}, 300, 400, 100);  // a strap is some hundred pixels
        return int{
            picture.y[static_cast<std::size_t>((box.y + box.height / 2) * 1280 + box.x + box.width / 2)]};
    };
    EXPECT_NEAR(luma("720p25+tsq"), 200, 4);
    EXPECT_LT(luma("720p25"), 100) << "the card's background";
    const auto why = [&](const std::string& profile) {
        return test::unread([&] {
            static_cast<void>(build_segment(read_segment(source()), folder_ / "no", {}, {{profile}}));
        });
    };
    EXPECT_THAT(why("720p25+csl"), Refuses(ReadFault::unresolved, "signs.csl"));
    EXPECT_THAT(why("720p25+tsq@en"), Refuses(ReadFault::unresolved, "en.signs.tsq"));
}

TEST_F(AuthorSignTest, CardsKeepTheInterpretersAreaFree) {
    write(
        "th/strings.toml",
        "title = \"A heading that goes from one edge of the picture to the other\"\n[text]\nfirst = \"Words "
        "below it that would also do that if the card did not keep them in their area\"\n");
    const auto brightest = [&] {
        const auto read = read_segment(source());
        const auto card = card_picture(read.deck, read.deck.cards.at(0), read.locales.at("th"), "th");
        const auto box = player::inset_box({film_width, film_height}, 300, 400, 100);
        int most = 0;
        for (int y = box.y; y < box.y + box.height; ++y)
            for (int x = box.x; x < box.x + box.width; ++x)
                most = std::max(most, int{card.y[static_cast<std::size_t>(y * film_width + x)]});
        return most;
    };
    EXPECT_GT(brightest(), 160) << "without an interpreter the text fills the area";
    film("th/sign-tsq.mp4", 50, 300, 400);
    EXPECT_LT(brightest(), 140) << "only background";
}

TEST_F(AuthorSignTest, RefusesOrNotesUnusableInterpreterVideos) {
    film("th/sign-tsq.mp4", 60, 300, 400);
    const std::string video = "th/sign-tsq.mp4";
    ASSERT_THAT(findings(), ElementsAre(Stops(Defect::ends_late, video)));
    EXPECT_EQ(findings()[0].when, (quality::Stretch{2000ms, 2400ms}));
    EXPECT_EQ(findings()[0].what, "lasts 2.40 s, the pictures 2.00 s");
    film("th/sign-tsq.mp4", 30, 160, 120);
    EXPECT_THAT(findings(), ElementsAre(Noted(Defect::ends_early, video), Noted(Defect::few_lines, video)));
    EXPECT_EQ(findings()[1].what, "has 120 lines");
    write("th/sign-tsq.mp4", "no video");
    EXPECT_THAT(findings(), ElementsAre(Stops(Defect::unreadable, video)));
    fs::remove(source() + "/th/sign-tsq.mp4");
    write("th/sign-tsq.wav", "");
    EXPECT_THAT(misread(), AllOf(Refuses(ReadFault::unsupported, ""), Of(source() + "/th/sign-tsq.wav")));
    fs::remove(source() + "/th/sign-tsq.wav");
    write("th/sign-Thai language.mp4", "");
    EXPECT_THAT(misread(),
                AllOf(Refuses(ReadFault::malformed, ""), Of(source() + "/th/sign-Thai language.mp4")));
    fs::remove(source() + "/th/sign-Thai language.mp4");
    film("th/sign-tsq.mp4", 50, 300, 400);
    write("th/sign-tsq.mov", "");
    EXPECT_THAT(misread(), AllOf(Refuses(ReadFault::duplicate, "sign-tsq"), Of(source() + "/th")));
}

}  // namespace
}  // namespace riverlight::author
