// Files that are not what their names say, or not whole: refused, with the file's name and what to do.
// Pictures of cards as phones and drawing programs save them.
#include "player/av/still.hpp"
#include "tests/integration/reports/recording.hpp"
#include "tests/support/refusal.hpp"

namespace riverlight::reports {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Refusals : public Recording {
  protected:
    [[nodiscard]] std::string refused_video(const std::string& name, const std::string& bytes) const {
        const auto path = folder_.write(name, bytes);
        return test::error_of([&] { static_cast<void>(author::watch_video(path)); });
    }
};

TEST_F(Refusals, lossless_cut_796_AnMp4WithoutItsIndex) {
    const auto whole = bytes_of(make("a.mp4", "%v %a -c:v libx264 -c:a aac"));
    const auto index = whole.find("moov");
    ASSERT_NE(index, std::string::npos);
    EXPECT_THAT(refused_video("b.mp4", whole.substr(0, index - 4)),
                AllOf(HasSubstr("b.mp4"), HasSubstr("in MP4")));
}

TEST_F(Refusals, SlowMovie_111_TheShadowFileOfAnotherSystem) {
    std::string shadow("\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        ", 24);
    EXPECT_THAT(refused_video("._a.mp4", shadow + std::string(4000, '\0')), HasSubstr("._a.mp4"));
}

TEST_F(Refusals, Whisper_WebUI_415_AnEmptyFile) {
    for (const auto* name : {"a.mp4", "a.mkv", "a.ts"})
        EXPECT_THAT(refused_video(name, ""), AllOf(HasSubstr(name), HasSubstr("H.264"))) << name;
    const auto sound = folder_.write("a.wav", "");
    EXPECT_THAT(test::error_of([&] { static_cast<void>(author::watch_sound(sound)); }), HasSubstr("a.wav"));
}

TEST_F(Refusals, SRS_1292_FragmentsThatEndInTheMiddle) {
    const auto whole =
        bytes_of(make("a.mp4", "%v %a -c:v libx264 -g 10 -c:a aac -movflags frag_keyframe+empty_moov"));
    const auto last = whole.rfind("moof");
    const auto path = folder_.write("b.mp4", whole.substr(0, last + 900));
    const auto watched = author::watch_video(path);
    EXPECT_FALSE(torn(watched.picture_findings).empty());
    EXPECT_GE(watched.duration.count(), 1400);
}

TEST_F(Refusals, HandBrake_2401_AnAnimationIsNoVideo) {
    const auto path = make("a.gif", "%v -t 0.4");
    EXPECT_THAT(test::error_of([&] { static_cast<void>(author::watch_video(path)); }),
                AllOf(HasSubstr("a.gif"), HasSubstr("in MP4")));
}

TEST_F(Refusals, opencast_3694_ACoverIsNoPicture) {
    const auto path =
        make("a.mp3",
             "%a -f lavfi -i color=yellow:s=300x300:d=0.04 -map 0 -map 1 -c:a libmp3lame -c:v mjpeg "
             "-frames:v 1 -id3v2_version 3");
    EXPECT_THAT(test::error_of([&] { static_cast<void>(author::film_video(path, [](const auto&) {})); }),
                AllOf(HasSubstr("a.mp3"), HasSubstr("has no picture")));
}

TEST_F(Refusals, AFormatThatNobodyReadsIsNamedWithItsRemedy) {
    const auto path = make("a.mkv", "%v -c:v snow -strict -2");
    EXPECT_THAT(test::error_of([&] { static_cast<void>(author::watch_video(path)); }),
                AllOf(HasSubstr("a.mkv"), HasSubstr("snow"), HasSubstr("H.264 and AAC in MP4")));
}

/// A picture of which a viewer sees the left half red and the right half blue.
TEST_F(Refusals, AnimatedCardsShowTheirFirstPicture) {
    for (const std::string name : {"a.gif", "a.png"}) {
        const auto path =
            make(name,
                 "-f lavfi -i \"color=blue:s=320x180:r=5:d=1,drawbox=w=160:h=180:color=red:t=fill:"
                 "enable='lt(t,0.1)'\" " +
                     std::string(name == "a.png" ? "-f apng -plays 0" : ""));
        player::Picture picture;
        EXPECT_EQ(test::error_of([&] { picture = player::load_image(path, 320, 180); }), "");
        ASSERT_EQ(picture.width, 320) << name;
        EXPECT_GT(picture.v[std::size_t{45} * 160 + 40], 180) << name << " is not red on the left";
        EXPECT_GT(picture.u[std::size_t{45} * 160 + 120], 180) << name << " is not blue on the right";
    }
}

// Stickers and messengers' animations. FFmpeg writes them; libav reads none.
TEST_F(Refusals, AnimatedWebpShowsItsFirstPicture) {
    const std::string input =
        "-f lavfi -i "
        "\"color=blue:s=320x180:r=5:d=1,drawbox=w=160:h=180:color=red:t=fill:enable='lt(t,0.1)'\" ";
    for (const auto* options :
         {"-c:v libwebp_anim", "-c:v libwebp_anim -lossless 1", "-c:v libwebp -lossless 0"}) {
        const auto path = make("a.webp", input + options + " -loop 0");
        ASSERT_NE(bytes_of(path).find("ANMF"), std::string::npos) << options;
        player::Picture picture;
        EXPECT_EQ(test::error_of([&] { picture = player::load_image(path, 320, 180); }), "") << options;
        ASSERT_EQ(picture.width, 320) << options;
        EXPECT_GT(picture.v[std::size_t{45} * 160 + 40], 180) << options << ": is not red on the left";
        EXPECT_GT(picture.u[std::size_t{45} * 160 + 120], 180) << options << ": is not blue on the right";
    }
    // Its first picture is smaller than the canvas: moved to 80, 60 on one of 480 × 320, on the background.
    auto bytes = bytes_of(folder_ / "a.webp");
    const auto frame = bytes.find("ANMF"), header = bytes.find("VP8X");
    ASSERT_LT(header, frame);
    bytes[frame + 8] = 40;
    bytes[frame + 11] = 30;
    bytes.replace(header + 12, 6, std::string("\xDF\x01\0\x3F\x01\0", 6));
    const auto picture = player::load_image(folder_.write("b.webp", bytes), 480, 320, 0x00FF00);
    EXPECT_GT(picture.v[std::size_t{75} * 240 + 60], 180) << "red, moved";
    EXPECT_LT(picture.u[std::size_t{10} * 240 + 10], 80) << "the background";
    EXPECT_GT(picture.y[0], 120) << "the background";
    // Cut off within its first picture.
    for (const auto length : {frame + 4, frame + 30, frame + 60}) {
        const auto path = folder_.write("c.webp", bytes.substr(0, length));
        EXPECT_THAT(
            test::error_of([&] { static_cast<void>(player::load_image(path, 320, 180)); }),
            AllOf(HasSubstr("c.webp"), testing::AnyOf(HasSubstr("again, whole"), HasSubstr("JPEG or PNG"))));
    }
}

}  // namespace
}  // namespace riverlight::reports
