// Files that somebody joined byte by byte. FFmpeg's command line writes one of each kind; the second begins
// where the first ends.
#include "tools/author/joined.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "content/base/error.hpp"
#include "content/base/files.hpp"
#include "tests/support/folder.hpp"
#include "tools/author/watch.hpp"

namespace riverlight::author {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

struct Kind {
    const char* name;
    const char* options;
    bool pictures = true;
};

const std::vector<Kind> refused{{"a.mkv", "-c:v libx264 -c:a aac"},
                                {"live.mkv", "-c:v libx264 -c:a aac -f matroska -live 1"},
                                {"a.webm", "-c:v libvpx -c:a libopus"},
                                {"a.mp4", "-c:v libx264 -c:a aac"},
                                {"first.mp4", "-c:v libx264 -c:a aac -movflags +faststart"},
                                {"pieces.mp4", "-c:v libx264 -c:a aac -movflags +frag_keyframe+empty_moov"},
                                {"a.mov", "-c:v mpeg4 -c:a pcm_s16le"},
                                {"a.flv", "-c:v flv1 -c:a aac"},
                                {"a.wmv", "-c:v wmv2 -c:a wmav2"},
                                {"a.m4a", "-vn -c:a aac", false},
                                {"a.wma", "-vn -c:a wmav2", false},
                                {"a.wav", "-vn -c:a pcm_s16le", false},
                                {"odd.wav", "-vn -c:a pcm_u8 -ac 1 -af atrim=end_sample=47999", false},
                                {"a.aiff", "-vn -c:a pcm_s16be", false}};
const std::vector<Kind> followed{{"a.ts", "-c:v mpeg2video -c:a mp2"},
                                 {"a.avi", "-c:v mpeg4 -c:a mp2"},
                                 {"a.mp3", "-vn -c:a libmp3lame", false},
                                 {"a.flac", "-vn -c:a flac", false}};

class JoinedTest : public testing::Test {
  protected:
    std::string made(const Kind& kind) {
        const auto path = folder_ / kind.name;
        const auto line = std::string("ffmpeg -v error -nostdin -y -f lavfi -i testsrc=s=160x90:r=25:d=1 ") +
                          "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=1 " + kind.options +
                          ' ' + path;
        EXPECT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): fixed words
        return path;
    }
    std::string twice(const std::string& path) {
        const auto bytes = read_file(path, 8U << 20);
        return folder_.write("twice-" + fs::path(path).filename().string(), bytes + bytes);
    }
    static std::string refusal(const Kind& kind, const std::string& path) {
        try {
            static_cast<void>(kind.pictures ? watch_video(path) : watch_sound(path));
        } catch (const Error& e) {
            return e.what();
        }
        return "";
    }
    test::Folder folder_;
};

TEST_F(JoinedTest, WhatNoPlayerShowsWholeIsRefusedWithItsPlace) {
    for (const auto& kind : refused) {
        SCOPED_TRACE(kind.name);
        const auto one = made(kind);
        EXPECT_EQ(second_file_in(one), std::nullopt);
        EXPECT_EQ(refusal(kind, one), "");
        const auto both = twice(one);
        EXPECT_EQ(second_file_in(both), fs::file_size(one));
        EXPECT_THAT(refusal(kind, both),
                    AllOf(HasSubstr(both), HasSubstr(std::to_string(fs::file_size(one)))));
    }
}

TEST_F(JoinedTest, WhatGoesOnIsTakenWhole) {
    for (const auto& kind : followed) {
        SCOPED_TRACE(kind.name);
        const auto both = twice(made(kind));
        EXPECT_EQ(second_file_in(both), std::nullopt);
        EXPECT_EQ(refusal(kind, both), "");
    }
}

TEST_F(JoinedTest, WhatIsCutOrNoMediaHoldsNoSecondFile) {
    for (const auto& kind : refused) {
        const auto bytes = read_file(made(kind), 8U << 20);
        for (const auto length :
             {std::size_t{0}, std::size_t{9}, std::size_t{30}, bytes.size() / 2, bytes.size() - 1})
            EXPECT_EQ(second_file_in(folder_.write("cut", bytes.substr(0, length))), std::nullopt)
                << kind.name << ' ' << length;
    }
    EXPECT_EQ(second_file_in(folder_.write("sizes", "\xFF\xFF\xFF\xFFmoov" + std::string(100, '\xFF'))),
              std::nullopt);
    EXPECT_THROW(static_cast<void>(second_file_in(folder_ / "none")), Error);
}

}  // namespace
}  // namespace riverlight::author
