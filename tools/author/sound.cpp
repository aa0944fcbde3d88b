#include "tools/author/sound.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "content/base/error.hpp"
#include "player/av/scan.hpp"
#include "tools/author/author_limits.hpp"
#include "tools/quality/loudness_meter.hpp"

namespace riverlight::author {
namespace {

constexpr std::size_t longest = 3600UL * player::sample_rate * 2;

}  // namespace

Loudness loudness_of(const player::Samples& samples) {
    const quality::LoudnessMeter state(
        ebur128_init(2, player::sample_rate, EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK));
    if (!state) throw Error("no memory to measure loudness");
    Loudness measured;
    double left = 0, right = 0;
    if (ebur128_add_frames_float(state.get(), samples.data(), samples.size() / 2) != EBUR128_SUCCESS ||
        ebur128_loudness_global(state.get(), &measured.lufs) != EBUR128_SUCCESS ||
        ebur128_true_peak(state.get(), 0, &left) != EBUR128_SUCCESS ||
        ebur128_true_peak(state.get(), 1, &right) != EBUR128_SUCCESS)
        throw Error("loudness could not be measured");
    const double peak = std::max(left, right);
    measured.peak_dbtp = peak > 0 ? 20 * std::log10(peak) : -std::numeric_limits<double>::infinity();
    return measured;
}

player::Samples decode_sound(const std::string& path) {
    if (player::Scan(path, author_limits()).facts().audio_codec.empty()) return {};
    player::Reader reader(path, player::Reader::Want::sound, 0, 0, {}, author_limits());
    player::Samples all;
    for (auto some = reader.next_samples(); !some.empty(); some = reader.next_samples()) {
        all.insert(all.end(), some.begin(), some.end());
        if (all.size() > longest) throw Error(path + ": lasts more than an hour; cut it into segments");
    }
    if (reader.corrupt() > 0)
        throw Error(path + ": " + std::to_string(reader.corrupt()) +
                    " pieces of its sound do not decode; export it again");
    return all;
}

player::Samples levelled(player::Samples samples, std::size_t frames) {
    constexpr std::size_t fade = player::sample_rate / 100;  // 10 ms: no click at a cut
    if (samples.size() > frames * 2) {
        samples.resize(frames * 2);
        for (std::size_t i = 0; i < std::min(fade, frames); ++i) {
            const auto gain = static_cast<float>(i) / static_cast<float>(fade);
            samples[(frames - 1 - i) * 2] *= gain;
            samples[(frames - 1 - i) * 2 + 1] *= gain;
        }
    }
    samples.resize(frames * 2, 0.0F);
    const auto measured = loudness_of(samples);
    if (measured.silent()) return samples;
    // Encoding raises peaks by some tenths of a decibel: leave 0.5 dB of headroom.
    const double gain = std::min(target_lufs - measured.lufs, highest_peak_dbtp - 0.5 - measured.peak_dbtp);
    const auto factor = static_cast<float>(std::pow(10.0, gain / 20));
    for (auto& sample : samples) sample *= factor;
    return samples;
}

}  // namespace riverlight::author
