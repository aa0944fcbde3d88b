#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "player/canvas/canvas.hpp"
#include "player/outlet/outlet.hpp"
#include "player/source/media.hpp"
#include "player/timeline/timeline.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"

/// Random joins of many formats on any outlet: each frame carries its number, and one tone goes through all
/// items. Pictures are half the size of the canvas that they are shown on.
namespace riverlight::test {

using player::Cue;
using player::Ratio;
using player::sample_rate;

constexpr int clip_width = 640, clip_height = 360;
constexpr double tone = 250;  ///< Hz: ten whole waves an outlet frame, so that it goes through every join
constexpr double per_sample = 2 * std::numbers::pi * tone / sample_rate;
constexpr int samples_a_frame = 1920;

struct Kind {
    const char* name;
    const char* file;
    Ratio rate;
    int frames;
    const char* picture;  ///< ffmpeg's options
    const char* sound;
    double level = 0.5;  ///< of the tone, as it is heard
};

/// Formats that segments have, and some that they should not have.
inline const std::vector<Kind> kinds{
    {"H.264, AAC", "a.mp4", {25, 1}, 15, "-c:v libx264 -qp 20", "-c:a aac -b:a 192k"},
    {"H.264 with B pictures, 44.1 kHz",
     "b.mp4",
     {25, 1},
     21,
     "-c:v libx264 -qp 20 -bf 3",
     "-c:a aac -ar 44100"},
    {"H.264 at 30, AC-3", "c.mkv", {30, 1}, 30, "-c:v libx264 -qp 20", "-c:a ac3 -b:a 256k"},
    {"H.264 at 24, MP3", "d.mp4", {24, 1}, 24, "-c:v libx264 -qp 20", "-c:a libmp3lame -b:a 192k"},
    {"H.264 at 50, PCM", "e.mov", {50, 1}, 40, "-c:v libx264 -qp 20", "-c:a pcm_s16le"},
    {"H.264 at 29.97", "f.mp4", {30000, 1001}, 30, "-c:v libx264 -qp 20", "-c:a aac -b:a 192k"},
    {"HEVC", "g.mp4", {25, 1}, 17, "-c:v libx265 -x265-params log-level=none -qp 20", "-c:a aac -b:a 192k"},
    {"HEVC, 10 bit",
     "h.mkv",
     {25, 1},
     11,
     "-c:v libx265 -x265-params log-level=none -pix_fmt yuv420p10le -qp 20",
     "-c:a flac"},
    {"VP9, Opus",
     "i.webm",
     {25, 1},
     14,
     "-c:v libvpx-vp9 -crf 20 -b:v 0 -cpu-used 8 -deadline realtime",
     "-c:a libopus -b:a 192k"},
    {"VP8, Vorbis",
     "j.webm",
     {25, 1},
     13,
     "-c:v libvpx -crf 10 -b:v 4M -cpu-used 8 -deadline realtime",
     "-c:a libvorbis -q:a 6"},
    {"MPEG-2, Layer II, TS", "k.ts", {25, 1}, 25, "-c:v mpeg2video -q:v 3 -bf 2", "-c:a mp2 -b:a 256k"},
    {"MPEG-4, AVI", "l.avi", {25, 1}, 12, "-c:v mpeg4 -q:v 3", "-c:a pcm_s16le"},
    {"ProRes", "m.mov", {25, 1}, 10, "-c:v prores -profile:v 0", "-c:a pcm_s24le"},
    {"Motion JPEG, 4:2:2", "n.mkv", {25, 1}, 9, "-c:v mjpeg -q:v 3 -pix_fmt yuvj422p", "-c:a pcm_s16le"},
    {"H.264, 4:4:4, mono",
     "o.mkv",
     {25, 1},
     16,
     "-c:v libx264 -qp 20 -pix_fmt yuv444p",
     "-c:a pcm_s16le -ac 1",
     0.3536},
};

/// How many joins: RIVERLIGHT_JOINS, or `usual`.
inline int joins_wanted(int usual) {
    const char* many = std::getenv("RIVERLIGHT_JOINS");
    return many ? std::atoi(many) : usual;
}

/// Writes frames 100·k … of kind k, with more than enough of the tone.
inline void make_kind(const Folder& folder, std::size_t k) {
    const auto& kind = kinds[k];
    {
        std::ofstream y4m(folder / "raw.y4m", std::ios::binary);
        y4m << "YUV4MPEG2 W" << clip_width << " H" << clip_height << " F" << kind.rate.num << ':'
            << kind.rate.den << " Ip A1:1 C420mpeg2 XCOLORRANGE=LIMITED\n";
        for (int n = 0; n < kind.frames; ++n) {
            const auto p = numbered(clip_width, clip_height, static_cast<unsigned>(100 * k) + unsigned(n));
            y4m << "FRAME\n";
            for (const auto* plane : {&p.y, &p.u, &p.v})
                y4m.write(reinterpret_cast<const char*>(plane->data()), std::streamsize(plane->size()));
        }
        std::ofstream raw(folder / "raw.f32", std::ios::binary);
        const auto count = std::int64_t(kind.frames + 10) * sample_rate * kind.rate.den / kind.rate.num;
        for (std::int64_t i = 0; i < count; ++i) {
            const auto v = static_cast<float>(0.5 * std::sin(per_sample * double(i)));
            for (int c = 0; c < 2; ++c) raw.write(reinterpret_cast<const char*>(&v), sizeof v);
        }
    }
    const auto line = "ffmpeg -v error -y -i " + (folder / "raw.y4m") + " -f f32le -ar 48000 -ac 2 -i " +
                      (folder / "raw.f32") + " -map 0:v -map 1:a " + kind.picture + ' ' + kind.sound + ' ' +
                      (folder / kind.file);
    ASSERT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): fixed words
}

