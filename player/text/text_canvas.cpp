#include "player/text/text_canvas.hpp"

#include <cassert>
#include <cmath>

#include "player/text/utf8.hpp"
#include "player/text/zawgyi.hpp"

namespace riverlight::player {

using namespace typeset;

ShapedText TextCanvas::shape(const StyledText& raw, std::string_view locale, int px, bool bold,
                             const std::string& family) const {
    assert(px > 0);
    auto text = clean_utf8(raw.text);
    if (myanmar_encoding(text) == MyanmarEncoding::zawgyi) text = zawgyi_to_unicode(text);
    // Byte ranges of italics hold only where cleaning changed nothing.
    const bool same = text == raw.text;
    return type.shape({std::move(text), same ? raw.italics : decltype(raw.italics){}}, locale,
                      {px, bold, family});
}

void TextCanvas::add_to(TextReport* report, const TextBlock& block, bool outside) const {
    if (!report) return;
    for (std::size_t i = 0; i < block.lines.size(); ++i) report->lines.push_back(block.line_text(i));
    for (const auto c : type.missing(*block.text)) {
        if (std::find(report->missing.begin(), report->missing.end(), c) == report->missing.end())
            report->missing.push_back(c);
    }
    report->outside = report->outside || outside;
    if (!block.lines.empty()) report->px = report->px == 0 ? block.px : std::min(report->px, block.px);
    report->pages = std::max<std::size_t>(report->pages, 1);
}

void TextCanvas::fill_gradient(cairo_t* cr, std::uint32_t top, std::uint32_t bottom) const {
    const Handle<cairo_pattern_t> gradient(cairo_pattern_create_linear(0, 0, width * 0.3, height));
    const auto stop = [&](double at, std::uint32_t rgb) {
        cairo_pattern_add_color_stop_rgb(gradient.get(), at, (rgb >> 16 & 255) / 255.0,
                                         (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
    };
    stop(0, top);
    stop(1, bottom);
    cairo_set_source(cr, gradient.get());
    cairo_paint(cr);
}

void TextCanvas::draw_waves(cairo_t* cr, std::uint32_t rgb) const {
    for (int wave = 0; wave < 3; ++wave) {
        const double y = height * (0.70 + 0.09 * wave), swing = height * 0.05;
        cairo_move_to(cr, 0, y);
        cairo_curve_to(cr, width * 0.3, y - swing * (2 + wave), width * 0.6, y + swing * (2 - wave), width,
                       y - swing);
        cairo_line_to(cr, width, height);
        cairo_line_to(cr, 0, height);
        cairo_close_path(cr);
        set_colour(cr, rgb, 0.10 + 0.05 * wave);
        cairo_fill(cr);
    }
}

}  // namespace riverlight::player
