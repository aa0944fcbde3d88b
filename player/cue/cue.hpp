#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "content/airing/media.hpp"
#include "content/airing/status.hpp"
#include "content/base/instant.hpp"

/// The protocol between a board's daemon (or `riverlight play`) and a player: one JSON object a line, UTF-8,
/// at most 64 KiB, over a socket pair. Cues go in, events come out. A player is told everything it needs in
/// the cue: it knows no schedule, no segment, no channel.
namespace riverlight::player {

using content::Media;
using content::Rendition;
using content::Sign;
using content::Strap;

/// What airs in an item's place if its own media are missing or broken: the same from another file or in
/// another language, or one of the channel's fillers.
struct Alternative {
    Media media{};
    struct Filler {
        std::string segment{};
        std::chrono::milliseconds length{
            0};  ///< it starts again after this long, until the item's time is over
    };
    std::optional<Filler> filler{};  ///< absent: the cue's own segment
};
inline constexpr std::size_t most_alternatives = 7;

/// Which of a cue's media airs: its own, or one of its alternatives. On the wire `took`: 0, or the
/// alternative's place in the list from 1.
class MediaChoice {
  public:
    constexpr MediaChoice() = default;  ///< the cue's own
    /// Throws Error for a place outside 0…most_alternatives.
    [[nodiscard]] static MediaChoice from_wire(std::int64_t took);
    [[nodiscard]] std::int64_t to_wire() const { return place_; }

    [[nodiscard]] bool is_own() const { return place_ == 0; }
    /// Place in the list of alternatives, from 0. Not of the cue's own.
    [[nodiscard]] std::size_t index() const;
    /// The alternative that is tried after this one.
    [[nodiscard]] MediaChoice next() const;
    friend bool operator==(MediaChoice, MediaChoice) = default;

  private:
    std::int64_t place_ = 0;
};

/// Less sound, or none, by a screen's clock.
struct Quiet {
    Instant from{}, until{};        ///< half-open
    std::optional<double> gain_db;  ///< −60 to below 0, on top of the cue's; absent: no sound
};

inline constexpr std::size_t most_quiet = 16;

/// `cue`: play this after what is queued, or at `start`.
struct Cue {
    enum class Late { join, skip };

