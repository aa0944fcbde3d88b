#include "player/source/text_pieces.hpp"

#include "content/base/files.hpp"

namespace riverlight::player {

TextPieces::TextPieces(const SourceSpec& spec) : spec_(spec) {
    if (!spec.media.strap && spec.media.subtitles.empty()) return;  // fonts cost time and memory
    engine_.emplace(spec.format.width, spec.format.height);
    if (spec.media.strap) draw_strap();
    if (!spec.media.subtitles.empty())
        coming_ =
            moments_of(parse_subtitles(read_file(spec.media.subtitles, 4U << 20), spec.media.subtitles));
}

void TextPieces::draw_strap() {
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

void TextPieces::lay(std::int64_t n, Piece& piece) {
    piece.strap = strap_;
    piece.crawl = crawl_;
    piece.crawl_frame = n;
    const std::chrono::milliseconds at{n * 1000 * spec_.format.rate.den / spec_.format.rate.num};
    while (!pages_.empty() && pages_.front().until <= at) {
        pages_.pop_front();
        drawn_.reset();
    }
    if (pages_.empty()) turn_page(at);
    const bool showing = !pages_.empty() && pages_.front().from <= at;
    if (showing && !drawn_) drawn_ = std::make_shared<const Overlay>(draw(pages_.front()));
    piece.subtitle = showing && !drawn_->empty() ? drawn_ : nullptr;
}

/// Cuts the next moment that is not over into pages.
void TextPieces::turn_page(std::chrono::milliseconds at) {
    while (next_ < coming_.size() && pages_.empty()) {
        const auto& moment = coming_[next_];
        if (moment.from > at) return;
        ++next_;
        if (moment.until <= at) continue;
        for (auto& page : paginated(moment, *engine_, spec_.media.locale)) {
            if (page.until > at) pages_.push_back(std::move(page));
        }
    }
}

Overlay TextPieces::draw(const SubtitleMoment& moment) const {
    std::vector<Overlay> drawn;
    for (const auto& [place, words] : moment.shown)
        drawn.push_back(engine_->subtitle(words, place, spec_.media.locale, lift_));
    return drawn.size() == 1 ? std::move(drawn.front()) : merged(drawn);
}

}  // namespace riverlight::player
