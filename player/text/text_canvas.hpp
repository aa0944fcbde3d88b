#pragma once
#include <algorithm>

#include "player/text/sheet.hpp"
#include "player/text/text_report.hpp"
#include "player/text/typeset.hpp"

namespace riverlight::player {

inline constexpr std::uint32_t ink = 0xffffff, accent = 0xf2b632, panel = 0x0f2f3a;

/// The canvas that texts are drawn for: its safe area, its sizes of type, its backgrounds. Only player/text
/// includes this.
struct TextCanvas {
    int width, height;
    typeset::Typesetter type;
    int reserved_right = 0;  ///< columns at the right that subtitles stay out of

    [[nodiscard]] double safe_left() const { return width * 0.05; }
    [[nodiscard]] double safe_top() const { return height * 0.05; }
    [[nodiscard]] double safe_width() const { return width * 0.9; }
    [[nodiscard]] double safe_height() const { return height * 0.9; }
    /// Width of the safe area that subtitles may use.
    [[nodiscard]] double subtitle_width() const {
        return std::min(safe_width(), width - reserved_right - safe_left());
    }
    [[nodiscard]] bool portrait() const { return height > width; }
    /// The size of subtitles.
    [[nodiscard]] int base_px() const { return std::max(14, std::min(height / 18, width / 22)); }
    /// The smallest size that is legible from the back of a waiting room.
    [[nodiscard]] int least_px() const { return std::max(10, base_px() / 2); }
    [[nodiscard]] double strap_height() const { return base_px() * (portrait() ? 4.2 : 2.7); }

    /// Cleans, converts (Zawgyi) and shapes a text.
    [[nodiscard]] typeset::ShapedText shape(const StyledText& text, std::string_view locale, int px,
                                            bool bold = false, const std::string& family = {}) const;
    [[nodiscard]] typeset::ShapedText shape(std::string_view text, std::string_view locale, int px,
                                            bool bold = false) const {
        return shape(StyledText{std::string(text), {}}, locale, px, bold);
    }
    /// Adds a block to a report; null: does nothing.
    void add_to(TextReport* report, const typeset::TextBlock& block, bool outside) const;

    void fill_gradient(cairo_t* cr, std::uint32_t top, std::uint32_t bottom) const;
    /// Three wide waves across the lower part: the river of the slate and the cards.
    void draw_waves(cairo_t* cr, std::uint32_t rgb) const;
};

/// True if a block fits into width × height, within half a pixel.
[[nodiscard]] inline bool fits(const typeset::TextBlock& block, double width, double height) {
    return block.width <= width + 0.5 && block.height() <= height + 0.5;
}

}  // namespace riverlight::player
