#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "content/base/instant.hpp"
#include "content/base/iso_codes.hpp"
#include "player/cue/cue.hpp"

/// What a board's daemon (or `riverlight play`) sends its player: one JSON object a line, UTF-8, at most
/// 64 KiB, over a socket pair.
namespace riverlight::player {

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
/// From which age on, in years (4…18), what airs is meant for viewers in a country.
struct GuideRating {
    CountryCode country;
    int minimum_age = 18;
    friend bool operator==(const GuideRating&, const GuideRating&) = default;
};
struct GuideItem {
    Instant start{};
    std::chrono::milliseconds duration{};
    LanguageCode language;  ///< of title and text
    std::string title, text;
    std::optional<GuideRating> rating{};
};
/// `guide`: a feed's programme guide from now on (EIT), in order, at most 200 items. Other outlets ignore it.
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

/// One line without its newline. Throws Error for anything that is not exactly one known command.
[[nodiscard]] Command parse_command(std::string_view line);
[[nodiscard]] std::string to_line(const Command& command);

}  // namespace riverlight::player
