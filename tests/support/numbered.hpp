#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "player/av/file_writer.hpp"
#include "player/av/picture.hpp"
#include "player/av/samples.hpp"

/// Clips in which each frame shows its number as black and white squares that survive an encoder, and the
/// sound clicks at the start of each second, so that tests can read an outlet's output back frame by frame.
namespace riverlight::test {

using player::Picture;
using player::Samples;

constexpr int squares = 16, side = 32;  ///< lowest bit first, in the upper left of 640 × 360 or larger

inline Picture numbered(int width, int height, unsigned number) {
    auto p = player::black(width, height);
    std::fill(p.y.begin(), p.y.end(), std::uint8_t{90});
    for (int bit = 0; bit < squares; ++bit)
        for (int y = 0; y < side; ++y)
            for (int x = 0; x < side; ++x)
                p.y[static_cast<std::size_t>((height / 8 + y) * width + width / 16 + bit * side + x)] =
                    number >> bit & 1U ? 235 : 16;
    return p;
}

/// The number on a picture; nullopt if the squares are neither black nor white.
inline std::optional<unsigned> number_on(const Picture& p) {
    unsigned number = 0;
    for (int bit = 0; bit < squares; ++bit) {
        const auto at = p.y[static_cast<std::size_t>((p.height / 8 + side / 2) * p.width + p.width / 16 +
                                                     bit * side + side / 2)];
        if (at > 60 && at < 180) return std::nullopt;
        if (at >= 180) number |= 1U << bit;
    }
    return number;
}

/// The number on the lines of one field of a picture, 0: the top one, as number_on().
inline std::optional<unsigned> number_on_field(const Picture& picture, int parity) {
    auto field = picture;
    const auto row = static_cast<std::size_t>(picture.width);
    for (std::size_t y = 0; y + 1 < static_cast<std::size_t>(picture.height); y += 2)
        for (std::size_t x = 0; x < row; ++x)
            field.y[y * row + x] = field.y[(y + 1) * row + x] =
                picture.y[(y + static_cast<std::size_t>(parity)) * row + x];
    return number_on(field);
}

/// Silence with a click of 1 kHz, 5 ms long, where each 25th frame begins.
inline Samples clicks(std::int64_t frames) {
    Samples out(static_cast<std::size_t>(frames * 1920 * 2), 0.0F);
    for (std::int64_t frame = 0; frame < frames; frame += 25)
        for (std::int64_t i = 0; i < 240; ++i) {
            const auto value = static_cast<float>(
                0.8 * std::sin(static_cast<double>(i) * 2 * 3.14159265358979 * 1000 / 48000));
            const auto at = static_cast<std::size_t>((frame * 1920 + i) * 2);
            out[at] = out[at + 1] = value;
        }
    return out;
}

/// The positions at which clicks begin, in sample frames.
inline std::vector<std::int64_t> clicks_in(const Samples& samples) {
    std::vector<std::int64_t> out;
    std::int64_t quiet = 48'000;
    for (std::size_t i = 0; i + 1 < samples.size(); i += 2) {
        const bool loud = std::abs(samples[i]) > 0.15F;
        if (loud && quiet > 4800) out.push_back(static_cast<std::int64_t>(i / 2));
        quiet = loud ? 0 : quiet + 1;
    }
    return out;
}

/// Writes frames [first, first + frames) with their clicks.
inline std::string write_clip(const std::string& path, unsigned first, int frames, int width = 1280,
                              int height = 720) {
    player::WriterOptions options;
    options.width = width;
    options.height = height;
    player::FileWriter writer(path, options);
    const auto sound = clicks(frames);
    for (int i = 0; i < frames; ++i) {
        writer.add(numbered(width, height, first + static_cast<unsigned>(i)));
        writer.add(Samples(sound.begin() + i * 3840, sound.begin() + (i + 1) * 3840));
    }
    writer.finish();
    return path;
}

}  // namespace riverlight::test
