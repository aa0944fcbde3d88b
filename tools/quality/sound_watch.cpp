#include "tools/quality/sound_watch.hpp"

#include <ebur128.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdio>
#include <limits>

#include "content/base/error.hpp"

namespace riverlight::quality {
namespace {

using std::chrono::milliseconds;

constexpr double never = -std::numeric_limits<double>::infinity();
constexpr std::int64_t rate = player::sample_rate;
constexpr std::size_t step = rate / 10;  // EBU Tech 3341, 2.2: meters move ten times a second
constexpr std::int64_t momentary_steps = 4, short_term_steps = 30;  // 400 ms and 3 s (Tech 3341, 2.2)
constexpr std::int64_t block = rate / 100;                          // the unit in which silence is measured
constexpr double silent_power = 1e-6;                               // −60 dBFS
constexpr std::int64_t long_silence = 2 * rate;
constexpr float full_scale = 0.9998F;          // 16 bits end at 0.99997
constexpr int clipped_run = 3;                 // samples
constexpr std::int64_t same_place = rate / 2;  // clips closer than this are one finding
constexpr std::size_t most_places = 10;

struct Closer {
    void operator()(ebur128_state* state) const { ebur128_destroy(&state); }
};

struct Run {
    std::int64_t from = 0, until = 0;  ///< sample frames
};

milliseconds time_of(std::int64_t frame) {
    return milliseconds(frame * 1000 / rate);
}

Stretch stretch_of(const Run& run) {
    return {time_of(run.from), time_of(run.until)};
}

void require_success(int code) {
    if (code != EBUR128_SUCCESS) throw Error("loudness could not be measured");
}

}  // namespace

struct SoundWatch::State {
    std::unique_ptr<ebur128_state, Closer> meter{
        ebur128_init(2, rate, EBUR128_MODE_I | EBUR128_MODE_S | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK)};
    std::int64_t frames = 0;
    std::size_t in_step = 0;  ///< frames since the meter was read
    std::int64_t steps = 0;
    /// Power of the last steps, in a ring. Both windows are means of these; libebur128 would sum all their
    /// samples again at every step.
    std::array<double, short_term_steps> powers{};
    double momentary = never, short_term = never;
    std::vector<float> curve;

    double power = 0;  ///< of the block so far
    std::int64_t in_block = 0;
    std::int64_t quiet_since = 0;
    bool quiet = true;  ///< silence at the beginning does not count as inside
    std::vector<Run> silences, clips;
    std::array<int, 2> at_full{};

