#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "player/cue/cue.hpp"
#include "player/source/source.hpp"
#include "player/timeline/fade.hpp"
#include "player/timeline/quiet.hpp"

/// One unbroken run of frames and samples: which item gives the next frame. Knows no clock and no outlet; the
/// player's loop calls step() once for each outlet frame. One thread.
namespace riverlight::player {

class Timeline {
  public:
    using Open = std::function<std::unique_ptr<Source>(const SourceSpec&)>;
    using Emit = std::function<void(const Event&)>;
    struct Options {
        Format format;
        /// How long an item may deliver nothing before the next one takes its place.
        std::chrono::milliseconds patience{1500};
        /// Wait for decoders (a file, faster or slower than time) instead of going on without them.
        bool wait_for_sources = false;
        Fade fade{};  ///< how items meet; coded frames are always cut
    };
    Timeline(Options options, Open open, Emit emit);
    ~Timeline();

    /// While an outlet is filled ahead of its clock, what is not ready is waited for, though not for long.
    void filling(bool filling) { filling_ = filling; }

    /// Takes a cue, drop, takeover or quit. `now`: the instant of the next frame.
    void command(const Command& command, Instant now);

    struct Step {
        Piece piece;  ///< always whole: picture null on slate, samples silent
        bool on_slate = false;
        std::string airing;  ///< empty on slate
        int shown = 256;     ///< of 256: how much is seen of the picture with its texts, over black
    };
    /// The next outlet frame, number `frame`, which is shown at `at`.
    [[nodiscard]] Step step(Instant at, std::int64_t frame);

    /// After quit{drain}: nothing is on air or queued any more. After quit: at once.
    [[nodiscard]] bool finished() const;
    /// Ends what is on air and forgets what is queued, with the reason.
    void close(Instant at, const std::string& reason);
    /// What the outlet adds to each off_air.
    void set_evidence(std::map<std::string, std::string> evidence) { evidence_ = std::move(evidence); }

  private:
    struct Item;
    using ItemPtr = std::unique_ptr<Item>;

    void queue(Cue cue, Instant now, bool take_over);
    void open(Item& item, Instant now);
    void open_ahead(Instant now);
    /// Puts the next of the item's alternatives in its place, because of `why`; false where there is none.
    bool replace(Item& item, const std::string& why, Instant now);
    /// The next piece of the item on air; where it breaks and what follows cannot take its place, of what
    /// airs instead of it.
    Source::Take next_piece(Item& item, Piece& piece, Instant at, std::int64_t frame);
    [[nodiscard]] bool rejoins_later(const Item& item, std::int64_t frame) const;
    bool go_on(Item& item, const std::string& why, Instant at);
    void tell_ready();
    [[nodiscard]] bool usable(Item& item);
    void cut_in(Instant at, bool on_grid);
    enum class Next { started, none, held };
    [[nodiscard]] Next start_next(Instant at, bool on_grid);
    bool take(Step& step, Instant at, std::int64_t frame);
    [[nodiscard]] bool due(const Item& item, Instant at) const;
    [[nodiscard]] bool on_grid(std::int64_t frame) const { return frame % options_.format.grid == 0; }
    [[nodiscard]] bool current_is_coded() const;
    void end_current(Instant at, content::AiringStatus status, const std::string& reason);
    void forget(ItemPtr item, Instant at, content::AiringStatus status, const std::string& reason);
    /// Its sound and subtitles as its quiet hours have them at that instant.
    void hush(Item& item, Piece& piece, Instant at);
    /// Where the item's next frame lies in it, as far as its end is known.
    [[nodiscard]] FadePoint fade_point(const Item& item, Instant at) const;
    void fade(Item& item, Step& step, Piece& piece, Instant at);
    void tell_note(Item& item);
    void progress(Item& item);
    /// How long before its start an item is due.
    [[nodiscard]] std::chrono::microseconds grace(bool coded) const;
    /// Frames that begin before so much time is over.
    [[nodiscard]] std::int64_t frames_before(std::chrono::microseconds time) const;
    [[nodiscard]] std::int64_t frames_in(std::chrono::microseconds time) const;

    Options options_;
    Open open_;
    Emit emit_;
    ItemPtr current_;
    std::deque<ItemPtr> queue_;
    Volume volume_;
    Piece last_;  ///< what was shown last, to be held for a moment when a decoder is late
    std::map<std::string, std::string> evidence_;
    bool quit_ = false, drain_ = false, filling_ = false;
};

}  // namespace riverlight::player
