#include <cmath>

#include "player/text/stage.hpp"
#include "player/text/utf8.hpp"

namespace riverlight::player {

using namespace typeset;

namespace {

/// What a card's text may take of the safe area's height: the strap has the lowest quarter, and subtitles two
/// lines above it.
template <class Stage>
double card_room(const Stage& s, bool subtitled) {
    const double above_strap = s.safe_height() * 0.70;
    if (!subtitled) return above_strap;
    const double strap = s.strap_height(), two_lines = s.base_px() * 3.8;
    return std::min(above_strap, s.safe_height() - strap - s.height / 60.0 - two_lines);
}

}  // namespace

Overlay TextEngine::lower_third(std::string_view name, std::string_view role, std::string_view locale,
                                TextReport* report) const {
    const auto& s = *state_;
    const double pad = s.base_px() * 0.45, edge = s.base_px() * 0.2;
    const Room room{s.safe_width() * (s.portrait() ? 1 : 0.6) - 2 * pad - edge, s.safe_height() * 0.15, 2};
    const auto name_text = s.prepare(name, locale, s.base_px() * 11 / 10, true);
    const auto role_text = s.prepare(role, locale, s.base_px() * 8 / 10);
    const auto who = s.type.fit(name_text, name_text.style.px, s.least_px(), room, true);
    const auto what = s.type.fit(role_text, role_text.style.px, s.least_px(), room, true);
    s.tell(report, who, !fits(who, room.width, room.height) || who.lines.size() > 2);
    s.tell(report, what, !fits(what, room.width, room.height) || what.lines.size() > 2);
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
    return sheet.take(static_cast<int>(s.safe_left()) & ~1,
                      static_cast<int>(s.safe_top() + s.safe_height() - strap_room - height) & ~1);
}

Overlay TextEngine::slate(std::string_view label, std::string_view number, std::string_view locale,
                          TextReport* report) const {
    const auto& s = *state_;
    Sheet sheet(s.width, s.height);
    auto* cr = sheet.cr();
    s.wash(cr, 0x14505f, 0x0b2530);
    s.river(cr, 0x7fd0d8);
    const Room words_room{s.safe_width() * 0.85, s.height * 0.3, 3},
        digits_room{s.safe_width(), s.height * 0.2, 1};
    const auto words_text = s.prepare(label, locale, s.base_px() * 3 / 2);
    const auto digits_text = s.prepare(number, "en", s.base_px() * 5 / 2, true);
    const auto words = s.type.fit(words_text, words_text.style.px, 10, words_room, true);
    const auto digits = s.type.fit(digits_text, digits_text.style.px, 10, digits_room, true);
    s.tell(report, words, !fits(words, words_room.width, words_room.height));
    s.tell(report, digits, !fits(digits, digits_room.width, digits_room.height));
    double y = (s.height * 0.82 - words.height() - digits.height()) / 2;
    set_colour(cr, ink, 0.92);
    s.type.draw(cr, words, s.safe_left(), y, s.safe_width(), 0.5, 0);
    y += words.height() + s.base_px() * 0.4;
    set_colour(cr, accent);
    s.type.draw(cr, digits, s.safe_left(), y, s.safe_width(), 0.5, 0);
    return sheet.take(0, 0);
}

Overlay TextEngine::card(std::string_view heading, std::string_view body, std::string_view locale,
                         const CardStyle& style, bool image_behind, TextReport* report) const {
    const auto& s = *state_;
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
    const double across =
        std::min(s.safe_width(), s.width * (1 - std::clamp(style.kept_free, 0.0, 0.5)) - s.safe_left());
    const double indent = s.base_px() * 0.8, width = across - 2 * indent;
    const double room = card_room(s, style.subtitled);
    const auto title_text = s.prepare(heading, locale, s.base_px() * 17 / 10, true);
    const auto title = s.type.fit(title_text, title_text.style.px, s.least_px(),
                                  {width, room * 0.4, s.portrait() ? 4U : 2U}, true);
    const double gap = title.lines.empty() || body.empty() ? 0 : s.base_px() * 0.7;
    const auto body_text = s.prepare(body, locale, s.base_px() * 14 / 10);
    const auto text =
        s.type.fit(body_text, body_text.style.px, s.least_px(), {width, room - title.height() - gap}, true);
    const double height = title.height() + gap + text.height();
    double y = std::floor(s.safe_top() + std::max(0.0, (room - height) / 2));
    s.tell(report, title, !fits(title, width, room * 0.4));
    s.tell(report, text, !fits(text, width, room - title.height() - gap));
    // The mark stands where reading begins.
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
    return sheet.take(0, 0);
}

}  // namespace riverlight::player
