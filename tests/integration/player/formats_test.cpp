// Random joins of many formats on the capture outlet: each frame where its cadence puts it, one tone that
// never breaks. RIVERLIGHT_JOINS: how many (20 otherwise); the long run takes 500.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <numbers>
#include <random>

#include "content/base/files.hpp"
#include "player/canvas/canvas.hpp"
#include "player/outlet/outlet.hpp"
#include "player/timeline/timeline.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");
constexpr int width = 640, height = 360;
constexpr double tone = 250;  ///< Hz: ten whole waves an outlet frame, so that it goes through every join
constexpr double per_sample = 2 * std::numbers::pi * tone / sample_rate;

struct Kind {
    const char* name;
    const char* file;
    Ratio rate;
    int frames;
    const char* picture;  ///< ffmpeg's options
    const char* sound;
    double level = 0.5;  ///< of the tone, as it is heard
};

/// What segments are made of, and some that nobody should make them of.
const std::vector<Kind> kinds{
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

class FormatsTest : public testing::Test {
  protected:
    static int joins_wanted() {
        const char* many = std::getenv("RIVERLIGHT_JOINS");
        return many ? std::atoi(many) : 20;
    }
    /// Frames 100·k … of kind k, with more than enough of the tone.
    void make(std::size_t k) {
        const auto& kind = kinds[k];
        {
            std::ofstream y4m(folder_ / "raw.y4m", std::ios::binary);
            y4m << "YUV4MPEG2 W" << width << " H" << height << " F" << kind.rate.num << ':' << kind.rate.den
                << " Ip A1:1 C420mpeg2 XCOLORRANGE=LIMITED\n";
            for (int n = 0; n < kind.frames; ++n) {
                const auto p = test::numbered(width, height, static_cast<unsigned>(100 * k) + unsigned(n));
                y4m << "FRAME\n";
                for (const auto* plane : {&p.y, &p.u, &p.v})
                    y4m.write(reinterpret_cast<const char*>(plane->data()), std::streamsize(plane->size()));
            }
            std::ofstream raw(folder_ / "raw.f32", std::ios::binary);
            const auto count = std::int64_t(kind.frames + 10) * sample_rate * kind.rate.den / kind.rate.num;
            for (std::int64_t i = 0; i < count; ++i) {
                const auto v = static_cast<float>(0.5 * std::sin(per_sample * double(i)));
                for (int c = 0; c < 2; ++c) raw.write(reinterpret_cast<const char*>(&v), sizeof v);
            }
        }
        const auto line = "ffmpeg -v error -y -i " + (folder_ / "raw.y4m") + " -f f32le -ar 48000 -ac 2 -i " +
                          (folder_ / "raw.f32") + " -map 0:v -map 1:a " + kind.picture + ' ' + kind.sound +
                          ' ' + (folder_ / kind.file);
        ASSERT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): fixed words
    }
    /// The number that outlet frame `n` of kind k shows: the last picture that is due by two fifths of a
    /// frame after it (Picking).
    static int wanted(std::size_t k, int n) {
        const auto& r = kinds[k].rate;
        const auto due = (5 * n + 2) * r.num / (5 * 25 * r.den);
        return static_cast<int>(100 * k) + static_cast<int>(std::min<std::int64_t>(due, kinds[k].frames - 1));
    }
    static int length(std::size_t k) {
        const auto& kind = kinds[k];
        return static_cast<int>(
            std::llround(double(kind.frames) * 25 * double(kind.rate.den) / double(kind.rate.num)));
    }

    void play(const std::vector<std::size_t>& order) {
        const OutletOptions options{{"capture:" + (folder_ / "out")}, "", "", noon};
        auto outlet = make_outlet(options);
        Canvas canvas(black(1280, 720));
        Timeline timeline({format_of(options), 3000ms, true}, open_media, [](const Event&) {});
        for (std::size_t i = 0; i < order.size(); ++i) {
            Cue cue;
            cue.airing = std::to_string(i);
            cue.picture = folder_ / kinds[order[i]].file;
            cue.locale = "en";
            timeline.command(cue, noon);
        }
        timeline.command(Quit{true}, noon);
        for (std::int64_t frame = 0; frame < 100'000; ++frame) {
            const auto step = timeline.step(noon + frame * 40ms, frame);
            if (timeline.finished() && step.on_slate) break;
            outlet->show(canvas.compose(step.piece), step.piece.samples, frame);
        }
        outlet->finish();
    }

    std::vector<int> numbers_captured() {
        std::ifstream in(folder_ / "out/frames.y4m", std::ios::binary);
        std::string line;
        std::getline(in, line);
        std::vector<int> numbers;
        Picture p = black(1280, 720);
        while (std::getline(in, line)) {
            in.read(reinterpret_cast<char*>(p.y.data()), std::streamsize(p.y.size()));
            in.ignore(std::streamsize(p.u.size() + p.v.size()));
            numbers.push_back(number_scaled(p));
        }
        return numbers;
    }
    /// The clip is half the canvas's size: its squares are twice as large there.
    static int number_scaled(const Picture& p) {
        int number = 0;
        for (int bit = 0; bit < test::squares; ++bit) {
            const int x = 2 * (width / 16 + bit * test::side + test::side / 2),
                      y = 2 * (height / 8 + test::side / 2);
            const auto at = p.y[static_cast<std::size_t>(y * p.width + x)];
            if (at > 70 && at < 170) return -1;
            if (at >= 170) number |= 1 << bit;
        }
        return number;
    }
    std::vector<double> sound_captured() {
        const auto bytes = read_file(folder_ / "out/sound.wav", 1U << 30);
        std::vector<double> left;
        for (std::size_t at = 44; at + 3 < bytes.size(); at += 4)
            left.push_back(std::int16_t(std::uint8_t(bytes[at]) | std::uint8_t(bytes[at + 1]) << 8) /
                           32768.0);
        return left;
    }
    test::Folder folder_;
};

