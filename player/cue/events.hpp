#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "content/airing/shown.hpp"
#include "content/airing/status.hpp"
#include "content/base/instant.hpp"
#include "player/cue/cue.hpp"

/// What a player answers: one JSON object a line, UTF-8, at most 64 KiB, over the same socket pair.
namespace riverlight::player {

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
/// `progress`: every second while on air.
struct Progress {
    std::string airing;
    std::int64_t frames = 0;                ///< that left the outlet
    std::optional<content::Shown> shown{};  ///< so far; absent: not measured
};
/// `off_air`: its last frame left; or it never aired (frames = 0).
struct OffAir {
    std::string airing;
    Instant instant{};
    content::AiringStatus status{};  ///< never interrupted
    std::string reason;              ///< empty for aired; of substituted why what was cued did not air
    std::int64_t frames = 0, lost = 0, repeated = 0, samples = 0;  ///< frames, samples: that left the outlet
    std::map<std::string, std::string> evidence;  ///< outlet's own: output_1, display, window_visible …
    MediaChoice took{};
    std::optional<content::Shown> shown{};  ///< absent: not measured, or it never aired
};
/// `trouble`: something a person should know; the outlet continues.
struct Trouble {
    enum class About : std::uint8_t {
        playing,
        rights,  ///< the player could not give up what it should: another user's files, root's rights
    };
    std::string what;
    std::string airing;
    About about = About::playing;
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

/// One line without its newline. Throws Error for anything that is not exactly one known event.
[[nodiscard]] Event parse_event(std::string_view line);
[[nodiscard]] std::string to_line(const Event& event);

}  // namespace riverlight::player
