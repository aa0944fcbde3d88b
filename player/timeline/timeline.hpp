#pragma once
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "player/cue/commands.hpp"
#include "player/cue/events.hpp"
#include "player/source/source.hpp"
#include "player/timeline/fade.hpp"
#include "player/timeline/quiet.hpp"

namespace riverlight::player {

struct TimelineItem;

/// One unbroken run of frames and samples: decides which item gives the next frame (README.md). Has no clock
/// and no outlet: the player's loop calls step() once for each outlet frame. One thread.
class Timeline {
  public:
    using Open = std::function<std::unique_ptr<Source>(const SourceSpec&)>;
    using Emit = std::function<void(const Event&)>;
    struct Options {
        Format format;
        /// How long an item may deliver nothing before it fails.
        std::chrono::milliseconds patience{1500};
        /// Wait for decoders, as long as they are not stuck, instead of going on without them: for outlets
        /// that keep no time (`--fast`), where a busy machine must cost no item.
        bool wait_for_sources = false;
        Fade fade{};  ///< between items; coded frames are always cut
    };
    Timeline(Options options, Open open, Emit emit);
    ~Timeline();

    /// Whether the outlet is being filled ahead of its clock: then step() waits for sources for a short time.
    void set_prefilling(bool prefilling) { prefilling_ = prefilling; }

    /// Handles a cue, drop, takeover or quit; ignores other commands. `now`: the instant of the next frame.
    void handle(const Command& command, Instant now);

    struct Step {
        Piece piece;  ///< complete: the picture is null on slate, and the samples silent
        bool on_slate = false;
        std::string airing;  ///< empty on slate
        std::string locale;  ///< of the media on air, which may be an alternative's; empty: nothing is on air
        bool held = false;   ///< the last picture again, in place of the item's own: its decoder is late
        int shown = 256;     ///< of 256: how much of the picture, with its texts, is shown over black
    };
    /// The next outlet frame, number `frame`, which is shown at `at`.
    [[nodiscard]] Step step(Instant at, std::int64_t frame);

    /// After a quit: true at once, or with `drain` when nothing is on air or queued.
    [[nodiscard]] bool finished() const;
    /// Nothing is on air or queued.
    [[nodiscard]] bool is_idle() const { return !current_ && queue_.empty(); }
    /// Ends the item on air and drops the queue, for the reason given.
    void close(Instant at, const std::string& reason);

  private:
    using ItemPtr = std::unique_ptr<TimelineItem>;

    void queue(Cue cue, Instant now, bool takes_over);
    void drop(const std::string& airing, Instant now);
    void open(TimelineItem& item, Instant now);
    void open_ahead(Instant now);
    [[nodiscard]] bool open_alternative(TimelineItem& item, const std::string& why, Instant now);
    [[nodiscard]] bool fall_back(TimelineItem& item, const std::string& why, Instant at);
    [[nodiscard]] Source::Take take_piece(TimelineItem& item, Piece& piece, Instant at, std::int64_t frame);
    [[nodiscard]] bool waits_for_grid(const TimelineItem& item, std::int64_t frame) const;
    void report_ready();
    void wait_for(const Source& source) const;
    [[nodiscard]] bool wait_until_ready(TimelineItem& item) const;
    void cut_in(Instant at, bool on_grid);
    enum class Next { started, none, held };
    [[nodiscard]] Next start_next(Instant at, bool on_grid);
    [[nodiscard]] bool end_if_over(Instant at, std::int64_t frame);
    [[nodiscard]] bool produce(Step& step, Instant at, std::int64_t frame);
    [[nodiscard]] bool hold_last(Piece& piece, Instant at, std::int64_t frame);
    [[nodiscard]] bool is_due(const TimelineItem& item, Instant at) const;
    [[nodiscard]] bool on_grid(std::int64_t frame) const { return frame % options_.format.grid == 0; }
    [[nodiscard]] bool current_is_coded() const;
    void end_current(Instant at, content::AiringStatus status, const std::string& reason);
    void end(ItemPtr item, Instant at, content::AiringStatus status, const std::string& reason);
    void apply_quiet_hours(TimelineItem& item, Piece& piece, Instant at);
    [[nodiscard]] FadePoint fade_point(const TimelineItem& item, Instant at) const;
    void apply_fade(TimelineItem& item, Step& step, Piece& piece, Instant at);
    void report_note(TimelineItem& item);
    void report_progress(TimelineItem& item);
    [[nodiscard]] std::chrono::microseconds start_tolerance(bool coded) const;
    [[nodiscard]] std::int64_t frames_of(std::chrono::microseconds time) const;

    Options options_;
    Open open_;
    Emit emit_;
    ItemPtr current_;
    std::deque<ItemPtr> queue_;
    Volume volume_;
    Piece last_;  ///< what was shown last, to be held for a moment when a decoder is late
    bool quit_ = false, drain_ = false, prefilling_ = false;
};

}  // namespace riverlight::player
