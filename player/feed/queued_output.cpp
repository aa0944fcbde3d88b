// The thread of one slow output opens its writer, feeds it from the queue, and opens it again with back-off
// when it fails. It knows nothing of pacing or other outputs.
#include "player/feed/queued_output.hpp"

#include <cassert>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "player/feed/reopen_delay.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto finish_within = 2s;
constexpr auto publish_every = 200ms;
/// Datagrams that one write takes from a long queue.
constexpr std::size_t min_batch_when_behind = 64;

}  // namespace

// More than 12 members: a writer with its queue, what guards both, and what is reported of them.
struct QueuedOutput::Worker {
    Worker(std::string name, std::unique_ptr<StreamWriter> w, std::size_t max)
        : writer(std::move(w)), max_queued(max), batch_size(writer->batch_size()) {
        assert(max_queued > 0 && batch_size > 0);
        state.name = std::move(name);
        state.words = "it is being opened";
    }

    void run();
    /// Opens the writer, however long it takes. False if it is time to end.
    bool open(ReopenDelay& backoff);
    /// Writes until the writer fails (true) or it is time to end (false).
    bool write_until_lost();
    std::vector<Datagram> take_batch();
    void publish_state();

    void write(const std::vector<Datagram>& batch);

    const std::unique_ptr<StreamWriter> writer;
    FateLedger pictures;
    const std::size_t max_queued, batch_size;
    std::atomic<bool> stopping = false;
    mutable std::mutex mutex;
    std::condition_variable changed;
    // guarded by mutex
    std::deque<Datagram> queue;
    OutputState state;
    std::string failure;  ///< the last one, until something has left again
    std::int64_t dropped = 0, opened = 0;
    bool ended = false;
};

void QueuedOutput::Worker::run() {
    ReopenDelay backoff;
    while (open(backoff))
        if (!write_until_lost()) break;
    writer->close();
    publish_state();
    const std::lock_guard lock(mutex);
    state.sending = false;
    ended = true;
    changed.notify_all();
}

bool QueuedOutput::Worker::open(ReopenDelay& backoff) {
    for (;;) {
        try {
            writer->open(stopping);
            const std::lock_guard lock(mutex);
            ++opened;
            if (!writer->accepts_backlog()) {
                dropped += static_cast<std::int64_t>(queue.size());
                for (const auto& datagram : queue) record_lost(datagram, pictures);
                queue.clear();
            }
            backoff.reset();
            return true;
        } catch (const Error& e) {
            writer->close();
            std::unique_lock lock(mutex);
            state.sending = false;
            state.trouble = true;
            state.words = e.what();
            if (changed.wait_for(lock, backoff.next(), [&] { return stopping.load(); })) return false;
        }
    }
}

std::vector<Datagram> QueuedOutput::Worker::take_batch() {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, publish_every, [&] { return stopping || queue.size() >= batch_size; });
    const auto count =
        stopping ? queue.size() : std::min(queue.size(), std::max(batch_size, min_batch_when_behind));
    const auto end = queue.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<Datagram> batch(std::make_move_iterator(queue.begin()), std::make_move_iterator(end));
    queue.erase(queue.begin(), end);
    return batch;
}

void QueuedOutput::Worker::write(const std::vector<Datagram>& batch) {
    try {
        record(writer->write(batch), batch, pictures);
    } catch (const Error&) {
        for (const auto& datagram : batch) record_lost(datagram, pictures);
        throw;
    }
}

bool QueuedOutput::Worker::write_until_lost() {
    steady_clock::time_point published{};
    try {
        for (;;) {
            const auto batch = take_batch();
            write(batch);
            if (steady_clock::now() - published >= publish_every) {
                publish_state();
                published = steady_clock::now();
            }
            if (stopping && batch.empty()) return false;
        }
    } catch (const Error& e) {
        writer->close();
        const std::lock_guard lock(mutex);
        state.sending = false;
        state.trouble = true;
        state.words = failure = e.what();
        return !stopping;
    }
}

void QueuedOutput::Worker::publish_state() {
    auto figures = writer->figures();
    auto idle = writer->idle_reason(), warning = writer->warning();
    const std::lock_guard lock(mutex);
    state.figures = std::move(figures);
    state.sending = idle.empty();
    if (state.sending) failure.clear();
    if (warning.empty()) warning = failure;
    state.trouble = !warning.empty();
    state.words = warning.empty() ? std::move(idle) : std::move(warning);
}

QueuedOutput::QueuedOutput(std::string name, std::unique_ptr<StreamWriter> writer, std::size_t max_queued)
    : worker_(std::make_shared<Worker>(std::move(name), std::move(writer), max_queued)) {
    std::thread([worker = worker_] { worker->run(); }).detach();
}

QueuedOutput::~QueuedOutput() {
    QueuedOutput::finish();
}

void QueuedOutput::send(const Datagram& datagram) {
    const std::lock_guard lock(worker_->mutex);
    if (worker_->queue.size() >= worker_->max_queued) {
        record_lost(worker_->queue.front(), worker_->pictures);
        worker_->queue.pop_front();
        ++worker_->dropped;
    }
    worker_->queue.push_back(datagram);
    if (worker_->queue.size() >= worker_->batch_size) worker_->changed.notify_all();
}

void QueuedOutput::finish() {
    std::unique_lock lock(worker_->mutex);
    worker_->stopping = true;
    worker_->changed.notify_all();
    worker_->changed.wait_for(lock, finish_within, [&] { return worker_->ended; });
}

OutputState QueuedOutput::state() const {
    const std::lock_guard lock(worker_->mutex);
    auto state = worker_->state;
    state.figures["dropped"] = worker_->dropped;
    state.figures["opened"] = worker_->opened;
    return state;
}

FrameFate QueuedOutput::fate_of(std::int64_t picture) const {
    return worker_->pictures.fate_of(picture);
}

DirectOutput::DirectOutput(std::string name, std::unique_ptr<StreamWriter> writer)
    : name_(std::move(name)), writer_(std::move(writer)) {
    const std::atomic<bool> stop = false;
    writer_->open(stop);
}

void DirectOutput::send(const Datagram& datagram) {
    batch_.push_back(datagram);
    if (batch_.size() >= writer_->batch_size()) write_batch();
}

void DirectOutput::write_batch() {
    record(writer_->write(batch_), batch_, pictures_);
    batch_.clear();
}

void DirectOutput::finish() {
    write_batch();
    writer_->close();
}

OutputState DirectOutput::state() const {
    OutputState state;
    state.name = name_;
    state.sending = true;
    state.figures = writer_->figures();
    return state;
}

}  // namespace riverlight::player
