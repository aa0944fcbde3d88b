#include "player/text/typeset.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <set>

#include "player/text/fonts.hpp"
#include "player/text/utf8.hpp"

namespace riverlight::player::typeset {
namespace {

/// Bytes shaped at once. Pango measures in 1/1024 pixel with 32 bits, so longer texts are measured in pieces.
constexpr std::size_t max_shaped = 16U << 10;

double units(int value) {
    return double(value) / PANGO_SCALE;
}

/// The end of the piece that begins at `from`: a break, no further than can be shaped at once.
std::size_t end_of_piece(const Breaks& breaks, std::size_t from, std::size_t size) {
    if (size - from <= max_shaped) return size;
    const auto after = std::upper_bound(breaks.graphemes.begin(), breaks.graphemes.end(), from + max_shaped);
    auto end = *std::prev(after);
    const auto line = std::upper_bound(breaks.lines.begin(), breaks.lines.end(), end,
                                       [](std::size_t at, const Break& b) { return at < b.at; });
    if (line != breaks.lines.begin() && std::prev(line)->at > from) end = std::prev(line)->at;
    return end > from ? end : size;
}

}  // namespace

double MeasuredLine::width() const {
    return std::max(advance, right) - std::min(0.0, left);
}

std::string TextBlock::line_text(std::size_t index) const {
    const auto& bytes = lines[index].bytes;
    return text->source.text.substr(bytes.from, bytes.until - bytes.from);
}

TextBlock TextBlock::part(std::size_t from, std::size_t until) const {
    assert(from <= lines.size());
    TextBlock out = *this;
    out.lines.assign(lines.begin() + static_cast<std::ptrdiff_t>(from),
                     lines.begin() + static_cast<std::ptrdiff_t>(std::min(until, lines.size())));
    out.width = 0;
    for (const auto& line : out.lines) out.width = std::max(out.width, line.width());
    return out;
}

Typesetter::Typesetter()
    : fonts_(pango_cairo_font_map_new()), context_(pango_font_map_create_context(fonts_.get())) {
    // No hinting and no rounding to pixels: widths measured at one size then scale to every other.
    const Handle<cairo_font_options_t> options(cairo_font_options_create());
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context_.get(), options.get());
    pango_context_set_round_glyph_positions(context_.get(), FALSE);
}

