// Pictures that declare more pixels than anybody has: refused by name, with a remedy, before they take
// memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>

#include "content/base/error.hpp"
#include "content/base/files.hpp"
#include "player/av/coded_size.hpp"
#include "player/av/image_header.hpp"
#include "player/av/still.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/refusal.hpp"
#include "tools/author/watch.hpp"

namespace riverlight::author {
namespace {

using player::av::declared_size;
using player::av::DeclaredSize;
using testing::AllOf;
using testing::HasSubstr;

std::string big_endian(std::uint32_t value, std::size_t bytes) {
    std::string text;
    for (std::size_t i = bytes; i-- > 0;) text += static_cast<char>(value >> 8 * i & 0xff);
    return text;
}
std::string little_endian(std::uint32_t value, std::size_t bytes) {
    const auto text = big_endian(value, bytes);
    return {text.rbegin(), text.rend()};
}

std::optional<DeclaredSize> size_of(const std::string& bytes) {
    return declared_size({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

/// What the process had most of at a time while `action` ran, beyond what it had before; MiB.
long more_memory(const std::function<void()>& action) {
    const auto value = [](const std::string& name) {
        std::ifstream status("/proc/self/status");
        for (std::string line; std::getline(status, line);)
            if (line.starts_with(name)) return std::stol(line.substr(name.size())) / 1024;
        return 0L;
    };
    std::ofstream("/proc/self/clear_refs") << "5";  // the peak begins again
    const auto before = value("VmRSS:");
    action();
    return value("VmHWM:") - before;
}

class SizesTest : public testing::Test {
  protected:
    [[nodiscard]] std::string make(const std::string& name, const std::string& words) const {
        const auto path = folder_ / name;
        const auto line = "ffmpeg -v error -nostdin -y " + words + ' ' + path;
        EXPECT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): fixed words
        return read_file(path, 1U << 20);
    }
    /// A picture of 320 × 180 with another size in its header.
    [[nodiscard]] std::string image(const std::string& name, std::size_t at, const std::string& size,
                                    const std::string& options = {}) const {
        auto bytes = make(name, "-f lavfi -i color=red:s=320x180 -frames:v 1 " + options);
        return bytes.replace(at, size.size(), size);
    }
    test::Folder folder_;
};

constexpr std::uint32_t wide = 60'000;
const DeclaredSize huge{wide, wide};

TEST_F(SizesTest, ImagesOf3600MegapixelsAreRefusedByTheirHeaders) {
    const auto jpeg = make("plain.jpg", "-f lavfi -i color=red:s=320x180 -frames:v 1");
    const auto tiff = make("plain.tiff", "-f lavfi -i color=red:s=320x180 -frames:v 1");
    const auto width = std::string("\x00\x01\x04\x00\x01\0\0\0", 8) + little_endian(320, 4);
    const auto at = tiff.find(width);
    ASSERT_NE(at, std::string::npos);
    auto big_tiff = tiff;
    big_tiff.replace(at + 8, 4, little_endian(wide, 4)).replace(at + 20, 4, little_endian(wide, 4));
    const auto webp = make("plain.webp", "-f lavfi -i color=red:s=320x180 -frames:v 1");
    const auto canvas = "VP8X" + little_endian(10, 4) + std::string(4, '\0') + little_endian(wide - 1, 3) +
                        little_endian(wide - 1, 3);
    for (const auto& [name, bytes] : std::map<std::string, std::string>{
             {"a.png", image("b.png", 16, big_endian(wide, 4) + big_endian(wide, 4))},
             {"a.jpg", image("b.jpg", jpeg.find("\xff\xc0") + 5, big_endian(wide, 2) + big_endian(wide, 2))},
             {"a.gif", image("b.gif", 6, little_endian(wide, 2) + little_endian(wide, 2))},
             {"a.bmp", image("b.bmp", 18, little_endian(wide, 4) + little_endian(wide, 4))},
             {"a.tiff", big_tiff},
             {"a.webp", webp.substr(0, 12) + canvas + webp.substr(12)}}) {
        EXPECT_EQ(size_of(bytes), huge) << name;
        const auto path = folder_.write(name, bytes);
        std::string why;
        EXPECT_LT(more_memory([&] {
                      why = test::error_of([&] { static_cast<void>(player::load_image(path, 1280, 720)); });
                  }),
                  64)
            << name;
        EXPECT_THAT(why,
                    AllOf(HasSubstr(name + ":"), HasSubstr("60000×60000"), HasSubstr("make it smaller")));
    }
}

TEST_F(SizesTest, HeadersSayTheSize) {
    const DeclaredSize plain{320, 180};
    for (const auto* name : {"a.png", "a.jpg", "a.gif", "a.bmp", "a.tiff"}) {
        const auto bytes = make(name, "-f lavfi -i color=red:s=320x180 -frames:v 1");
        EXPECT_EQ(size_of(bytes), plain) << name;
        for (std::size_t length = 0; length < 60; ++length)
            static_cast<void>(size_of(bytes.substr(0, length)));  // reads nothing behind the end
    }
    EXPECT_EQ(size_of(make("a.webp", "-f lavfi -i color=red:s=320x180 -frames:v 1 -lossless 0")), plain);
    EXPECT_EQ(size_of(make("b.webp", "-f lavfi -i color=red:s=320x180 -frames:v 1 -lossless 1")), plain);
    EXPECT_EQ(size_of("RIFF"), std::nullopt);
    EXPECT_EQ(size_of(""), std::nullopt);
}

/// A parameter set of H.264 (7.3.2.1.1) for pictures of so many macroblocks across and down.
std::string parameter_set(std::uint32_t macroblocks) {
    std::string bits = "010000101100000000111110";  // baseline, level 6.2
    const auto number = [&](std::uint32_t value) {  // ue(v)
        std::string binary;
        for (auto rest = value + 1; rest > 0; rest /= 2)
            binary.insert(0, 1, static_cast<char>('0' + rest % 2));
        bits += std::string(binary.size() - 1, '0') + binary;
    };
    for (const std::uint32_t value : {0U, 0U, 2U, 1U}) number(value);
    bits += '0';
    number(macroblocks - 1);
    number(macroblocks - 1);
    bits += "11001";
    while (bits.size() % 8 != 0) bits += '0';
    std::string set;
    for (std::size_t i = 0; i < bits.size(); i += 8)
        set += static_cast<char>(std::stoi(bits.substr(i, 8), nullptr, 2));
    return set;
}

/// Pictures of so many macroblocks across and down, each of them damaged.
std::string h264(std::uint32_t macroblocks) {
    const std::string start("\0\0\0\1", 4);
    // A picture parameter set of eight zero-valued fields, and an IDR slice of I macroblocks.
    const auto picture = start + "\x09\x10" + start + "\x67" + parameter_set(macroblocks) + start +
                         "\x68\xce\x3c\x80" + start + "\x65\x88\x84" + std::string(200, 'U');
    std::string stream;
    for (int i = 0; i < 30; ++i) stream += picture;
    return stream;
}

// Programme streams and Flash videos list no streams: libav finds them by decoding.
TEST_F(SizesTest, VideosOf67MegapixelsAreRefusedWithoutDecodingOne) {
    static_cast<void>(folder_.write("a.h264", h264(512)));
    for (const std::string name : {"a.ts", "a.mp4", "a.mkv", "a.flv", "a.mpg"}) {
        static_cast<void>(make(name, "-v quiet -r 25 -f h264 -i " + (folder_ / "a.h264") + " -c copy"));
        std::string why;
        EXPECT_LT(more_memory(
                      [&] { why = test::error_of([&] { static_cast<void>(watch_video(folder_ / name)); }); }),
                  200)
            << name;
        EXPECT_THAT(why, AllOf(HasSubstr(name + ":"), HasSubstr("8192×8192"), HasSubstr("make it smaller")));
    }
}

// libav refuses these itself, and names no size.
TEST_F(SizesTest, AVideoThatLibavRefusesIsNamedWithItsSize) {
    static_cast<void>(folder_.write("a.h264", h264(512)));
    const auto small = parameter_set(512), large = parameter_set(2000);
    ASSERT_EQ(small.size(), large.size());
    for (const std::string name : {"a.ts", "a.flv", "a.mpg"}) {
        auto bytes = make(name, "-v quiet -r 25 -f h264 -i " + (folder_ / "a.h264") + " -c copy");
        for (auto at = bytes.find(small); at != std::string::npos; at = bytes.find(small, at))
            bytes.replace(at, small.size(), large);
        const auto path = folder_.write(name, bytes);
        EXPECT_THAT(test::error_of([&] { static_cast<void>(watch_video(path)); }),
                    AllOf(HasSubstr(name + ":"), HasSubstr("32000×32000"), HasSubstr("make it smaller")));
    }
}

// libav probes what a programme stream begins with, and what appears later.
TEST_F(SizesTest, AStreamThatAppearsLateIsRefusedWithoutDecodingIt) {
    static_cast<void>(folder_.write("a.h264", h264(512)));
    const auto picture = make("b.mpg", "-v quiet -r 25 -f h264 -i " + (folder_ / "a.h264") + " -c copy");
    std::string sounds = "-f lavfi -i sine=r=48000:d=2 -c:a mp2 -b:a 64k";  // 83 packets each
    for (int i = 0; i < 12; ++i) sounds += " -map 0";
    const auto path = folder_.write("c.mpg", make("a.mpg", sounds) + picture);
    std::string why;
    EXPECT_LT(more_memory([&] { why = test::error_of([&] { static_cast<void>(watch_video(path)); }); }), 200);
    EXPECT_THAT(why, AllOf(HasSubstr("c.mpg:"), HasSubstr("8192×8192"), HasSubstr("make it smaller")));
}

TEST_F(SizesTest, TheSizeInParameterSetsIsRead) {
    using player::av::coded_size;
    using player::av::SizedCodec;
    const auto bytes_of = [](const std::string& text) {
        return std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    };
    for (const auto& [name, words, codec, wanted] :
         {std::tuple{"a.h264", "-c:v libx264 -pix_fmt yuv420p", SizedCodec::h264, DeclaredSize{320, 192}},
          std::tuple{"b.h264", "-c:v libx264 -pix_fmt yuv444p", SizedCodec::h264, DeclaredSize{320, 192}},
          std::tuple{"c.h264", "-c:v libx264 -x264-params cqm=jvt:interlaced=1 -pix_fmt yuv420p",
                     SizedCodec::h264, DeclaredSize{320, 192}},
          std::tuple{"a.hevc", "-c:v libx265 -x265-params log-level=none -pix_fmt yuv420p", SizedCodec::hevc,
                     DeclaredSize{320, 184}},
          std::tuple{"a.m2v", "-c:v mpeg2video", SizedCodec::mpeg2, DeclaredSize{320, 180}},
          std::tuple{"b.m2v", "-vf scale=4224:180 -c:v mpeg2video", SizedCodec::mpeg2,
                     DeclaredSize{4224, 180}}}) {
        const auto stream = make(name, std::string("-f lavfi -i testsrc2=s=320x180:d=0.04 ") + words);
        EXPECT_EQ(coded_size(codec, bytes_of(stream)), wanted) << name;
        for (std::size_t length = 0; length < 120; ++length)  // reads nothing behind the end
            static_cast<void>(coded_size(codec, bytes_of(stream.substr(0, length))));
    }
    // In MP4, as a record of its own.
    for (const auto& [name, box, codec, wanted] :
         {std::tuple{"a.h264", "avcC", SizedCodec::h264, DeclaredSize{320, 192}},
          std::tuple{"a.hevc", "hvcC", SizedCodec::hevc, DeclaredSize{320, 184}}}) {
        const auto film = make("a.mp4", "-v quiet -i " + (folder_ / name) + " -c copy");
        const auto record = film.substr(film.find(box) + 4);
        EXPECT_EQ(coded_size(codec, bytes_of(record)), wanted) << name;
        for (std::size_t length = 0; length < 120; ++length)
            static_cast<void>(coded_size(codec, bytes_of(record.substr(0, length))));
    }
}

TEST_F(SizesTest, AVideoOf1024MegapixelsIsRefusedByItsHeader) {
    auto bytes = make("a.mkv", "-f lavfi -i color=red:s=320x320:r=25:d=0.4 -c:v ffv1");
    // Matroska's PixelWidth and PixelHeight, two bytes each.
    const auto at = bytes.find(std::string("\xB0\x82\x01\x40\xBA\x82\x01\x40", 8));
    ASSERT_NE(at, std::string::npos);
    const auto path =
        folder_.write("b.mkv", bytes.replace(at, 8, std::string("\xB0\x82\x7D\0\xBA\x82\x7D\0", 8)));
    EXPECT_THAT(test::error_of([&] { static_cast<void>(watch_video(path)); }),
                AllOf(HasSubstr("b.mkv:"), HasSubstr("32000×32000"), HasSubstr("make it smaller")));
}

}  // namespace
}  // namespace riverlight::author
