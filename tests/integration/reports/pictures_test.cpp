// Pictures with odd orientation, size, sampling, field order or coding: they stand upright, in their colours.
#include "tests/integration/reports/recording.hpp"
#include "tools/author/author_limits.hpp"

namespace riverlight::reports {
namespace {

using player::Picture;

enum class Colour { red, green, blue, grey, black, other };
void PrintTo(Colour colour, std::ostream* out) {
    static constexpr std::array names{"red", "green", "blue", "grey", "black", "other"};
    *out << names[static_cast<std::size_t>(colour)];
}

/// What a viewer would call the point at `x`, `y`, in hundredths of the picture.
Colour colour_at(const Picture& picture, int x, int y) {
    const auto wide = static_cast<std::size_t>(picture.width);
    const auto column = wide * static_cast<std::size_t>(x) / 100;
    const auto row = static_cast<std::size_t>(picture.height) * static_cast<std::size_t>(y) / 100;
    const auto luma = picture.y[row * wide + column];
    const auto chroma = row / 2 * (wide / 2) + column / 2;
    const int u = picture.u[chroma] - 128, v = picture.v[chroma] - 128;
    if (luma < 22 && std::abs(u) < 10 && std::abs(v) < 10) return Colour::black;
    if (std::abs(u) < 8 && std::abs(v) < 8) return luma > 55 && luma < 90 ? Colour::grey : Colour::other;
    if (v > 40 && u < 10) return Colour::red;
    if (u > 40 && v < 10) return Colour::blue;
    if (u < -10 && v < -10) return Colour::green;
    return Colour::other;
}

using Quarters = std::vector<Colour>;  ///< top left, top right, bottom left, bottom right
Quarters quarters_of(const Picture& picture) {
    return {colour_at(picture, 15, 15), colour_at(picture, 85, 15), colour_at(picture, 15, 85),
            colour_at(picture, 85, 85)};
}
const Quarters upright{Colour::red, Colour::green, Colour::blue, Colour::grey};

struct Shot {
    std::string name, file, words;
    Quarters quarters = upright;
    int width = 320, height = 180;  ///< its display size
    std::int64_t length = 2000;
    std::function<void(std::string&)> change = nullptr;
};
void PrintTo(const Shot& shot, std::ostream* out) {
    *out << shot.name;
}

class Pictures : public Recording, public testing::WithParamInterface<Shot> {};

TEST_P(Pictures, StandUprightInTheirColours) {
    const auto& report = GetParam();
    const auto path = make(report);
    player::Reader reader(path, player::Reader::Want::picture, 0, 0, {}, author::author_limits());
    EXPECT_EQ(reader.facts().width, report.width);
    EXPECT_EQ(reader.facts().height, report.height);
    const auto frame = reader.next_picture();
    ASSERT_TRUE(frame);
    EXPECT_EQ(quarters_of(frame->picture), report.quarters);
    const auto watched = author::watch_video(path);
    EXPECT_EQ(watched.duration.count(), report.length);
    EXPECT_THAT(torn(watched.picture_findings), testing::IsEmpty());
}

/// Writes the matrix of an MP4's track header (ISO/IEC 14496-12, 8.3.2): a, b, c and d of
/// x' = ax + cy, y' = bx + dy.
std::function<void(std::string&)> matrix(int a, int b, int c, int d) {
    return [=](std::string& bytes) {
        const auto header = bytes.find("tkhd");
        ASSERT_NE(header, std::string::npos);
        ASSERT_EQ(bytes[header + 4], 0) << "version 0";
        int place = 0;
        for (const int value : {a, b, 0, c, d, 0, 0, 0}) {
            const auto at = header + 4 + 40 + static_cast<std::size_t>(place++) * 4;
            const auto fixed = static_cast<std::uint32_t>(value) << 16;
            for (int i = 0; i < 4; ++i)
                bytes[at + static_cast<std::size_t>(i)] = static_cast<char>(fixed >> (24 - 8 * i));
        }
    };
}

constexpr auto x264 = "%v -c:v libx264";
constexpr auto R = Colour::red, G = Colour::green, B = Colour::blue, K = Colour::grey;

const std::vector<Shot> turned{
    {"VideoCore_311_PhoneHeldUpright", "a.mp4", x264, {B, R, K, G}, 180, 320, 2000, matrix(0, 1, -1, 0)},
    {"cordova_479_PhoneUpsideDown", "a.mp4", x264, {K, B, G, R}, 320, 180, 2000, matrix(-1, 0, 0, -1)},
    {"harbour_68_PhoneHeldTheOtherWay", "a.mp4", x264, {G, K, R, B}, 180, 320, 2000, matrix(0, -1, 1, 0)},
    {"CameraView_283_FrontCameraMirrored", "a.mp4", x264, {G, R, K, B}, 320, 180, 2000, matrix(-1, 0, 0, 1)},
    {"imsdroid_59_MirroredTopToBottom", "a.mp4", x264, {B, K, R, G}, 320, 180, 2000, matrix(1, 0, 0, -1)},
    {"cwac_camera_253_MirroredAndUpright", "a.mp4", x264, {R, B, G, K}, 180, 320, 2000, matrix(0, 1, 1, 0)},
    {"apriltag_5_MirroredAndTurnedTheOtherWay",
     "a.mp4",
     x264,
     {K, G, B, R},
     180,
     320,
     2000,
     matrix(0, -1, -1, 0)},
    {"MatrixOfZeros", "a.mp4", x264, upright, 320, 180, 2000, matrix(0, 0, 0, 0)},
};
const std::vector<Shot> sizes{
    {"ffshare_72_OddWidth", "a.mp4", "%v -vf scale=213:120,setsar=1 -c:v libx264 -pix_fmt yuv444p", upright,
     214, 120},
    {"lpms_69_OddHeight", "a.webm", "%v -vf scale=320:181,setsar=1 -c:v libvpx-vp9 -b:v 400k", upright, 320,
     182},
    {"PHP_FFMpeg_643_OddBoth", "a.avi", "%v -vf scale=315:171,setsar=1 -c:v mjpeg -pix_fmt yuvj420p", upright,
     316, 172},
    {"TinyPicture", "a.mkv", "%v -vf scale=18:10,setsar=1 -c:v ffv1", upright, 18, 10},
    {"PalWidescreen", "a.mkv", "%v -vf scale=720:576,setsar=64/45 -c:v mpeg2video", upright, 1024, 576},
    {"NtscNarrow", "a.mkv", "%v -vf scale=720:480,setsar=8/9 -c:v mpeg2video -r 30000/1001", upright, 720,
     540},
    {"AspectOfNothing", "a.mkv", "%v -vf scale=320:180,setsar=0 -c:v libx264"},
    {"AspectBeyondReason", "a.mkv", "%v -vf scale=320:180,setsar=1/100 -c:v libx264"},
};
const std::vector<Shot> coded{
    {"OMXplayer_1731_Chroma444", "a.mp4", "%v -c:v libx264 -pix_fmt yuv444p"},
    {"Chroma422", "a.mp4", "%v -c:v libx264 -pix_fmt yuv422p"},
    {"ijkplayer_1364_HevcOf10Bits", "a.mp4",
     "%v -c:v libx265 -pix_fmt yuv420p10le -x265-params log-level=none"},
    {"H264Of10Bits422", "a.mov", "%v -c:v libx264 -pix_fmt yuv422p10le"},
    {"SGPlayer_153_FullRange", "a.mp4", "%v -vf scale=out_range=pc,format=yuvj420p -c:v libx264"},
    {"LAVFilters_266_FullRangeOfMjpeg", "a.avi", "%v -c:v mjpeg -pix_fmt yuvj422p"},
    {"RgbInH264", "a.mkv", "%v -c:v libx264rgb -pix_fmt rgb24"},
    {"HandBrake_1120_DnxHd", "a.mov", "%v -vf scale=1280:720 -c:v dnxhd -profile:v dnxhr_sq -pix_fmt yuv422p",
     upright, 1280, 720},
    {"devedeng_28_PalDv", "a.avi", "%v -vf scale=720:576,setsar=16/15 -c:v dvvideo -pix_fmt yuv420p", upright,
     768, 576},
    {"vrecord_896_NtscDv", "a.mov",
     "%v -vf scale=720:480,setsar=8/9 -r 30000/1001 -c:v dvvideo -pix_fmt yuv411p", upright, 720, 540},
    {"OldPhone3gp", "a.3gp", "%v -vf scale=176:144,setsar=1 -r 15 -c:v h263", upright, 176, 144, 2120},
    {"WindowsMovieMaker", "a.wmv", "%v -c:v wmv2"},
    {"OldCameraMpeg4", "a.avi", "%v -c:v mpeg4 -bf 2 -vtag XVID"},
    {"DivxOfVersion3", "a.avi", "%v -c:v msmpeg4"},
    {"OldMacAnimation", "a.mov", "%v -c:v qtrle"},
    {"WikimediaTheora", "a.ogv", "%v -vf noise=alls=6:allf=t -q:v 8 -c:v libtheora"},
    {"FlashVideo", "a.flv", "%v -c:v flv"},
    {"GoProCineform", "a.mov", "%v -c:v cfhd"},
    {"ArchiveFfv1", "a.mkv", "%v -c:v ffv1"},
    {"ScreenHuffyuv", "a.avi", "%v -c:v huffyuv -pix_fmt yuv422p"},
    {"ScreenUtvideo", "a.avi", "%v -c:v utvideo"},
    {"Jpeg2000", "a.mov", "%v -c:v jpeg2000"},
    {"Av1", "a.mp4", "%v -t 0.4 -c:v libaom-av1 -cpu-used 8", upright, 320, 180, 400},
};
const auto name = [](const auto& test) { return test.param.name; };
INSTANTIATE_TEST_SUITE_P(Turned, Pictures, testing::ValuesIn(turned), name);
INSTANTIATE_TEST_SUITE_P(Sizes, Pictures, testing::ValuesIn(sizes), name);
INSTANTIATE_TEST_SUITE_P(Coded, Pictures, testing::ValuesIn(coded), name);

}  // namespace
}  // namespace riverlight::reports
