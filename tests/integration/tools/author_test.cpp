// Segments from authored folders: which are refused, and what is built from the others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cmath>
#include <fstream>
#include <span>

#include "content/base/files.hpp"
#include "player/feed/rendition_encoder.hpp"
#include "player/outlet/outlet.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"
#include "tests/support/refusal.hpp"
#include "tools/author/build.hpp"
#include "tools/author/scaffold.hpp"
#include "tools/author/sound.hpp"

namespace riverlight::author {
namespace {

using test::Means;
using test::Of;
using test::Refuses;
using testing::AllOf;
using testing::Optional;
namespace fs = std::filesystem;

MATCHER_P2(Is, defect, where, "") {
    return arg.defect == defect && arg.where == where;
}

class AuthorTest : public testing::Test {
  protected:
    AuthorTest() {
        write("segment.toml",
              "format = 1\nid = \"fair-work\"\nrevision = 1\nrating = \"general\"\ntopics = "
              "[\"work\"]\nfallback = \"en\"\n");
        write("cards.toml", "[[card]]\nseconds = 2\nheading = \"title\"\nbody = \"first\"\n");
        write("en/strings.toml",
              "title = \"Article 23\"\nstrap = \"Universal Declaration\"\nhotline = \"000 000 "
              "000\"\n[text]\nfirst = \"Everyone has the right to work.\"\n");
    }
    std::string write(const std::string& name, const std::string& text) {
        fs::create_directories(fs::path(source() + '/' + name).parent_path());
        return folder_.write("source/" + name, text);
    }
    [[nodiscard]] std::string source() const { return folder_ / "source"; }
    /// What stops a build once the file `name` holds `text`; none: nothing.
    [[nodiscard]] std::optional<SegmentFinding> fault(const std::string& name, const std::string& text) {
        write(name, text);
        for (const auto& finding : examine(read_segment(source()), {}).findings)
            if (finding.refused) return finding;
        return {};
    }
    /// Why the folder cannot be read once the file `name` holds `text`.
    [[nodiscard]] std::optional<ReadError> misread(const std::string& name, const std::string& text) {
        write(name, text);
        return test::unread([&] { static_cast<void>(read_segment(source())); });
    }
    test::Folder folder_;
};

TEST_F(AuthorTest, TheSameSourceGivesTheSameBytes) {
    const auto read = read_segment(source());
    static_cast<void>(build_segment(read, folder_ / "one", {}));
    static_cast<void>(build_segment(read, folder_ / "two", {}));
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "one")) {
        if (!entry.is_regular_file()) continue;
        ++files;
        const auto other = folder_ / "two" + entry.path().string().substr((folder_ / "one").size());
        EXPECT_EQ(read_file(entry.path(), 64U << 20), read_file(other, 64U << 20)) << other;
    }
    EXPECT_GE(files, 2U) << "pictures and segment.json";
}

TEST_F(AuthorTest, AcceptsATemplateFolderUnchanged) {
    const auto folder = folder_ / "new-spot";
    new_segment(folder, "", {"km", "en"});
    const auto read = read_segment(folder);
    EXPECT_EQ(read.id, "new-spot");
    EXPECT_EQ(read.fallback, "km");
    EXPECT_EQ(read.locales.size(), 2U);
    for (const auto& finding : examine(read, {}).findings) EXPECT_FALSE(finding.refused) << finding.what;
    const auto why = [&](const std::string& into, const std::string& id, const std::string& locale) {
        return test::unread([&] { new_segment(folder_ / into, id, {locale}); });
    };
    EXPECT_THAT(why("new-spot", "", "en"),
                AllOf(Refuses(ReadFault::duplicate, ""), Of(folder_ / "new-spot")));
    EXPECT_THAT(why("New Spot", "", "en"), Refuses(ReadFault::malformed, "id"));
    EXPECT_THAT(why("other", "", "klingon!"), Refuses(ReadFault::malformed, "locales"));
    EXPECT_FALSE(fs::exists(folder_ / "other"));
    EXPECT_FALSE(why("Any Name", "fair-work", "en"));
}

