// Which of a file's streams are shown and heard: the picture that moves, and the sound that is meant for all.
#include "tests/integration/reports/recording.hpp"

namespace riverlight::reports {
namespace {

struct Choice {
    std::string name, file, words;
    Times tones{400, 1600};  ///< of the sound that is meant: that of %a, not of %b
};
void PrintTo(const Choice& choice, std::ostream* out) {
    *out << choice.name;
}

class Selection : public Recording, public testing::WithParamInterface<Choice> {
  protected:
    void SetUp() override {
        make("cover.png", "-f lavfi -i color=yellow:s=600x600:d=0.04 -frames:v 1");
        make("cover.jpg", "-f lavfi -i color=yellow:s=600x600:d=0.04 -frames:v 1");
        folder_.write("chapters.txt",
                      ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=700\ntitle=one\n[CHAPTER]\n"
                      "TIMEBASE=1/1000\nSTART=700\nEND=5000\ntitle=two\n");
        folder_.write("words.srt", "1\n00:00:00,500 --> 00:00:01,000\nwords\n");
    }
};

TEST_P(Selection, TheRightStreamsAreTaken) {
    auto words = GetParam().words;
    for (auto at = words.find("%f/"); at != std::string::npos; at = words.find("%f/"))
        words.replace(at, 2, folder_.path());
    const auto path = make(GetParam().file, words);
    EXPECT_EQ(author::watch_video(path).duration.count(), 2000);
    expect_times(lights(path), {400, 1600}, 20, "light");
    expect_times(tones(author::decode_sound(path)), GetParam().tones, 10, "tone");
}

/// Another picture, without lights.
constexpr auto other = "-f lavfi -i color=yellow:s=640x360:r=25:d=2 ";
constexpr auto maps = " -map 0:v -map 1:a -map 2:a -c:v libx264 -c:a ac3 ";

const std::vector<Choice> choices{
    {"jellyfin_5179_CommentaryWithMoreChannels", "a.mkv",
     std::string("%v %a %b") + maps +
         "-ac:a:0 1 -b:a:0 64k -ac:a:1 6 -b:a:1 448k -disposition:a:0 0 -disposition:a:1 comment"},
    {"Wholphin_1657_CommentaryFirst", "a.mkv",
     std::string("%v %b %a") + maps + "-disposition:a:0 comment -disposition:a:1 0"},
    {"enigma2_3597_NarrationForTheBlind", "a.ts",
     std::string("%v %b %a") + maps + "-disposition:a:0 visual_impaired -disposition:a:1 0 -muxdelay 0"},
    {"jellyfin_roku_212_TheDefaultIsTheSecond", "a.mkv",
     std::string("%v %b %a") + maps + "-b:a:0 448k -b:a:1 96k -disposition:a:0 0 -disposition:a:1 default"},
    {"jellyrock_500_NoDefaultMeansTheFirst", "a.mkv",
     std::string("%v %a %b") + maps + "-ac:a:0 2 -b:a:0 96k -ac:a:1 6 -b:a:1 448k -disposition:a 0"},
    {"FastFlix_410_TheFirstInATransportStream", "a.ts",
     std::string("%v %a %b") + maps + "-ac:a:0 2 -b:a:0 96k -ac:a:1 6 -b:a:1 448k -muxdelay 0"},
    {"Swiftfin_771_TheFirstInMp4", "a.mp4", std::string("%v %a %b") + maps + "-b:a:0 96k -b:a:1 448k"},
    {"USDX_948_CoverBeforeTheVideo", "a.mp4",
     "-i %f/cover.png %v %a -map 0 -map 1 -map 2 -c:v:0 png -c:v:1 libx264 -c:a aac -disposition:v:0 "
     "attached_pic"},
    {"mpv_10440_JpegAttachedToMatroska", "a.mkv",
     "%v %a -attach %f/cover.jpg -metadata:s:t mimetype=image/jpeg -c:v libx264 -c:a aac"},
    {"SubtitlesAndSoundBeforeThePicture", "a.mkv",
     "-i %f/words.srt %a %v -map 0 -map 1 -map 2 -c:v libx264 -c:a aac -c:s srt"},
    {"amule_1075_CoverWithAStreamOfItsOwn", "a.mkv",
     "%v %a -i %f/cover.jpg -map 0 -map 1 -map 2 -c:v:0 libx264 -c:v:1 copy -c:a aac -disposition:v:1 "
     "attached_pic"},
    {"TheDefaultPictureIsTheSecond", "a.mkv",
     other +
         std::string("%v %a -map 0 -map 1 -map 2 -c:v libx264 -c:a aac -disposition:v:0 0 -disposition:v:1 "
                     "default")},
    {"TheFirstOfTwoPicturesInMp4", "a.mp4",
     "%v " + std::string(other) + "%a -map 0 -map 1 -map 2 -c:v libx264 -c:a aac"},
    {"TheFirstOfTwoProgrammes", "a.ts",
     "%v %a " + std::string(other) +
         "%b -map 0 -map 1 -map 2 -map 3 -c:v libx264 -c:a aac -program title=one:st=0:st=1 -program "
         "title=two:st=2:st=3 -muxdelay 0"},
    {"ChaptersAreNoSubtitles", "a.mp4", "%v %a -i %f/chapters.txt -map_chapters 2 -c:v libx264 -c:a aac"},
    {"ChaptersInMatroska", "a.mkv", "%v %a -i %f/chapters.txt -map_chapters 2 -c:v libx264 -c:a flac"},
    {"AttachedFonts", "a.mkv",
     "%v %a -attach %f/words.srt -metadata:s:t mimetype=font/ttf -c:v libx264 -c:a aac"},
    {"TimecodeTrack", "a.mov", "%v %a -c:v prores_ks -profile:v 0 -c:a pcm_s24le -timecode 10:00:00:00"},
};
INSTANTIATE_TEST_SUITE_P(Streams, Selection, testing::ValuesIn(choices),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace riverlight::reports
