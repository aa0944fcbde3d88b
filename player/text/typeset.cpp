#include "player/text/typeset.hpp"

#include <qrencode.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "player/text/breaks.hpp"

namespace riverlight::player::typeset {
namespace {

struct Stack {
    std::string_view language, families;
};
/// The locale's own script first, then what else may stand in its texts.
constexpr std::array<Stack, 9> stacks{{
    {"km", "Noto Sans Khmer, Noto Sans"},
    {"lo", "Noto Sans Lao, Noto Sans"},
    {"my", "Noto Sans Myanmar, Noto Sans"},
    {"shn", "Noto Sans Myanmar, Noto Sans"},
    {"mnw", "Noto Sans Myanmar, Noto Sans"},
    {"th", "Noto Sans Thai, Noto Sans"},
    {"zh", "Noto Sans CJK SC, Noto Sans"},
    {"vi", "Noto Sans"},
    {"en", "Noto Sans"},
}};

std::string families_of(std::string_view locale) {
    const auto language = locale.substr(0, locale.find('-'));
    const auto found =
        std::find_if(stacks.begin(), stacks.end(), [&](const Stack& s) { return s.language == language; });
    return std::string(found == stacks.end() ? "Noto Sans" : found->families) +
           ", Noto Sans Khmer, Noto Sans Lao, Noto Sans Myanmar, Noto Sans Thai, Noto Sans CJK SC";
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    return text;
}

struct FreeQr {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

}  // namespace

Typesetter::Typesetter()
    : fonts_(pango_cairo_font_map_new()), context_(pango_font_map_create_context(fonts_.get())) {}

Handle<PangoLayout> Typesetter::layout(std::string_view text, std::string_view locale,
                                       const Style& style) const {
    Handle<PangoLayout> out(pango_layout_new(context_.get()));
    const Handle<PangoFontDescription> font(pango_font_description_new());
    pango_font_description_set_family(font.get(),
                                      (style.family.empty() ? families_of(locale) : style.family).c_str());
    pango_font_description_set_absolute_size(font.get(), style.px * PANGO_SCALE);
    if (style.bold) pango_font_description_set_weight(font.get(), PANGO_WEIGHT_BOLD);
    pango_context_set_language(context_.get(), pango_language_from_string(std::string(locale).c_str()));
    pango_layout_set_font_description(out.get(), font.get());
    pango_layout_set_single_paragraph_mode(out.get(), TRUE);
    pango_layout_set_text(out.get(), text.data(), static_cast<int>(text.size()));
    return out;
}

Extent Typesetter::measure(std::string_view text, std::string_view locale, const Style& style) const {
    const auto l = layout(text, locale, style);
    PangoRectangle ink{}, logical{};
    pango_layout_get_extents(l.get(), &ink, &logical);
    const auto units = [](int value) { return double(value) / PANGO_SCALE; };
    return {units(ink.x),      units(ink.y),         units(ink.width),
            units(ink.height), units(logical.width), units(logical.height)};
}

Block Typesetter::set(std::string_view text, std::string_view locale, const Style& style, double width,
                      bool balance) const {
    Block block;
    block.style = style;
    const auto wide = [&](std::string_view line) {
        const auto e = measure(trimmed(line), locale, style);
        return std::max(e.advance, e.left + e.width);
    };
    for (std::size_t from = 0; from <= text.size();) {
        const auto end = std::min(text.find('\n', from), text.size());
        const auto paragraph = trimmed(text.substr(from, end - from));
        from = end + 1;
        if (paragraph.empty()) continue;
        const auto breaks = breaks_of(paragraph, locale);
        // Greedy: the last opportunity that fits; a piece that alone is too wide is broken between clusters.
        const auto broken = [&](double limit) {
            std::vector<std::string_view> lines;
            for (std::size_t at = 0; at < paragraph.size();) {
                std::size_t best = 0;
                for (const auto* offsets : {&breaks.lines, &breaks.graphemes}) {
                    for (auto it = std::upper_bound(offsets->begin(), offsets->end(), at);
                         it != offsets->end(); ++it) {
                        if (wide(paragraph.substr(at, *it - at)) > limit) break;
                        best = *it;
                    }
                    if (best) break;
                }
                if (!best) best = *std::upper_bound(breaks.graphemes.begin(), breaks.graphemes.end(), at);
                lines.push_back(trimmed(paragraph.substr(at, best - at)));
                at = best;
            }
            return lines;
        };
        auto lines = broken(width);
        if (balance && lines.size() > 1) {
            double low = width / double(lines.size()) * 0.8, high = width;
            while (high - low > style.px / 4.0) {
                const double middle = (low + high) / 2;
                const auto tried = broken(middle);
                const bool good = tried.size() <= lines.size() &&
                                  std::all_of(tried.begin(), tried.end(),
                                              [&](std::string_view l) { return wide(l) <= middle; });
                (good ? high : low) = middle;
            }
            lines = broken(high);
        }
        for (const auto line : lines) block.lines.emplace_back(line);
    }
    for (const auto& line : block.lines) {
        block.extents.push_back(measure(line, locale, style));
        const auto& e = block.extents.back();
        block.width = std::max({block.width, e.advance, e.left + e.width});
        block.height += e.line_height;
    }
    return block;
}

Block Typesetter::fit(std::string_view text, std::string_view locale, Style style, int least_px, double width,
                      double height, std::size_t most_lines) const {
    const auto fits = [&](const Block& block) {
        return block.width <= width && block.height <= height && block.lines.size() <= most_lines;
    };
    // Plain breaking tells whether a size fits, at a tenth of the cost: balancing never adds a line. What
    // does not fit at its smallest is too much, however it is broken.
    auto least = style;
    least.px = std::min(style.px, least_px);
    if (auto smallest = set(text, locale, least, width, false); !fits(smallest)) return smallest;
    while (style.px > least_px && !fits(set(text, locale, style, width, false)))
        style.px = std::max(least_px, style.px * 9 / 10);
    return set(text, locale, style, width, true);
}

void Typesetter::draw(cairo_t* cr, const Block& block, std::string_view locale, double x, double y,
                      double width, double align, double outline) const {
    for (std::size_t i = 0; i < block.lines.size(); ++i) {
        const auto& e = block.extents[i];
        const auto l = layout(block.lines[i], locale, block.style);
        cairo_move_to(cr, std::round(x + (width - e.advance) * align), std::round(y));
        if (outline > 0) {
            cairo_save(cr);
            pango_cairo_layout_path(cr, l.get());
            cairo_set_line_width(cr, outline * 2);
            cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
            cairo_set_source_rgba(cr, 0, 0, 0, 0.85);
            cairo_stroke(cr);
            cairo_restore(cr);
            cairo_move_to(cr, std::round(x + (width - e.advance) * align), std::round(y));
        }
        pango_cairo_show_layout(cr, l.get());
        y += e.line_height;
    }
}

std::vector<char32_t> Typesetter::missing(std::string_view text, std::string_view locale) const {
    std::vector<char32_t> out;
    if (pango_layout_get_unknown_glyphs_count(layout(text, locale, {}).get()) == 0) return out;
    for (const auto c : code_points(text)) {
        if (c <= 0x20 || std::find(out.begin(), out.end(), c) != out.end()) continue;
        if (pango_layout_get_unknown_glyphs_count(layout(to_utf8(c), locale, {}).get()) > 0) out.push_back(c);
    }
    return out;
}

Sheet::Sheet(int width, int height)
    : width_(width),
      height_(height),
      surface_(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height)),
      cr_(cairo_create(surface_.get())) {
    if (cairo_status(cr_.get()) != CAIRO_STATUS_SUCCESS)
        throw Error("cairo cannot draw on " + std::to_string(width) + "×" + std::to_string(height) + ": " +
                    cairo_status_to_string(cairo_status(cr_.get())));
}

Overlay Sheet::take(int x, int y) const {
    cairo_surface_flush(surface_.get());
    Overlay out{x, y, width_, height_, {}};
    const auto row = static_cast<std::size_t>(width_) * 4;
    out.bgra.resize(row * static_cast<std::size_t>(height_));
    const auto* data = cairo_image_surface_get_data(surface_.get());
    const auto stride = cairo_image_surface_get_stride(surface_.get());
    for (int line = 0; line < height_; ++line)
        std::memcpy(out.bgra.data() + row * static_cast<std::size_t>(line),
                    data + static_cast<std::ptrdiff_t>(line) * stride, row);
    return out;
}

void set_colour(cairo_t* cr, std::uint32_t rgb, double alpha) {
    cairo_set_source_rgba(cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0,
                          alpha);
}

void rounded_box(cairo_t* cr, double x, double y, double width, double height, double radius) {
    const double r = std::min({radius, width / 2, height / 2}), turn = std::acos(-1.0) / 2;
    cairo_new_sub_path(cr);
    cairo_arc(cr, x + width - r, y + r, r, -turn, 0);
    cairo_arc(cr, x + width - r, y + height - r, r, 0, turn);
    cairo_arc(cr, x + r, y + height - r, r, turn, 2 * turn);
    cairo_arc(cr, x + r, y + r, r, 2 * turn, 3 * turn);
    cairo_close_path(cr);
}

void draw_qr(cairo_t* cr, const std::string& text, double x, double y, double side) {
    const std::unique_ptr<QRcode, FreeQr> code(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M));
    if (!code) return;
    const int modules =
        code->width + 4;  // a quiet zone of two on each side; the panel around it is light as well
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