TEST_F(AuthorTest, TakesSoundOfEveryUsualForm) {
    for (const std::string coding :
         {"wav -c:a pcm_s16le", "wav -c:a pcm_u8", "wav -c:a pcm_s24le", "wav -c:a pcm_f64le",
          "wav -c:a pcm_alaw", "wav -c:a pcm_mulaw", "wav -c:a adpcm_ms", "wav -c:a adpcm_ima_wav", "mp3",
          "m4a", "aac", "opus", "ogg -c:a libvorbis", "flac"}) {
        const auto form = coding.substr(0, coding.find(' '));
        const auto path = write("en/sound." + form, "");
        const auto line = "ffmpeg -v error -nostdin -y -f lavfi -i sine=frequency=440:duration=1.5 " +
                          coding.substr(std::min(form.size(), coding.size())) + ' ' + path;
        ASSERT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): fixed words
        const auto read = read_segment(source());
        EXPECT_EQ(read.locales.at("en").sound, path);
        const auto examined = examine(read, {});
        EXPECT_FALSE(examined.refused()) << coding;
        EXPECT_NEAR(static_cast<double>(examined.sounds.at("en").length.count()), 1500, 100) << coding;
        fs::remove(path);
    }
    write("en/sound.wav", "x");
    EXPECT_THAT(misread("en/sound.mp3", "x"), Refuses(ReadFault::duplicate, "sound"));
}

TEST_F(AuthorTest, RecordsACrawlingStrapAndRefusesOneThatIsTooLong) {
    std::string words;
    for (int i = 0; i < 4; ++i) words += "Call before you leave home, it costs nothing. ";
    const auto strings = [&](const std::string& crawl) {
        return "title = \"T\"\nstrap = \"" + words + "\"\nhotline = \"1\"\n" + crawl +
               "[text]\nfirst = \"F\"\n";
    };
    EXPECT_THAT(fault("en/strings.toml", strings("crawl = true\n")),
                Optional(Is(Defect::crawl, "en/strings.toml: strap")))
        << "the segment lasts two seconds";
    EXPECT_THAT(misread("en/strings.toml", strings("crawl = 1\n")), Refuses(ReadFault::wrong_type, "crawl"));
    write("cards.toml", "[[card]]\nseconds = 60\nheading = \"title\"\nbody = \"first\"\n");
    EXPECT_FALSE(fault("en/strings.toml", strings("crawl = true\n")));
    const auto made = build_segment(read_segment(source()), folder_ / "out", {});
    EXPECT_TRUE(made.locales.at("en").crawl);
    EXPECT_TRUE(content::parse_manifest(content::write_manifest(made), "made").locales.at("en").crawl);
}

TEST_F(AuthorTest, RebuildsOnlyWhatChanged) {
    write("km/strings.toml", "title = \"T\"\nstrap = \"S\"\nhotline = \"1\"\n[text]\nfirst = \"Everyone\"\n");
    std::vector<std::string> made;
    const auto build = [&](bool fresh = false) {
        made.clear();
        return build_segment(read_segment(source()), folder_ / "out",
                             [&](const std::string& step) {
                                 if (step.find(": ") != std::string::npos) made.push_back(step);
                             },
                             {{}, {}, fresh});
    };
    const auto files = [&] {
        std::map<std::string, std::uint64_t> out;  // name → inode: a reused file keeps its inode
        for (const auto& entry : fs::directory_iterator(folder_ / "out/media")) {
            struct stat s {};
            EXPECT_EQ(::stat(entry.path().c_str(), &s), 0);
            out[entry.path().filename()] = s.st_ino;
        }
        return out;
    };
    const auto first = build();
    EXPECT_THAT(made, testing::UnorderedElementsAre("en: picture", "km: picture"));
    const auto before = files();
    const auto same = build();
    EXPECT_THAT(made, testing::IsEmpty());
    EXPECT_EQ(content::write_manifest(same), content::write_manifest(first));
    EXPECT_EQ(files(), before);
    // The player draws the strap; a card's text is in the pictures of its own language only.
    write("km/strings.toml",
          "title = \"T\"\nstrap = \"other\"\nhotline = \"1\"\n[text]\nfirst = \"Everyone\"\n");
    EXPECT_EQ(build().locales.at("km").strap, "other");
    EXPECT_THAT(made, testing::IsEmpty());
    write("km/strings.toml",
          "title = \"T\"\nstrap = \"other\"\nhotline = \"1\"\n[text]\nfirst = \"All of us\"\n");
    const auto third = build();
    EXPECT_THAT(made, testing::ElementsAre("km: picture"));
    EXPECT_EQ(third.locales.at("en").picture, first.locales.at("en").picture);
    EXPECT_NE(third.locales.at("km").picture, first.locales.at("km").picture);
    EXPECT_EQ(files().size(), 2U) << "files that the manifest no longer names are removed";
    EXPECT_EQ(files().at(first.files.at(first.locales.at("en").picture).name()),
              before.at(first.files.at(first.locales.at("en").picture).name()));
    // A product that was changed, and a build cache that cannot be read, are made again.
    const auto path = folder_ / ("out/media/" + third.files.at(third.locales.at("km").picture).name());
    fs::resize_file(path, 10);
    EXPECT_EQ(content::write_manifest(build()), content::write_manifest(third));
    EXPECT_THAT(made, testing::ElementsAre("km: picture"));
    folder_.write("out/build.json", "{");
    EXPECT_EQ(content::write_manifest(build()), content::write_manifest(third));
    EXPECT_EQ(made.size(), 2U);
    build(true);
    EXPECT_EQ(made.size(), 2U) << "a fresh build makes all of it";
    write("segment.toml",
          "format = 1\nid = \"other\"\nrevision = 1\nrating = \"general\"\ntopics = []\nfallback = \"en\"\n");
    EXPECT_THROW(build(), Error) << "another segment's folder is not written over";
}

