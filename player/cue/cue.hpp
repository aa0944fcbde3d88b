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
/// at most 64 KiB, over a socket pair. Cues go in, events come out. A cue contains everything that the player
/// needs: it knows no schedule, segment or channel.
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

/// A time of less sound, or none, on a screen.
struct Quiet {
    Instant from{}, until{};        ///< half-open
    std::optional<double> gain_db;  ///< −60 to below 0, on top of the cue's; absent: no sound
};

inline constexpr std::size_t most_quiet = 16;

/// `cue`: play this after what is queued, or at `start`.
struct Cue {
    /// What happens if `start` has passed when the cue is ready.
    enum class Late {
        join,  ///< it is joined in progress
        skip,  ///< it is skipped
    };

    std::string airing;  ///< name of the cue, ≤ 128 bytes: every event about it repeats it
    Media media;
    std::optional<Instant>
        start;  ///< on air on that frame, cutting what is on; absent: after what is before it
    Late late = Late::join;
    std::optional<Instant> stop;          ///< off air then; absent: at the end of its media
    std::chrono::milliseconds offset{0};  ///< starts this far into its media
    /// Shown for exactly this long, cut or held by the slate; absent: as long as its media.
    std::optional<std::chrono::milliseconds> duration;
    std::vector<Quiet>
        quiet;  ///< at most most_quiet; where two overlap, the quieter counts. Not for coded frames
    bool subtitled = true;  ///< false: subtitles are shown only during quiet times
    /// At most most_alternatives, tried in order if the item cannot start, or breaks on air and the next item
    /// cannot take its place.
    std::vector<Alternative> alternatives;
};
/// The media that a choice names; of a cue that has no such alternative, its own.
[[nodiscard]] const Media& media_of(const Cue& cue, MediaChoice choice);

/// `drop`: remove a queued item; if it is on air, end it now.
struct Drop {
    std::string airing;
};
/// `takeover`: a cue that goes on air at once; the item on air ends as truncated, queued items as skipped.
struct Takeover {
    Cue cue;
};
/// `quit`: finish the frame, close the outlet, exit 0.
struct Quit {
    bool drain = false;  ///< true: play the queue out first
};
/// `guide`: a feed's programme guide from now on (EIT), in order, at most 200 items. Other outlets ignore it.
struct GuideItem {
    Instant start{};
    std::chrono::milliseconds duration{};
    std::string language;  ///< ISO 639-2, three letters
    std::string title, text;
};
struct Guide {
    std::vector<GuideItem> items;
};
/// `avail`: a feed signals with SCTE 35, some seconds ahead, that its partner may fill this time.
struct Avail {
    std::int64_t event = 0;  ///< 0…2³²−1, identifies it to the partner
    Instant start{};
    std::chrono::milliseconds duration{};
};
/// `prove`: for a player that was started to validate renditions: is the file a rendition of its profile?
struct Prove {
    std::string path;
    std::string parameters;  ///< digest that its parameter sets must have; empty: any
};
/// `panel`: switches the display and its sound off or on; frames continue unseen. Other outlets ignore it.
struct Panel {
    bool on = true;
};
/// `notice`: a text over whatever a screen shows, for people in front of it, until the next notice. Feeds
/// ignore it.
struct Notice {
    std::string text;  ///< at most 500 bytes; empty: removes it
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
/// `trouble`: something a person should know; the outlet continues.
struct Trouble {
    std::string what;
    std::string airing;
};
/// The state of one of a feed's outputs.
struct OutputState {
    std::string name;      ///< its spec (player/cue/output_spec.hpp) without secrets
    bool sending = false;  ///< the stream is being sent now
    std::string words;  ///< a sentence for people: why it does not send, or what is wrong; empty: all is well
    bool trouble = false;  ///< someone must act on `words`; false also while no receiver has connected yet
    std::map<std::string, std::int64_t> figures;  ///< counts since the player's start, by name; ≤ 16
};
/// `health`: every ten frames. A player that sends none for more than a second hangs.
struct Health {
    std::int64_t frames = 0;          ///< frames that left the outlet since its start
    std::int64_t late_frames = 0;     ///< left more than one frame late
    std::int64_t resident_bytes = 0;  ///< of the process
    bool on_slate = false;            ///< nothing else is on air
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

/// Longest line that either side accepts; a longer one closes the connection.
inline constexpr std::size_t longest_line = 64UL * 1024;

}  // namespace riverlight::player
