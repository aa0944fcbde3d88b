#pragma once
#include <cairo.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "player/text/lines.hpp"
#include "player/text/styled_text.hpp"

/// Text measured, broken into lines and drawn with Pango and Cairo. Only player/text includes this.
namespace riverlight::player::typeset {

struct TypesetDeleter {
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
using Handle = std::unique_ptr<T, TypesetDeleter>;

struct Style {
    int px = 40;
    bool bold = false;
    std::string family;  ///< preferred to the locale's families; empty: none
};

/// A text shaped once, which can then be broken at any width and size.
struct ShapedText {
    struct Paragraph {
        std::size_t offset = 0;  ///< in the text
        bool right_to_left = false;
        MeasuredParagraph measured;  ///< of this paragraph alone, at the style's size
    };
    StyledText source;
    std::string locale, families;
    Style style;
    double ascent = 0, descent = 0;  ///< of the tallest line, at the style's size
    std::vector<Paragraph> paragraphs;
};

/// One line, relative to its baseline.
struct MeasuredLine {
    Line bytes;  ///< of the text
    bool right_to_left = false;
    double advance = 0;                  ///< logical width
    double left = 0, right = 0;          ///< ink, from the line's left end
    double above = 0, below = 0;         ///< ink, from the baseline
    [[nodiscard]] double width() const;  ///< of ink and advance together
};

/// A text broken into lines and measured at one size.
struct TextBlock {
    const ShapedText* text = nullptr;  ///< outlives the block
    int px = 0;
    std::vector<MeasuredLine> lines;
    double ascent = 0, descent = 0;  ///< of every line
    double width = 0;                ///< of the widest
    [[nodiscard]] double line_height() const { return ascent + descent; }
    [[nodiscard]] double height() const { return line_height() * static_cast<double>(lines.size()); }
    [[nodiscard]] std::string line_text(std::size_t index) const;
    /// Lines [from, until), as a block of their own.
    [[nodiscard]] TextBlock part(std::size_t from, std::size_t until) const;
};

/// The area that a text may use.
struct Bounds {
    double width = 0, height = 0;
    std::size_t max_lines = SIZE_MAX;
    double max_width = 0;  ///< of a line without a break in it; at least `width`
    [[nodiscard]] LineLimit limit(double scale) const {
        return {width / scale, std::max(width, max_width) / scale};
    }
};

/// Shapes, measures and draws text with the installed fonts. One thread.
class Typesetter {
  public:
    Typesetter();
    [[nodiscard]] ShapedText shape(StyledText text, std::string_view locale, Style style) const;
    /// Breaks and measures at `px`, within the bounds' width; the height may exceed them. `balanced`: the
    /// fewest lines that fit, as even as possible.
    [[nodiscard]] TextBlock lay_out(const ShapedText& text, int px, const Bounds& bounds,
                                    bool balanced) const;
    /// As lay_out(), shrinking from `px` down to `least_px` until it fits. At the smallest size it may not
    /// fit.
    [[nodiscard]] TextBlock fit(const ShapedText& text, int px, int least_px, const Bounds& bounds,
                                bool balanced) const;
    /// Draws the lines from `y` down, within [x, x + width], in the context's colour with `outline` pixels of
    /// black around. `align`: 0 at the start of the reading direction, 0.5 centred, 1 at its end.
    void draw(cairo_t* cr, const TextBlock& block, double x, double y, double width, double align,
              double outline) const;
    /// Code points of the text that no installed font draws.
    [[nodiscard]] std::vector<char32_t> missing(const ShapedText& text) const;

  private:
    [[nodiscard]] Handle<PangoLayout> layout(std::string_view text, const ShapedText& of, int px,
                                             bool right_to_left) const;
    [[nodiscard]] Handle<PangoLayout> layout(const ShapedText& of, const Line& bytes, int px,
                                             bool right_to_left) const;
    void measure(ShapedText& text, ShapedText::Paragraph& paragraph) const;
    [[nodiscard]] MeasuredLine measure(const ShapedText& text, const Line& bytes, int px,
                                       bool right_to_left) const;
    [[nodiscard]] std::vector<MeasuredLine> paragraph_lines(const ShapedText& text,
                                                            const ShapedText::Paragraph& paragraph, int px,
                                                            const Bounds& bounds, bool balanced) const;

    Handle<PangoFontMap> fonts_;
    Handle<PangoContext> context_;
};

}  // namespace riverlight::player::typeset
