#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "player/cue/cue.hpp"
#include "player/cue/events.hpp"
#include "player/source/frames.hpp"
#include "player/source/source.hpp"
#include "player/timeline/quiet.hpp"
#include "player/timeline/timeline.hpp"

/// An item of a timeline: a cue, its source, and what was shown of it. Only player/timeline includes this.
namespace riverlight::player {

/// An item that is late by less than this still begins at its beginning.
inline constexpr std::chrono::milliseconds late_tolerance{200};

/// What was shown of an item, in frames of the outlet unless said otherwise.
struct ItemCounts {
    std::int64_t frames = 0;
    std::int64_t own = 0;          ///< frames that showed the item itself, not a held picture or the slate
    std::int64_t lost = 0;         ///< source pictures that no frame showed
    std::int64_t repeated = 0;     ///< frames that showed the picture of the frame before
    std::int64_t samples = 0;      ///< of each channel
    std::int64_t faded = 0;        ///< frames that were partly faded
    std::int64_t interpreted = 0;  ///< frames with the interpreter
    QuietTally quiet{};

    void add(const Piece& piece, bool held, const Format& format);
};

// More than 12 members: a cue with its progress from the queue to the end of its airing.
struct TimelineItem {
    Cue cue;
    bool takes_over = false;
    std::unique_ptr<Source> source{};
    bool ready_reported = false, on_air = false;
    int opening = 0;                     ///< outlet frames that passed while its source was opening
    int waited = 0;                      ///< outlet frames for which its source had no piece
    std::int64_t first = 0;              ///< the media's frame that it began with
    std::optional<std::int64_t> last{};  ///< the media's frame before which it ends; absent: with the media
    MediaChoice choice{};                ///< which of the cue's media it plays now
    bool rejoining = false;  ///< it failed on air, and its alternative has not delivered a piece yet
    std::optional<MediaDamage> damage{};  ///< the first damaged file of its sources before this one
    std::string failures;                 ///< why the media before this one were given up
    ItemCounts counts;
    std::int64_t next_progress = 0;  ///< frame of its next progress event
    std::string reported_note{};     ///< the note of its source that was reported

    /// True when it has had all its frames.
    [[nodiscard]] bool is_complete() const { return last && first + counts.frames >= *last; }
    [[nodiscard]] bool is_due(Instant at, std::chrono::microseconds tolerance) const {
        return takes_over || !cue.start || *cue.start <= at + tolerance;
    }
    /// The media that it plays now.
    [[nodiscard]] const Media& media() const { return media_of(cue, choice); }
    [[nodiscard]] bool has_alternative() const { return next_index() < cue.alternatives.size(); }
    /// The filler that it plays now; null: its own segment.
    [[nodiscard]] const Alternative::Filler* filler() const;
    /// What it plays now, for people.
    [[nodiscard]] std::string name() const;

    /// What its source must play from here on. Before it is on air, also sets `first` and `last`: an item
    /// with a past start begins further into its media.
    [[nodiscard]] SourceSpec spec(const Format& format, Instant now);
    /// Gives up the media that it plays now, because of `why`, and chooses the next alternative; false where
    /// there is none.
    [[nodiscard]] bool choose_alternative(const std::string& why);
    /// How much of it was put out so far.
    [[nodiscard]] content::Shown shown(Ratio rate) const;
    /// The first of its files that was found damaged.
    [[nodiscard]] std::optional<MediaDamage> find_damage() const;
    /// Its end as an event.
    [[nodiscard]] OffAir end_event(Instant at, content::AiringStatus status, const std::string& reason,
                                   Ratio rate) const;

  private:
    [[nodiscard]] std::size_t next_index() const { return choice.is_own() ? 0 : choice.index() + 1; }
};

/// Why an item is given up whose source delivers nothing.
[[nodiscard]] std::string late_text(const Timeline::Options& options, const TimelineItem& item);

}  // namespace riverlight::player
