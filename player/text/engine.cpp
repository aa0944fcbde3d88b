#include <cmath>

#include "player/text/stage.hpp"
#include "player/text/utf8.hpp"
#include "player/text/zawgyi.hpp"

namespace riverlight::player {

using namespace typeset;

Prepared TextEngine::State::prepare(const Words& words, std::string_view locale, int px, bool bold,
                                    const std::string& family) const {
    auto text = clean_utf8(words.text);
    if (myanmar_encoding(text) == MyanmarEncoding::zawgyi) text = zawgyi_to_unicode(text);
    const bool same = text == words.text;
    return type.prepare({std::move(text), same ? words.italics : decltype(words.italics){}}, locale,
                        {px, bold, family});
}

void TextEngine::State::tell(TextReport* report, const Block& block, bool outside) const {
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

void TextEngine::State::wash(cairo_t* cr, std::uint32_t top, std::uint32_t bottom) const {
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

void TextEngine::State::river(cairo_t* cr, std::uint32_t rgb) const {
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

namespace {

/// How much of the canvas a subtitle may take.
struct SubtitleRoom {
    int px;
    double pad;
    Room room;
};

template <class State>
SubtitleRoom subtitle_room(const State& s) {
    const int px = s.base_px();
    const double pad = px * 0.4;
    return {px, pad, {s.subtitle_width() - 2 * pad, s.safe_height() * 0.45, s.portrait() ? 4U : 3U}};
}

bool fits(const Block& block, const Room& room) {
    return block.width <= room.width && block.height() <= room.height &&
           block.lines.size() <= room.most_lines;
}

/// The text of lines [from, until) of a block, with what is in italics there.
Words words_of(const Block& block, std::size_t from, std::size_t until) {
    Words out;
    for (auto i = from; i < until; ++i) {
        const auto& bytes = block.lines[i].bytes;
        // Lines of one paragraph are one run of text: they may be broken anew.
        const bool same = i > from && block.text->words.text
                                              .substr(block.lines[i - 1].bytes.until,
                                                      bytes.from - block.lines[i - 1].bytes.until)
                                              .find('\n') == std::string::npos;
        if (i > from)
            out.text += same ? block.text->words.text.substr(block.lines[i - 1].bytes.until,
                                                             bytes.from - block.lines[i - 1].bytes.until)
                             : "\n";
        for (const auto& [first, second] : block.text->words.italics) {
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
    : state_(new State{canvas_width, canvas_height, {}, 0}) {}
TextEngine::~TextEngine() = default;
TextEngine::TextEngine(TextEngine&&) noexcept = default;
TextEngine& TextEngine::operator=(TextEngine&&) noexcept = default;

void TextEngine::keep_free_at_right(int columns) {
    state_->kept_free = std::clamp(columns, 0, state_->width / 2);
}

Overlay TextEngine::subtitle(std::string_view text, std::string_view locale, int lift,
                             TextReport* report) const {
    return subtitle(Words{std::string(text), {}}, {}, locale, lift, report);
}

Overlay TextEngine::subtitle(const Words& words, const Place& place, std::string_view locale, int lift,
                             TextReport* report) const {
    const auto& s = *state_;
    auto [px, pad, room] = subtitle_room(s);
    room.height = std::max(px * 1.5, std::min(room.height, s.safe_height() - lift - pad));
    const auto text = s.prepare(words, locale, px);
    const auto block = s.type.fit(text, px, s.least_px(), room, true);
    s.tell(report, block, !fits(block, room));
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
    const int x = along(s.safe_left(), s.subtitle_width(), width, place.across) & ~1;
    const int lowest = along(s.safe_top(), s.safe_height() - lift, height, 1);
    const int y = std::min(lowest, along(s.safe_top(), s.safe_height(), height, place.down)) & ~1;
    return sheet.take(x, y);
}

std::vector<Words> TextEngine::subtitle_pages(const Words& words, std::string_view locale) const {
    const auto& s = *state_;
    const auto [px, pad, room] = subtitle_room(s);
    const auto text = s.prepare(words, locale, px);
    const auto block = s.type.set(text, px, room, true);
    if (block.lines.empty()) return {};
    if (fits(block, room)) return {words_of(block, 0, block.lines.size())};
    const auto tallest =
        static_cast<std::size_t>(std::max(1.0, std::floor(room.height / block.line_height())));
    const auto most = std::min(room.most_lines, tallest);
    const auto pages = (block.lines.size() + most - 1) / most;
    std::vector<Words> out;
    for (std::size_t page = 0; page < pages; ++page)  // as even as whole lines allow
        out.push_back(
            words_of(block, page * block.lines.size() / pages, (page + 1) * block.lines.size() / pages));
    return out;
}

void TextEngine::layout(std::string_view raw, std::string_view locale, const BoxStyle& style,
                        TextReport& report, const std::function<void(const Overlay&)>& page) const {
    const auto& s = *state_;
    const int px = style.px > 0 ? style.px : s.base_px();
    const Room room{style.width > 0 ? style.width : s.safe_width(), s.safe_height(), SIZE_MAX,
                    s.safe_width()};
    const auto text = s.prepare(Words{std::string(raw), {}}, locale, px, false, style.font);
    const auto block = s.type.fit(text, px, style.px > 0 ? px : s.least_px(), room, style.balance);
    const auto a_page =
        static_cast<std::size_t>(std::max(1.0, std::floor(room.height / std::max(1.0, block.line_height()))));
    const bool outside = block.width > s.safe_width() + 0.5 || block.line_height() > s.safe_height() + 0.5;
    s.tell(&report, block, outside);
    const auto count = std::max<std::size_t>(1, (block.lines.size() + a_page - 1) / a_page);
    report.pages = count;
    for (std::size_t i = 0; page && i < count; ++i) {
        const auto part = block.part(i * block.lines.size() / count, (i + 1) * block.lines.size() / count);
        Sheet sheet(s.width, s.height);
        s.wash(sheet.cr(), 0x14505f, 0x0b2530);
        set_colour(sheet.cr(), ink);
        s.type.draw(sheet.cr(), part, (s.width - room.width) / 2,
                    std::floor(s.safe_top() + std::max(0.0, (s.safe_height() - part.height()) / 2)),
                    room.width, 0.5, 0);
        page(sheet.take(0, 0));
    }
}

}  // namespace riverlight::player
