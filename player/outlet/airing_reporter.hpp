#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "player/outlet/outlet.hpp"

namespace riverlight::player {

/// Reports airings by what left the outlet. The timeline says what it puts in; this holds its `on_air`,
/// `progress` and `off_air` events until the frames before them have left or are lost, and reports each
/// airing with the frames, samples, evidence and status that follow from them. Other events pass at once. One
/// thread, the player's loop.
class AiringReporter {
  public:
    using Send = std::function<void(const Event&)>;
    /// `outlet` outlives this.
    AiringReporter(const Outlet& outlet, const Format& format, Send send);
    ~AiringReporter();

    /// An event of the timeline, in order.
    void handle(const Event& event);
    /// What a frame shows.
    struct Content {
        bool own = false;    ///< of the item itself: neither a held picture nor the slate
        bool coded = false;  ///< spliced, not encoded
    };
    /// The next frame was put in; `airing` is empty where it belongs to none.
    void add_frame(const std::string& airing, const Content& content);
    /// Sends the events whose frames have left by now.
    void poll();
    /// At the end: what has not left by now is lost. Sends all events. Calling it again does nothing.
    void finish();

  private:
    struct Airing;
    struct Frame {
        std::shared_ptr<Airing> airing;  // shared with airings_, which its last frame may outlive; null: none
        Content content;
    };
    struct Held {
        Event event;
        std::int64_t after = 0;  ///< sent when all frames before this one are settled
    };
    void settle(const Frame& frame, bool left);
    void send_due();
    void send(const OnAir& event);
    void send(const Progress& event);
    void send(const OffAir& event);
    [[nodiscard]] OffAir proved(OffAir event, const Airing& airing) const;

    const Outlet& outlet_;
    Format format_;
    Send send_;
    std::deque<std::shared_ptr<Airing>> airings_;  ///< begun, and not yet reported off air; the last is on
    std::deque<Frame> frames_;                     ///< put in and not settled
    std::int64_t settled_ = 0;                     ///< frames before the first of these
    std::deque<Held> held_;
};

}  // namespace riverlight::player
