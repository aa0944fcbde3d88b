#pragma once
#include <cairo.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "player/text/lines.hpp"
#include "player/text/text.hpp"

/// Pango and Cairo with their owners, and lines of text measured and drawn. Only player/text includes this.
namespace riverlight::player::typeset {

struct Free {
    void operator()(cairo_surface_t* p) const { cairo_surface_destroy(p); }
    void operator()(cairo_t* p) const { cairo_destroy(p); }
    void operator()(cairo_pattern_t* p) const { cairo_pattern_destroy(p); }
    void operator()(cairo_font_options_t* p) const { cairo_font_options_destroy(p); }
    void operator()(PangoFontMap* p) const { g_object_unref(p); }
    void operator()(PangoContext* p) const { g_object_unref(p); }
    void operator()(PangoLayout* p) const { g_object_unref(p); }
    void operator()(PangoLayoutIter* p) const { pango_layout_iter_free(p); }
    void operator()(PangoAttrList* p) const { pango_attr_list_unref(p); }
    void operator()(PangoFontDescription* p) const { pango_font_description_free(p); }
};
template <class T>
using Handle = std::unique_ptr<T, Free>;

struct Style {
    int px = 40;
    bool bold = false;
    std::string family;  ///< goes before the locale's stack; empty: none
};

/// A text shaped once, to be broken at any width and size.
struct Prepared {
    struct Paragraph {
        std::size_t offset = 0;  ///< in the text
        bool right_to_left = false;
        Measured measured;  ///< of this paragraph alone, at the style's size
    };
    Words words;
    std::string locale, families;
    Style style;
    double ascent = 0, descent = 0;  ///< of the tallest line, at the style's size
    std::vector<Paragraph> paragraphs;
};

/// One line, drawn with its baseline at 0.
struct SetLine {
    Line bytes;  ///< of the text
    bool right_to_left = false;
    double advance = 0;                  ///< logical width
    double left = 0, right = 0;          ///< ink, from the line's left end
    double above = 0, below = 0;         ///< ink, from the baseline
    [[nodiscard]] double width() const;  ///< of ink and advance together
};

/// Lines of one text, broken and measured at one size.
struct Block {
    const Prepared* text = nullptr;  ///< outlives the block
    int px = 0;
    std::vector<SetLine> lines;
    double ascent = 0, descent = 0;  ///< of every line
    double width = 0;                ///< of the widest
    [[nodiscard]] double line_height() const { return ascent + descent; }
    [[nodiscard]] double height() const { return line_height() * static_cast<double>(lines.size()); }
    [[nodiscard]] std::string line_text(std::size_t index) const;
    /// Some of its lines, as a block of their own.
    [[nodiscard]] Block part(std::size_t from, std::size_t until) const;
};

/// What a text may take up.
struct Room {
    double width = 0, height = 0;
    std::size_t most_lines = SIZE_MAX;
    double widest = 0;  ///< of a line with nothing to break at; at least `width`
    [[nodiscard]] Limit limit(double scale) const { return {width / scale, std::max(width, widest) / scale}; }
};

/// Fonts and measures. One thread.
class Typesetter {
  public:
    Typesetter();
    [[nodiscard]] Prepared prepare(Words words, std::string_view locale, Style style) const;
    /// Breaks and measures at `px`, however high that is. `balanced`: as few lines as fit, as even as they
    /// can be.
    [[nodiscard]] Block set(const Prepared& text, int px, const Room& room, bool balanced) const;
    /// Like set(), shrinking from `px` down to `least_px` until it fits; at the smallest it may not.
    [[nodiscard]] Block fit(const Prepared& text, int px, int least_px, const Room& room,
                            bool balanced) const;
    /// Draws the lines below `y`; `align` 0 at the start of the reading direction, 0.5 centred, 1 at its end,
    /// within [x, x + width]. With the context's colour, `outline` pixels of black around it.
    void draw(cairo_t* cr, const Block& block, double x, double y, double width, double align,
              double outline) const;
    /// Code points of the text that no font has.
    [[nodiscard]] std::vector<char32_t> missing(const Prepared& text) const;

  private:
    [[nodiscard]] Handle<PangoLayout> layout(std::string_view text, const Prepared& of, int px,
                                             bool right_to_left) const;
    [[nodiscard]] Handle<PangoLayout> layout(const Prepared& of, const Line& bytes, int px,
                                             bool right_to_left) const;
    void measure(Prepared& text, Prepared::Paragraph& paragraph) const;
    [[nodiscard]] SetLine measure(const Prepared& text, const Line& bytes, int px, bool right_to_left) const;
    [[nodiscard]] std::vector<SetLine> paragraph_lines(const Prepared& text,
                                                       const Prepared::Paragraph& paragraph, int px,
                                                       const Room& room, bool balanced) const;

    Handle<PangoFontMap> fonts_;
    Handle<PangoContext> context_;
};

}  // namespace riverlight::player::typeset