    std::string airing;  ///< planned airing's id, ≤ 128 bytes; echoed in every event about it
    Media media;
    std::optional<Instant>
        start;               ///< absent: as soon as what is before it ends. Present: cuts in on that frame
    Late late = Late::join;  ///< where `start` has passed when the cue is ready
    std::optional<Instant> stop;          ///< absent: the media's end
    std::chrono::milliseconds offset{0};  ///< begins so far into its media: what went before was on already
    std::optional<std::chrono::milliseconds>
        duration;  ///< shown for exactly this long (cut or held by slate); absent: the media's own
    std::vector<Quiet>
        quiet;  ///< at most `most_quiet`; where two meet, the quieter counts. Not for coded frames
    bool subtitled = true;  ///< false: `subtitles` are shown only while it is quiet
    /// At most most_alternatives: tried in order if the item cannot begin, or breaks on air and what follows
    /// cannot take its place.
    std::vector<Alternative> alternatives;
};
/// The media that a choice names; of a cue that has no such alternative, its own.
[[nodiscard]] const Media& media_of(const Cue& cue, MediaChoice choice);

/// `drop`: forget a queued airing; if it is on air, end it now.
struct Drop {
    std::string airing;
};
/// `takeover`: like a cue, on air at once; what was on air ends as truncated, what is queued is forgotten.
struct Takeover {
    Cue cue;
};
/// `quit`: finish the frame, end the outlet in order, exit 0.
struct Quit {
    bool drain = false;  ///< true: play the queue out first
};
/// `guide`: what a feed's programme guide says from now on (EIT), in order, at most 200 items; others pass it
/// over.
struct GuideItem {
    Instant start{};
    std::chrono::milliseconds duration{};
    std::string language;  ///< ISO 639-2, three letters
    std::string title, text;
};
struct Guide {
    std::vector<GuideItem> items;
};
/// `avail`: a feed says with SCTE 35, some seconds ahead, that this time is its partner's to fill.
struct Avail {
    std::int64_t event = 0;  ///< 0…2³²−1, the partner's to know it by
    Instant start{};
    std::chrono::milliseconds duration{};
};
/// `prove`: of a player started to prove: say whether the file is a rendition of its profile.
struct Prove {
    std::string path;
    std::string parameters;  ///< digest that its parameter sets must have; empty: any
};
/// `panel`: the display is off, or on again, from now on, with its sound; frames go on unseen. Other outlets
/// pass it over.
struct Panel {
    bool on = true;
};
/// `notice`: of a screen: something for who stands in front of it, over whatever is on, until the next; a
/// feed passes it over.
struct Notice {
    std::string text;  ///< at most 500 bytes; empty: none any more
    std::string locale = "en";
};
using Command = std::variant<Cue, Drop, Takeover, Quit, Guide, Avail, Panel, Prove, Notice>;

/// `ready`: the item's first frame and samples are decoded.
struct Ready {
    std::string airing;
};
/// `on_air`: its first frame left.
struct OnAir {
    std::string airing;
    Instant instant{};       ///< when the frame left or is shown, by the player's realtime clock
    std::int64_t frame = 0;  ///< outlet's frame number, from 0 at the outlet's start
    MediaChoice took{};
};
/// `progress`: at most every 5 s while on air.
struct Progress {
    std::string airing;
    std::int64_t frames = 0;
};
/// `off_air`: its last frame left; or it never aired (frames = 0).
struct OffAir {
    std::string airing;
    Instant instant{};
    content::AiringStatus status{};  ///< never interrupted
    std::string reason;              ///< empty for aired; of substituted why what was cued did not air
    std::int64_t frames = 0, lost = 0, repeated = 0, samples = 0;
    std::map<std::string, std::string> evidence;  ///< outlet's own: datagrams_sent, display, window_visible …
    MediaChoice took{};
};
/// `trouble`: something a person should know; the outlet goes on.
struct Trouble {
    std::string what;
    std::string airing;
};
/// One of a feed's outputs, as it stands.
struct OutputState {
    std::string name;      ///< its spec (player/cue/output_spec.hpp) without what is secret
    bool sending = false;  ///< the stream leaves by it now
    std::string words;     ///< why not, or what is wrong, as a sentence for people; empty: all is well
    bool trouble = false;  ///< `words` is something to see to, not just a receiver that has not come yet
    std::map<std::string, std::int64_t> figures;  ///< since the player's start, by what they count; ≤ 16
};
/// `health`: every ten frames, the sign of life: a player that is silent for more than a second hangs.
/// `on_slate` says nothing else is on.
struct Health {
    std::int64_t frames = 0;          ///< frames that left the outlet since its start
    std::int64_t late_frames = 0;     ///< left more than one frame late
    std::int64_t resident_bytes = 0;  ///< of the process
    bool on_slate = false;
    std::map<std::string, std::string> evidence;
    std::vector<OutputState> outputs;  ///< of a feed, in the order of its settings
};
/// `proved`: the answer to `prove`.
struct Proved {
    std::string path;
    std::string fault;  ///< why it is none; empty: it is one
};
using Event = std::variant<Ready, OnAir, Progress, OffAir, Trouble, Health, Proved>;

/// One line without its newline. Throws Error for anything that is not exactly one known message.
[[nodiscard]] Command parse_command(std::string_view line);
[[nodiscard]] Event parse_event(std::string_view line);
[[nodiscard]] std::string to_line(const Command& command);
[[nodiscard]] std::string to_line(const Event& event);

/// Longest line either side accepts; a longer one ends the conversation.
inline constexpr std::size_t longest_line = 64UL * 1024;

}  // namespace riverlight::player
