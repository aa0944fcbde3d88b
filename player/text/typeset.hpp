#pragma once
#include <cairo.h>
#include <pango/pangocairo.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "player/text/text.hpp"

/// Pango and Cairo with their owners, and lines of text measured and drawn. Only player/text includes this.
namespace riverlight::player::typeset {

struct Free {
    void operator()(cairo_surface_t* p) const { cairo_surface_destroy(p); }
    void operator()(cairo_t* p) const { cairo_destroy(p); }
    void operator()(cairo_pattern_t* p) const { cairo_pattern_destroy(p); }
    void operator()(PangoFontMap* p) const { g_object_unref(p); }
    void operator()(PangoContext* p) const { g_object_unref(p); }
    void operator()(PangoLayout* p) const { g_object_unref(p); }
    void operator()(PangoFontDescription* p) const { pango_font_description_free(p); }
};
template <class T>
using Handle = std::unique_ptr<T, Free>;

struct Extent {
    double left = 0, top = 0, width = 0, height = 0;  ///< ink, from the line's top left
    double advance = 0, line_height = 0;              ///< logical
};

struct Style {
    int px = 40;
    bool bold = false;
    std::string family;  ///< empty: the locale's stack
};

/// Lines of one text, broken and measured at one size.
struct Block {
    std::vector<std::string> lines;
    std::vector<Extent> extents;
    double width = 0, height = 0;
    Style style;
};

/// Fonts and measures for one canvas. One thread.
class Typesetter {
  public:
    Typesetter();
    /// Breaks and measures. `balance`: as few lines as fit, as even as they can be.
    [[nodiscard]] Block set(std::string_view text, std::string_view locale, const Style& style, double width,
                            bool balance) const;
    /// Like set(), shrinking from `style.px` down to `least_px` until it fits width, height and most_lines.
    [[nodiscard]] Block fit(std::string_view text, std::string_view locale, Style style, int least_px,
                            double width, double height, std::size_t most_lines) const;
    /// Draws the lines with their tops from `y` on; `align` 0 left, 0.5 centred, 1 right within [x, x +
    /// width].
    void draw(cairo_t* cr, const Block& block, std::string_view locale, double x, double y, double width,
              double align, double outline) const;
    /// Code points of the text that no font has.
    [[nodiscard]] std::vector<char32_t> missing(std::string_view text, std::string_view locale) const;

  private:
    [[nodiscard]] Handle<PangoLayout> layout(std::string_view text, std::string_view locale,
                                             const Style& style) const;
    [[nodiscard]] Extent measure(std::string_view text, std::string_view locale, const Style& style) const;

    Handle<PangoFontMap> fonts_;
    Handle<PangoContext> context_;
};

/// A cairo image surface that becomes an Overlay.
class Sheet {
  public:
    Sheet(int width, int height);
    [[nodiscard]] cairo_t* cr() const { return cr_.get(); }
    [[nodiscard]] Overlay take(int x, int y) const;

  private:
    int width_, height_;
    Handle<cairo_surface_t> surface_;
    Handle<cairo_t> cr_;
};

void set_colour(cairo_t* cr, std::uint32_t rgb, double alpha = 1);
void rounded_box(cairo_t* cr, double x, double y, double width, double height, double radius);
/// A QR code of `text` in a white square with its quiet zone; its side is at most `side`.
void draw_qr(cairo_t* cr, const std::string& text, double x, double y, double side);

}  // namespace riverlight::player::typeset
