#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "content/base/error.hpp"

/// Text as a viewer reads it: line breaks by ICU, shaping and layout by Pango, raster by Cairo. The only room
/// that knows them. Everything is drawn for a canvas of a given size inside its safe area (5 % on each side).
namespace riverlight::player {

/// A picture with transparency, premultiplied BGRA, to be laid over the canvas with its top left at (x, y).
struct Overlay {
    int x = 0, y = 0, width = 0, height = 0;
    std::vector<std::uint8_t> bgra;  ///< width × 4 bytes a row, no padding
    [[nodiscard]] bool empty() const { return bgra.empty(); }
};

/// What is to be read: lines joined by '\n', and which bytes [first, second) of it are in italics.
struct Words {
    std::string text;
    std::vector<std::pair<std::size_t, std::size_t>> italics;
};

/// Where in the safe area something stands: 0 at its left (top), 1 at its right (bottom), as CSS's
/// background-position has it: what is placed never leaves the area.
struct Place {
    double across = 0.5, down = 1;
    bool operator==(const Place&) const = default;
};

/// What became of a text: for people who check it (`riverlight text render --json`).
struct TextReport {
    std::vector<std::string> lines;  ///< as broken
    std::vector<char32_t> missing;   ///< code points that no font draws
    bool outside = false;            ///< something leaves the safe area, or its place within it
    int px = 0;                      ///< size of type, the smallest used
    std::size_t pages = 0;           ///< pictures that it takes
};

struct CardStyle {
    std::uint32_t background = 0x12343b;  ///< 0xRRGGBB
    std::uint32_t foreground = 0xffffff;
    std::uint32_t accent = 0xf2b632;
    bool subtitled = false;  ///< leaves room for two lines of subtitles above a strap
    double kept_free = 0;    ///< share of the canvas's width, at its right, that texts stay out of; 0–0.5
};

/// What `riverlight text render` fixes that the engine would choose.
struct BoxStyle {
    std::string font;     ///< a family, before the locale's own; empty: the locale's own
    int px = 0;           ///< size of type; 0: as subtitles, smaller where the text is long
    int width = 0;        ///< of lines, in pixels; 0: the safe area's
    bool balance = true;  ///< lines of even length
};

/// One engine a thread; making one costs tens of milliseconds (fonts), drawing a subtitle a few. Texts that
/// come in are cleaned to valid UTF-8; Burmese in Zawgyi's encoding is converted (zawgyi.hpp).
struct CrawlRate;
struct CrawlingStrap;

class TextEngine {
  public:
    TextEngine(int canvas_width, int canvas_height);
    ~TextEngine();
    TextEngine(TextEngine&&) noexcept;
    TextEngine& operator=(TextEngine&&) noexcept;

    /// From now on subtitles keep out of so many columns at the canvas's right, where something else stands:
    /// at most half of its width.
    void keep_free_at_right(int columns);
    /// Balanced lines, centred above the bottom of the safe area, outlined on a translucent box. `locale` is
    /// BCP 47 and chooses break rules and fonts. `lift` moves it up by that many pixels (above a strap).
    [[nodiscard]] Overlay subtitle(std::string_view text, std::string_view locale, int lift = 0,
                                   TextReport* report = nullptr) const;
    /// Likewise, anywhere. What stands in the lowest part of the area is lifted.
    [[nodiscard]] Overlay subtitle(const Words& words, const Place& place, std::string_view locale,
                                   int lift = 0, TextReport* report = nullptr) const;
    /// The words in as few parts as can each be shown as one subtitle at its full size; one part where they
    /// fit, none where there is nothing to read.
    [[nodiscard]] std::vector<Words> subtitle_pages(const Words& words, std::string_view locale) const;
    /// The hotline strap at the bottom: call to action, number, QR code of `tel:`. Full safe width; on a
    /// portrait canvas the number stands below the call.
    [[nodiscard]] Overlay strap(std::string_view label, std::string_view number, std::string_view locale,
                                TextReport* report = nullptr) const;
    /// The same with words that move through it; nothing where they fit into it at their full size, on two
    /// lines (short text does not crawl). crawl.hpp.
    [[nodiscard]] std::optional<CrawlingStrap> crawling_strap(std::string_view label, std::string_view number,
                                                              std::string_view locale, const CrawlRate& rate,
                                                              TextReport* report = nullptr) const;
    /// A name and, below it, what the named is: at the left, above the strap's place.
    [[nodiscard]] Overlay lower_third(std::string_view name, std::string_view role, std::string_view locale,
                                      TextReport* report = nullptr) const;
    /// The built-in slate, whole canvas, opaque: a calm picture with `label` and `number` (both may be
    /// empty).
    [[nodiscard]] Overlay slate(std::string_view label, std::string_view number, std::string_view locale,
                                TextReport* report = nullptr) const;
    /// A still card, whole canvas, transparent where `image_behind`, else on the style's background:
    /// `heading` large, `body` below, both inside the safe area, shrunk to the least size that is still read
    /// from a bench; what does not fit then is `outside`.
    [[nodiscard]] Overlay card(std::string_view heading, std::string_view body, std::string_view locale,
                               const CardStyle& style, bool image_behind, TextReport* report = nullptr) const;
    /// Free text in a box in the middle of the safe area, canvas-sized, opaque, as `riverlight text render`
    /// shows it; on as many pages as it takes, each handed to `page` (may be null: nothing is drawn).
    void layout(std::string_view text, std::string_view locale, const BoxStyle& style, TextReport& report,
                const std::function<void(const Overlay&)>& page) const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::player
