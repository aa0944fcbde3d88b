#pragma once
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "player/feed/output.hpp"

namespace riverlight::player {

/// Real-time priority (SCHED_FIFO) of a live pacer's thread.
inline constexpr int pacer_priority = 10;

/// Sends a feed's datagrams to all its outputs, each at its own time.
///
/// Live, a thread of its own does nothing else. It works out when a datagram leaves from the datagram's time
/// on the time line, never from when the previous one left, so errors do not add up; it never decodes, never
/// waits for an output, and runs at real-time priority if the system allows it. Datagrams that are late
/// because the machine stalled follow at twice the rate until the stream is on time again. Unpaced, datagrams
/// pass through on the caller's thread.
class Pacer {
  public:
    enum class Mode { live, unpaced };
    using SteadyTime = std::chrono::steady_clock::time_point;
    Pacer(std::vector<std::unique_ptr<Output>> outputs, Mode mode);
    ~Pacer();
    Pacer(const Pacer&) = delete;
    Pacer& operator=(const Pacer&) = delete;

    /// The moment `time` of the time line leaves at `leaves`. The house clock adjusts this all the time. If
    /// it is never called, the stream begins when a tenth of a second is queued.
    void set_anchor(StreamTime time, SteadyTime leaves);
    /// The next datagram, in order. Unpaced: throws what an output throws.
    void write(const Datagram& datagram);
    /// Sends what is queued, each datagram at its time, and finishes the outputs.
    void finish();

    [[nodiscard]] std::vector<OutputState> states() const;
    /// `datagrams_late`: left more than 4 ms after their time; `ran_dry`: how often the queue was empty;
    /// `overran`: dropped because more than eight seconds were queued, which only a faulty loop causes.
    [[nodiscard]] Figures figures() const;
    /// Left where one output sent all of it, lost where all have lost part of it.
    [[nodiscard]] FrameFate fate_of(std::int64_t picture) const;

  private:
    /// When the time line's 0 is on the monotonic clock.
    struct Anchor {
        SteadyTime zero;
        bool from_house_clock = false;
    };
    struct Due {
        Datagram datagram;
        SteadyTime at;
    };
    void run();
    /// Waits for the next datagram. False at the end.
    [[nodiscard]] bool take_next(Due& next);

    const std::vector<std::unique_ptr<Output>> outputs_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    // guarded by mutex_
    std::deque<Datagram> queue_;
    std::optional<Anchor> anchor_;
    bool finishing_ = false, flowing_ = false;
    std::int64_t late_ = 0, ran_dry_ = 0, overran_ = 0;
    FateLedger overrun_pictures_;
    std::thread thread_;
};

}  // namespace riverlight::player
