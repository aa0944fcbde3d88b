#include <algorithm>
#include <cmath>

#include "player/text/breaks.hpp"
#include "player/text/typeset.hpp"

namespace riverlight::player {

using namespace typeset;

namespace {

constexpr std::uint32_t ink = 0xffffff, accent = 0xf2b632, panel = 0x0f2f3a;

/// `tel:` with what a phone can dial (RFC 3966).
std::string tel_of(std::string_view number) {
    std::string out = "tel:";
    for (const char c : number) {
        if ((c >= '0' && c <= '9') || (c == '+' && out.size() == 4)) out += c;
    }
    return out;
}

}  // namespace

struct TextEngine::State {
    int width, height;
    Typesetter type;

    [[nodiscard]] double safe_left() const { return width * 0.05; }
    [[nodiscard]] double safe_top() const { return height * 0.05; }
    [[nodiscard]] double safe_width() const { return width * 0.9; }
    [[nodiscard]] double safe_height() const { return height * 0.9; }
    /// The measure of type: a fixed share of the shorter way a viewer looks at.
    [[nodiscard]] int base_px() const { return std::max(14, std::min(height / 18, width / 22)); }

    void fill_report(TextReport* report, const Block& block, std::string_view text, std::string_view locale,
                     bool outside) const {
        if (!report) return;
        report->lines.insert(report->lines.end(), block.lines.begin(), block.lines.end());
        for (const auto c : type.missing(text, locale)) {
            if (std::find(report->missing.begin(), report->missing.end(), c) == report->missing.end())
                report->missing.push_back(c);
        }
        report->outside = report->outside || outside;
    }

