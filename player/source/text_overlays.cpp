#include "player/source/text_overlays.hpp"

#include "player/file/verified_file.hpp"

namespace riverlight::player {
namespace {

constexpr std::uint64_t most_subtitle_bytes = 4U << 20;

}  // namespace

TextOverlays::TextOverlays(const SourceSpec& spec) : spec_(spec) {
    if (!spec.media.strap && spec.media.subtitles.empty()) return;  // an engine's fonts cost time and memory
    engine_.emplace(spec.format.width, spec.format.height);
    if (spec.media.strap) draw_strap();
    if (!spec.media.subtitles.empty())
        sets_ = display_sets_of(parse_subtitles(read_media_file(spec.media.subtitles, most_subtitle_bytes),
                                                spec.media.subtitles));
}

void TextOverlays::draw_strap() {
    const auto& strap = *spec_.media.strap;
    const auto& format = spec_.format;
    Overlay drawn;
    if (strap.crawl) {
        const auto rate = crawl_rate(format.width, format.rate.num, format.rate.den);
        if (auto crawling = engine_->crawling_strap(strap.label, strap.number, spec_.media.locale, rate)) {
            drawn = std::move(crawling->still);
            crawl_ = std::make_shared<const Crawl>(std::move(crawling->crawl));
        }
    }
    if (!crawl_) drawn = engine_->strap(strap.label, strap.number, spec_.media.locale);
    if (drawn.empty()) return;
    lift_ = drawn.height + format.height / 60;
    strap_ = std::make_shared<const Overlay>(std::move(drawn));
}

void TextOverlays::add_to(std::int64_t n, Piece& piece) {
    piece.strap = strap_;
    piece.crawl = crawl_;
    piece.crawl_frame = n;
    const std::chrono::milliseconds at{n * 1000 * spec_.format.rate.den / spec_.format.rate.num};
    while (!pages_.empty() && pages_.front().until <= at) {
        pages_.pop_front();
        drawn_.reset();
    }
    if (pages_.empty()) load_pages(at);
    const bool showing = !pages_.empty() && pages_.front().from <= at;
    if (showing && !drawn_) drawn_ = std::make_shared<const Overlay>(draw(pages_.front()));
    piece.subtitle = showing && !drawn_->empty() ? drawn_ : nullptr;
}

/// Loads the pages of the next display set that is not over.
void TextOverlays::load_pages(std::chrono::milliseconds at) {
    while (next_ < sets_.size() && pages_.empty()) {
        const auto& set = sets_[next_];
        if (set.from > at) return;
        ++next_;
        if (set.until <= at) continue;
        for (auto& page : split_into_pages(set, *engine_, spec_.media.locale)) {
            if (page.until > at) pages_.push_back(std::move(page));
        }
    }
}

Overlay TextOverlays::draw(const SubtitleDisplaySet& set) const {
    std::vector<Overlay> drawn;
    for (const auto& [placement, text] : set.shown)
        drawn.push_back(engine_->subtitle(text, placement, spec_.media.locale, lift_));
    return drawn.size() == 1 ? std::move(drawn.front()) : merge(drawn);
}

}  // namespace riverlight::player
