#include "player/screen/loudspeaker.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "content/base/error.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr auto retry_after = 2s;
/// How far ahead a frame may be for the device to start with it. A device needs some time to start.
constexpr auto min_ahead = 20ms, max_ahead = 400ms;

nanoseconds duration_of_samples(std::int64_t samples) {
    return nanoseconds(samples * 1'000'000'000 / sample_rate);
}

}  // namespace

Loudspeaker::Loudspeaker(Open open, Ratio frame_rate, std::chrono::milliseconds delay)
    : open_(std::move(open)),
      delay_(delay),
      control_(nanoseconds(1'000'000'000 * frame_rate.den / frame_rate.num)) {}

void Loudspeaker::open_if_due(SteadyTime now) {
    if (device_ || now < next_try_) return;
    next_try_ = now + retry_after;
    try {
        device_ = open_();
        running_ = false;
        fault_.clear();
    } catch (const Error& e) {
        fault_ = e.what();
    }
}

void Loudspeaker::write(std::span<const float> samples) {
    assert(device_);
    device_->write(rate_.run(samples, control_.ppm()));
}

void Loudspeaker::start(std::span<const float> samples, SteadyTime due, SteadyTime now) {
    const auto ahead = due - now - duration_of_samples(rate_.held());
    if (ahead < min_ahead || ahead > max_ahead) return;
    const auto count = std::chrono::duration_cast<nanoseconds>(ahead).count() * sample_rate / 1'000'000'000;
    device_->write(Samples(static_cast<std::size_t>(count) * 2, 0.0F));
    write(samples);
    device_->start();
    control_.restart();
    running_ = true;
}

bool Loudspeaker::is_in_step(SteadyTime due, SteadyTime now) {
    const auto delay = device_->delay();
    if (!delay) return true;
    if (control_.observe(now + duration_of_samples(*delay + rate_.held()) - due)) return true;
    ++resyncs_;
    return false;
}

void Loudspeaker::close(SteadyTime now) {
    ++lost_;
    fault_ = "the device was disconnected";
    device_.reset();
    next_try_ = now + retry_after;
}

void Loudspeaker::play(std::span<const float> samples, SteadyTime due, SteadyTime now) {
    open_if_due(now);
    if (!device_) return;
    const auto state = device_->state();
    if (state == SoundDevice::State::disconnected) return close(now);
    const bool underrun = running_ && state != SoundDevice::State::running;
    xruns_ += underrun;
    if (underrun || (running_ && !is_in_step(due + delay_, now))) running_ = false;
    if (running_) return write(samples);
    if (state != SoundDevice::State::idle) device_->reset();
    start(samples, due + delay_, now);
}

Evidence Loudspeaker::evidence() const {
    const auto offset = std::chrono::duration_cast<std::chrono::microseconds>(control_.offset());
    return {{"sound", device_ ? std::string(running_ ? "yes" : "no") : fault_},
            {"sound_xruns", xruns_},
            {"sound_lost", lost_},
            {"sound_resyncs", resyncs_},
            {"sound_ppm", std::to_string(std::lround(control_.ppm()))},
            {"sound_offset_us", std::to_string(offset.count())}};
}

}  // namespace riverlight::player