/// The number that outlet frame `n` of kind k shows: the last picture that is due by two fifths of a frame
/// after it (FrameSelection).
inline int number_wanted(std::size_t k, int n) {
    const auto& r = kinds[k].rate;
    const auto due = (5 * n + 2) * r.num / (5 * 25 * r.den);
    return static_cast<int>(100 * k) + static_cast<int>(std::min<std::int64_t>(due, kinds[k].frames - 1));
}

/// In outlet frames.
inline int length_of(std::size_t k) {
    const auto& kind = kinds[k];
    return static_cast<int>(
        std::llround(double(kind.frames) * 25 * double(kind.rate.den) / double(kind.rate.num)));
}

/// The number on a picture of twice the clip's size; `luma` of a point of it. −1 where there is none.
inline int number_scaled(const std::function<int(int x, int y)>& luma) {
    int number = 0;
    for (int bit = 0; bit < squares; ++bit) {
        const auto at = luma(2 * (clip_width / 16 + bit * side + side / 2), 2 * (clip_height / 8 + side / 2));
        if (at > 70 && at < 170) return -1;
        if (at >= 170) number |= 1 << bit;
    }
    return number;
}

/// Items one after the other, drawn at random. One in four has a start of its own, which cuts the one before.
class RandomRun {
  public:
    RandomRun(std::mt19937& random, int joins) {
        std::uniform_int_distribution<std::size_t> any(0, kinds.size() - 1);
        std::uniform_int_distribution<int> quarter(0, 3);
        for (int i = 0; i <= joins; ++i) {
            Item item{any(random), 0, false};
            item.frames = length_of(item.kind);
            if (i > 0 && quarter(random) == 0) {
                auto& cut = items_.back().frames;
                cut -= std::uniform_int_distribution<int>(1, cut / 2)(random);
                item.hard = true;
            }
            items_.push_back(item);
        }
    }
    [[nodiscard]] std::vector<Cue> cues(const Folder& folder, Instant first) const {
        std::vector<Cue> out;
        std::int64_t at = 0;
        for (const auto& item : items_) {
            Cue cue;
            cue.airing = std::to_string(out.size());
            cue.media.picture = folder / kinds[item.kind].file;
            cue.media.locale = "en";
            if (item.hard) cue.start = first + at * std::chrono::milliseconds(40);
            at += item.frames;
            out.push_back(std::move(cue));
        }
        return out;
    }
    [[nodiscard]] std::vector<int> numbers() const {
        std::vector<int> out;
        for (const auto& item : items_)
            for (int n = 0; n < item.frames; ++n) out.push_back(number_wanted(item.kind, n));
        return out;
    }
    [[nodiscard]] std::string names() const {
        std::string out;
        for (const auto& item : items_)
            out += (item.hard ? "at its start: " : "") + std::string(kinds[item.kind].name) + " | ";
        return out;
    }
    void expect_numbers(const std::vector<int>& seen) const;
    /// `sound`: of one channel, from the run's first sample on.
    void expect_tone(const std::vector<double>& sound) const;
    [[nodiscard]] int hard_starts() const {
        return static_cast<int>(std::count_if(items_.begin(), items_.end(), [](auto& i) { return i.hard; }));
    }

