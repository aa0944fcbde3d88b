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
#include "tools/author/build.hpp"
#include "tools/author/scaffold.hpp"
#include "tools/author/sound.hpp"

namespace riverlight::author {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

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
    [[nodiscard]] std::string fault(const std::string& name, const std::string& text) {
        write(name, text);
        try {
            const auto read = read_segment(source());
            for (const auto& finding : examine(read, {}).findings)
                if (finding.refused) return finding.where + ": " + finding.what;
        } catch (const Error& e) {
            return e.what();
        }
        return "accepted";
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
        try {
            new_segment(folder_ / into, id, {locale});
        } catch (const Error& e) {
            return std::string(e.what());
        }
        return std::string("made");
    };
    EXPECT_THAT(why("new-spot", "", "en"), HasSubstr("not empty; nothing was written"));
    EXPECT_THAT(why("New Spot", "", "en"), HasSubstr("is no id"));
    EXPECT_THAT(why("other", "", "klingon!"), HasSubstr("is no language tag"));
    EXPECT_FALSE(fs::exists(folder_ / "other"));
    EXPECT_EQ(why("Any Name", "fair-work", "en"), "made");
}

TEST_F(AuthorTest, RecordsACrawlingStrapAndRefusesOneThatIsTooLong) {
    std::string words;
    for (int i = 0; i < 4; ++i) words += "Call before you leave home, it costs nothing. ";
    const auto strings = [&](const std::string& crawl) {
        return "title = \"T\"\nstrap = \"" + words + "\"\nhotline = \"1\"\n" + crawl +
               "[text]\nfirst = \"F\"\n";
    };
    EXPECT_THAT(fault("en/strings.toml", strings("crawl = true\n")),
                testing::AllOf(testing::HasSubstr("en/strings.toml: strap"),
                               testing::HasSubstr("to crawl past once")))
        << "the segment lasts two seconds";
    EXPECT_THAT(fault("en/strings.toml", strings("crawl = 1\n")), testing::HasSubstr("crawl"));
    write("cards.toml", "[[card]]\nseconds = 60\nheading = \"title\"\nbody = \"first\"\n");
    EXPECT_EQ(fault("en/strings.toml", strings("crawl = true\n")), "accepted");
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
    // What was changed behind its back, and a memory that is spoiled, are made anew.
    const auto path = folder_ / ("out/media/" + third.files.at(third.locales.at("km").picture).name());
    fs::resize_file(path, 10);
    EXPECT_EQ(content::write_manifest(build()), content::write_manifest(third));
    EXPECT_THAT(made, testing::ElementsAre("km: picture"));
    folder_.write("out/build.json", "{");
    EXPECT_EQ(content::write_manifest(build()), content::write_manifest(third));
    EXPECT_EQ(made.size(), 2U);
    build(true);
    EXPECT_EQ(made.size(), 2U) << "afresh";
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
    try {
        static_cast<void>(build_segment(read_segment(source()), folder_ / "no", {}, {{"720p25@vi"}}));
        FAIL();
    } catch (const Error& e) {
        EXPECT_THAT(e.what(), testing::AllOf(HasSubstr("'vi'"), HasSubstr("720p25@vi")));
    }
}

TEST_F(AuthorTest, ErrorsNameTheFileTheKeyAndTheRemedy) {
    EXPECT_THAT(fault("segment.toml", "format = 1\nid = \"fair-work\"\nrevison = 1\n"),
                testing::AllOf(HasSubstr("revison"), HasSubstr("revision")));
    EXPECT_THAT(fault("segment.toml", "format = 1\nid = \"Fair Work\"\nrevision = 1\nfallback = \"en\"\n"),
                HasSubstr("Fair Work"));
    EXPECT_THAT(fault("segment.toml",
                      "format = 1\nid = \"fair-work\"\nrevision = 1\nrating = \"general\"\ntopics = "
                      "[]\nfallback = \"km\"\n"),
                HasSubstr("km"));
}

