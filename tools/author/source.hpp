#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "content/base/error.hpp"
#include "content/segment/manifest.hpp"

/// Segment sources as authors write them: a folder with segment.toml, a video or cards, and a folder per
/// language.
namespace riverlight::author {

struct Card {
    std::chrono::milliseconds duration{};  ///< a multiple of 40 ms
    std::string heading;                   ///< `title`, or a key of [text] in strings.toml; may be empty
    std::string body;                      ///< likewise
    std::string image;                     ///< path of a still picture behind the text; empty: none
};

struct CardDeck {
    std::uint32_t background = 0x12343b, foreground = 0xffffff, accent = 0xf2b632;  ///< 0xRRGGBB
    std::vector<Card> cards;
    [[nodiscard]] std::chrono::milliseconds duration() const;
};

/// One language's folder.
struct Wording {
    std::string title, strap, hotline;
    bool crawl = false;                       ///< a strap that is too long for its place crawls
    std::map<std::string, std::string> text;  ///< [text]: by the key that a card's heading or body names
    std::string sound;      ///< path of sound.wav, .mp3, .m4a, .aac, .opus, .ogg or .flac; empty: none
    std::string subtitles;  ///< path of subtitles.vtt, .srt or .ass; empty: none
    std::map<std::string, std::string>
        signs;  ///< by sign language: path of sign-tsq.mp4, .mov, .mkv or .webm
    /// The text that a card's `heading` or `body` shows in this language. `name` must be empty, `title` or a
    /// key of `text`; read_segment() has checked it.
    [[nodiscard]] const std::string& named(const std::string& name) const;
};

struct SegmentSource {
    std::string folder, id, fallback;
    int revision = 1;
    content::Rating rating = content::Rating::general;
    bool for_children = false;
    std::vector<std::string> topics;
    std::string video;  ///< path; empty: the pictures are the cards of `deck`
    CardDeck deck;
    std::map<std::string, Wording> locales;  ///< by BCP 47 tag
};

/// Reads the source folder and checks that every key is known and every named file exists. Does not open
/// media. Throws Error naming file, key and remedy.
[[nodiscard]] SegmentSource read_segment(const std::string& folder);

}  // namespace riverlight::author
