#pragma once
#include <algorithm>

#include "player/text/sheet.hpp"
#include "player/text/typeset.hpp"

namespace riverlight::player {

inline constexpr std::uint32_t ink = 0xffffff, accent = 0xf2b632, panel = 0x0f2f3a;

/// The canvas that everything is drawn for: its safe area, its measure of type, and its grounds.
struct TextEngine::State {
    int width, height;
    typeset::Typesetter type;
    int kept_free = 0;  ///< columns at the right that subtitles stay out of

    [[nodiscard]] double safe_left() const { return width * 0.05; }
    [[nodiscard]] double safe_top() const { return height * 0.05; }
    [[nodiscard]] double safe_width() const { return width * 0.9; }
    [[nodiscard]] double safe_height() const { return height * 0.9; }
    /// What of it subtitles may take.
    [[nodiscard]] double subtitle_width() const {
        return std::min(safe_width(), width - kept_free - safe_left());
    }
    [[nodiscard]] bool portrait() const { return height > width; }
    /// The size of subtitles: a fixed share of the shorter way a viewer looks at.
    [[nodiscard]] int base_px() const { return std::max(14, std::min(height / 18, width / 22)); }
    /// The least that is still read from the back of a waiting room.
    [[nodiscard]] int least_px() const { return std::max(10, base_px() / 2); }

    /// Of the hotline's strap.
    [[nodiscard]] double strap_height() const { return base_px() * (portrait() ? 4.2 : 2.7); }

    /// Cleaned, converted, shaped.
    [[nodiscard]] typeset::Prepared prepare(const Words& words, std::string_view locale, int px,
                                            bool bold = false, const std::string& family = {}) const;
    [[nodiscard]] typeset::Prepared prepare(std::string_view text, std::string_view locale, int px,
                                            bool bold = false) const {
        return prepare(Words{std::string(text), {}}, locale, px, bold);
    }
    void tell(TextReport* report, const typeset::Block& block, bool outside) const;

    void wash(cairo_t* cr, std::uint32_t top, std::uint32_t bottom) const;
    /// The river: three slow waves across the lower part.
    void river(cairo_t* cr, std::uint32_t rgb) const;
};

/// Whether a block keeps within its room.
[[nodiscard]] inline bool fits(const typeset::Block& block, double width, double height) {
    return block.width <= width + 0.5 && block.height() <= height + 0.5;
}

}  // namespace riverlight::player