    void wash(cairo_t* cr, std::uint32_t top, std::uint32_t bottom) const {
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

    /// The river: three slow waves across the lower part.
    void river(cairo_t* cr, std::uint32_t rgb) const {
        for (int wave = 0; wave < 3; ++wave) {
            const double y = height * (0.70 + 0.09 * wave), swing = height * 0.05;
            cairo_move_to(cr, 0, y);
            cairo_curve_to(cr, width * 0.3, y - swing * (2 + wave), width * 0.6, y + swing * (2 - wave),
                           width, y - swing);
            cairo_line_to(cr, width, height);
            cairo_line_to(cr, 0, height);
            cairo_close_path(cr);
            set_colour(cr, rgb, 0.10 + 0.05 * wave);
            cairo_fill(cr);
        }
    }
};

TextEngine::TextEngine(int canvas_width, int canvas_height)
    : state_(new State{canvas_width, canvas_height, {}}) {}
TextEngine::~TextEngine() = default;
TextEngine::TextEngine(TextEngine&&) noexcept = default;
TextEngine& TextEngine::operator=(TextEngine&&) noexcept = default;

Overlay TextEngine::subtitle(std::string_view raw, std::string_view locale, int lift,
                             TextReport* report) const {
    const auto& s = *state_;
    const auto text = clean_utf8(raw);
    const int px = s.base_px();
    const double pad = px * 0.4;
    const double room = s.safe_width() - 2 * pad;
    const auto block = s.type.fit(text, locale, {px, false, {}}, px / 3, room,
                                  std::max(px * 1.5, s.safe_height() - lift) * 0.45, 3);
    s.fill_report(report, block, text, locale,
                  block.width > room + 0.5 || block.height + 2 * pad + lift > s.safe_height());
    if (block.lines.empty()) return {};
    const int width = static_cast<int>(std::ceil(block.width + 2 * pad)),
              height = static_cast<int>(std::ceil(block.height + pad));
    Sheet sheet(width, height);
    rounded_box(sheet.cr(), 0, 0, width, height, px * 0.25);
    set_colour(sheet.cr(), 0x000000, 0.55);
    cairo_fill(sheet.cr());
    set_colour(sheet.cr(), ink);
    s.type.draw(sheet.cr(), block, locale, pad, pad / 2, block.width, 0.5, px / 18.0);
    const int x = static_cast<int>((s.width - width) / 2.0) & ~1;
    const int y = static_cast<int>(s.safe_top() + s.safe_height() - lift - height) & ~1;
    return sheet.take(x, y);
}

Overlay TextEngine::strap(std::string_view raw_label, std::string_view raw_number,
                          std::string_view locale) const {
    const auto& s = *state_;
    const auto label = clean_utf8(raw_label), number = clean_utf8(raw_number);
    if (label.empty() && number.empty()) return {};
    const int width = static_cast<int>(s.safe_width()) & ~1,
              height = static_cast<int>(s.base_px() * 2.7) & ~1;
    const double pad = height * 0.12, qr = number.empty() ? 0 : height - 2 * pad;
    Sheet sheet(width, height);
    auto* cr = sheet.cr();
    rounded_box(cr, 0, 0, width, height, height * 0.12);
    set_colour(cr, panel, 0.92);
    cairo_fill(cr);
    set_colour(cr, accent);
    rounded_box(cr, 0, 0, height * 0.1, height, height * 0.05);
    cairo_fill(cr);
    double right = width - pad;
    if (qr > 0 && tel_of(number).size() > 4) {
        draw_qr(cr, tel_of(number), right - qr, pad, qr);
        right -= qr + pad * 1.5;
    }
    if (!number.empty()) {
        const auto block = s.type.fit(number, "en", {static_cast<int>(height * 0.46), true, {}}, 10,
                                      width * 0.42, height, 1);
        set_colour(cr, accent);
        s.type.draw(cr, block, "en", right - block.width, (height - block.height) / 2, block.width, 1, 0);
        right -= block.width + pad * 1.5;
    }
    const double left = height * 0.1 + pad * 1.5;
    const auto block = s.type.fit(label, locale, {static_cast<int>(height * 0.36), false, {}}, 8,
                                  right - left, height - pad, 2);
    set_colour(cr, ink);
    s.type.draw(cr, block, locale, left, (height - block.height) / 2, block.width, 0, 0);
    return sheet.take(static_cast<int>(s.safe_left()) & ~1,
                      static_cast<int>(s.safe_top() + s.safe_height() - height) & ~1);
}

Overlay TextEngine::slate(std::string_view raw_label, std::string_view raw_number,
                          std::string_view locale) const {
    const auto& s = *state_;
    Sheet sheet(s.width, s.height);
    auto* cr = sheet.cr();
    s.wash(cr, 0x14505f, 0x0b2530);
    s.river(cr, 0x7fd0d8);
    const auto label = clean_utf8(raw_label), number = clean_utf8(raw_number);
    const auto words = s.type.fit(label, locale, {s.base_px() * 3 / 2, false, {}}, 10, s.safe_width() * 0.85,
                                  s.height * 0.3, 3);
    const auto digits =
        s.type.fit(number, "en", {s.base_px() * 5 / 2, true, {}}, 10, s.safe_width(), s.height * 0.2, 1);
    double y = (s.height * 0.82 - words.height - digits.height) / 2;
    set_colour(cr, ink, 0.92);
    s.type.draw(cr, words, locale, s.safe_left(), y, s.safe_width(), 0.5, 0);
    y += words.height + s.base_px() * 0.4;
    set_colour(cr, accent);
    s.type.draw(cr, digits, "en", s.safe_left(), y, s.safe_width(), 0.5, 0);
    return sheet.take(0, 0);
}

Overlay TextEngine::card(std::string_view raw_heading, std::string_view raw_body, std::string_view locale,
                         const CardStyle& style, bool image_behind, TextReport* report) const {
    const auto& s = *state_;
    const auto heading = clean_utf8(raw_heading), body = clean_utf8(raw_body);
    Sheet sheet(s.width, s.height);
    auto* cr = sheet.cr();
    if (image_behind) {
        set_colour(cr, 0x000000, 0.55);
        cairo_paint(cr);
    } else {
        const auto darker = [](std::uint32_t rgb) {
            return ((rgb >> 1) & 0x7f7f7f) + ((rgb >> 3) & 0x1f1f1f);
        };
        s.wash(cr, style.background, darker(style.background));
        s.river(cr, style.accent);
    }
    // The strap and subtitles have the lowest quarter.
    const double left = s.safe_left() + s.base_px() * 0.8, width = s.safe_width() - s.base_px() * 1.6;
    const double top = s.safe_top(), room = s.safe_height() * 0.70;
    const auto title =
        s.type.fit(heading, locale, {s.base_px() * 17 / 10, true, {}}, 10, width, room * 0.4, 2);
    const double gap = heading.empty() || body.empty() ? 0 : s.base_px() * 0.7;
    const auto text =
        s.type.fit(body, locale, {s.base_px() * 14 / 10, false, {}}, 10, width, room - title.height - gap, 7);
    const double height = title.height + gap + text.height;
    double y = top + std::max(0.0, (room - height) / 2);
    const bool outside = title.width > width + 0.5 || text.width > width + 0.5 || height > room + 0.5;
    s.fill_report(report, title, heading, locale, false);
    s.fill_report(report, text, body, locale, outside);
    set_colour(cr, style.accent);
    rounded_box(cr, s.safe_left(), y, s.base_px() * 0.22, height, s.base_px() * 0.11);
    cairo_fill(cr);
    set_colour(cr, style.accent);
    s.type.draw(cr, title, locale, left, y, width, 0, image_behind ? 2 : 0);
    y += title.height + gap;
    set_colour(cr, style.foreground);
    s.type.draw(cr, text, locale, left, y, width, 0, image_behind ? 2 : 0);
    return sheet.take(0, 0);
}

Overlay TextEngine::layout(std::string_view raw, std::string_view locale, const std::string& font, int px,
                           int width, bool balance, TextReport& report) const {
    const auto& s = *state_;
    const auto text = clean_utf8(raw);
    const double room = width > 0 ? width : s.safe_width();
    const int wanted = px > 0 ? px : s.base_px();
    Style style{wanted, false, font};
    auto block = s.type.set(text, locale, style, room, balance);
    // Where the size is ours to choose, it shrinks until everything is inside.
    while (px == 0 && style.px > 8 && (block.height > s.safe_height() || block.width > room)) {
        style.px = std::max(8, style.px * 19 / 20);
        block = s.type.set(text, locale, style, room, balance);
    }
    const bool outside = block.width > s.safe_width() + 0.5 || block.height > s.safe_height() + 0.5;
    s.fill_report(&report, block, text, locale, outside);
    Sheet sheet(s.width, s.height);
    s.wash(sheet.cr(), 0x14505f, 0x0b2530);
    set_colour(sheet.cr(), ink);
    s.type.draw(sheet.cr(), block, locale, (s.width - room) / 2,
                s.safe_top() + std::max(0.0, (s.safe_height() - block.height) / 2), room, 0.5, 0);
    return sheet.take(0, 0);
}

}  // namespace riverlight::player
