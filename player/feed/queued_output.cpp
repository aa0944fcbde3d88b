// The thread of one slow output: opens its carrier, feeds it from the queue, and opens it again with back-off
// when it fails. It knows nothing of pacing and no other output.
#include "player/feed/queued_output.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "player/feed/backoff.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;

constexpr auto last_chance = 2s;  ///< to let out what waits at the end
constexpr auto tell_every = 200ms;

}  // namespace

struct QueuedOutput::Shared {
    Shared(std::string n, std::unique_ptr<Carrier> c, std::size_t m)
        : carrier(std::move(c)), most(m), batch(carrier->run()) {
        state.name = std::move(n);
        state.words = "it is being opened";
    }

    void run();
    /// False when it is time to end.
    bool open(Backoff& backoff);
    bool feed();
    std::vector<Datagram> take();
    void tell();

    const std::unique_ptr<Carrier> carrier;
    const std::size_t most, batch;
    std::atomic<bool> stopping = false;
    mutable std::mutex mutex;
    std::condition_variable changed;
    // guarded by mutex
    std::deque<Datagram> queue;
    OutputState state;
    std::string failure;  ///< the last, until something has left again
    std::int64_t dropped = 0, opened = 0;
    bool ended = false;
};

void QueuedOutput::Shared::run() {
    Backoff backoff;
    while (open(backoff))
        if (!feed()) break;
    carrier->close();
    tell();
    const std::lock_guard lock(mutex);
    state.sending = false;
    ended = true;
    changed.notify_all();
}

bool QueuedOutput::Shared::open(Backoff& backoff) {
    for (;;) {
        try {
            carrier->open(stopping);
            const std::lock_guard lock(mutex);
            ++opened;
            if (!carrier->wants_old()) {
                dropped += static_cast<std::int64_t>(queue.size());
                queue.clear();
            }
            backoff.reset();
            return true;
        } catch (const Error& e) {
            carrier->close();
            std::unique_lock lock(mutex);
            state.sending = false;
            state.trouble = true;
            state.words = e.what();
            if (changed.wait_for(lock, backoff.next(), [&] { return stopping.load(); })) return false;
        }
    }
}

std::vector<Datagram> QueuedOutput::Shared::take() {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, tell_every, [&] { return stopping || queue.size() >= batch; });
    const auto count = stopping ? queue.size() : std::min(queue.size(), std::max<std::size_t>(batch, 64));
    const auto end = queue.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<Datagram> run(std::make_move_iterator(queue.begin()), std::make_move_iterator(end));
    queue.erase(queue.begin(), end);
    return run;
}

/// True where the way was lost.
bool QueuedOutput::Shared::feed() {
    auto told = std::chrono::steady_clock::time_point{};
    try {
        for (;;) {
            const auto run = take();
            carrier->carry(run);
            if (std::chrono::steady_clock::now() - told >= tell_every) {
                tell();
                told = std::chrono::steady_clock::now();
            }
            if (stopping && run.empty()) return false;
        }
    } catch (const Error& e) {
        carrier->close();
        const std::lock_guard lock(mutex);
        state.sending = false;
        state.trouble = true;
        state.words = failure = e.what();
        return !stopping;
    }
}

void QueuedOutput::Shared::tell() {
    auto figures = carrier->figures();
    auto waiting = carrier->waiting(), trouble = carrier->trouble();
    const std::lock_guard lock(mutex);
    state.figures = std::move(figures);
    state.sending = waiting.empty();
    if (state.sending) failure.clear();
    if (trouble.empty()) trouble = failure;
    state.trouble = !trouble.empty();
    state.words = trouble.empty() ? std::move(waiting) : std::move(trouble);
}

QueuedOutput::QueuedOutput(std::string name, std::unique_ptr<Carrier> carrier, std::size_t most)
    : shared_(std::make_shared<Shared>(std::move(name), std::move(carrier), most)) {
    std::thread([shared = shared_] { shared->run(); }).detach();
}

QueuedOutput::~QueuedOutput() {
    QueuedOutput::finish();
}

void QueuedOutput::send(const Datagram& datagram) {
    const std::lock_guard lock(shared_->mutex);
    if (shared_->queue.size() >= shared_->most) {
        shared_->queue.pop_front();
        ++shared_->dropped;
    }
    shared_->queue.push_back(datagram);
    if (shared_->queue.size() >= shared_->batch) shared_->changed.notify_all();
}

void QueuedOutput::finish() {
    std::unique_lock lock(shared_->mutex);
    shared_->stopping = true;
    shared_->changed.notify_all();
    shared_->changed.wait_for(lock, last_chance, [&] { return shared_->ended; });
}

OutputState QueuedOutput::state() const {
    const std::lock_guard lock(shared_->mutex);
    auto state = shared_->state;
    state.figures["dropped"] = shared_->dropped;
    state.figures["opened"] = shared_->opened;
    return state;
}

DirectOutput::DirectOutput(std::string name, std::unique_ptr<Carrier> carrier)
    : name_(std::move(name)), carrier_(std::move(carrier)) {
    const std::atomic<bool> stop = false;
    carrier_->open(stop);
}

void DirectOutput::send(const Datagram& datagram) {
    waiting_.push_back(datagram);
    if (waiting_.size() < carrier_->run()) return;
    carrier_->carry(waiting_);
    waiting_.clear();
}

void DirectOutput::finish() {
    carrier_->carry(waiting_);
    waiting_.clear();
    carrier_->close();
}

OutputState DirectOutput::state() const {
    OutputState state;
    state.name = name_;
    state.sending = true;
    state.figures = carrier_->figures();
    return state;
}

}  // namespace riverlight::player
