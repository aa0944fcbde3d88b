#pragma once
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <string>

#include "content/base/files.hpp"
#include "player/av/reader.hpp"
#include "player/av/scan.hpp"
#include "player/av/still.hpp"
#include "tests/fuzz/input.hpp"
#include "tools/quality/picture_watch.hpp"
#include "tools/quality/sound_watch.hpp"

/// What programs do with a media file. The targets media_* do it with any bytes; media_reached.cpp looks that
/// each file of their corpus gets to its end.
namespace riverlight::fuzz {

constexpr int width = 64, height = 36;
/// Of one input: as many as the files of the corpus hold, which are made for speed.
constexpr int most_pictures = 4, most_runs_of_samples = 16;

/// What came out of a file.
struct Reached {
    int pictures = 0;
    std::size_t samples = 0;  ///< of both channels
};

inline player::MediaLimits media_limits() {
    player::MediaLimits limits;
    limits.max_pixels = limits.max_still_pixels = std::int64_t{320} * 240;
    limits.still_images = limits.author_formats = true;
    return limits;
}

/// The bytes as a file with a name.
class MediaFile {
  public:
    MediaFile(const std::uint8_t* data, std::size_t size)
        : file_(::memfd_create("media", MFD_CLOEXEC)), path_("/proc/self/fd/" + std::to_string(file_.get())) {
        promise(file_ && ::write(file_.get(), data, size) == static_cast<ssize_t>(size), "a file in memory");
    }
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    Fd file_;
    std::string path_;
};

/// How a file is played.
struct Playing {
    player::Reader::Want want;
    int width, height;  ///< 0: the file's own
    player::FrameSelection selection;
};

using Want = player::Reader::Want;
inline constexpr std::array<Playing, 8> ways_to_play{{
    {Want::both, width, height, {{25, 1}, 0, false}},  // a screen
    {Want::both, width, height, {{25, 1}, 1, false}},  // one that begins late
    {Want::both, height, width, {{25, 1}, 0, true}},   // an interlaced feed, upright
    {Want::both, width, height, {{60, 1}, 1, false}},  // each field is a picture
    {Want::both, width, height, {{30'000, 1'001}, 0, false}},
    {Want::picture, 0, 0, {}},                          // an author's film
    {Want::picture, width, height, {{0, 1}, 0, true}},  // one of 50 motions a second
    {Want::sound, 0, 0, {}},                            // an author's sound
}};

/// As an outlet plays it, and as an author's film is made.
inline Reached play(const std::string& path, const Playing& how) {
    player::Reader reader(path, how.want, how.width, how.height, how.selection, media_limits());
    Reached reached;
    while (reached.pictures < most_pictures) {
        const auto frame = reader.next_picture();
        if (!frame) break;
        ++reached.pictures;
        const auto& picture = frame->picture;
        promise(how.width == 0 || (picture.width == how.width && picture.height == how.height),
                "the size asked for");
        promise(picture.width % 2 == 0 && picture.height % 2 == 0, "even sides");
        promise(frame->pts.den > 0, "an exact time");
    }
    static_cast<void>(reader.moves_in_fields());
    static_cast<void>(reader.pictures_end());
    for (int i = 0; i < most_runs_of_samples; ++i) {
        const auto some = reader.next_samples();
        if (some.empty()) break;
        promise(some.size() % 2 == 0, "stereo");
        reached.samples += some.size();
    }
    static_cast<void>(reader.finish());
    return reached;
}

/// As the check of a segment watches it.
inline Reached check(const std::string& path) {
    player::Scan scan(path, media_limits());
    Reached reached;
    quality::PictureWatch pictures;
    quality::SoundWatch sound;
    scan.listen([&](const player::SourceSamples& samples) { sound.add_source(samples); });
    player::Grid grid;
    for (; reached.pictures < most_pictures; ++reached.pictures) {
        const auto pts = scan.next_picture(grid);
        if (!pts) break;
        promise(grid.rgb.size() == player::Grid::points * 3, "a whole grid");
        static_cast<void>(scan.combed());  // also of what says that it is progressive
        pictures.add(std::chrono::milliseconds{40} * reached.pictures, grid);
        if (reached.pictures > 0) continue;
        const auto still = scan.still(width, height);
        promise(still.width == width && still.height == height, "the size asked for");
    }
    for (int i = 0; i < most_runs_of_samples; ++i) {
        const auto some = scan.next_samples();
        if (some.empty()) break;
        sound.add(some);
        reached.samples += some.size();
    }
    static_cast<void>(scan.pictures_end());
    static_cast<void>(pictures.finish(std::chrono::milliseconds{40} * reached.pictures));
    static_cast<void>(sound.findings());
    return reached;
}

/// As a card's image is loaded.
inline Reached show_still(const std::string& path) {
    const auto picture = player::load_image(path, width, height, 0x204060);
    promise(picture.width == width && picture.height == height, "the size asked for");
    return {1, 0};
}

}  // namespace riverlight::fuzz
