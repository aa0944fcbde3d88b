#include "player/text/cards.hpp"

#include <cmath>

namespace riverlight::player {

using namespace typeset;

namespace {

/// Height of the safe area that a card's text may use: above the strap, and above two lines of subtitles
/// where it has them.
double card_height(const TextCanvas& s, bool subtitled) {
    const double above_strap = s.safe_height() * 0.70;
    if (!subtitled) return above_strap;
    const double strap = s.strap_height(), two_lines = s.base_px() * 3.8;
    return std::min(above_strap, s.safe_height() - strap - s.height / 60.0 - two_lines);
}

}  // namespace

Overlay draw_lower_third(const TextCanvas& s, std::string_view name, std::string_view role,
                         std::string_view locale, TextReport* report) {
    const double pad = s.base_px() * 0.45, edge = s.base_px() * 0.2;
    const Bounds bounds{s.safe_width() * (s.portrait() ? 1 : 0.6) - 2 * pad - edge, s.safe_height() * 0.15,
                        2};
    const auto name_text = s.shape(name, locale, s.base_px() * 11 / 10, true);
    const auto role_text = s.shape(role, locale, s.base_px() * 8 / 10);
    const auto who = s.type.fit(name_text, name_text.style.px, s.least_px(), bounds, true);
    const auto what = s.type.fit(role_text, role_text.style.px, s.least_px(), bounds, true);
    s.add_to(report, who, !fits(who, bounds.width, bounds.height) || who.lines.size() > 2);
    s.add_to(report, what, !fits(what, bounds.width, bounds.height) || what.lines.size() > 2);
    if (who.lines.empty() && what.lines.empty()) return {};
    const double inner = std::max(who.width, what.width);
    const int width = static_cast<int>(std::ceil(inner + 2 * pad + edge)),
              height = static_cast<int>(std::ceil(who.height() + what.height() + pad));
    Sheet sheet(width, height);
    auto* cr = sheet.cr();
    rounded_box(cr, 0, 0, width, height, pad * 0.5);
    set_colour(cr, panel, 0.88);
    cairo_fill(cr);
    set_colour(cr, accent);
    rounded_box(cr, 0, 0, edge, height, edge / 2);
    cairo_fill(cr);
    set_colour(cr, ink);
    s.type.draw(cr, who, edge + pad, pad / 2, inner, 0, 0);
    set_colour(cr, accent);
    s.type.draw(cr, what, edge + pad, pad / 2 + who.height(), inner, 0, 0);
    const double strap_room = s.base_px() * (s.portrait() ? 4.6 : 3.1);
    return sheet.to_overlay(static_cast<int>(s.safe_left()) & ~1,
                            static_cast<int>(s.safe_top() + s.safe_height() - strap_room - height) & ~1);
}

Overlay draw_slate(const TextCanvas& s, std::string_view label, std::string_view number,
                   std::string_view locale, TextReport* report) {
    Sheet sheet(s.width, s.height);
    auto* cr = sheet.cr();
    s.fill_gradient(cr, 0x14505f, 0x0b2530);
    s.draw_waves(cr, 0x7fd0d8);
    const Bounds words_bounds{s.safe_width() * 0.85, s.height * 0.3, 3},
        digits_bounds{s.safe_width(), s.height * 0.2, 1};
    const auto words_text = s.shape(label, locale, s.base_px() * 3 / 2);
    const auto digits_text = s.shape(number, "en", s.base_px() * 5 / 2, true);
    const auto words = s.type.fit(words_text, words_text.style.px, 10, words_bounds, true);
    const auto digits = s.type.fit(digits_text, digits_text.style.px, 10, digits_bounds, true);
    s.add_to(report, words, !fits(words, words_bounds.width, words_bounds.height));
    s.add_to(report, digits, !fits(digits, digits_bounds.width, digits_bounds.height));
    double y = (s.height * 0.82 - words.height() - digits.height()) / 2;
    set_colour(cr, ink, 0.92);
    s.type.draw(cr, words, s.safe_left(), y, s.safe_width(), 0.5, 0);
    y += words.height() + s.base_px() * 0.4;
    set_colour(cr, accent);
    s.type.draw(cr, digits, s.safe_left(), y, s.safe_width(), 0.5, 0);
    return sheet.to_overlay(0, 0);
}

Overlay draw_card(const TextCanvas& s, std::string_view heading, std::string_view body,
                  std::string_view locale, const CardStyle& style, bool image_behind, TextReport* report) {
    Sheet sheet(s.width, s.height);
    auto* cr = sheet.cr();
    if (image_behind) {
        set_colour(cr, 0x000000, 0.55);
        cairo_paint(cr);
    } else {
        const auto darker = [](std::uint32_t rgb) {
            return ((rgb >> 1) & 0x7f7f7f) + ((rgb >> 3) & 0x1f1f1f);
        };
        s.fill_gradient(cr, style.background, darker(style.background));
        s.draw_waves(cr, style.accent);
    }
    const double across =
        std::min(s.safe_width(), s.width * (1 - std::clamp(style.reserved_right, 0.0, 0.5)) - s.safe_left());
    const double indent = s.base_px() * 0.8, width = across - 2 * indent;
    const double room = card_height(s, style.subtitled);
    const auto title_text = s.shape(heading, locale, s.base_px() * 17 / 10, true);
    const auto title = s.type.fit(title_text, title_text.style.px, s.least_px(),
                                  {width, room * 0.4, s.portrait() ? 4U : 2U}, true);
    const double gap = title.lines.empty() || body.empty() ? 0 : s.base_px() * 0.7;
    const auto body_text = s.shape(body, locale, s.base_px() * 14 / 10);
    const auto text =
        s.type.fit(body_text, body_text.style.px, s.least_px(), {width, room - title.height() - gap}, true);
    const double height = title.height() + gap + text.height();
    double y = std::floor(s.safe_top() + std::max(0.0, (room - height) / 2));
    s.add_to(report, title, !fits(title, width, room * 0.4));
    s.add_to(report, text, !fits(text, width, room - title.height() - gap));
    // The mark is at the side where reading begins.
    const auto& first = title.lines.empty() ? text : title;
    const bool from_right = !first.lines.empty() && first.lines.front().right_to_left;
    const double mark = s.base_px() * 0.22;
    set_colour(cr, style.accent);
    rounded_box(cr, from_right ? s.safe_left() + across - mark : s.safe_left(), y, mark, height, mark / 2);
    cairo_fill(cr);
    set_colour(cr, style.accent);
    s.type.draw(cr, title, s.safe_left() + indent, y, width, 0, image_behind ? 2 : 0);
    y += title.height() + gap;
    set_colour(cr, style.foreground);
    s.type.draw(cr, text, s.safe_left() + indent, y, width, 0, image_behind ? 2 : 0);
    return sheet.to_overlay(0, 0);
}

}  // namespace riverlight::player
