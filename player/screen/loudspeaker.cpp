#include "player/screen/loudspeaker.hpp"

#include <algorithm>
#include <cmath>

#include "content/base/error.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr auto try_again = 2s;
/// A frame whose moment is nearer than this is passed over: a device needs some time to begin.
constexpr auto least_ahead = 20ms, most_ahead = 400ms;

nanoseconds time_of(std::int64_t samples) {
    return nanoseconds(samples * 1'000'000'000 / sample_rate);
}

}  // namespace

Loudspeaker::Loudspeaker(Open open, Ratio beat, std::chrono::milliseconds delay)
    : open_(std::move(open)), delay_(delay), control_(nanoseconds(1'000'000'000 * beat.den / beat.num)) {}

void Loudspeaker::open(Moment now) {
    if (device_ || now < next_try_) return;
    next_try_ = now + try_again;
    try {
        device_ = open_();
        running_ = false;
        trouble_.clear();
    } catch (const Error& e) {
        trouble_ = e.what();
    }
}

void Loudspeaker::feed(std::span<const float> samples) {
    device_->write(rate_.run(samples, control_.ppm()));
}

/// Silence until the frame's moment, then its sound.
void Loudspeaker::begin(std::span<const float> samples, Moment due, Moment now) {
    const auto ahead = due - now - time_of(rate_.held());
    if (ahead < least_ahead || ahead > most_ahead) return;
    const auto count = std::chrono::duration_cast<nanoseconds>(ahead).count() * sample_rate / 1'000'000'000;
    device_->write(Samples(static_cast<std::size_t>(count) * 2, 0.0F));
    feed(samples);
    device_->start();
    control_.restart();
    running_ = true;
}

/// Looks where sound is; false: it must begin anew.
bool Loudspeaker::in_place(Moment due, Moment now) {
    const auto delay = device_->delay();
    if (!delay) return true;
    if (control_.observe(now + time_of(*delay + rate_.held()) - due)) return true;
    ++resyncs_;
    return false;
}

void Loudspeaker::play(std::span<const float> samples, Moment due, Moment now) {
    open(now);
    if (!device_) return;
    const auto state = device_->state();
    if (state == SoundDevice::State::gone) {
        ++lost_;
        trouble_ = "the device went away";
        device_.reset();
        next_try_ = now + try_again;
        return;
    }
    const bool starved = running_ && state != SoundDevice::State::running;
    xruns_ += starved;
    if (starved || (running_ && !in_place(due + delay_, now))) running_ = false;
    if (running_) return feed(samples);
    if (state != SoundDevice::State::idle) device_->rewind();
    begin(samples, due + delay_, now);
}

std::map<std::string, std::string> Loudspeaker::evidence() const {
    const auto offset = std::chrono::duration_cast<std::chrono::microseconds>(control_.offset());
    return {{"sound", !device_   ? trouble_
                      : running_ ? "yes"
                                 : "no"},
            {"sound_xruns", std::to_string(xruns_)},
            {"sound_lost", std::to_string(lost_)},
            {"sound_resyncs", std::to_string(resyncs_)},
            {"sound_ppm", std::to_string(std::lround(control_.ppm()))},
            {"sound_offset_us", std::to_string(offset.count())}};
}

}  // namespace riverlight::player