Handle<PangoLayout> Typesetter::layout(std::string_view text, const ShapedText& of, int px,
                                       bool right_to_left) const {
    pango_context_set_language(context_.get(), pango_language_from_string(of.locale.c_str()));
    pango_context_set_base_dir(context_.get(), right_to_left ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
    Handle<PangoLayout> out(pango_layout_new(context_.get()));
    const Handle<PangoFontDescription> font(pango_font_description_new());
    pango_font_description_set_family(font.get(), of.families.c_str());
    pango_font_description_set_absolute_size(font.get(), px * PANGO_SCALE);
    if (of.style.bold) pango_font_description_set_weight(font.get(), PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(out.get(), font.get());
    pango_layout_set_auto_dir(out.get(), FALSE);
    pango_layout_set_single_paragraph_mode(out.get(), TRUE);
    pango_layout_set_text(out.get(), text.data(), static_cast<int>(text.size()));
    return out;
}

Handle<PangoLayout> Typesetter::layout(const ShapedText& of, const Line& bytes, int px,
                                       bool right_to_left) const {
    std::string text = of.source.text.substr(bytes.from, bytes.until - bytes.from);
    if (text.ends_with("\u00ad"))
        text.replace(text.size() - 2, 2, "-");  // a soft hyphen is visible at a line's end
    auto out = layout(text, of, px, right_to_left);
    const Handle<PangoAttrList> attributes(pango_attr_list_new());
    for (const auto& [from, until] : of.source.italics) {
        if (until <= bytes.from || from >= bytes.until) continue;
        auto* italic = pango_attr_style_new(PANGO_STYLE_ITALIC);
        italic->start_index = static_cast<guint>(std::max(from, bytes.from) - bytes.from);
        italic->end_index = static_cast<guint>(std::min(until, bytes.until) - bytes.from);
        pango_attr_list_insert(attributes.get(), italic);
    }
    pango_layout_set_attributes(out.get(), attributes.get());
    return out;
}

void Typesetter::measure(ShapedText& text, ShapedText::Paragraph& paragraph) const {
    auto& m = paragraph.measured;
    std::vector<double> widths(m.text.size(), 0.0);
    for (std::size_t from = 0; from < m.text.size();) {
        const auto until = end_of_piece(m.breaks, from, m.text.size());
        const auto shaped = layout(text, {paragraph.offset + from, paragraph.offset + until}, text.style.px,
                                   paragraph.right_to_left);
        PangoRectangle logical{};
        pango_layout_get_extents(shaped.get(), nullptr, &logical);
        const double baseline = units(pango_layout_get_baseline(shaped.get()));
        text.ascent = std::max(text.ascent, baseline);
        text.descent = std::max(text.descent, units(logical.height) - baseline);
        const Handle<PangoLayoutIter> at(pango_layout_get_iter(shaped.get()));
        do {
            PangoRectangle cluster{};
            pango_layout_iter_get_cluster_extents(at.get(), nullptr, &cluster);
            const auto index = from + static_cast<std::size_t>(pango_layout_iter_get_index(at.get()));
            if (index < widths.size()) widths[index] += units(cluster.width);
        } while (pango_layout_iter_next_cluster(at.get()));
        from = until;
    }
    m.x.assign(1, 0.0);
    for (const auto width : widths) m.x.push_back(m.x.back() + width);
}

ShapedText Typesetter::shape(StyledText source, std::string_view locale, Style style) const {
    assert(style.px > 0);
    ShapedText out;
    out.source = std::move(source);
    out.locale = locale;
    out.style = std::move(style);
    const auto stack = font_stack(out.source.text, locale);
    out.families = out.style.family.empty() ? stack : out.style.family + ", " + stack;
    const std::string_view text = out.source.text;
    for (std::size_t from = 0; from < text.size();) {
        const auto end = std::min(text.find('\n', from), text.size());
        ShapedText::Paragraph paragraph;
        paragraph.offset = from;
        paragraph.measured.text = text.substr(from, end - from);
        from = end + 1;
        const auto whole = paragraph.measured.trimmed(0, paragraph.measured.text.size());
        if (whole.from == whole.until) continue;
        paragraph.measured.breaks = find_breaks(paragraph.measured.text, locale);
        paragraph.right_to_left = is_right_to_left(paragraph.measured.text, locale);
        measure(out, paragraph);
        out.paragraphs.push_back(std::move(paragraph));
    }
    return out;
}

MeasuredLine Typesetter::measure(const ShapedText& text, const Line& bytes, int px,
                                 bool right_to_left) const {
    const auto l = layout(text, bytes, px, right_to_left);
    PangoRectangle ink{}, logical{};
    pango_layout_get_extents(l.get(), &ink, &logical);
    const double baseline = units(pango_layout_get_baseline(l.get()));
    MeasuredLine out;
    out.bytes = bytes;
    out.right_to_left = right_to_left;
    out.advance = units(logical.width);
    out.left = units(ink.x);
    out.right = units(ink.x + ink.width);
    out.above = baseline - units(ink.y);
    out.below = units(ink.y + ink.height) - baseline;
    return out;
}

std::vector<MeasuredLine> Typesetter::paragraph_lines(const ShapedText& text,
                                                      const ShapedText::Paragraph& paragraph, int px,
                                                      const Bounds& bounds, bool balanced) const {
    std::vector<MeasuredLine> out;
    const double scale = double(px) / text.style.px;
    auto limit = bounds.limit(scale);
    // A line shaped alone may be wider than as part of its paragraph; then break again with a smaller limit.
    for (int attempt = 0; attempt < 4; ++attempt) {
        out.clear();
        double excess = 1;
        for (const auto& line :
             balanced ? balance_lines(paragraph.measured, limit) : fill_lines(paragraph.measured, limit)) {
            out.push_back(measure(text, {paragraph.offset + line.from, paragraph.offset + line.until}, px,
                                  paragraph.right_to_left));
            const bool wide = paragraph.measured.width(line.from, line.until) > limit.width;
            excess = std::max(excess, out.back().width() /
                                          (wide ? std::max(bounds.width, bounds.max_width) : bounds.width));
        }
        if (excess <= 1) break;
        limit.width *= std::clamp(1 / excess, 0.9, 0.995);
        limit.max_width *= std::clamp(1 / excess, 0.9, 0.995);
    }
    return out;
}

TextBlock Typesetter::lay_out(const ShapedText& text, int px, const Bounds& bounds, bool balanced) const {
    TextBlock block;
    assert(px > 0);
    block.text = &text;
    block.px = px;
    for (const auto& paragraph : text.paragraphs) {
        for (const auto& line : paragraph_lines(text, paragraph, px, bounds, balanced)) {
            block.lines.push_back(line);
            block.width = std::max(block.width, line.width());
        }
    }
    const double scale = double(px) / text.style.px;
    block.ascent = text.ascent * scale;
    block.descent = text.descent * scale;
    for (const auto& line : block.lines) {  // no line's ink overlaps another line
        block.ascent = std::max(block.ascent, line.above);
        block.descent = std::max(block.descent, line.below);
    }
    return block;
}

TextBlock Typesetter::fit(const ShapedText& text, int px, int least_px, const Bounds& bounds,
                          bool balanced) const {
    least_px = std::min(px, least_px);
    const auto may_fit = [&](int size) {
        const double scale = double(size) / text.style.px;
        std::size_t lines = 0;
        for (const auto& p : text.paragraphs) lines += fewest_lines(p.measured, bounds.limit(scale));
        return lines <= bounds.max_lines &&
               double(lines) * (text.ascent + text.descent) * scale <= bounds.height;
    };
    const auto fits = [&](const TextBlock& b) {
        return b.width <= std::max(bounds.width, bounds.max_width) && b.height() <= bounds.height &&
               b.lines.size() <= bounds.max_lines;
    };
    const auto smaller = [&](int size) { return std::max(least_px, std::min(size - 1, size * 19 / 20)); };
    while (px > least_px && !may_fit(px)) px = smaller(px);
    auto block = lay_out(text, px, bounds, balanced);
    while (px > least_px && !fits(block)) {
        px = smaller(px);
        block = lay_out(text, px, bounds, balanced);
    }
    return block;
}

void Typesetter::draw(cairo_t* cr, const TextBlock& block, double x, double y, double width, double align,
                      double outline) const {
    for (const auto& line : block.lines) {
        const auto l = layout(*block.text, line.bytes, block.px, line.right_to_left);
        const double from_left = line.right_to_left ? 1 - align : align;
        const double overhang = -std::min(0.0, line.left);
        const double left = x + overhang + (width - line.width()) * from_left;
        auto* first = pango_layout_get_line_readonly(l.get(), 0);
        cairo_move_to(cr, left, std::round(y + block.ascent));
        if (outline > 0) {
            cairo_save(cr);
            pango_cairo_layout_line_path(cr, first);
            cairo_set_line_width(cr, outline * 2);
            cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
            cairo_set_source_rgba(cr, 0, 0, 0, 0.85);
            cairo_stroke(cr);
            cairo_restore(cr);
            cairo_move_to(cr, left, std::round(y + block.ascent));
        }
        pango_cairo_show_layout_line(cr, first);
        y += block.line_height();
    }
}

std::vector<char32_t> Typesetter::missing(const ShapedText& text) const {
    std::vector<char32_t> out;
    std::set<char32_t> seen;
    for (const auto& paragraph : text.paragraphs) {
        const auto& m = paragraph.measured;
        for (std::size_t from = 0; from < m.text.size();) {
            const auto until = end_of_piece(m.breaks, from, m.text.size());
            const auto piece = std::string_view(m.text).substr(from, until - from);
            from = until;
            if (pango_layout_get_unknown_glyphs_count(layout(piece, text, 20, false).get()) == 0) continue;
            for (const auto c : code_points(piece)) {
                if (c <= 0x20 || !seen.insert(c).second) continue;
                if (pango_layout_get_unknown_glyphs_count(layout(to_utf8(c), text, 20, false).get()) > 0)
                    out.push_back(c);
            }
        }
    }
    return out;
}

}  // namespace riverlight::player::typeset
