// The pacer's thread: takes the next datagram, sleeps until it is due, hands it to every output. It never
// makes, decodes or writes anything, and holds its lock for no longer than a datagram takes to copy.
#include "player/feed/sender.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace riverlight::player {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

/// Time that waits in the queue before the first datagram leaves: it bridges the loop's unevenness, a frame
/// and a scheduler's moods.
constexpr Ticks cushion = ticks_a_second / 10;
constexpr Ticks most_waiting = ticks_a_second * 8;
constexpr auto late_by = 4ms;

nanoseconds clock_time(Ticks ticks) {
    return nanoseconds{ticks * 1000 / 27};
}

/// The kernel wakes this thread in its moment, before ordinary ones; a system that does not allow it lets the
/// stream leave somewhat less evenly.
void prefer_this_thread() {
    ::prctl(PR_SET_NAME, "pacer");
    ::prctl(PR_SET_TIMERSLACK, 1UL);
    sched_param priority{};
    priority.sched_priority = 10;
    static_cast<void>(::pthread_setschedparam(::pthread_self(), SCHED_FIFO, &priority));
}

}  // namespace

Sender::Sender(std::vector<std::unique_ptr<Output>> outputs, Pace pace) : outputs_(std::move(outputs)) {
    if (pace == Pace::live) thread_ = std::thread([this] { run(); });
}

Sender::~Sender() {
    {
        const std::lock_guard lock(mutex_);
        finishing_ = true;
        queue_.clear();
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

void Sender::write(const Datagram& datagram) {
    if (!thread_.joinable()) {
        for (const auto& output : outputs_) output->send(datagram);
        return;
    }
    const std::lock_guard lock(mutex_);
    queue_.push_back(datagram);
    if (datagram.time - queue_.front().time > most_waiting) {
        queue_.pop_front();
        ++overran_;
    }
    changed_.notify_one();
}

void Sender::keep_to(Ticks time, Point leaves) {
    const std::lock_guard lock(mutex_);
    base_ = {leaves - clock_time(time), true, true};
}

bool Sender::take(Datagram& datagram, Point& due) {
    std::unique_lock lock(mutex_);
    // A writer whom this thread's priority keeps waiting for a moment has not run dry.
    if (flowing_ && !changed_.wait_for(lock, late_by, [&] { return finishing_ || !queue_.empty(); })) {
        ++ran_dry_;
        flowing_ = false;
        base_.known = base_.told;
    }
    changed_.wait(lock, [&] {
        return finishing_ ||
               (!queue_.empty() && (base_.known || queue_.back().time - queue_.front().time >= cushion));
    });
    if (queue_.empty()) return false;
    datagram = queue_.front();
    queue_.pop_front();
    flowing_ = true;
    if (!base_.known) base_ = {steady_clock::now() - clock_time(datagram.time), false, true};
    due = base_.zero + clock_time(datagram.time);
    return true;
}

void Sender::run() {
    prefer_this_thread();
    Datagram datagram;
    Point due;
    nanoseconds behind{0};
    for (std::optional<Ticks> before; take(datagram, due); before = datagram.time) {
        if (before) behind = std::max(0ns, behind - clock_time(datagram.time - *before) / 2);
        if (const auto late = steady_clock::now() - due; late > behind + late_by) behind = late;
        std::this_thread::sleep_until(due + behind);
        const bool late = steady_clock::now() - due > late_by;
        for (const auto& output : outputs_) output->send(datagram);
        if (!late) continue;
        const std::lock_guard lock(mutex_);
        ++late_;
    }
}

void Sender::finish() {
    {
        const std::lock_guard lock(mutex_);
        finishing_ = true;
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
    for (const auto& output : outputs_) output->finish();
}

std::vector<OutputState> Sender::states() const {
    std::vector<OutputState> out;
    out.reserve(outputs_.size());
    for (const auto& output : outputs_) out.push_back(output->state());
    return out;
}

Figures Sender::figures() const {
    const std::lock_guard lock(mutex_);
    return {{"datagrams_late", late_}, {"ran_dry", ran_dry_}, {"overran", overran_}};
}

}  // namespace riverlight::player
