#include "player/text/straps.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "player/text/utf8.hpp"

namespace riverlight::player {

using namespace typeset;

namespace {

/// Width of a crawl's strip at most: bounds its memory, and cairo can draw no more than 32,767.
constexpr double max_strip_width = 16'000;

/// A `tel:` URI (RFC 3966) with the characters that a phone can dial.
std::string tel_of(std::string_view number) {
    std::string out = "tel:";
    for (const char c : number) {
        if ((c >= '0' && c <= '9') || (c == '+' && out.size() == 4)) out += c;
    }
    return out;
}

/// A strap without its label, and the label's area, from the strap's top left.
struct StrapPlan {
    int width, height;
    double row;                       ///< height that sizes of type are relative to
    double left, right, top, bottom;  ///< area of the label
    double pad;
};

/// Draws panel, number and QR code. The number is at the right of the label, on a portrait canvas below it.
StrapPlan draw_panel(const TextCanvas& s, Sheet& sheet, const std::string& number, int width, int height,
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
    const auto digits_text = s.shape(number, "en", static_cast<int>(row * 0.46), true);
    const Bounds digits_bounds{s.portrait() ? plan.right - plan.left : width * 0.42,
                               height * (s.portrait() ? 0.4 : 1), 1};
    const auto digits = s.type.fit(digits_text, digits_text.style.px, 10, digits_bounds, true);
    set_colour(cr, accent);
    if (s.portrait()) {
        if (!digits.lines.empty()) plan.bottom -= digits.height() + pad / 2;
        s.type.draw(cr, digits, plan.left, plan.bottom, digits.width, 0, 0);
    } else if (!digits.lines.empty()) {
        s.type.draw(cr, digits, plan.right - digits.width, (height - digits.height()) / 2, digits.width, 0.5,
                    0);
        plan.right -= digits.width + pad * 1.5;
    }
    s.add_to(report, digits,
             !fits(digits, digits_bounds.width, digits_bounds.height) || digits.lines.size() > 1);
    return plan;
}

std::pair<int, int> strap_size(const TextCanvas& s) {
    return {static_cast<int>(s.safe_width()) & ~1, static_cast<int>(s.strap_height()) & ~1};
}

/// The strap at the bottom of the safe area.
Overlay placed(const TextCanvas& s, const Sheet& sheet, int height) {
    return sheet.to_overlay(static_cast<int>(s.safe_left()) & ~1,
                            static_cast<int>(s.safe_top() + s.safe_height() - height) & ~1);
}

/// Size of the label's type where it has room.
int label_px(const StrapPlan& plan) {
    return static_cast<int>(plan.row * 0.36);
}

}  // namespace

Overlay draw_strap(const TextCanvas& s, std::string_view raw_label, std::string_view raw_number,
                   std::string_view locale, TextReport* report) {
    const auto label = clean_utf8(raw_label), number = clean_utf8(raw_number);
    if (label.empty() && number.empty()) return {};
    const auto [width, height] = strap_size(s);
    Sheet sheet(width, height);
    TextReport of_number;
    const auto plan = draw_panel(s, sheet, number, width, height, &of_number);
    const Bounds bounds{plan.right - plan.left, plan.bottom - plan.top - plan.pad, 2};
    const auto words = s.shape(label, locale, label_px(plan));
    const auto block = s.type.fit(words, words.style.px, 8, bounds, true);
    set_colour(sheet.cr(), ink);
    s.type.draw(sheet.cr(), block, plan.left, plan.top + (plan.bottom - plan.top - block.height()) / 2,
                bounds.width, 0, 0);
    s.add_to(report, block, !fits(block, bounds.width, bounds.height) || block.lines.size() > 2);
    if (report) report->append(of_number);
    return placed(s, sheet, height);
}

std::optional<CrawlingStrap> draw_crawling_strap(const TextCanvas& s, std::string_view raw_label,
                                                 std::string_view raw_number, std::string_view locale,
                                                 const CrawlRate& rate, TextReport* report) {
    auto label = clean_utf8(raw_label);
    std::replace(label.begin(), label.end(), '\n', ' ');
    const auto number = clean_utf8(raw_number);
    if (label.empty()) return {};
    const auto [width, height] = strap_size(s);
    Sheet sheet(width, height);
    TextReport of_number;
    const auto plan = draw_panel(s, sheet, number, width, height, &of_number);
    const Bounds bounds{plan.right - plan.left, plan.bottom - plan.top - plan.pad, 2};
    const auto still = s.shape(label, locale, label_px(plan));
    const auto as_two = s.type.lay_out(still, still.style.px, bounds, true);
    if (fits(as_two, bounds.width, bounds.height) && as_two.lines.size() <= 2) return {};

    const auto moving = s.shape(label, locale, static_cast<int>(plan.row * 0.46));
    const Bounds line{max_strip_width, bounds.height, 1};
    const auto block = s.type.fit(moving, moving.style.px, 8, line, false);
    s.add_to(report, block, !fits(block, line.width, line.height) || block.lines.size() != 1);
    if (report) report->append(of_number);
    if (block.lines.empty()) return {};
    const auto strip_height = static_cast<int>(std::ceil(block.height()));
    const int strip_width = (static_cast<int>(std::ceil(block.width)) + 1) & ~1;
    Sheet strip(strip_width, strip_height);
    set_colour(strip.cr(), ink);
    s.type.draw(strip.cr(), block, 0, 0, block.width, 0, 0);

    assert(strip_width % 2 == 0);
    CrawlingStrap out{placed(s, sheet, height), {}};
    auto& crawl = out.crawl;
    crawl.strip = strip.to_overlay(
        0, out.still.y + static_cast<int>(plan.top + (plan.bottom - plan.top - block.height()) / 2));
    crawl.left = (out.still.x + static_cast<int>(std::ceil(plan.left)) + 1) & ~1;
    crawl.right = (out.still.x + static_cast<int>(plan.right)) & ~1;
    crawl.gap = ((crawl.right - crawl.left) / 4 + 1) & ~1;
    crawl.right_to_left = block.lines.front().right_to_left;
    crawl.rate = rate;
    return out;
}

}  // namespace riverlight::player