/// Amplitude and phase of the tone in `count` samples from `first` on, against one that began with the run.
std::complex<double> tone_in(const std::vector<double>& sound, std::size_t first, std::size_t count) {
    std::complex<double> sum = 0;
    for (std::size_t i = first; i < first + count; ++i)
        sum += sound[i] * std::polar(1.0, -per_sample * double(i));
    return 2.0 * sum / double(count) * std::complex<double>(0, 1);
}

/// What is not the tone `t`, in decibels below it.
double rest_in(const std::vector<double>& sound, std::size_t first, std::size_t count,
               const std::complex<double>& t) {
    double rest = 0;
    for (std::size_t i = first; i < first + count; ++i) {
        const double pure = std::abs(t) * std::sin(per_sample * double(i) + std::arg(t));
        rest += (sound[i] - pure) * (sound[i] - pure);
    }
    return 10 * std::log10(rest / double(count) / (std::norm(t) / 2) + 1e-12);
}

TEST_F(FormatsTest, RandomJoinsLoseNoFrameAndBreakNoTone) {
    for (std::size_t k = 0; k < kinds.size(); ++k) make(k);
    if (HasFatalFailure()) return;
    std::mt19937 random(20261124);
    std::uniform_int_distribution<std::size_t> any(0, kinds.size() - 1);
    constexpr int at_once = 20;  // a capture of more would fill a disk
    for (int done = 0; done < joins_wanted(); done += at_once) {
        std::vector<std::size_t> order(at_once + 1);
        for (auto& k : order) k = any(random);
        play(order);
        std::vector<int> all;
        std::vector<std::size_t> joins;
        for (const auto k : order) {
            for (int n = 0; n < length(k); ++n) all.push_back(wanted(k, n));
            joins.push_back(all.size() * 1920);
        }
        joins.pop_back();
        const auto numbers = numbers_captured();
        std::string names;
        for (const auto k : order) names += std::string(kinds[k].name) + " | ";
        const auto differs = std::mismatch(numbers.begin(), numbers.end(), all.begin(), all.end());
        const auto seen = [](auto from, auto end) {
            std::string out;
            for (int i = 0; i < 8 && from != end; ++i, ++from) out += ' ' + std::to_string(*from);
            return out;
        };
        ASSERT_EQ(numbers, all) << "none lost, none doubled beyond its cadence: seen"
                                << seen(differs.first, numbers.end()) << ", wanted"
                                << seen(differs.second, all.end()) << "; " << names;
        const auto sound = sound_captured();
        ASSERT_EQ(sound.size(), all.size() * 1920) << names;
        for (std::size_t j = 0; j < joins.size(); ++j) {
            const auto between = std::string(kinds[order[j]].name) + " to " + kinds[order[j + 1]].name;
            for (const bool before : {true, false}) {
                // The tone is taken from beside the join, and must hold up to its very sample: a click, a
                // smear or a hole of six samples would be left over.
                const auto t = tone_in(sound, before ? joins[j] - 1440 : joins[j] + 480, 960);
                EXPECT_NEAR(std::abs(t), kinds[order[j + !before]].level, 0.03) << between;
                EXPECT_LT(std::abs(std::arg(t)) / per_sample, 48.0) << "samples out of place, " << between;
                EXPECT_LT(rest_in(sound, before ? joins[j] - 480 : joins[j], 480, t), -20) << between;
            }
        }
    }
}

}  // namespace
}  // namespace riverlight::player
