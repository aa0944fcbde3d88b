// Photographs, drawings and transparent pictures, as people have them. FFmpeg's command line writes them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "content/base/error.hpp"
#include "player/av/reader.hpp"
#include "player/av/scan.hpp"
#include "player/av/still.hpp"
#include "tests/support/folder.hpp"
#include "tools/author/examine.hpp"
#include "tools/author/watch.hpp"

namespace riverlight::author {
namespace {

using player::Picture;

/// Luma and chroma of a pixel.
struct Pixel {
    int y = 0, u = 0, v = 0;
};
Pixel pixel(const Picture& picture, int x, int y) {
    const auto at = [](int column, int row, int width) {
        return static_cast<std::size_t>(row * width + column);
    };
    return {picture.y[at(x, y, picture.width)], picture.u[at(x / 2, y / 2, picture.width / 2)],
            picture.v[at(x / 2, y / 2, picture.width / 2)]};
}
/// BT.709, limited range.
Pixel of_rgb(int red, int green, int blue) {
    const double r = red / 255.0, g = green / 255.0, b = blue / 255.0,
                 y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    return {static_cast<int>(16 + 219 * y + 0.5), static_cast<int>(128 + 224 * (b - y) / 1.8556 + 0.5),
            static_cast<int>(128 + 224 * (r - y) / 1.5748 + 0.5)};
}
void expect_near(const Pixel& found, const Pixel& wanted, const std::string& name) {
    EXPECT_NEAR(found.y, wanted.y, 5) << name;
    EXPECT_NEAR(found.u, wanted.u, 6) << name;
    EXPECT_NEAR(found.v, wanted.v, 6) << name;
}

class ImagesTest : public testing::Test {
  protected:
    std::string make(const std::string& name, const std::string& words) {
        const auto path = folder_ / name;
        const auto line = "ffmpeg -v error -nostdin -y " + words + ' ' + path;
        EXPECT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): fixed words
        return path;
    }
    /// A red picture whose left half is transparent, in front of which nothing red must be seen there.
    static std::string half_transparent(const std::string& format, const std::string& more = {}) {
        return "-f lavfi -i "
               "\"color=red:s=640x360:r=25:d=1,format=rgba,geq=r=255:g=0:b=0:a='if(lt(X,320),0,255)',"
               "format=" +
               format + "\" " + more;
    }
    test::Folder folder_;
};

TEST_F(ImagesTest, EveryUsualFormIsRead) {
    for (const std::string name :
         {"card.jpg", "card.png", "card.webp", "card.bmp", "card.tiff", "card.gif", "card.avif"}) {
        const auto avif = name.ends_with("avif") ? " -c:v libaom-av1 -still-picture 1" : "";
        const auto path = make(name, "-f lavfi -i color=0x30a050:s=640x360 -frames:v 1" + std::string(avif));
        const auto picture = player::load_image(path, 320, 180);
        EXPECT_EQ(picture.width, 320) << name;
        expect_near(pixel(picture, 160, 90), of_rgb(0x30, 0xa0, 0x50), name);
    }
}

TEST_F(ImagesTest, AnImageThatIsCutOffIsRefused) {
    for (const std::string name :
         {"card.jpg", "card.png", "card.webp", "card.bmp", "card.tiff", "card.gif"}) {
        const auto path = make(name, "-f lavfi -i testsrc2=s=640x360 -frames:v 1");
        EXPECT_NO_THROW(static_cast<void>(player::load_image(path, 320, 180))) << name;
        for (const int percent : {95, 60, 20}) {
            std::filesystem::resize_file(
                path, std::filesystem::file_size(path) * static_cast<unsigned>(percent) / 100);
            EXPECT_THROW(static_cast<void>(player::load_image(path, 320, 180)), Error)
                << name << ' ' << percent;
        }
    }
    EXPECT_THROW(static_cast<void>(player::load_image(folder_.write("card.heic", "ftypheic"), 320, 180)),
                 Error);
}

TEST_F(ImagesTest, ProgressiveAndCommentedPhotographsAreWhole) {
    const auto path = make("card.jpg", "-f lavfi -i testsrc2=s=640x360 -frames:v 1 -q:v 2 -huffman optimal");
    EXPECT_NO_THROW(static_cast<void>(player::load_image(path, 320, 180)));
}

TEST_F(ImagesTest, APhotographOfFiftyMegapixelsIsScaled) {
    const auto path = make("card.jpg", "-f lavfi -i color=0x30a050:s=8688x5792 -frames:v 1");
    expect_near(pixel(player::load_image(path, 1280, 720), 640, 360), of_rgb(0x30, 0xa0, 0x50),
                "50 megapixels");
}

TEST_F(ImagesTest, APhotographOfFiftyMegapixelsIsScaledWhereverItIsRead) {
    for (const auto* name : {"card.jpg", "card.png"}) {
        const auto path = make(name, "-f lavfi -i color=0x30a050:s=8688x5792 -frames:v 1");
        player::Reader reader(path, player::Reader::Want::picture, 1280, 720);
        const auto frame = reader.next_picture();
        ASSERT_TRUE(frame) << name;
        expect_near(pixel(frame->picture, 640, 360), of_rgb(0x30, 0xa0, 0x50), name);
    }
    const auto film = make("film.mp4", "-f lavfi -i color=red:s=4098x2306 -frames:v 1 -c:v mpeg4");
    EXPECT_THROW(player::Reader(film, player::Reader::Want::picture, 1280, 720), Error)
        << "a video has its limit";
}

TEST_F(ImagesTest, WhatStandsBehindTransparentPixelsIsTheBackground) {
    for (const auto& [name, words] : std::map<std::string, std::string>{
             {"rgba.png", half_transparent("rgba", "-frames:v 1")},
             {"deep.png", half_transparent("rgba64be", "-frames:v 1")},
             {"palette.png",
              half_transparent("rgba,split[a][b];[a]palettegen[p];[b][p]paletteuse", "-frames:v 1")},
             {"card.webp", half_transparent("yuva420p", "-frames:v 1 -c:v libwebp")},
             {"card.gif",
              half_transparent("rgba,split[a][b];[a]palettegen[p];[b][p]paletteuse", "-frames:v 1")},
             {"card.tiff", half_transparent("rgba", "-frames:v 1")}}) {
        const auto picture = player::load_image(make(name, words), 640, 360, 0x204080);
        expect_near(pixel(picture, 100, 180), of_rgb(0x20, 0x40, 0x80), name);
        expect_near(pixel(picture, 540, 180), of_rgb(255, 0, 0), name);
    }
}

TEST_F(ImagesTest, TransparentVideosStandOnBlack) {
    for (const auto& [name, words] : std::map<std::string, std::string>{
             {"prores.mov",
              half_transparent("yuva444p10le", "-c:v prores_ks -profile:v 4444 -pix_fmt yuva444p10le")},
             {"vp8.webm", half_transparent("yuva420p", "-c:v libvpx -b:v 1M -auto-alt-ref 0")},
             {"vp9.webm", half_transparent("yuva420p", "-c:v libvpx-vp9 -b:v 1M")},
             {"png.mov", half_transparent("rgba", "-c:v png")}}) {
        const auto path = make(name, words);
        player::Reader reader(path, player::Reader::Want::picture, 640, 360);
        const auto frame = reader.next_picture();
        ASSERT_TRUE(frame) << name;
        expect_near(pixel(frame->picture, 100, 180), of_rgb(0, 0, 0), name);
        EXPECT_GT(pixel(frame->picture, 540, 180).v, 200) << name << " is not red";
        player::Scan scan(path);
        player::Grid grid;
        ASSERT_TRUE(scan.next_picture(grid)) << name;
        EXPECT_LT(grid.rgb[static_cast<std::size_t>(player::Grid::points / 2 + 2) * 3], 30) << name;
    }
}

TEST_F(ImagesTest, ChecksACardsPictureAsABuildDoes) {
    std::filesystem::create_directories(folder_ / "spot/en");
    folder_.write("spot/segment.toml", "format = 1\nid = \"spot\"\nfallback = \"en\"\n");
    folder_.write("spot/cards.toml", "[[card]]\nseconds = 1\nheading = \"title\"\nimage = \"card.jpg\"\n");
    folder_.write("spot/en/strings.toml", "title = \"T\"\n");
    const auto path = make("spot/card.jpg", "-f lavfi -i testsrc2=s=640x360 -frames:v 1");
    EXPECT_FALSE(examine(read_segment(folder_ / "spot"), {}).refused());
    std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
    const auto found = examine(read_segment(folder_ / "spot"), {}).findings;
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].defect, quality::Defect::unreadable);
    EXPECT_EQ(found[0].where, "card.jpg");
    EXPECT_TRUE(found[0].refused);
}

TEST_F(ImagesTest, AStillPictureIsNoVideo) {
    for (const std::string name : {"still.jpg", "still.png"})
        EXPECT_THROW(static_cast<void>(watch_video(make(name, "-f lavfi -i testsrc2=s=640x360 -frames:v 1"))),
                     Error)
            << name;
}

}  // namespace
}  // namespace riverlight::author
