// Files of a segment's folder that nothing reads: each is named, with what to do.
#include "tools/author/unread.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "content/base/files.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/refusal.hpp"
#include "tools/author/source.hpp"

namespace riverlight::author {
namespace {

namespace fs = std::filesystem;
using testing::Pair;

class UnreadTest : public testing::Test {
  protected:
    UnreadTest() {
        write("segment.toml", "format = 1\nid = \"spot\"\nfallback = \"en\"\n");
        write("cards.toml", "[[card]]\nseconds = 2\nheading = \"title\"\n");
        write("en/strings.toml", "title = \"T\"\n");
    }
    void write(const std::string& name, const std::string& text) {
        fs::create_directories(fs::path(folder_ / name).parent_path());
        folder_.write(name, text);
    }
    /// What is to be done with each file, by its place.
    std::map<std::string, std::string> remedies() {
        std::map<std::string, std::string> found;
        for (const auto& finding : unread_files(read_segment(folder_.path()))) {
            EXPECT_EQ(finding.defect, quality::Defect::unread_file);
            EXPECT_FALSE(finding.refused);
            found.emplace(finding.where, finding.remedy);
        }
        return found;
    }
    test::Folder folder_;
};

TEST_F(UnreadTest, EachFileIsNamedWithTheNameThatWasMeant) {
    for (const auto* name :
         {"en/subtitles.SRT", "en/subtitle.srt", "en/sound.WAV", "en/voice.mp3", "en/notes.txt",
          "km/readme.txt", "en/.DS_Store", "Thumbs.db", "en/~$strings.docx", "._segment.toml", "Cards.toml"})
        write(name, "x");
    EXPECT_THAT(remedies(), testing::UnorderedElementsAre(Pair("en/subtitles.SRT", "name it subtitles.srt"),
                                                          Pair("en/subtitle.srt", "name it subtitles.srt"),
                                                          Pair("en/sound.WAV", "name it sound.wav"),
                                                          Pair("en/voice.mp3", "name it sound.mp3"),
                                                          Pair("en/notes.txt", ""), Pair("km", ""),
                                                          Pair("Cards.toml", "")));
    for (int i = 0; i < 100; ++i) write("en/extra-" + std::to_string(i), "x");
    EXPECT_EQ(unread_files(read_segment(folder_.path())).size(), 51U);
}

// Another name makes no WebVTT of TTML, and no AAC of AIFF.
TEST_F(UnreadTest, AnotherFormatIsToBeExported) {
    for (const auto* name : {"subs.ttml", "subtitles.txt", "subtitles.vtt.docx", "a.sbv"})
        write("en/" + std::string(name), "x");
    for (const auto* name : {"sound.aiff", "sound.ac3", "sound.mp4", "voice.wma"})
        write("en/" + std::string(name), "x");
    for (const auto& [where, remedy] : remedies())
        EXPECT_THAT(remedy, testing::StartsWith(where.find("sub") != std::string::npos || where == "en/a.sbv"
                                                    ? "subtitles are WebVTT, SubRip or ASS: export them"
                                                    : "export it as WAV, MP3 or M4A"))
            << where;
    EXPECT_EQ(remedies().size(), 8U);
}

TEST_F(UnreadTest, AFileInAnotherPlaceIsToBeMovedOrNamed) {
    for (const auto* name : {"sound.wav", "film.MOV", "logo.png"}) write(name, "x");
    write("en/sound.mp3", "x");
    write("en/music.wav", "x");
    EXPECT_THAT(
        remedies(),
        testing::UnorderedElementsAre(
            Pair("sound.wav", "put it into the folder of its language, as en/sound.wav"),
            Pair("film.MOV",
                 "to show it instead of the cards write picture = \"film.MOV\" in segment.toml, and remove "
                 "cards.toml"),
            Pair("logo.png", "to show it write image = \"logo.png\" in a [[card]] of cards.toml"),
            Pair("en/music.wav", "the language has sound.mp3: remove one of them")));
}

// The file that is there under another name is named.
TEST_F(UnreadTest, AMissingPictureIsLookedForByItsName) {
    fs::remove(folder_ / "cards.toml");
    write("PICTURE.MP4", "x");
    auto why = test::unread([&] { static_cast<void>(read_segment(folder_.path())); });
    ASSERT_TRUE(why);
    EXPECT_EQ(why->meant, "PICTURE.MP4");
    write("segment.toml", "format = 1\nid = \"spot\"\nfallback = \"en\"\npicture = \"picture.mp4\"\n");
    why = test::unread([&] { static_cast<void>(read_segment(folder_.path())); });
    ASSERT_TRUE(why);
    EXPECT_EQ(why->kind, ReadFault::unresolved);
    EXPECT_EQ(why->meant, "PICTURE.MP4");
}

}  // namespace
}  // namespace riverlight::author
