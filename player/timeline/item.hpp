#pragma once
#include "player/timeline/timeline.hpp"

/// What a timeline keeps of an item, and its patience. Inside `player/timeline` only.
namespace riverlight::player {

/// Shorter than the silence after which a player counts as hung, and than what an outlet is ahead by.
inline constexpr std::chrono::milliseconds filling_wait{600};
/// A start that passed by less is simply met.
inline constexpr std::chrono::milliseconds late_grace{200};

struct Timeline::Item {
    Cue cue;
    bool takes_over = false;
    std::unique_ptr<Source> source{};
    bool told_ready = false, on_air = false;
    int opening = 0;                     ///< outlet frames that passed while it was opening
    int waited = 0;                      ///< outlet frames for which nothing came
    std::int64_t first = 0;              ///< the media's frame with which it began
    std::optional<std::int64_t> last{};  ///< … and before which its time is over
    MediaChoice choice{};                ///< which of the cue's media it plays by now
    bool rejoins = false;                ///< it broke on air, and nothing has come yet of what goes on for it
    std::string why;                     ///< those before could not begin
    std::int64_t frames = 0, lost = 0, repeated = 0, samples = 0, next_progress = 0;
    std::int64_t faded = 0;        ///< frames that were seen in part
    std::int64_t interpreted = 0;  ///< frames in which its interpreter was seen
    std::string noted{};           ///< by its source, and told
    QuietTally quiet{};

    /// Its time is over, to the frame.
    [[nodiscard]] bool whole() const { return last && first + frames >= *last; }
    /// What it plays by now.
    [[nodiscard]] const Media& media() const { return media_of(cue, choice); }
    [[nodiscard]] bool has_another() const { return next_index() < cue.alternatives.size(); }
    /// The filler that it plays by now; null: its own segment.
    [[nodiscard]] const Alternative::Filler* filler() const {
        if (choice.is_own()) return nullptr;
        const auto& filler = cue.alternatives.at(choice.index()).filler;
        return filler ? &*filler : nullptr;
    }
    /// What it plays by now, for people.
    [[nodiscard]] std::string name() const {
        return filler() ? "filler " + filler()->segment + " (" + media().locale + ")" : media().locale;
    }

  private:
    [[nodiscard]] std::size_t next_index() const { return choice.is_own() ? 0 : choice.index() + 1; }
};

}  // namespace riverlight::player
