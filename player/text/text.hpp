#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
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

/// What became of a text: for people who check it (`riverlight text render --json`).
struct TextReport {
    std::vector<std::string> lines;  ///< as broken
    std::vector<char32_t> missing;   ///< code points that no font draws
    bool outside = false;            ///< something leaves the safe area
};

struct CardStyle {
    std::uint32_t background = 0x12343b;  ///< 0xRRGGBB
    std::uint32_t foreground = 0xffffff;
    std::uint32_t accent = 0xf2b632;
};

/// One engine a thread; making one costs tens of milliseconds (fonts), drawing a subtitle a few.
class TextEngine {
  public:
    TextEngine(int canvas_width, int canvas_height);
    ~TextEngine();
    TextEngine(TextEngine&&) noexcept;
    TextEngine& operator=(TextEngine&&) noexcept;

    /// Balanced lines, centred above the bottom of the safe area, outlined on a translucent box. `locale` is
    /// BCP 47 and chooses break rules and fonts. `lift` moves it up by that many pixels (above a strap).
    [[nodiscard]] Overlay subtitle(std::string_view text, std::string_view locale, int lift = 0,
                                   TextReport* report = nullptr) const;
    /// The hotline strap at the bottom: call to action, number, QR code of `tel:`. Full safe width.
    [[nodiscard]] Overlay strap(std::string_view label, std::string_view number,
                                std::string_view locale) const;
    /// The built-in slate, whole canvas, opaque: a calm picture with `label` and `number` (both may be
    /// empty).
    [[nodiscard]] Overlay slate(std::string_view label, std::string_view number,
                                std::string_view locale) const;
    /// A still card, whole canvas, transparent where `image_behind`, else on the style's background:
    /// `heading` large, `body` below, both inside the safe area, shrunk until they fit.
    [[nodiscard]] Overlay card(std::string_view heading, std::string_view body, std::string_view locale,
                               const CardStyle& style, bool image_behind, TextReport* report = nullptr) const;
    /// Free text at `px` pixels (0: the engine's subtitle size) in a box `width` wide (0: safe width), as
    /// `riverlight text render` shows it; canvas-sized, opaque.
    [[nodiscard]] Overlay layout(std::string_view text, std::string_view locale, const std::string& font,
                                 int px, int width, bool balance, TextReport& report) const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// One subtitle cue; half-open [from, until).
struct SubtitleCue {
    std::chrono::milliseconds from{}, until{};
    std::string text;  ///< lines joined by '\n', tags taken out
};

/// WebVTT or SubRip, told apart by the first line; at most 4 MiB and 20,000 cues. Ordered by `from`. Throws
/// Error naming `what`, the line and the fault (not UTF-8, a time that does not read, neither WebVTT nor a
/// cue).
[[nodiscard]] std::vector<SubtitleCue> parse_subtitles(std::string_view bytes, const std::string& what);

}  // namespace riverlight::player
