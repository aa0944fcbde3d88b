#include "player/text/sheet.hpp"

#include <qrencode.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <memory>

#include "content/base/error.hpp"

namespace riverlight::player::typeset {
namespace {

struct FreeQr {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

}  // namespace

Sheet::Sheet(int width, int height)
    : width_(width),
      height_(height),
      surface_(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height)),
      cr_(cairo_create(surface_.get())) {
    if (cairo_status(cr_.get()) != CAIRO_STATUS_SUCCESS)
        throw Error("cairo cannot draw on " + std::to_string(width) + "×" + std::to_string(height) + ": " +
                    cairo_status_to_string(cairo_status(cr_.get())));
}

Overlay Sheet::to_overlay(int x, int y) const {
    cairo_surface_flush(surface_.get());
    assert(cairo_image_surface_get_stride(surface_.get()) >= width_ * 4);
    Overlay out{x, y, width_, height_, {}};
    const auto row = static_cast<std::size_t>(width_) * 4;
    out.bgra.reserve(row * static_cast<std::size_t>(height_));
    const auto* data = cairo_image_surface_get_data(surface_.get());
    const auto stride = cairo_image_surface_get_stride(surface_.get());
    for (int line = 0; line < height_; ++line) {
        const auto* begin = data + static_cast<std::ptrdiff_t>(line) * stride;
        out.bgra.insert(out.bgra.end(), begin, begin + row);
    }
    return out;
}

void set_colour(cairo_t* cr, std::uint32_t rgb, double alpha) {
    cairo_set_source_rgba(cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0,
                          alpha);
}

void rounded_box(cairo_t* cr, double x, double y, double width, double height, double radius) {
    const double r = std::min({radius, width / 2, height / 2}), quarter = std::acos(-1.0) / 2;
    cairo_new_sub_path(cr);
    cairo_arc(cr, x + width - r, y + r, r, -quarter, 0);
    cairo_arc(cr, x + width - r, y + height - r, r, 0, quarter);
    cairo_arc(cr, x + r, y + height - r, r, quarter, 2 * quarter);
    cairo_arc(cr, x + r, y + r, r, 2 * quarter, 3 * quarter);
    cairo_close_path(cr);
}

void draw_qr(cairo_t* cr, const std::string& text, double x, double y, double side) {
    const std::unique_ptr<QRcode, FreeQr> code(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M));
    if (!code) return;
    const int modules = code->width + 4;  // with a quiet zone of two modules on each side
    const double module = std::max(1.0, std::floor(side / modules));
    const double used = module * modules, left = std::round(x + (side - used) / 2),
                 top = std::round(y + (side - used) / 2);
    cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
    set_colour(cr, 0xffffff);
    cairo_rectangle(cr, left, top, used, used);
    cairo_fill(cr);
    set_colour(cr, 0x000000);
    for (int row = 0; row < code->width; ++row) {
        for (int column = 0; column < code->width; ++column) {
            if (code->data[row * code->width + column] & 1)
                cairo_rectangle(cr, left + (column + 2) * module, top + (row + 2) * module, module, module);
        }
    }
    cairo_fill(cr);
    cairo_set_antialias(cr, CAIRO_ANTIALIAS_DEFAULT);
}

}  // namespace riverlight::player::typeset
