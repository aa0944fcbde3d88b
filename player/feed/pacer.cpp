// The pacer's thread takes the next datagram, sleeps until it is due and hands it to every output. It never
// makes, decodes or writes anything, and holds its lock only while it copies a datagram.
#include "player/feed/pacer.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace riverlight::player {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

/// Queued before the first datagram leaves without an anchor: bridges the unevenness of the player's loop, up
/// to a frame and a delayed wake-up.
constexpr ClockTicks initial_queue = 100ms;
constexpr ClockTicks max_queued = 8s;
constexpr auto late_by = 4ms;

nanoseconds since_zero(StreamTime time) {
    return duration_cast<nanoseconds>(time.time_since_epoch());
}

/// Real-time priority and exact timers. Without the right to them the stream leaves less evenly.
void raise_priority() {
    ::prctl(PR_SET_NAME, "pacer");
    ::prctl(PR_SET_TIMERSLACK, 1UL);
    sched_param priority{};
    priority.sched_priority = pacer_priority;
    static_cast<void>(
        ::sched_setscheduler(0, SCHED_FIFO, &priority));  // 0: this thread; no other is permitted
}

}  // namespace

Pacer::Pacer(std::vector<std::unique_ptr<Output>> outputs, Mode mode) : outputs_(std::move(outputs)) {
    if (mode == Mode::live) thread_ = std::thread([this] { run(); });
}

Pacer::~Pacer() {
    {
        const std::lock_guard lock(mutex_);
        finishing_ = true;
        queue_.clear();
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

void Pacer::write(const Datagram& datagram) {
    if (!thread_.joinable()) {
        for (const auto& output : outputs_) output->send(datagram);
        return;
    }
    const std::lock_guard lock(mutex_);
    assert(queue_.empty() || queue_.back().time < datagram.time);
    queue_.push_back(datagram);
    if (datagram.time - queue_.front().time > max_queued) {
        record_lost(queue_.front(), overrun_pictures_);
        queue_.pop_front();
        ++overran_;
    }
    changed_.notify_one();
}

void Pacer::set_anchor(StreamTime time, SteadyTime leaves) {
    const std::lock_guard lock(mutex_);
    anchor_ = {leaves - since_zero(time), true};
}

bool Pacer::take_next(Due& next) {
    std::unique_lock lock(mutex_);
    // The writer may be late because this thread has the higher priority: that is not running dry.
    if (flowing_ && !changed_.wait_for(lock, late_by, [&] { return finishing_ || !queue_.empty(); })) {
        ++ran_dry_;
        flowing_ = false;
        if (anchor_ && !anchor_->from_house_clock) anchor_.reset();
    }
    changed_.wait(lock, [&] {
        return finishing_ ||
               (!queue_.empty() && (anchor_ || queue_.back().time - queue_.front().time >= initial_queue));
    });
    if (queue_.empty()) return false;
    next.datagram = queue_.front();
    queue_.pop_front();
    flowing_ = true;
    const auto since = since_zero(next.datagram.time);
    if (!anchor_) anchor_ = {steady_clock::now() - since, false};
    next.at = anchor_->zero + since;
    return true;
}

void Pacer::run() {
    raise_priority();
    Due next;
    nanoseconds behind{0};
    for (std::optional<StreamTime> previous; take_next(next); previous = next.datagram.time) {
        // Half the time between datagrams is saved: twice the rate.
        if (previous)
            behind = std::max(0ns, behind - duration_cast<nanoseconds>(next.datagram.time - *previous) / 2);
        if (const auto late = steady_clock::now() - next.at; late > behind + late_by) behind = late;
        std::this_thread::sleep_until(next.at + behind);
        const bool late = steady_clock::now() - next.at > late_by;
        for (const auto& output : outputs_) output->send(next.datagram);
        if (!late) continue;
        const std::lock_guard lock(mutex_);
        ++late_;
    }
}

void Pacer::finish() {
    {
        const std::lock_guard lock(mutex_);
        finishing_ = true;
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
    for (const auto& output : outputs_) output->finish();
}

std::vector<OutputState> Pacer::states() const {
    std::vector<OutputState> out;
    out.reserve(outputs_.size());
    for (const auto& output : outputs_) out.push_back(output->state());
    return out;
}

FrameFate Pacer::fate_of(std::int64_t picture) const {
    auto fate = FrameFate::lost;
    if (overrun_pictures_.fate_of(picture) == FrameFate::lost) return fate;
    for (const auto& output : outputs_) {
        const auto here = output->fate_of(picture);
        if (here == FrameFate::left) return here;
        if (here == FrameFate::pending) fate = here;
    }
    return fate;
}

Figures Pacer::figures() const {
    const std::lock_guard lock(mutex_);
    return {{"datagrams_late", late_}, {"ran_dry", ran_dry_}, {"overran", overran_}};
}

}  // namespace riverlight::player