TEST_F(AuthorTest, ACardThatNamesUnknownTextOrCannotFitIsRefused) {
    EXPECT_THAT(fault("cards.toml", "[[card]]\nseconds = 2\nheading = \"title\"\nbody = \"frist\"\n"),
                testing::AllOf(HasSubstr("frist"), HasSubstr("first")));
    const auto lasting = [](const char* seconds) {
        return "[[card]]\nseconds = 2\nheading = \"title\"\n[[card]]\nseconds = " + std::string(seconds) +
               "\nheading = \"title\"\n";
    };
    EXPECT_THAT(fault("cards.toml", lasting("0.36")),
                testing::AllOf(HasSubstr("card 2"), HasSubstr("at least 0.4 s"), HasSubstr("flash")));
    EXPECT_EQ(fault("cards.toml", lasting("0.4")), "accepted");
    write("cards.toml", "[[card]]\nseconds = 2\nheading = \"title\"\nbody = \"first\"\n");
    std::string flood;
    for (int i = 0; i < 400; ++i) flood += "Everyone has the right to work. ";
    EXPECT_NE(fault("en/strings.toml", "title = \"Article 23\"\n[text]\nfirst = \"" + flood + "\"\n"),
              "accepted");
}

TEST_F(AuthorTest, RefusesTextThatViewersCannotRead) {
    const auto strings = [](const std::string& title, const std::string& strap) {
        return "title = \"" + title + "\"\nstrap = \"" + strap +
               "\"\nhotline = \"000\"\n[text]\nfirst = \"Everyone has the right to work.\"\n";
    };
    const auto path = std::string("en/strings.toml");
    EXPECT_THAT(fault(path, strings("Article \\U00100001", "x")),
                HasSubstr("U+100001, which no installed font"));
    EXPECT_THAT(fault(path, strings("Article 23", "call \\U00100002")),
                HasSubstr("strap: has the character U+100002"));
    std::string flood;
    for (int i = 0; i < 60; ++i) flood += "word ";
    EXPECT_THAT(fault(path, strings("Article 23", flood.substr(0, 299))),
                testing::AnyOf("accepted", HasSubstr("two lines")));
    write(path, strings("Article 23", "x"));
    const auto cue = [](const std::string& text) {
        return "WEBVTT\n\n00:00.000 --> 00:01.500\n" + text + "\n";
    };
    EXPECT_EQ(fault("en/subtitles.vtt", cue("all is well")), "accepted");
    EXPECT_THAT(fault("en/subtitles.vtt", cue("odd \xF4\x80\x80\x83")), HasSubstr("U+100003"));
    EXPECT_THAT(fault("en/subtitles.vtt", "WEBVTT\n\n00:00.000 --> 00:09.000\nlate\n"),
                HasSubstr("after the pictures end (0:02)"));
    EXPECT_THAT(fault("en/subtitles.vtt", cue("ေက်းဇူးတင္ပါတယ္။ ကောင်းပါပြီ။ ဖြစ်ပါစေ့်။ ကျေးဇူးတင်ပါတယ်။ ျမန္မာ")),
                HasSubstr("Zawgyi"));
    EXPECT_EQ(fault("en/subtitles.vtt", cue("ေက်းဇူးတင္ပါတယ္")), "accepted") << "it is converted";
    EXPECT_THAT(fault("en/subtitles.ass", "[Script Info]\n"), HasSubstr("keep one"));
}

TEST_F(AuthorTest, NotesTextThatIsHardToRead) {
    std::string flood;
    for (int i = 0; i < 60; ++i) flood += "word ";
    write("en/subtitles.srt", "1\n00:00:00,000 --> 00:00:01,500\n" + flood + "\n");
    std::string notes;
    for (const auto& finding : examine(read_segment(source()), {}).findings) {
        EXPECT_FALSE(finding.refused) << finding.what;
        notes += finding.what + '\n';
    }
    EXPECT_THAT(notes, HasSubstr("at 0:00: is too long for one picture; it is shown in 2 parts"));
    EXPECT_THAT(notes, HasSubstr("too short a time to be read"));
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
