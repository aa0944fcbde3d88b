#include "player/timeline/quiet.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdio>

#include "player/av/samples.hpp"

namespace riverlight::player {
namespace {

/// Largest change of the factor from one sample to the next: from 0 to 1 in half a second.
constexpr float max_step = 2.0F / static_cast<float>(sample_rate);

}  // namespace

float factor_of(const Quiet* quiet) {
    if (!quiet) return 1;
    return quiet->gain_db ? static_cast<float>(std::pow(10.0, *quiet->gain_db / 20)) : 0.0F;
}

const Quiet* quiet_at(const std::vector<Quiet>& quiet, Instant at) {
    const Quiet* found = nullptr;
    for (const auto& q : quiet)
        if (q.from <= at && at < q.until && (!found || factor_of(&q) < factor_of(found))) found = &q;
    return found;
}

void Volume::apply(std::vector<float>& samples, float target) {
    assert(target >= 0 && target <= 1 && samples.size() % 2 == 0);
    if (now_ == 1 && target == 1) return;
    for (std::size_t i = 0; i + 1 < samples.size(); i += 2) {
        now_ += std::clamp(target - now_, -max_step, max_step);
        samples[i] *= now_;
        samples[i + 1] *= now_;
    }
}

void QuietTally::count(const Quiet* quiet, bool subtitled) {
    if (!quiet) return;
    ++frames;
    factor = std::min(factor, factor_of(quiet));
    subtitles = subtitled;
}

void QuietTally::report(std::map<std::string, std::string>& evidence) const {
    if (frames == 0) return;
    char lower[32] = "no sound";
    if (factor > 0) std::snprintf(lower, sizeof lower, "%.1f dB", 20 * std::log10(double{factor}));
    evidence["quiet"] = lower;
    evidence["quiet_frames"] = std::to_string(frames);
    evidence["quiet_subtitles"] = subtitles ? "on" : "none in this language";
}

}  // namespace riverlight::player
