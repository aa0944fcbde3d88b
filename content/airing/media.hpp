#pragma once
#include <optional>
#include <string>

/// The media of one airing in one language: everything that an outlet shows of it. The plan's side fills it
/// from a segment, the cue carries it to the player, the player's sources open it.
namespace riverlight::content {

/// The line of text over an item: a call to action, and the hotline's number.
struct Strap {
    std::string label{};   ///< call to action, in the airing's locale
    std::string number{};  ///< hotline, as shown; also in the QR code as tel:
    bool crawl = false;    ///< a label too long for its full size moves through the strap
    friend bool operator==(const Strap&, const Strap&) = default;
};

/// The same item, encoded for one kind of feed when its segment was built, with its texts in the picture.
struct Rendition {
    std::string path{};
    std::string parameters{};  ///< digest of its parameter sets, as its segment gives it; empty: unknown
    friend bool operator==(const Rendition&, const Rendition&) = default;
};

/// A sign-language interpreter in a corner of the picture. If its file is broken, the item airs without it.
struct Sign {
    std::string path{};      ///< pictures without sound
    std::string language{};  ///< BCP 47 tag of a sign language: `tsq`
    friend bool operator==(const Sign&, const Sign&) = default;
};

struct Media {
    std::string picture{};    ///< path of a media file
    std::string sound{};      ///< path; empty: the picture file's own sound, silence if it has none
    std::string subtitles{};  ///< path of WebVTT, SubRip or ASS; empty: none
    std::string locale{};     ///< BCP 47; chooses fonts and line breaks
    double gain_db = 0;       ///< applied to sound, −40…+40
    std::optional<Strap> strap{};
    std::optional<Rendition>
        rendition{};             ///< for a feed, which puts it out as it is; without it, it encodes the rest
    std::optional<Sign> sign{};  ///< a rendition has it in its picture already
    friend bool operator==(const Media&, const Media&) = default;
};

}  // namespace riverlight::content
