#include "player/source/threaded_source.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <condition_variable>
#include <ctime>
#include <deque>
#include <mutex>
#include <new>
#include <thread>

#include "player/source/patience.hpp"

namespace riverlight::player {
namespace {

/// Pieces decoded ahead of the item on air, and of an item that is queued: enough to start with, without
/// taking as much memory as the item on air. Coded frames take some 20 KB each.
constexpr std::size_t pieces_ahead = 8, pieces_queued = 4, coded_ahead = 24;
/// Bytes that their pictures may take; then there are fewer pieces, but never fewer than three.
constexpr std::size_t bytes_ahead = 16U << 20, bytes_queued = 10U << 20, min_pieces = 3;

/// How often a thread that waits without a deadline looks whether the source is stuck.
constexpr std::chrono::milliseconds look_every{100};

std::chrono::nanoseconds time_on(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

std::size_t pieces_in(std::size_t bytes, const Format& format, std::size_t max) {
    const auto picture =
        static_cast<std::size_t>(format.width) * static_cast<std::size_t>(format.height) * 3 / 2;
    return std::clamp(bytes / std::max<std::size_t>(picture, 1), min_pieces, max);
}

/// The queue between the decoding thread and the timeline. Both own it, so that either may end first.
struct PieceQueue final : PieceSink {
    std::mutex mutex;
    std::condition_variable changed;
    // guarded by mutex
    std::deque<Piece> pieces;
    std::size_t max;
    bool ended = false, stop = false, coded = false;
    std::string error, noted;
    std::optional<MediaDamage> damage;

    std::atomic<std::int64_t> steps = 0;

    explicit PieceQueue(std::size_t max_pieces) : max(max_pieces) {}

    bool wait_for_room() override {
        std::unique_lock lock(mutex);
        // A full queue is filled again when half of it is gone: threads that wake each other for every frame
        // cost more than splicing a frame does.
        if (pieces.size() >= max) changed.wait(lock, [&] { return stop || pieces.size() <= max / 2; });
        return !stop;
    }
    bool push(Piece piece) override {
        if (!wait_for_room()) return false;
        const std::lock_guard lock(mutex);
        assert(!ended);
        coded = piece.coded != nullptr;
        pieces.push_back(std::move(piece));
        if (pieces.size() == 1) changed.notify_all();
        return true;
    }
    void step() override { steps.fetch_add(1, std::memory_order_relaxed); }
    void note(const std::string& what) override {
        const std::lock_guard lock(mutex);
        noted = what;
    }
    void report(const MediaDamage& found) override {
        const std::lock_guard lock(mutex);
        if (!damage) damage = found;
    }
};

class ThreadedSource final : public Source {
  public:
    ThreadedSource(const Format& format, std::function<void(PieceSink&)> produce)
        : ahead_(pieces_in(bytes_ahead, format, pieces_ahead)),
          queue_(std::make_shared<PieceQueue>(pieces_in(bytes_queued, format, pieces_queued))) {
        std::thread([queue = queue_, produce = std::move(produce)] {
            std::string error;
            try {
                produce(*queue);
            } catch (const std::bad_alloc&) {
                error = "it needs more memory than this player may use; make a smaller file of it";
            } catch (const MediaFileError& e) {
                queue->report(damage_of(e));
                error = e.what();
            } catch (const std::exception& e) {
                error = e.what();
            }
            const std::lock_guard lock(queue->mutex);
            queue->error = error;
            queue->ended = true;
            queue->changed.notify_all();
        }).detach();
    }
    ~ThreadedSource() override {
        const std::lock_guard lock(queue_->mutex);
        queue_->stop = true;
        queue_->pieces.clear();
        queue_->changed.notify_all();
    }

    [[nodiscard]] State state() const override {
        const std::lock_guard lock(queue_->mutex);
        if (!queue_->pieces.empty()) return State::ready;
        if (!queue_->ended) return State::opening;
        return queue_->error.empty() ? State::ready : State::failed;
    }
    [[nodiscard]] std::string error() const override {
        const std::lock_guard lock(queue_->mutex);
        return queue_->error;
    }
    [[nodiscard]] bool coded() const override {
        const std::lock_guard lock(queue_->mutex);
        return queue_->coded;
    }
    [[nodiscard]] std::string note() const override {
        const std::lock_guard lock(queue_->mutex);
        return queue_->noted;
    }
    [[nodiscard]] std::optional<MediaDamage> damage() const override {
        const std::lock_guard lock(queue_->mutex);
        return queue_->damage;
    }
    [[nodiscard]] Take take(Piece& into) override {
        const std::lock_guard lock(queue_->mutex);
        if (!queue_->pieces.empty()) {
            into = std::move(queue_->pieces.front());
            queue_->pieces.pop_front();
            queue_->max = queue_->coded ? coded_ahead : ahead_;
            if (queue_->pieces.size() <= queue_->max / 2) queue_->changed.notify_all();
            return Take::piece;
        }
        if (!queue_->ended) return Take::waiting;
        return queue_->error.empty() ? Take::ended : Take::failed;
    }
    void wait(std::chrono::milliseconds longest) const override {
        std::unique_lock lock(queue_->mutex);
        queue_->changed.wait_for(lock, longest, [&] { return queue_->ended || !queue_->pieces.empty(); });
    }

    void wait_unless_stuck() const override {
        std::unique_lock lock(queue_->mutex);
        const auto done = [&] { return queue_->ended || !queue_->pieces.empty(); };
        Patience patience;
        while (!queue_->changed.wait_for(lock, look_every, done)) {
            const auto others = time_on(CLOCK_PROCESS_CPUTIME_ID) - time_on(CLOCK_THREAD_CPUTIME_ID);
            if (patience.is_over({queue_->steps.load(std::memory_order_relaxed), others})) return;
        }
    }

  private:
    std::size_t ahead_;                  ///< pieces to decode ahead once it is on air
    std::shared_ptr<PieceQueue> queue_;  ///< shared with the decoding thread, which may outlive this object
};

}  // namespace

std::unique_ptr<Source> run_source(const Format& format, std::function<void(PieceSink&)> produce) {
    return std::make_unique<ThreadedSource>(format, std::move(produce));
}

}  // namespace riverlight::player