TEST_F(AuthorTest, TheManifestDescribesTheBuiltFiles) {
    const auto manifest = build_segment(read_segment(source()), folder_ / "out", {});
    EXPECT_EQ(manifest.id, "fair-work");
    EXPECT_EQ(manifest.duration, std::chrono::seconds(2));
    ASSERT_EQ(manifest.locales.size(), 1U);
    for (const auto& entry : fs::directory_iterator(folder_ / "out/media")) {
        EXPECT_EQ(entry.path().stem().string(), sha256_hex(read_file(entry.path(), 64U << 20)))
            << "files are named by the hash of their content";
    }
}

TEST_F(AuthorTest, NormalisesSoundToMinus23Lufs) {
    constexpr std::size_t second = 48'000;
    player::Samples tone(second * 2 * 4);
    for (std::size_t i = 0; i < tone.size(); ++i) {
        const auto frame = i / 2;
        tone[i] = static_cast<float>(0.02 * std::sin(static_cast<double>(frame) * 0.13));
    }
    EXPECT_LT(loudness_of(tone).lufs, -30);
    const auto level = levelled(tone, second * 4);
    EXPECT_NEAR(loudness_of(level).lufs, -23.0, 0.2);
    EXPECT_LE(loudness_of(level).peak_dbtp, -1.0);
    EXPECT_EQ(levelled(tone, second * 5).size(), second * 5 * 2);
    // A click over silence cannot reach the level without clipping: the peak limit decides.
    player::Samples click(second * 2 * 4);
    for (std::size_t i = 0; i < 960; ++i) click[i + second * 2] = 0.9F;
    EXPECT_LE(loudness_of(levelled(click, second * 4)).peak_dbtp, -0.9);
    EXPECT_TRUE(loudness_of(levelled(player::Samples(second * 2), second)).silent());
}