  private:
    struct Item {
        std::size_t kind;
        int frames;  ///< that are shown
        bool hard;
    };
    std::vector<Item> items_;
};

/// Amplitude and phase of the tone in `count` samples from `first` on, against one that began with the run.
inline std::complex<double> tone_in(const std::vector<double>& sound, std::size_t first, std::size_t count) {
    std::complex<double> sum = 0;
    for (std::size_t i = first; i < first + count; ++i)
        sum += sound[i] * std::polar(1.0, -per_sample * double(i));
    return 2.0 * sum / double(count) * std::complex<double>(0, 1);
}

/// The rest of the signal, in decibels below the tone `t`.
inline double rest_in(const std::vector<double>& sound, std::size_t first, std::size_t count,
                      const std::complex<double>& t) {
    double rest = 0;
    for (std::size_t i = first; i < first + count; ++i) {
        const double pure = std::abs(t) * std::sin(per_sample * double(i) + std::arg(t));
        rest += (sound[i] - pure) * (sound[i] - pure);
    }
    return 10 * std::log10(rest / double(count) / (std::norm(t) / 2) + 1e-12);
}

inline void RandomRun::expect_numbers(const std::vector<int>& seen) const {
    const auto all = numbers();
    const auto differs = std::mismatch(seen.begin(), seen.end(), all.begin(), all.end());
    const auto some = [](auto from, auto end) {
        std::string out;
        for (int i = 0; i < 8 && from != end; ++i, ++from) out += ' ' + std::to_string(*from);
        return out;
    };
    ASSERT_EQ(seen, all) << "none lost, none doubled beyond its cadence: seen"
                         << some(differs.first, seen.end()) << ", wanted" << some(differs.second, all.end())
                         << "; " << names();
}

inline void RandomRun::expect_tone(const std::vector<double>& sound) const {
    ASSERT_EQ(sound.size(), numbers().size() * samples_a_frame) << names();
    std::size_t join = 0;
    for (std::size_t j = 0; j + 1 < items_.size(); ++j) {
        const Kind &one = kinds[items_[j].kind], &other = kinds[items_[j + 1].kind];
        join += static_cast<std::size_t>(items_[j].frames) * samples_a_frame;
        const auto between = std::string(one.name) + " to " + other.name;
        for (const bool before : {true, false}) {
            // The tone is taken from beside the join, and must hold up to its very sample: a click, a smear
            // or a hole of six samples would be left over.
            const auto t = tone_in(sound, before ? join - 1440 : join + 480, 960);
            EXPECT_NEAR(std::abs(t), before ? one.level : other.level, 0.03) << between;
            EXPECT_LT(std::abs(std::arg(t)) / per_sample, 48.0) << "samples out of place, " << between;
            EXPECT_LT(rest_in(sound, before ? join - 480 : join, 480, t), -20) << between;
        }
    }
}

/// Plays the run into an outlet, as fast as its sources deliver; calls `after` for each frame that was shown.
inline void play_run(player::Outlet& outlet, const player::Format& format, const std::vector<Cue>& cues,
                     Instant first, const std::function<void()>& after = {}) {
    using namespace std::chrono_literals;
    player::Canvas canvas(player::black(format.width, format.height));
    player::Timeline timeline({format, 3000ms, true}, player::open_media, [](const player::Event&) {});
    for (const auto& cue : cues) timeline.handle(cue, first);
    timeline.handle(player::Quit{true}, first);
    for (std::int64_t frame = 0; frame < 100'000; ++frame) {
        const auto step = timeline.step(first + frame * 40ms, frame);
        if (timeline.finished() && step.on_slate) break;
        outlet.show(canvas.compose(step.piece), step.piece.samples, frame);
        if (after) after();
    }
    outlet.finish();
}

}  // namespace riverlight::test