    void measure(const float* samples, std::size_t count);
    void read_meter();
    [[nodiscard]] double loudness_of(std::int64_t last) const;
    void add_frame(const float* frame);
    void end_block();
    void add_clip();
};

void SoundWatch::State::measure(const float* samples, std::size_t count) {
    while (count > 0) {
        const auto some = std::min(count, step - in_step);
        require_success(ebur128_add_frames_float(meter.get(), samples, some));
        samples += some * 2;
        count -= some;
        in_step += some;
        if (in_step == step) read_meter();
    }
}

void SoundWatch::State::read_meter() {
    in_step = 0;
    double now = never;
    require_success(ebur128_loudness_window(meter.get(), 100, &now));
    // −0.691 dB belong to the sum over the channels (ITU-R BS.1770-4, Annex 1); silence has power 0.
    powers[static_cast<std::size_t>(steps % short_term_steps)] =
        now > -200 ? std::pow(10, (now + 0.691) / 10) : 0;
    ++steps;
    if (steps >= momentary_steps) momentary = std::max(momentary, loudness_of(momentary_steps));
    if (steps < short_term_steps) return;  // the window is not full yet
    now = loudness_of(short_term_steps);
    short_term = std::max(short_term, now);
    if (steps % 10 == 0) curve.push_back(static_cast<float>(now));
}

double SoundWatch::State::loudness_of(std::int64_t last) const {
    double power_of_all = 0;
    for (auto n = steps - last; n < steps; ++n)
        power_of_all += powers[static_cast<std::size_t>(n % short_term_steps)];
    return power_of_all > 0 ? 10 * std::log10(power_of_all / static_cast<double>(last)) - 0.691 : never;
}

void SoundWatch::State::add_frame(const float* frame) {
    for (std::size_t c = 0; c < 2; ++c) {
        at_full[c] = std::abs(frame[c]) >= full_scale ? at_full[c] + 1 : 0;
        if (at_full[c] >= clipped_run) add_clip();
        power += double{frame[c]} * frame[c];
    }
    ++frames;
    if (++in_block == block) end_block();
}

void SoundWatch::State::add_clip() {
    if (!clips.empty() && frames - clips.back().until < same_place) {
        clips.back().until = frames + 1;
    } else {
        clips.push_back({frames + 1 - clipped_run, frames + 1});
    }
}

void SoundWatch::State::end_block() {
    const bool still = power < silent_power * 2 * block;
    const auto begun = frames - block;
    if (still && !quiet) quiet_since = begun;
    if (!still && quiet && quiet_since > 0 && begun - quiet_since >= long_silence)
        silences.push_back({quiet_since, begun});
    quiet = still;
    power = 0;
    in_block = 0;
}

SoundWatch::SoundWatch() : state_(std::make_unique<State>()) {
    if (!state_->meter) throw Error("no memory to measure loudness");
}
SoundWatch::~SoundWatch() = default;
SoundWatch::SoundWatch(SoundWatch&&) noexcept = default;

void SoundWatch::add(const player::Samples& samples) {
    assert(samples.size() % 2 == 0);
    state_->measure(samples.data(), samples.size() / 2);
    for (std::size_t i = 0; i + 1 < samples.size(); i += 2) state_->add_frame(samples.data() + i);
}

milliseconds SoundWatch::length() const {
    return time_of(state_->frames);
}

SoundFacts SoundWatch::facts() const {
    const auto& s = *state_;
    SoundFacts facts;
    facts.length = length();
    double left = 0, right = 0;
    require_success(ebur128_loudness_global(s.meter.get(), &facts.integrated_lufs));
    require_success(ebur128_loudness_range(s.meter.get(), &facts.range_lu));
    require_success(ebur128_true_peak(s.meter.get(), 0, &left));
    require_success(ebur128_true_peak(s.meter.get(), 1, &right));
    const double peak = std::max(left, right);
    facts.peak_dbtp = peak > 0 ? 20 * std::log10(peak) : never;
    facts.most_momentary_lufs = s.momentary;
    facts.most_short_term_lufs = s.short_term;
    facts.short_term_lufs = s.curve;
    return facts;
}

std::vector<Finding> SoundWatch::findings() const {
    const auto& s = *state_;
    std::vector<Finding> out;
    for (const auto& run : s.silences)
        out.push_back(
            {Defect::silence, "", "is silent", false, stretch_of(run), "check whether that is intended"});
    for (std::size_t i = 0; i < std::min(s.clips.size(), most_places); ++i)
        out.push_back({Defect::clipping, "", "is clipped: samples are at full scale", false,
                       stretch_of(s.clips[i]), "export it again at a lower level"});
    if (s.clips.size() > most_places)
        out.push_back({Defect::more_clipping, "",
                       "is clipped in " + std::to_string(s.clips.size() - most_places) + " more places",
                       false, Stretch{time_of(s.clips[most_places].from), time_of(s.clips.back().until)},
                       "export it again at a lower level"});
    std::stable_sort(out.begin(), out.end(),
                     [](const Finding& a, const Finding& b) { return a.when->from < b.when->from; });
    const auto measured = facts();
    const double raised = measured.most_short_term_lufs + programme_lufs - measured.integrated_lufs;
    if (!measured.silent() && raised > highest_short_term_lufs) {
        char text[96];
        std::snprintf(text, sizeof text,
                      "is %.1f LUFS at its loudest once the whole is at -23 LUFS; EBU R 128 s1 allows -18",
                      raised);
        out.push_back({Defect::loud_part, "", text, false, {}, "compress it"});
    }
    return out;
}

}  // namespace riverlight::quality
