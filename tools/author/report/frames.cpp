#include <algorithm>
#include <map>
#include <memory>

#include "content/base/files.hpp"
#include "player/av/still.hpp"
#include "player/canvas/canvas.hpp"
#include "player/source/text_overlays.hpp"
#include "tools/author/film.hpp"
#include "tools/author/report/parts.hpp"
#include "tools/author/report/report.hpp"

namespace riverlight::author {
namespace report {
namespace {

using std::chrono::milliseconds;
using Shared = std::shared_ptr<const player::Picture>;

constexpr int most_thumbnails = 12;
constexpr std::size_t most_frames = 8;  // of a language
constexpr int thumbnail_width = 256, frame_width = 480;

/// Pictures of one language: the video's stills, or its cards, each drawn once.
class Pictures {
  public:
    Pictures(const SegmentSource& source, const Examination& examined, const std::string& locale)
        : source_(source), examined_(examined), locale_(locale) {}

    /// The picture at `at`; null where there is none.
    Shared at(milliseconds at) {
        if (!source_.video.empty()) return nearest(at);
        std::size_t n = 0;
        const auto& cards = source_.deck.cards;
        for (milliseconds end{}; n + 1 < cards.size() && (end += cards[n].duration) <= at;) ++n;
        if (cards.empty()) return nullptr;
        auto& drawn = cards_[n];
        if (!drawn)
            drawn = std::make_shared<const player::Picture>(
                card_picture(source_.deck, cards[n], source_.locales.at(locale_), locale_));
        return drawn;
    }

  private:
    [[nodiscard]] Shared nearest(milliseconds at) const {
        if (!examined_.video || examined_.video->stills.empty()) return nullptr;
        const auto& stills = examined_.video->stills;
        const auto best = std::min_element(stills.begin(), stills.end(), [&](const Still& a, const Still& b) {
            return std::chrono::abs(a.at - at) < std::chrono::abs(b.at - at);
        });
        return best->picture;
    }

    const SegmentSource& source_;
    const Examination& examined_;
    std::string locale_;
    std::map<std::size_t, Shared> cards_;
};

std::vector<milliseconds> spread(milliseconds duration, int count) {
    std::vector<milliseconds> out;
    for (int i = 0; i < count; ++i) out.push_back(duration * (2 * i + 1) / (2 * count));
    return out;
}

}  // namespace

std::vector<milliseconds> frame_times(const Wording& words, milliseconds duration) {
    std::vector<milliseconds> out;
    if (!words.subtitles.empty()) {
        const auto moments = player::display_sets_of(
            player::parse_subtitles(read_file(words.subtitles, 4U << 20), words.subtitles));
        const auto count = std::min(most_frames, moments.size());
        for (std::size_t i = 0; i < count; ++i) {
            const auto& moment = moments[count == 1 ? 0 : i * (moments.size() - 1) / (count - 1)];
            const auto middle = moment.from + (moment.until - moment.from) / 2;
            if (duration.count() == 0 || middle < duration) out.push_back(middle);
        }
    }
    if (out.empty()) out.push_back(duration / 2);
    return out;
}

std::vector<Frame> frames(const SegmentSource& source, const Examination& examined,
                          const std::string& locale) {
    const auto& words = source.locales.at(locale);
    player::SourceSpec spec;
    spec.media.subtitles = words.subtitles;
    spec.media.locale = locale;
    if (!words.strap.empty() || !words.hotline.empty())
        spec.media.strap = player::Strap{words.strap, words.hotline};
    player::TextOverlays texts(spec);
    player::Canvas canvas(player::black(film_width, film_height));
    Pictures pictures(source, examined, locale);
    std::vector<Frame> out;
    for (const auto at : frame_times(words, examined.duration)) {
        player::Piece piece;
        const auto picture = pictures.at(at);
        if (!picture) return out;
        piece.picture = std::make_shared<player::Picture>(*picture);
        texts.add_to(at.count() * film_rate / 1000, piece);
        out.push_back({at, player::to_jpeg(canvas.compose(piece), frame_width)});
    }
    return out;
}

std::vector<Frame> thumbnails(const SegmentSource& source, const Examination& examined) {
    Pictures pictures(source, examined, source.fallback);
    std::vector<milliseconds> times;
    if (source.video.empty()) {
        const auto& cards = source.deck.cards;
        milliseconds from{};
        for (std::size_t i = 0; i < std::min<std::size_t>(cards.size(), most_thumbnails); ++i) {
            times.push_back(from + cards[i].duration / 2);
            from += cards[i].duration;
        }
    } else {
        times = spread(examined.duration, most_thumbnails);
    }
    std::vector<Frame> out;
    for (const auto at : times)
        if (const auto picture = pictures.at(at))
            out.push_back({at, player::to_jpeg(*picture, thumbnail_width)});
    return out;
}

}  // namespace report

StillsWanted report_stills(const SegmentSource& source) {
    constexpr std::size_t most = 96;  // 1.4 MB each; beyond it the nearest is shown
    StillsWanted wanted;
    wanted.evenly = report::most_thumbnails;
    for (const auto& [locale, words] : source.locales) {
        try {
            for (const auto at : report::frame_times(words, {}))
                if (wanted.at.size() < most && at.count() > 0) wanted.at.insert(at);
        } catch (const Error&) {
            continue;  // the examination says why
        }
    }
    return wanted;
}

}  // namespace riverlight::author
