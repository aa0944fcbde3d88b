#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "player/text/overlay.hpp"
#include "player/text/styled_text.hpp"
#include "player/text/text_report.hpp"

/// Text as a viewer reads it: line breaks by ICU, shaping and layout by Pango, drawing by Cairo. Everything
/// is drawn for a canvas of a given size, inside its safe area (5 % on each side).
namespace riverlight::player {

struct CrawlRate;
struct CrawlingStrap;
struct TextCanvas;

struct CardStyle {
    std::uint32_t background = 0x12343b;  ///< 0xRRGGBB
    std::uint32_t foreground = 0xffffff;
    std::uint32_t accent = 0xf2b632;
    bool subtitled = false;     ///< leave room for two lines of subtitles above a strap
    double reserved_right = 0;  ///< share of the canvas's width, at its right, that texts stay out of; 0–0.5
};

/// What `riverlight text render` sets where the engine would choose.
struct BoxStyle {
    std::string font;          ///< a family to prefer to the locale's own; empty: none
    std::optional<int> px;     ///< size of type; nothing: as subtitles, smaller where the text is long
    std::optional<int> width;  ///< of lines, in pixels; nothing: the safe area's
    bool balance = true;       ///< lines of even length
};

/// Draws texts. Creating an engine takes tens of milliseconds (fonts), drawing a subtitle a few. Input is
/// cleaned to valid UTF-8, and Burmese in Zawgyi is converted (zawgyi.hpp). `locale` is BCP 47 and chooses
/// break rules and fonts. Where a `report` is given, the function adds what became of the text. One engine a
/// thread. Throws Error where Cairo or ICU fail.
class TextEngine {
  public:
    TextEngine(int canvas_width, int canvas_height);
    ~TextEngine();
    TextEngine(TextEngine&&) noexcept;
    TextEngine& operator=(TextEngine&&) noexcept;

    /// Keeps subtitles out of so many columns at the canvas's right, at most half of its width, from now on.
    void reserve_right_columns(int columns);
    /// A subtitle: balanced lines, centred above the bottom of the safe area, outlined on a translucent box.
    /// `lift` moves it up by that many pixels (above a strap).
    [[nodiscard]] Overlay subtitle(std::string_view text, std::string_view locale, int lift = 0,
                                   TextReport* report = nullptr) const;
    /// A subtitle anywhere. `lift` moves only what would be below it.
    [[nodiscard]] Overlay subtitle(const StyledText& text, const TextPlacement& placement,
                                   std::string_view locale, int lift = 0, TextReport* report = nullptr) const;
    /// The text in as few parts as fit as one subtitle each at full size; none where it is empty.
    [[nodiscard]] std::vector<StyledText> subtitle_pages(const StyledText& text,
                                                         std::string_view locale) const;
    /// The hotline strap at the bottom, as wide as the safe area: call to action, number, QR code of `tel:`.
    /// On a portrait canvas the number is below the call to action.
    [[nodiscard]] Overlay strap(std::string_view label, std::string_view number, std::string_view locale,
                                TextReport* report = nullptr) const;
    /// A strap whose label crawls (crawl.hpp); nothing where the label fits on two lines at full size.
    [[nodiscard]] std::optional<CrawlingStrap> crawling_strap(std::string_view label, std::string_view number,
                                                              std::string_view locale, const CrawlRate& rate,
                                                              TextReport* report = nullptr) const;
    /// A name with a role below it, at the left above the strap.
    [[nodiscard]] Overlay lower_third(std::string_view name, std::string_view role, std::string_view locale,
                                      TextReport* report = nullptr) const;
    /// The built-in slate: whole canvas, opaque, with `label` and `number` (both may be empty).
    [[nodiscard]] Overlay slate(std::string_view label, std::string_view number, std::string_view locale,
                                TextReport* report = nullptr) const;
    /// A still card, whole canvas: `heading` large, `body` below, both inside the safe area. Transparent
    /// where `image_behind`, otherwise on the style's background. Type shrinks to the smallest legible size;
    /// text that does not fit then is reported as `outside`.
    [[nodiscard]] Overlay card(std::string_view heading, std::string_view body, std::string_view locale,
                               const CardStyle& style, bool image_behind, TextReport* report = nullptr) const;
    /// Free text in a box in the middle of the safe area, as `riverlight text render` shows it: opaque pages
    /// of the canvas's size, as many as it takes. Calls `page` with each; where `page` is null, nothing is
    /// drawn.
    void layout(std::string_view text, std::string_view locale, const BoxStyle& style, TextReport& report,
                const std::function<void(const Overlay&)>& page) const;

  private:
    std::unique_ptr<TextCanvas> canvas_;
};

}  // namespace riverlight::player