TEST_F(AuthorTest, KeepsAVideosSoundInSyncWithItsPictures) {
    // A transport stream's sound begins before its picture, by the encoder's delay.
    const auto outlet = player::make_outlet({{"file:" + (folder_ / "clip.ts")}, "720p25-aac", "", {}});
    const auto sound = test::clicks(50);
    for (int i = 0; i < 50; ++i)
        outlet->show(test::numbered(1280, 720, static_cast<unsigned>(i)),
                     std::span(sound).subspan(static_cast<std::size_t>(i) * 3840, 3840), i);
    outlet->finish();
    const auto clicks = test::clicks_in(decode_sound(folder_ / "clip.ts"));
    ASSERT_EQ(clicks.size(), 2U);
    EXPECT_NEAR(static_cast<double>(clicks[0]), 0, 48);
    EXPECT_NEAR(static_cast<double>(clicks[1]), 48'000, 48);
}

TEST_F(AuthorTest, BuildsARenditionForAFeedAndListsItInTheManifest) {
    const auto manifest = build_segment(read_segment(source()), folder_ / "out", {}, {{"720p25"}});
    const auto& renditions = manifest.locales.at("en").renditions;
    ASSERT_TRUE(renditions.contains("720p25"));
    const auto& file = manifest.files.at(renditions.at("720p25"));
    EXPECT_EQ(file.kind, "rendition");
    const auto path = folder_ / ("out/media/" + file.name());
    const auto facts = player::validate_rendition(path, player::profile_named("720p25"));
    EXPECT_EQ(facts.frames, 51) << "two seconds, padded to the grid";
    EXPECT_EQ(facts.parameters, file.parameters);
    // The strap is burned in: the lower quarter differs from the picture without it.
    player::Reader with(path, player::Reader::Want::picture, 0, 0);
    player::Reader without(
        folder_ / ("out/media/" + manifest.files.at(manifest.locales.at("en").picture).name()),
        player::Reader::Want::picture, 0, 0);
    const auto a = with.next_picture(), b = without.next_picture();
    ASSERT_TRUE(a && b);
    std::int64_t differing = 0;
    for (std::size_t i = a->picture.y.size() * 3 / 4; i < a->picture.y.size(); ++i)
        differing += std::abs(a->picture.y[i] - b->picture.y[i]) > 40;
    EXPECT_GT(differing, 20'000);
    const auto again = content::parse_manifest(content::write_manifest(manifest), "again");
    EXPECT_EQ(again.locales.at("en").renditions, renditions);
    EXPECT_THROW(static_cast<void>(build_segment(read_segment(source()), folder_ / "no", {}, {{"4k"}})),
                 Error);
    write("km/strings.toml", "title = \"មាត្រា ២៣\"\n[text]\nfirst = \"មនុស្សម្នាក់ៗ\"\n");
    // For one language only; a language that the segment does not have is refused by name.
    const auto one = build_segment(read_segment(source()), folder_ / "one", {}, {{"720p25@km"}});
    EXPECT_TRUE(one.locales.at("km").renditions.contains("720p25"));
    EXPECT_TRUE(one.locales.at("en").renditions.empty());
    EXPECT_THAT(
        test::unread([&] {
            static_cast<void>(build_segment(read_segment(source()), folder_ / "no", {}, {{"720p25@vi"}}));
        }),
        AllOf(Refuses(ReadFault::unresolved, "locales.vi"), Of(source())));
}

TEST_F(AuthorTest, ErrorsNameTheFileTheKeyAndWhatWasMeant) {
    EXPECT_THAT(
        misread("segment.toml", "format = 1\nid = \"fair-work\"\nrevison = 1\n"),
        AllOf(Refuses(ReadFault::unknown, "revison"), Means("revision"), Of(source() + "/segment.toml")));
    EXPECT_THAT(misread("segment.toml", "format = 1\nid = \"Fair Work\"\nrevision = 1\nfallback = \"en\"\n"),
                Refuses(ReadFault::malformed, "id"));
    EXPECT_THAT(misread("segment.toml",
                        "format = 1\nid = \"fair-work\"\nrevision = 1\nrating = \"general\"\ntopics = "
                        "[]\nfallback = \"km\"\n"),
                Refuses(ReadFault::unresolved, "fallback"));
}

TEST_F(AuthorTest, ACardThatNamesUnknownTextOrCannotFitIsRefused) {
    EXPECT_THAT(misread("cards.toml", "[[card]]\nseconds = 2\nheading = \"title\"\nbody = \"frist\"\n"),
                AllOf(Refuses(ReadFault::unresolved, "text.frist"), Means("first"),
                      Of(source() + "/en/strings.toml")));
    const auto lasting = [](const char* seconds) {
        return "[[card]]\nseconds = 2\nheading = \"title\"\n[[card]]\nseconds = " + std::string(seconds) +
               "\nheading = \"title\"\n";
    };
    EXPECT_THAT(misread("cards.toml", lasting("0.36")), Refuses(ReadFault::out_of_range, "card.2.seconds"))
        << "it would flash";
    EXPECT_FALSE(fault("cards.toml", lasting("0.4")));
    write("cards.toml", "[[card]]\nseconds = 2\nheading = \"title\"\nbody = \"first\"\n");
    std::string flood;
    for (int i = 0; i < 400; ++i) flood += "Everyone has the right to work. ";
    EXPECT_THAT(misread("en/strings.toml", "title = \"Article 23\"\n[text]\nfirst = \"" + flood + "\"\n"),
                Refuses(ReadFault::too_large, "text.first"));
    EXPECT_THAT(fault("en/strings.toml",
                      "title = \"Article 23\"\n[text]\nfirst = \"" + flood.substr(0, 4000) + "\"\n"),
                Optional(Is(Defect::too_long, "cards")));
}

TEST_F(AuthorTest, RefusesTextThatViewersCannotRead) {
    const auto strings = [](const std::string& title, const std::string& strap) {
        return "title = \"" + title + "\"\nstrap = \"" + strap +
               "\"\nhotline = \"000\"\n[text]\nfirst = \"Everyone has the right to work.\"\n";
    };
    const auto path = std::string("en/strings.toml");
    const auto title = fault(path, strings("Article \\U00100001", "x"));
    ASSERT_THAT(title, Optional(Is(Defect::no_glyph, "cards")));
    EXPECT_EQ(title->what, "en: card 1 has the character U+100001, which no installed font draws");
    EXPECT_THAT(fault(path, strings("Article 23", "call \\U00100002")),
                Optional(Is(Defect::no_glyph, "en/strings.toml: strap")));
    std::string flood;
    for (int i = 0; i < 60; ++i) flood += "word ";
    EXPECT_THAT(
        fault(path, strings("Article 23", flood.substr(0, 299))),
        testing::AnyOf(testing::Eq(std::nullopt), Optional(Is(Defect::too_long, "en/strings.toml: strap"))));
    write(path, strings("Article 23", "x"));
    const auto cue = [](const std::string& text) {
        return "WEBVTT\n\n00:00.000 --> 00:01.500\n" + text + "\n";
    };
    const auto subtitles = source() + "/en/subtitles.vtt";
    EXPECT_FALSE(fault("en/subtitles.vtt", cue("all is well")));
    EXPECT_THAT(fault("en/subtitles.vtt", cue("odd \xF4\x80\x80\x83")),
                Optional(Is(Defect::no_glyph, subtitles)));
    EXPECT_THAT(fault("en/subtitles.vtt", "WEBVTT\n\n00:00.000 --> 00:09.000\nlate\n"),
                Optional(Is(Defect::late_subtitle, subtitles)));
    EXPECT_THAT(fault("en/subtitles.vtt", cue("ေက်းဇူးတင္ပါတယ္။ ကောင်းပါပြီ။ ဖြစ်ပါစေ့်။ ကျေးဇူးတင်ပါတယ်။ ျမန္မာ")),
                Optional(Is(Defect::mixed_burmese, subtitles)));
    EXPECT_FALSE(fault("en/subtitles.vtt", cue("ေက်းဇူးတင္ပါတယ္"))) << "it is converted";
    EXPECT_THAT(misread("en/subtitles.ass", "[Script Info]\n"),
                AllOf(Refuses(ReadFault::duplicate, "subtitles"), Of(source() + "/en")));
}

TEST_F(AuthorTest, NotesTextThatIsHardToRead) {
    std::string flood;
    for (int i = 0; i < 60; ++i) flood += "word ";
    write("en/subtitles.srt", "1\n00:00:00,000 --> 00:00:01,500\n" + flood + "\n");
    const auto notes = examine(read_segment(source()), {}).findings;
    for (const auto& finding : notes) EXPECT_FALSE(finding.refused) << finding.what;
    const auto subtitles = source() + "/en/subtitles.srt";
    EXPECT_THAT(notes, testing::Contains(AllOf(Is(Defect::parts, subtitles),
                                               testing::Field(&SegmentFinding::what,
                                                              "at 0:00: is too long for one picture; it is "
                                                              "shown in 2 parts"))));
    EXPECT_THAT(notes, testing::Contains(Is(Defect::too_quick, subtitles)));
}

TEST_F(AuthorTest, RefusesACorruptVideoAndLeavesNoFiles) {
    fs::remove(source() + "/cards.toml");
    write("segment.toml",
          "format = 1\nid = \"fair-work\"\nrevision = 1\nrating = \"general\"\ntopics = [\"work\"]\nfallback "
          "= \"en\"\npicture = \"video.mp4\"\n");
    static_cast<void>(test::write_clip(source() + "/video.mp4", 0, 50));
    const auto whole = read_file(source() + "/video.mp4", 64U << 20);
    auto corrupted = whole;
    for (std::size_t i = whole.size() / 2; i < whole.size() / 2 + 400; ++i)
        corrupted[i] = static_cast<char>(corrupted[i] ^ 0x5a);
    write("video.mp4", corrupted);
    EXPECT_THROW(static_cast<void>(build_segment(read_segment(source()), folder_ / "out", {})), Error);
    EXPECT_FALSE(fs::exists(folder_ / "out"));
    for (const auto& entry : fs::directory_iterator(folder_.path()))
        EXPECT_EQ(entry.path().filename(), "source") << "no partial files remain";
    write("video.mp4", whole);
    EXPECT_EQ(build_segment(read_segment(source()), folder_ / "out", {}).duration, std::chrono::seconds(2));
}

}  // namespace
}  // namespace riverlight::author
