// Conversion to the canvas format: pictures that a reader returns, from files that FFmpeg's command line
// wrote from values that the test computed itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>

#include "content/base/files.hpp"
#include "player/av/coding.hpp"
#include "player/av/reader.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"

namespace riverlight::player {
namespace {

using Rgb = std::array<double, 3>;  ///< 0 to 1, as coded
using Yuv = std::array<double, 3>;  ///< luma 0 to 1, chroma −1/2 to 1/2

/// Luma coefficients of red and blue (ITU-T H.273, table 4).
struct Matrix {
    double red, blue;
    [[nodiscard]] Yuv of(const Rgb& c) const {
        const double y = red * c[0] + (1 - red - blue) * c[1] + blue * c[2];
        return {y, (c[2] - y) / (2 * (1 - blue)), (c[0] - y) / (2 * (1 - red))};
    }
};
constexpr Matrix bt601{0.299, 0.114}, bt709{0.2126, 0.0722}, bt2020{0.2627, 0.0593};

constexpr int canvas_width = 1280, canvas_height = 720;
const std::vector<Rgb> patches{{1, 1, 1},       {0, 0, 0},        {0.5, 0.5, 0.5}, {0.75, 0.1, 0.1},
                               {0.1, 0.7, 0.2}, {0.15, 0.2, 0.8}, {0.8, 0.6, 0.5}, {0.9, 0.8, 0.1}};

/// How a picture is written into a file.
struct Coding {
    Matrix matrix = bt709;
    bool full = false;
    int bits = 8;
    std::function<Rgb(const Rgb&)> coded = [](const Rgb& c) { return c; };  ///< of a patch
};

int code_of(double value, bool chroma, const Coding& coding) {
    const double unit = 1 << (coding.bits - 8);
    if (coding.full) return static_cast<int>(std::lround((value + (chroma ? 0.5 : 0)) * (256 * unit - 1)));
    return static_cast<int>(std::lround(chroma ? (128 + 224 * value) * unit : (16 + 219 * value) * unit));
}

class ConformTest : public testing::Test {
  protected:
    [[nodiscard]] std::string at(const std::string& name) const { return folder_ / name; }
    static void run(const std::string& words) {
        const auto line = "ffmpeg -v error -y " + words;
        ASSERT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): fixed words
    }
    /// Three frames of planar 4:2:0; `value` returns each plane's samples.
    void raw(int width, int height, int bits, const std::function<int(int plane, int x, int y)>& value) {
        std::ofstream out(at("raw"), std::ios::binary);
        for (int n = 0; n < 3; ++n)
            for (int plane = 0; plane < 3; ++plane)
                for (int y = 0; y < height >> (plane > 0); ++y)
                    for (int x = 0; x < width >> (plane > 0); ++x) {
                        const int v = value(plane, x, y);
                        out.put(static_cast<char>(v & 255));
                        if (bits > 8) out.put(static_cast<char>(v >> 8));
                    }
    }
    /// A file with a column for each colour patch.
    std::string columns(const std::string& name, const Coding& coding, const std::string& encoder,
                        const std::vector<Rgb>& of = patches, int width = 1280, int height = 720) {
        raw(width, height, coding.bits, [&](int plane, int x, int) {
            const int wide = plane ? width / 2 : width;
            const auto& patch = of[std::size_t(x) * of.size() / std::size_t(wide)];
            return code_of(coding.matrix.of(coding.coded(patch))[std::size_t(plane)], plane > 0, coding);
        });
        const std::string format = coding.bits > 8 ? "yuv420p10le" : coding.full ? "yuvj420p" : "yuv420p";
        run("-f rawvideo -video_size " + std::to_string(width) + 'x' + std::to_string(height) +
            " -framerate 25 -pix_fmt " + format + " -i " + at("raw") + ' ' + encoder + ' ' + at(name));
        return at(name);
    }
    /// A file of three frames with quarters of luma 60, 120, 180 and 230: top left, top right, bottom left,
    /// bottom right.
    void quartered(const std::string& made) {
        raw(1280, 720, 8, [](int plane, int x, int y) {
            return plane ? 128 : std::array{60, 120, 180, 230}[std::size_t((x >= 640) + 2 * (y >= 360))];
        });
        run("-f rawvideo -video_size 1280x720 -framerate 25 -pix_fmt yuv420p -i " + at("raw") + ' ' + made);
    }
    static std::vector<int> quarters(const Picture& p) {
        std::vector<int> out;
        for (const int y : {p.height / 4, p.height * 3 / 4})
            for (const int x : {p.width * 2 / 5, p.width * 3 / 5})
                out.push_back(p.y[std::size_t(y) * std::size_t(p.width) + std::size_t(x)]);
        return out;
    }
    static Picture first(const std::string& path, int width = canvas_width, int height = canvas_height) {
        Reader reader(path, Reader::Want::picture, width, height);
        auto frame = reader.next_picture();
        if (!frame) throw Error(path + ": no picture");
        return std::move(frame->picture);
    }
    /// Y, U and V in the middle of each column.
    static std::vector<std::array<int, 3>> seen(const Picture& p, std::size_t count) {
        std::vector<std::array<int, 3>> out;
        for (std::size_t i = 0; i < count; ++i) {
            const auto x = (2 * i + 1) * std::size_t(p.width) / (2 * count), y = std::size_t(p.height) / 2;
            const auto chroma = y / 2 * std::size_t(p.width) / 2 + x / 2;
            out.push_back({p.y[y * std::size_t(p.width) + x], p.u[chroma], p.v[chroma]});
        }
        return out;
    }
    /// In its display size.
    static void expect_patches(const std::string& path, int tolerance) {
        const auto found = seen(first(path, 0, 0), patches.size());
        for (std::size_t i = 0; i < patches.size(); ++i) {
            const auto wanted = bt709.of(patches[i]);
            for (std::size_t plane = 0; plane < 3; ++plane)
                EXPECT_NEAR(found[i][plane], code_of(wanted[plane], plane > 0, {}), tolerance)
                    << path << ": patch " << i << ", plane " << plane;
        }
    }
    /// The bright area on the canvas, without the bars: left, top, right, bottom.
    static std::array<int, 4> box(const Picture& p) {
        std::array<int, 4> out{p.width, p.height, 0, 0};
        for (int y = 0; y < p.height; ++y)
            for (int x = 0; x < p.width; ++x)
                if (p.y[std::size_t(y) * std::size_t(p.width) + std::size_t(x)] > 125)
                    out = {std::min(out[0], x), std::min(out[1], y), std::max(out[2], x + 1),
                           std::max(out[3], y + 1)};
        return out;
    }
    test::Folder folder_;
};

constexpr auto lossless = "-c:v libx264 -qp 0 ";
constexpr auto lossless_hevc = "-c:v libx265 -x265-params log-level=none:lossless=1 ";

TEST_F(ConformTest, ColoursAreTheSameFromEveryMatrixRangeAndDepth) {
    const std::string tags709 = "-colorspace bt709 -color_primaries bt709 -color_trc bt709 ",
                      tags601 = "-colorspace smpte170m -color_primaries smpte170m -color_trc smpte170m ";
    expect_patches(columns("a.mp4", {bt709}, lossless + tags709), 1);
    expect_patches(columns("b.mp4", {bt601}, lossless + tags601), 2);
    expect_patches(columns("c.mp4", {bt709, true}, lossless + tags709 + "-color_range pc"), 2);
    expect_patches(columns("d.mp4", {bt601, true}, lossless + tags601 + "-color_range pc"), 2);
    expect_patches(columns("e.mp4", {bt709, false, 10}, lossless_hevc + tags709), 2);
    expect_patches(columns("f.mp4", {bt601, false, 10}, lossless_hevc + tags601), 2);
}

TEST_F(ConformTest, UnspecifiedColoursAreGuessedAsPlayersDo) {
    expect_patches(columns("hd.mp4", {bt709}, lossless), 2);
    expect_patches(columns("wide.mp4", {bt709}, lossless, patches, 1280, 534), 2);
    expect_patches(columns("sd.mp4", {bt601}, lossless, patches, 720, 576), 3);
    expect_patches(columns("phone.mp4", {bt709}, lossless, patches, 480, 864), 3);
}

/// Transfer function of a reference display, and its inverse (Rec. ITU-R BT.1886).
double light_of(double v) {
    return std::pow(v, 2.4);
}
double curve_of(double l) {
    return std::pow(l, 1 / 2.4);
}

/// Linear light from BT.709 to BT.2020 primaries (Rec. ITU-R BT.2087, 2.2).
Rgb widened(const Rgb& l) {
    return {0.6274 * l[0] + 0.3293 * l[1] + 0.0433 * l[2], 0.0691 * l[0] + 0.9195 * l[1] + 0.0114 * l[2],
            0.0164 * l[0] + 0.0880 * l[1] + 0.8956 * l[2]};
}

Rgb each(const Rgb& c, double (*of)(double)) {
    return {of(c[0]), of(c[1]), of(c[2])};
}

constexpr auto tags2020 = "-colorspace bt2020nc -color_primaries bt2020 ";

TEST_F(ConformTest, WideGamutIsConvertedToBt709) {
    const Coding wide{bt2020, false, 10,
                      [](const Rgb& c) { return each(widened(each(c, light_of)), curve_of); }};
    expect_patches(columns("a.mp4", wide, std::string(lossless_hevc) + tags2020 + "-color_trc bt2020-10"), 3);
}

/// Luminance in cd/m², coded as PQ (SMPTE ST 2084).
double curve_pq(double nits) {
    const double y = std::pow(nits / 10'000, 0.1593017578125);
    return std::pow((0.8359375 + 18.8515625 * y) / (1 + 18.6875 * y), 78.84375);
}
/// Scene light, 0 to 1, coded as HLG (ARIB STD-B67).
double curve_hlg(double l) {
    return l <= 1.0 / 12 ? std::sqrt(3 * l) : 0.17883277 * std::log(12 * l - 0.28466892) + 0.55991073;
}

/// Greys of a picture: 1 is diffuse white, more is a highlight.
const std::vector<Rgb> greys{{0, 0, 0}, {0.05, 0.05, 0.05}, {0.18, 0.18, 0.18}, {0.5, 0.5, 0.5},
                             {1, 1, 1}, {2, 2, 2},          {4.5, 4.5, 4.5},    {0.6, 0.1, 0.1}};

void expect_shown(const std::vector<std::array<int, 3>>& found) {
    const auto luma = [&](std::size_t i) { return found[i][0]; };
    EXPECT_NEAR(luma(0), 16, 2) << "black is black";
    for (std::size_t i = 0; i + 2 < greys.size(); ++i) {
        EXPECT_LT(luma(i), luma(i + 1)) << "of two greys the lighter one is lighter: " << i;
        EXPECT_NEAR(found[i + 1][1], 128, 2) << "grey stays grey";
        EXPECT_NEAR(found[i + 1][2], 128, 2);
    }
    EXPECT_NEAR(luma(2), 16 + 219 * curve_of(0.18), 6) << "what lies in between is as light as it was";
    EXPECT_GE(luma(4), 195) << "paper is nearly white";
    EXPECT_LE(luma(4), 232) << "and leaves room for what shines";
    EXPECT_LE(luma(6), 236);
    EXPECT_GE(luma(6), 225) << "what shines is white";
    EXPECT_GT(found[7][2], 165) << "red stays red";
    EXPECT_LT(found[7][1], 125);
}

TEST_F(ConformTest, HdrIsToneMapped) {
    const Coding pq{bt2020, false, 10, [](const Rgb& c) {
                        return each(widened(c), [](double l) { return curve_pq(203 * l); });
                    }};
    expect_shown(seen(
        first(columns("pq.mp4", pq, std::string(lossless_hevc) + tags2020 + "-color_trc smpte2084", greys)),
        greys.size()));
    // Diffuse white is three quarters of the signal (ITU-R BT.2408, 2.1), a quarter of the scene's peak
    // light; a display of 1000 cd/m² has a system gamma of 1.2.
    const Coding hlg{bt2020, false, 10, [](const Rgb& c) {
                         return each(widened(c), [](double l) {
                             return curve_hlg(std::min(1.0, std::pow(l * 0.203, 1 / 1.2)));
                         });
                     }};
    expect_shown(
        seen(first(columns("hlg.mp4", hlg, std::string(lossless_hevc) + tags2020 + "-color_trc arib-std-b67",
                           greys)),
             greys.size()));
}

TEST_F(ConformTest, EachAspectIsLetterboxed) {
    struct Case {
        int width, height;
        const char* pixel;
        std::array<int, 4> box;
    };
    const std::vector<Case> cases{
        {720, 576, "16/15", {160, 0, 1120, 720}},  // 4:3 of PAL
        {720, 576, "64/45", {0, 0, 1280, 720}},    // 16:9
        {720, 480, "8/9", {160, 0, 1120, 720}},    // 4:3 of NTSC
        {1080, 1920, "1", {438, 0, 842, 720}},     // a phone held upright
        {1920, 804, "1", {0, 92, 1280, 628}},      // cinema
        {1920, 1088, "1", {4, 0, 1276, 720}},      // macroblocks that were not cropped
        {1440, 1080, "4/3", {0, 0, 1280, 720}},    // HDV
        {641, 361, "1", {0, 0, 1280, 720}},        // odd, and almost 16:9
        {1920, 1080, "1", {0, 0, 1280, 720}},
        {1280, 720, "100", {0, 0, 1280, 720}},  // no pixel is like that
        {2, 1600, "1", {639, 0, 641, 720}},     // the narrowest is still shown
    };
    for (const auto& c : cases) {
        const auto size = [&](char between) {
            return std::to_string(c.width) + between + std::to_string(c.height);
        };
        run("-f lavfi -i color=white:size=1920x1920:rate=25:duration=0.08,format=yuv444p,crop=" + size(':') +
            ":0:0:exact=1,setsar=" + c.pixel + " -c:v ffv1 " + at("a.mkv"));
        const auto found = box(first(at("a.mkv"))), own = box(first(at("a.mkv"), 0, 0));
        const double wide = c.box[2] - c.box[0], high = c.box[3] - c.box[1];
        EXPECT_NEAR(own[2] * high, own[3] * wide, 4 * std::max(own[2], own[3]))
            << "square pixels in its own size as well";
        EXPECT_GE(own[2], c.width) << "none of its columns is lost";
        EXPECT_GE(own[3], c.height);
        for (std::size_t side = 0; side < 4; ++side)
            EXPECT_NEAR(found[side], c.box[side], 2)
                << size('x') << ", pixels " << c.pixel << ", side " << side;
    }
}

TEST_F(ConformTest, RotatedVideoIsShownUpright) {
    quartered("-c:v libx264 -qp 0 " + at("flat.mp4"));
    // FFmpeg 5.1 writes the rotation counterclockwise.
    const std::vector<std::pair<const char*, std::vector<int>>> cases{{"0", {60, 120, 180, 230}},
                                                                      {"90", {120, 230, 60, 180}},
                                                                      {"180", {230, 180, 120, 60}},
                                                                      {"270", {180, 60, 230, 120}}};
    for (const auto& [degrees, wanted] : cases) {
        run("-i " + at("flat.mp4") + " -c copy -metadata:s:v rotate=" + degrees + ' ' + at("turned.mp4"));
        EXPECT_THAT(quarters(first(at("turned.mp4"))), testing::Pointwise(testing::DoubleNear(3), wanted))
            << degrees;
        const auto own = first(at("turned.mp4"), 0, 0);
        const bool lying = degrees != std::string("90") && degrees != std::string("270");
        const auto facts = Reader(at("turned.mp4"), Reader::Want::picture, 0, 0).facts();
        EXPECT_THAT((std::array{facts.width, facts.height}), testing::ElementsAre(own.width, own.height));
        EXPECT_EQ(own.width, lying ? 1280 : 720) << degrees;
        EXPECT_EQ(own.height, lying ? 720 : 1280) << degrees;
    }
}

TEST_F(ConformTest, PhotographsFollowTheirExifOrientation) {
    quartered("-frames:v 1 -c:v mjpeg -q:v 2 -pix_fmt yuvj420p " + at("flat.jpg"));
    const auto flat = read_file(at("flat.jpg"), 1U << 20);
    // Exif 2.32, 4.6.4, Orientation.
    const std::vector<std::vector<int>> cases{{60, 120, 180, 230}, {120, 60, 230, 180}, {230, 180, 120, 60},
                                              {180, 230, 60, 120}, {60, 180, 120, 230}, {180, 60, 230, 120},
                                              {230, 120, 180, 60}, {120, 230, 60, 180}};
    for (std::size_t i = 0; i < cases.size(); ++i) {
        using namespace std::string_literals;
        auto tags =
            "\xff\xe1\0\x22"s
            "Exif\0\0MM\0*\0\0\0\x08\0\x01"s
            "\x01\x12\0\x03\0\0\0\x01\0?\0\0\0\0\0\0"s;
        tags[tags.find('?')] = static_cast<char>(i + 1);
        std::ofstream(at("held.jpg"), std::ios::binary) << flat.substr(0, 2) << tags << flat.substr(2);
        EXPECT_THAT(quarters(first(at("held.jpg"))), testing::Pointwise(testing::DoubleNear(6), cases[i]))
            << "orientation " << i + 1;
    }
}

/// The largest difference of a row from the mean of its neighbours.
double combed(const Picture& p) {
    double worst = 0;
    for (int y = 1; y + 1 < p.height; ++y) {
        double sum = 0;
        for (int x = 0; x < p.width; ++x) {
            const auto here = [&](int row) {
                return p.y[std::size_t(row) * std::size_t(p.width) + std::size_t(x)];
            };
            sum += std::abs(here(y) - (here(y - 1) + here(y + 1)) / 2);
        }
        worst = std::max(worst, sum / p.width);
    }
    return worst;
}

TEST_F(ConformTest, InterlacedPicturesAreDeinterlacedAndNoneIsLost) {
    for (const auto* first_field : {"top", "bottom"}) {
        const auto interleaved = std::string(",tinterlace=mode=interleave_") + first_field;
        const auto made = at(std::string(first_field) + ".ts");
        run("-f lavfi -i "
            "color=black:size=720x576:rate=50:duration=1,drawbox=x=40:y=0:w=80:h=576:color=white:t=fill,"
            "scroll=h=-0.02" +
            interleaved + " -c:v mpeg2video -q:v 2 -flags +ildct+ilme -top " +
            (first_field == std::string("top") ? "1 " : "0 ") + made);
        run("-i " + made + " -c:v ffv1 -vf setfield=prog " + at("comb.mkv"));
        Reader reader(made, Reader::Want::picture, 720, 576),
            comb(at("comb.mkv"), Reader::Want::picture, 720, 576);
        int count = 0;
        double worst = 0, before = 0;
        while (const auto frame = reader.next_picture()) {
            worst = std::max(worst, combed(frame->picture));
            ++count;
        }
        while (const auto frame = comb.next_picture()) before = std::max(before, combed(frame->picture));
        EXPECT_EQ(count, 25) << first_field;
        EXPECT_GT(before, 8) << "it has a comb";
        EXPECT_LT(worst, before / 8) << first_field;
    }
}

TEST_F(ConformTest, AFormatChangeWithinAFileLosesNoPicture) {
    struct Part {
        int width, height;
        const char* words;
        std::array<int, 4> box;
    };
    const std::vector<Part> parts{{720, 576, "setsar=16/15 -flags +ildct+ilme", {160, 0, 1120, 720}},
                                  {720, 576, "setsar=64/45 -flags +ildct+ilme", {0, 0, 1280, 720}},
                                  {1280, 720, "setsar=1", {0, 0, 1280, 720}}};
    std::ofstream whole(at("whole.ts"), std::ios::binary);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto& p = parts[i];
        run("-f lavfi -i color=white:size=" + std::to_string(p.width) + 'x' + std::to_string(p.height) +
            ":rate=25:duration=0.4 -output_ts_offset " + std::to_string(0.4 * double(i)) +
            " -c:v libx264 -tune zerolatency -vf " + p.words + ' ' + at("part.ts"));
        whole << std::ifstream(at("part.ts"), std::ios::binary).rdbuf();
    }
    whole.close();
    Reader reader(at("whole.ts"), Reader::Want::picture, canvas_width, canvas_height);
    std::vector<std::array<int, 4>> boxes;
    while (const auto frame = reader.next_picture()) boxes.push_back(box(frame->picture));
    ASSERT_EQ(boxes.size(), 30U);
    for (std::size_t n = 0; n < boxes.size(); ++n)
        for (std::size_t side = 0; side < 4; ++side)
            EXPECT_NEAR(boxes[n][side], parts[n / 10].box[side], 2) << "picture " << n << ", side " << side;
}

}  // namespace
}  // namespace riverlight::player
