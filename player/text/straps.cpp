#include <algorithm>
#include <cmath>
#include <optional>

#include "player/text/crawl.hpp"
#include "player/text/stage.hpp"
#include "player/text/utf8.hpp"

namespace riverlight::player {

using namespace typeset;

namespace {

constexpr double widest_strip = 16'000;  ///< of a crawl: what it may take of memory, and cairo can draw

/// `tel:` with what a phone can dial (RFC 3966).
std::string tel_of(std::string_view number) {
    std::string out = "tel:";
    for (const char c : number) {
        if ((c >= '0' && c <= '9') || (c == '+' && out.size() == 4)) out += c;
    }
    return out;
}

/// A strap without its words, and where they stand: from its top left.
struct StrapPlan {
    int width, height;
    double row;                       ///< what type is measured by
    double left, right, top, bottom;  ///< the room for the words
    double pad;
};

/// Draws panel, number and QR code. In landscape the number stands right of the call, in portrait below it.
template <class Stage>
StrapPlan draw_panel(const Stage& s, Sheet& sheet, const std::string& number, int width, int height,
                     TextReport* report) {
    const double row = height * (s.portrait() ? 0.64 : 1), edge = row * 0.1, pad = row * 0.12;
    const double qr = tel_of(number).size() > 4 ? height - 2 * pad : 0;
    auto* cr = sheet.cr();
    rounded_box(cr, 0, 0, width, height, row * 0.12);
    set_colour(cr, panel, 0.92);
    cairo_fill(cr);
    set_colour(cr, accent);
    rounded_box(cr, 0, 0, edge, height, row * 0.05);
    cairo_fill(cr);
    StrapPlan plan{width, height, row, edge + pad * 1.5, width - pad, 0, static_cast<double>(height), pad};
    if (qr > 0) {
        draw_qr(cr, tel_of(number), plan.right - qr, pad, qr);
        plan.right -= qr + pad * 1.5;
    }
    const auto digits_text = s.prepare(number, "en", static_cast<int>(row * 0.46), true);
    const Room digits_room{s.portrait() ? plan.right - plan.left : width * 0.42,
                           height * (s.portrait() ? 0.4 : 1), 1};
    const auto digits = s.type.fit(digits_text, digits_text.style.px, 10, digits_room, true);
    set_colour(cr, accent);
    if (s.portrait()) {
        if (!digits.lines.empty()) plan.bottom -= digits.height() + pad / 2;
        s.type.draw(cr, digits, plan.left, plan.bottom, digits.width, 0, 0);
    } else if (!digits.lines.empty()) {
        s.type.draw(cr, digits, plan.right - digits.width, (height - digits.height()) / 2, digits.width, 0.5,
                    0);
        plan.right -= digits.width + pad * 1.5;
    }
    s.tell(report, digits, !fits(digits, digits_room.width, digits_room.height) || digits.lines.size() > 1);
    return plan;
}

/// The number is told of behind the words, as it is read.
void tell_behind(TextReport* report, const TextReport& number) {
    if (!report) return;
    report->lines.insert(report->lines.end(), number.lines.begin(), number.lines.end());
    for (const auto point : number.missing)
        if (std::find(report->missing.begin(), report->missing.end(), point) == report->missing.end())
            report->missing.push_back(point);
    report->outside = report->outside || number.outside;
    if (number.px > 0) report->px = report->px > 0 ? std::min(report->px, number.px) : number.px;
}

template <class Stage>
std::pair<int, int> strap_size(const Stage& s) {
    return {static_cast<int>(s.safe_width()) & ~1, static_cast<int>(s.strap_height()) & ~1};
}

template <class Stage>
Overlay placed(const Stage& s, const Sheet& sheet, int height) {
    return sheet.take(static_cast<int>(s.safe_left()) & ~1,
                      static_cast<int>(s.safe_top() + s.safe_height() - height) & ~1);
}

/// The size that words of a strap have where there is room for them.
int words_px(const StrapPlan& plan) {
    return static_cast<int>(plan.row * 0.36);
}

}  // namespace

Overlay TextEngine::strap(std::string_view raw_label, std::string_view raw_number, std::string_view locale,
                          TextReport* report) const {
    const auto& s = *state_;
    const auto label = clean_utf8(raw_label), number = clean_utf8(raw_number);
    if (label.empty() && number.empty()) return {};
    const auto [width, height] = strap_size(s);
    Sheet sheet(width, height);
    TextReport of_number;
    const auto plan = draw_panel(s, sheet, number, width, height, &of_number);
    const Room room{plan.right - plan.left, plan.bottom - plan.top - plan.pad, 2};
    const auto words = s.prepare(label, locale, words_px(plan));
    const auto block = s.type.fit(words, words.style.px, 8, room, true);
    set_colour(sheet.cr(), ink);
    s.type.draw(sheet.cr(), block, plan.left, plan.top + (plan.bottom - plan.top - block.height()) / 2,
                room.width, 0, 0);
    s.tell(report, block, !fits(block, room.width, room.height) || block.lines.size() > 2);
    tell_behind(report, of_number);
    return placed(s, sheet, height);
}

std::optional<CrawlingStrap> TextEngine::crawling_strap(std::string_view raw_label,
                                                        std::string_view raw_number, std::string_view locale,
                                                        const CrawlRate& rate, TextReport* report) const {
    const auto& s = *state_;
    auto label = clean_utf8(raw_label);
    std::replace(label.begin(), label.end(), '\n', ' ');
    const auto number = clean_utf8(raw_number);
    if (label.empty()) return {};
    const auto [width, height] = strap_size(s);
    Sheet sheet(width, height);
    TextReport of_number;
    const auto plan = draw_panel(s, sheet, number, width, height, &of_number);
    const Room room{plan.right - plan.left, plan.bottom - plan.top - plan.pad, 2};
    const auto still = s.prepare(label, locale, words_px(plan));
    const auto as_two = s.type.set(still, still.style.px, room, true);
    if (fits(as_two, room.width, room.height) && as_two.lines.size() <= 2) return {};

    const auto moving = s.prepare(label, locale, static_cast<int>(plan.row * 0.46));
    const Room line{widest_strip, room.height, 1};
    const auto block = s.type.fit(moving, moving.style.px, 8, line, false);
    s.tell(report, block, !fits(block, line.width, line.height) || block.lines.size() != 1);
    tell_behind(report, of_number);
    if (block.lines.empty()) return {};
    const auto strip_height = static_cast<int>(std::ceil(block.height()));
    const int strip_width = (static_cast<int>(std::ceil(block.width)) + 1) & ~1;
    Sheet strip(strip_width, strip_height);
    set_colour(strip.cr(), ink);
    s.type.draw(strip.cr(), block, 0, 0, block.width, 0, 0);

    CrawlingStrap out{placed(s, sheet, height), {}};
    auto& crawl = out.crawl;
    crawl.strip = strip.take(
        0, out.still.y + static_cast<int>(plan.top + (plan.bottom - plan.top - block.height()) / 2));
    crawl.left = (out.still.x + static_cast<int>(std::ceil(plan.left)) + 1) & ~1;
    crawl.right = (out.still.x + static_cast<int>(plan.right)) & ~1;
    crawl.gap = ((crawl.right - crawl.left) / 4 + 1) & ~1;
    crawl.right_to_left = block.lines.front().right_to_left;
    crawl.rate = rate;
    return out;
}

}  // namespace riverlight::player
