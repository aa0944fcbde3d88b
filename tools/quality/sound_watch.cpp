#include "tools/quality/sound_watch.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdio>
#include <limits>

#include "content/base/error.hpp"
#include "tools/quality/loudness_meter.hpp"

namespace riverlight::quality {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::round;

constexpr double never = -std::numeric_limits<double>::infinity();
constexpr std::int64_t rate = player::sample_rate;
constexpr std::size_t step = rate / 10;  // EBU Tech 3341, 2.2: meters move ten times a second
constexpr std::int64_t momentary_steps = 4, short_term_steps = 30;  // 400 ms and 3 s (Tech 3341, 2.2)
constexpr std::int64_t block = rate / 100;                          // the unit in which silence is measured
constexpr double silent_power = 1e-6;                               // −60 dBFS
constexpr std::int64_t long_silence = 2 * rate;
constexpr float full_scale = 0.9998F;                     // 16 bits end at 0.99997
constexpr int clipped_run = 3;                            // samples
constexpr std::chrono::microseconds same_place{500'000};  // clips closer than this are one finding
constexpr std::size_t most_places = 10;

struct FrameSpan {
    std::int64_t from = 0, until = 0;  ///< sample frames
};

milliseconds time_of(std::int64_t frame) {
    return milliseconds(frame * 1000 / rate);
}

Stretch stretch_of(const FrameSpan& run) {
    return {time_of(run.from), time_of(run.until)};
}

void require_success(int code) {
    if (code != EBUR128_SUCCESS) throw Error("loudness could not be measured");
}

/// Silence inside the sound: at its beginning and its end it does not count.
class Silences {
  public:
    /// The next frame of two samples; `end` is the number of frames with it.
    void add(const float* frame, std::int64_t end) {
        for (std::size_t c = 0; c < 2; ++c) power_ += double{frame[c]} * frame[c];
        if (end % block == 0) end_block(end);
    }
    [[nodiscard]] const std::vector<FrameSpan>& found() const { return found_; }

  private:
    void end_block(std::int64_t end) {
        const bool still = power_ < silent_power * 2 * block;
        const auto begun = end - block;
        if (still && !quiet_) since_ = begun;
        if (!still && quiet_ && since_ > 0 && begun - since_ >= long_silence)
            found_.push_back({since_, begun});
        quiet_ = still;
        power_ = 0;
    }

    double power_ = 0;  ///< of the block so far
    std::int64_t since_ = 0;
    bool quiet_ = true;
    std::vector<FrameSpan> found_;
};

/// Runs of samples at full scale, in any channel of the source.
class Clips {
  public:
    void add(const player::SourceSamples& s) {
        const auto channels = static_cast<std::size_t>(s.channels);
        assert(channels > 0 && s.rate > 0 && s.interleaved.size() % channels == 0);
        at_full_.resize(channels, 0);
        std::size_t c = 0;
        std::int64_t end = 0;  // frames of `s` with this one
        for (const auto sample : s.interleaved) {
            end += c == 0;
            at_full_[c] = std::abs(sample) >= full_scale ? at_full_[c] + 1 : 0;
            if (at_full_[c] >= clipped_run)
                extend(s.at + time_of_frames(end - clipped_run, s.rate), s.at + time_of_frames(end, s.rate));
            c = (c + 1) % channels;
        }
    }
    [[nodiscard]] const std::vector<Stretch>& found() const { return found_; }

  private:
    static microseconds time_of_frames(std::int64_t frames, int a_second) {
        return microseconds{frames * 1'000'000 / a_second};
    }
    void extend(microseconds from, microseconds until) {
        if (until <= microseconds{0}) return;  // before the file's origin: nobody hears it
        if (!found_.empty() && from - until_ < same_place)
            found_.back().until = round<milliseconds>(until);
        else
            found_.push_back(
                {round<milliseconds>(std::max(from, microseconds{0})), round<milliseconds>(until)});
        until_ = until;
    }

    std::vector<int> at_full_;  ///< samples in a row, by channel
    std::vector<Stretch> found_;
    microseconds until_{};  ///< of the last one
};

}  // namespace

struct SoundWatch::State {
    LoudnessMeter meter{
        ebur128_init(2, rate, EBUR128_MODE_I | EBUR128_MODE_S | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK)};
    std::int64_t frames = 0;
    std::size_t in_step = 0;  ///< frames since the meter was read
    std::int64_t steps = 0;
    /// Power of the last steps, in a ring. Both windows are means of these; libebur128 would sum all their
    /// samples again at every step.
    std::array<double, short_term_steps> powers{};
    double momentary = never, short_term = never;
    std::vector<float> curve;
    Silences silences;
    Clips clips;

    void measure(const float* samples, std::size_t count);
    void read_meter();
    [[nodiscard]] double loudness_of(std::int64_t last) const;
    void add_frame(const float* frame);
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
    ++frames;
    silences.add(frame, frames);
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

void SoundWatch::add_source(const player::SourceSamples& samples) {
    state_->clips.add(samples);
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

std::vector<SegmentFinding> SoundWatch::findings() const {
    const auto& s = *state_;
    const auto& clips = s.clips.found();
    std::vector<SegmentFinding> out;
    for (const auto& run : s.silences.found())
        out.push_back(
            {Defect::silence, "", "is silent", false, stretch_of(run), "check whether that is intended"});
    for (std::size_t i = 0; i < std::min(clips.size(), most_places); ++i)
        out.push_back({Defect::clipping, "", "is clipped: samples are at full scale", false, clips[i],
                       "export it again at a lower level"});
    if (clips.size() > most_places)
        out.push_back({Defect::more_clipping, "",
                       "is clipped in " + std::to_string(clips.size() - most_places) + " more places", false,
                       Stretch{clips[most_places].from, clips.back().until},
                       "export it again at a lower level"});
    std::stable_sort(out.begin(), out.end(), [](const SegmentFinding& a, const SegmentFinding& b) {
        return a.when->from < b.when->from;
    });
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
