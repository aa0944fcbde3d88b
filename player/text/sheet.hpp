#pragma once
#include <cstdint>
#include <string>

#include "player/text/overlay.hpp"
#include "player/text/typeset.hpp"

/// Drawing with Cairo. Only player/text includes this.
namespace riverlight::player::typeset {

/// A drawing surface: a Cairo image that becomes an Overlay.
class Sheet {
  public:
    /// Throws Error where cairo cannot draw on such a size.
    Sheet(int width, int height);
    [[nodiscard]] cairo_t* cr() const { return cr_.get(); }
    /// A copy of what was drawn, to be shown at (x, y).
    [[nodiscard]] Overlay to_overlay(int x, int y) const;

  private:
    int width_, height_;
    Handle<cairo_surface_t> surface_;
    Handle<cairo_t> cr_;
};

void set_colour(cairo_t* cr, std::uint32_t rgb, double alpha = 1);
void rounded_box(cairo_t* cr, double x, double y, double width, double height, double radius);
/// Draws a QR code of `text` in a white square with its quiet zone, at most `side` wide. Draws nothing where
/// the text is too long.
void draw_qr(cairo_t* cr, const std::string& text, double x, double y, double side);

}  // namespace riverlight::player::typeset
