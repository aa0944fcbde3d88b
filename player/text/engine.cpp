#include "player/text/engine.hpp"

#include <cassert>
#include <cmath>

#include "player/text/cards.hpp"
#include "player/text/straps.hpp"
#include "player/text/text_canvas.hpp"

namespace riverlight::player {

using namespace typeset;

namespace {

/// The size of a subtitle's type, and the area that it may use.
struct SubtitleArea {
    int px;
    double pad;
    Bounds bounds;
};

SubtitleArea subtitle_area(const TextCanvas& s) {
    const int px = s.base_px();
    const double pad = px * 0.4;
    return {px, pad, {s.subtitle_width() - 2 * pad, s.safe_height() * 0.45, s.portrait() ? 4U : 3U}};
}

bool fits(const TextBlock& block, const Bounds& bounds) {
    return block.width <= bounds.width && block.height() <= bounds.height &&
           block.lines.size() <= bounds.max_lines;
}

/// The text of lines [from, until) of a block, with its italics.
StyledText text_of(const TextBlock& block, std::size_t from, std::size_t until) {
    assert(from <= until && until <= block.lines.size());
    StyledText out;
    for (auto i = from; i < until; ++i) {
        const auto& bytes = block.lines[i].bytes;
        if (i > from) {  // lines of one paragraph stay one run of text, to be broken again
            const auto end = block.lines[i - 1].bytes.until;
            const auto between = block.text->source.text.substr(end, bytes.from - end);
            out.text += between.find('\n') == std::string::npos ? between : "\n";
        }
        for (const auto& [first, second] : block.text->source.italics) {
            if (second <= bytes.from || first >= bytes.until) continue;
            out.italics.emplace_back(out.text.size() + std::max(first, bytes.from) - bytes.from,
                                     out.text.size() + std::min(second, bytes.until) - bytes.from);
        }
        out.text += block.line_text(i);
    }
    return out;
}

}  // namespace

TextEngine::TextEngine(int canvas_width, int canvas_height)
    : canvas_(new TextCanvas{canvas_width, canvas_height, {}, 0}) {
    assert(canvas_width > 0 && canvas_height > 0);
}
TextEngine::~TextEngine() = default;
TextEngine::TextEngine(TextEngine&&) noexcept = default;
TextEngine& TextEngine::operator=(TextEngine&&) noexcept = default;

void TextEngine::reserve_right_columns(int columns) {
    canvas_->reserved_right = std::clamp(columns, 0, canvas_->width / 2);
}

Overlay TextEngine::subtitle(std::string_view text, std::string_view locale, int lift,
                             TextReport* report) const {
    return subtitle(StyledText{std::string(text), {}}, {}, locale, lift, report);
}

Overlay TextEngine::subtitle(const StyledText& raw, const TextPlacement& placement, std::string_view locale,
                             int lift, TextReport* report) const {
    const auto& s = *canvas_;
    auto [px, pad, bounds] = subtitle_area(s);
    bounds.height = std::max(px * 1.5, std::min(bounds.height, s.safe_height() - lift - pad));
    const auto text = s.shape(raw, locale, px);
    const auto block = s.type.fit(text, px, s.least_px(), bounds, true);
    s.add_to(report, block, !fits(block, bounds));
    if (block.lines.empty()) return {};
    const int width = static_cast<int>(std::ceil(block.width + 2 * pad)),
              height = static_cast<int>(std::ceil(block.height() + pad));
    Sheet sheet(width, height);
    rounded_box(sheet.cr(), 0, 0, width, height, px * 0.25);
    set_colour(sheet.cr(), 0x000000, 0.55);
    cairo_fill(sheet.cr());
    set_colour(sheet.cr(), ink);
    s.type.draw(sheet.cr(), block, pad, pad / 2, block.width, 0.5, px / 18.0);
    const auto along = [](double start, double size, double used, double share) {
        return static_cast<int>(start + (size - used) * std::clamp(share, 0.0, 1.0));
    };
    const int x = along(s.safe_left(), s.subtitle_width(), width, placement.across) & ~1;
    const int lowest = along(s.safe_top(), s.safe_height() - lift, height, 1);
    const int y = std::min(lowest, along(s.safe_top(), s.safe_height(), height, placement.down)) & ~1;
    return sheet.to_overlay(x, y);
}

Overlay TextEngine::strap(std::string_view label, std::string_view number, std::string_view locale,
                          TextReport* report) const {
    return draw_strap(*canvas_, label, number, locale, report);
}

std::optional<CrawlingStrap> TextEngine::crawling_strap(std::string_view label, std::string_view number,
                                                        std::string_view locale, const CrawlRate& rate,
                                                        TextReport* report) const {
    return draw_crawling_strap(*canvas_, label, number, locale, rate, report);
}

Overlay TextEngine::lower_third(std::string_view name, std::string_view role, std::string_view locale,
                                TextReport* report) const {
    return draw_lower_third(*canvas_, name, role, locale, report);
}

Overlay TextEngine::slate(std::string_view label, std::string_view number, std::string_view locale,
                          TextReport* report) const {
    return draw_slate(*canvas_, label, number, locale, report);
}

Overlay TextEngine::card(std::string_view heading, std::string_view body, std::string_view locale,
                         const CardStyle& style, bool image_behind, TextReport* report) const {
    return draw_card(*canvas_, heading, body, locale, style, image_behind, report);
}

std::vector<StyledText> TextEngine::subtitle_pages(const StyledText& raw, std::string_view locale) const {
    const auto& s = *canvas_;
    const auto [px, pad, bounds] = subtitle_area(s);
    const auto text = s.shape(raw, locale, px);
    const auto block = s.type.lay_out(text, px, bounds, true);
    if (block.lines.empty()) return {};
    if (fits(block, bounds)) return {text_of(block, 0, block.lines.size())};
    const auto tallest =
        static_cast<std::size_t>(std::max(1.0, std::floor(bounds.height / block.line_height())));
    const auto most = std::min(bounds.max_lines, tallest);
    const auto pages = (block.lines.size() + most - 1) / most;
    std::vector<StyledText> out;
    for (std::size_t page = 0; page < pages; ++page)  // as even as whole lines allow
        out.push_back(
            text_of(block, page * block.lines.size() / pages, (page + 1) * block.lines.size() / pages));
    return out;
}

void TextEngine::layout(std::string_view raw, std::string_view locale, const BoxStyle& style,
                        TextReport& report, const std::function<void(const Overlay&)>& page) const {
    const auto& s = *canvas_;
    const int px = style.px.value_or(s.base_px());
    const Bounds bounds{style.width ? *style.width : s.safe_width(), s.safe_height(), SIZE_MAX,
                        s.safe_width()};
    const auto text = s.shape(StyledText{std::string(raw), {}}, locale, px, false, style.font);
    const auto block = s.type.fit(text, px, style.px ? px : s.least_px(), bounds, style.balance);
    const auto page_lines = static_cast<std::size_t>(
        std::max(1.0, std::floor(bounds.height / std::max(1.0, block.line_height()))));
    const bool outside = block.width > s.safe_width() + 0.5 || block.line_height() > s.safe_height() + 0.5;
    s.add_to(&report, block, outside);
    const auto count = std::max<std::size_t>(1, (block.lines.size() + page_lines - 1) / page_lines);
    report.pages = count;
    for (std::size_t i = 0; page && i < count; ++i) {
        const auto part = block.part(i * block.lines.size() / count, (i + 1) * block.lines.size() / count);
        Sheet sheet(s.width, s.height);
        s.fill_gradient(sheet.cr(), 0x14505f, 0x0b2530);
        set_colour(sheet.cr(), ink);
        s.type.draw(sheet.cr(), part, (s.width - bounds.width) / 2,
                    std::floor(s.safe_top() + std::max(0.0, (s.safe_height() - part.height()) / 2)),
                    bounds.width, 0.5, 0);
        page(sheet.to_overlay(0, 0));
    }
}

}  // namespace riverlight::player
