// Pictures of phones that are held in any way: each corner's colour stands where a viewer
// expects it.
#include "player/av/still.hpp"
#include "tests/integration/reports/recording.hpp"
#include "tests/support/refusal.hpp"

namespace riverlight::reports {
namespace {

/// A red, a green, a blue and a white quarter.
constexpr auto quarters =
    "-f lavfi -i \"color=red:s=192x128:r=25:d=0.2,drawbox=x=96:y=0:w=96:h=64:color=lime:t=fill,"
    "drawbox=x=0:y=64:w=96:h=64:color=blue:t=fill,drawbox=x=96:y=64:w=96:h=64:color=white:t=fill\" ";

/// How a value of Exif's tag 274 is shown (CIPA DC-008, 4.6.5.1): the quarters from the top left clockwise.
struct Shown {
    int value;
    const char* corners;
    [[nodiscard]] bool upright() const { return value <= 4; }
    [[nodiscard]] int width() const { return upright() ? 192 : 128; }
    [[nodiscard]] int height() const { return upright() ? 128 : 192; }
};
constexpr std::array<Shown, 8> all_shown{
    {{1, "RGWB"}, {2, "GRBW"}, {3, "WBRG"}, {4, "BWGR"}, {5, "RBWG"}, {6, "BRGW"}, {7, "WGRB"}, {8, "GWBR"}}};

char colour_at(const player::Picture& picture, int x, int y) {
    const auto at = [](int column, int row, int width) {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
               static_cast<std::size_t>(column);
    };
    const auto chroma = at(x / 2, y / 2, picture.width / 2);
    if (picture.y[at(x, y, picture.width)] > 210) return 'W';
    if (picture.v[chroma] > 180) return 'R';
    if (picture.u[chroma] > 180) return 'B';
    return picture.u[chroma] < 90 && picture.v[chroma] < 90 ? 'G' : '?';
}

std::string corners_of(const player::Picture& picture) {
    const int left = picture.width / 4, right = picture.width * 3 / 4, top = picture.height / 4,
              bottom = picture.height * 3 / 4;
    return {colour_at(picture, left, top), colour_at(picture, right, top), colour_at(picture, right, bottom),
            colour_at(picture, left, bottom)};
}

class Orientations : public Recording {
  protected:
    /// Writes an image with each of these orientations.
    void turn(const std::string& name, const std::string& values) const {
        const auto line = std::string("python3 ") + TURN_IMAGE + ' ' + (folder_ / name) + ' ' +
                          (folder_ / ("@-" + name)) + ' ' + values;
        EXPECT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): fixed words
    }
    [[nodiscard]] std::string turned(const std::string& name, int value) const {
        return folder_ / (std::to_string(value) + '-' + name);
    }
};

TEST_F(Orientations, VideoCore_311_PhotographsOfEveryFormat) {
    struct Format {
        const char* file;
        const char* words;
    };
    for (const auto& [file, words] :
         {Format{"a.jpg", "-frames:v 1"}, Format{"a.png", "-frames:v 1"},
          Format{"alpha.png", "-frames:v 1 -pix_fmt rgba"}, Format{"b.png", "-f apng"},
          Format{"lossy.webp", "-frames:v 1 -c:v libwebp -quality 90"},
          Format{"lossless.webp", "-frames:v 1 -c:v libwebp -lossless 1"},
          Format{"alpha.webp", "-frames:v 1 -c:v libwebp -quality 90 -pix_fmt yuva420p"},
          Format{"moving.webp", "-c:v libwebp_anim -loop 0"}, Format{"a.tiff", "-frames:v 1"},
          Format{"a.avif", "-frames:v 1 -c:v libaom-av1 -still-picture 1 -cpu-used 8"}}) {
        static_cast<void>(make(file, quarters + std::string(words)));
        turn(file, "1 2 3 4 5 6 7 8");
        for (const auto& shown : all_shown) {
            const auto path = turned(file, shown.value);
            player::Picture picture;
            EXPECT_EQ(
                test::error_of([&] { picture = player::load_image(path, shown.width(), shown.height()); }),
                "");
            ASSERT_EQ(picture.width, shown.width()) << file;
            EXPECT_EQ(corners_of(picture), shown.corners) << file << ' ' << shown.value;
        }
    }
}

// A still that is shown as a video: its size is that of the turned picture.
TEST_F(Orientations, AStillKnowsItsSizeAsItIsShown) {
    static_cast<void>(make("a.png", quarters + std::string("-frames:v 1")));
    turn("a.png", "1 2 3 4 5 6 7 8");
    for (const auto& shown : all_shown) {
        player::Reader reader(turned("a.png", shown.value), player::Reader::Want::picture, 0, 0);
        const auto frame = reader.next_picture();
        ASSERT_TRUE(frame);
        EXPECT_EQ(frame->picture.width, shown.width()) << shown.value;
        EXPECT_EQ(frame->picture.height, shown.height()) << shown.value;
        EXPECT_EQ(corners_of(frame->picture), shown.corners) << shown.value;
        EXPECT_EQ(reader.facts().width, shown.width()) << shown.value;
    }
}

// What says nothing that can be meant leaves the picture as it is.
TEST_F(Orientations, DamagedOrientationsAreLeftOut) {
    for (const std::string file : {"a.jpg", "a.png", "a.webp", "a.tiff"}) {
        static_cast<void>(make(file, quarters + std::string("-frames:v 1")));
        turn(file, "3 0 9 255 65535");
        for (const int value : {0, 9, 255, 65535})
            EXPECT_EQ(corners_of(player::load_image(turned(file, value), 192, 128)), "RGWB")
                << file << ' ' << value;
    }
    // The directory is where the file does not reach.
    auto bytes = bytes_of(turned("a.png", 3));
    const auto exif = bytes.rfind("eXIf");
    ASSERT_NE(exif, std::string::npos);
    bytes.replace(exif + 8, 4, "\xff\xff\xff\xff");
    EXPECT_EQ(corners_of(player::load_image(folder_.write("b.png", bytes), 192, 128)), "RGWB");
}

}  // namespace
}  // namespace riverlight::reports
