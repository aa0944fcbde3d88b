#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "player/feed/output.hpp"

namespace riverlight::player {

/// Takes the one stream of a feed and lets every output have each datagram in its moment. Where the feed is
/// live, a thread that does nothing else lets each out at its own instant of the monotonic clock, worked out
/// from its time on the feed's time line and never from the one before, so that nothing adds up; it never
/// decodes, never waits for an output, and runs ahead of others where the system allows it. What a machine
/// that stood still could not send in its moment follows at twice the rate until it is level again.
/// Otherwise datagrams pass through on the caller's thread.
class Sender {
  public:
    enum class Pace { live, as_made };
    Sender(std::vector<std::unique_ptr<Output>> outputs, Pace pace);
    ~Sender();

    /// That moment of the time line leaves then: from the house clock, again and again, as it is steered. A
    /// sender that is never told begins when a tenth of a second waits.
    void keep_to(Ticks time, std::chrono::steady_clock::time_point leaves);
    /// In order. Of `as_made`: throws what an output throws.
    void write(const Datagram& datagram);
    /// Lets out what waits, each in its moment, and ends the outputs.
    void finish();

    [[nodiscard]] std::vector<OutputState> states() const;
    /// `datagrams_late`: left more than 4 ms after their moment; `ran_dry`: times there was nothing to send;
    /// `overran`: datagrams given up because the loop was faster than the clock, which only a fault makes it.
    [[nodiscard]] Figures figures() const;

  private:
    using Point = std::chrono::steady_clock::time_point;
    /// Where the time line's beginning lies on the monotonic clock.
    struct Base {
        Point zero;
        bool told = false, known = false;
    };
    void run();
    /// The next datagram and its moment; nothing at the end.
    [[nodiscard]] bool take(Datagram& datagram, Point& due);

    const std::vector<std::unique_ptr<Output>> outputs_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    // guarded by mutex_
    std::deque<Datagram> queue_;
    Base base_;
    bool finishing_ = false, flowing_ = false;
    std::int64_t late_ = 0, ran_dry_ = 0, overran_ = 0;
    std::thread thread_;
};

}  // namespace riverlight::player
