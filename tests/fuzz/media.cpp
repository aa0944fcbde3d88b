#include <sys/mman.h>
#include <unistd.h>

#include "content/base/error.hpp"
#include "content/base/files.hpp"
#include "player/av/reader.hpp"
#include "player/av/scan.hpp"
#include "tests/fuzz/input.hpp"

using namespace riverlight;

namespace {

constexpr int width = 64, height = 36, most_pictures = 12, most_runs_of_samples = 60;

player::MediaLimits limits() {
    player::MediaLimits limits;
    limits.max_pixels = std::int64_t{640} * 480;
    limits.still_images = limits.author_formats = true;
    return limits;
}

/// Pictures and sound as an outlet takes them, from its frame `first` on.
void play(const std::string& path, std::int64_t first) {
    player::Reader reader(path, player::Reader::Want::both, width, height, {{25, 1}, first}, limits());
    for (int i = 0; i < most_pictures; ++i) {
        const auto frame = reader.next_picture();
        if (!frame) break;
        fuzz::promise(frame->picture.width == width && frame->picture.height == height, "the size asked for");
        fuzz::promise(frame->pts.den > 0, "an exact time");
    }
    for (int i = 0; i < most_runs_of_samples; ++i) {
        const auto some = reader.next_samples();
        if (some.empty()) break;
        fuzz::promise(some.size() % 2 == 0, "stereo");
    }
}

/// Both as a check of a segment takes them.
void check(const std::string& path) {
    player::Scan scan(path, limits());
    player::Grid grid;
    for (int i = 0; i < most_pictures && scan.next_picture(grid); ++i)
        fuzz::promise(grid.rgb.size() == player::Grid::points * 3, "a whole grid");
    for (int i = 0; i < most_runs_of_samples && !scan.next_samples().empty(); ++i) continue;
}

}  // namespace

/// Any bytes as a media file, by way of demultiplexing, decoding, conversion and resampling: an Error, or
/// pictures and samples in the promised form.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Fd file(::memfd_create("media", MFD_CLOEXEC));
    fuzz::promise(file && ::write(file.get(), data, size) == static_cast<ssize_t>(size), "a file in memory");
    const auto path = "/proc/self/fd/" + std::to_string(file.get());
    const auto attempt = [&](const auto& work) {
        try {
            work();
        } catch (const Error&) {
        }
    };
    attempt([&] { play(path, 0); });
    attempt([&] { play(path, 8); });
    attempt([&] { check(path); });
    return 0;
}
