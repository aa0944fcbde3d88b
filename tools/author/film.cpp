#include "tools/author/film.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "player/av/still.hpp"
#include "tools/author/author_limits.hpp"
#include "tools/author/sign.hpp"

namespace riverlight::author {
namespace {

using player::Picture;

constexpr double zoom = 0.03;               // how much of its size a card grows while it is shown
constexpr std::int64_t change_frames = 10;  // length of the cross-fade between two cards

/// The size in which cards are drawn: larger than the film, so that the zoom never enlarges pixels.
FilmSize drawn_for(FilmSize film) {
    const auto even = [](int lines) { return (lines + 1) / 2 * 2; };
    return {even(film.width * 33 / 32), even(film.height * 371 / 360)};
}

using Plane = std::vector<std::uint8_t>;

/// The source of one row or column of a scaled plane: the index of the first of two neighbours, and the
/// weight of the second, of 256.
struct Tap {
    int at = 0;
    int weight = 0;
};

std::vector<Tap> taps(int from, int to, double scale, double origin) {
    std::vector<Tap> all(static_cast<std::size_t>(to));
    for (int i = 0; i < to; ++i) {
        const double x =
            std::clamp(origin + (i + 0.5) * scale - 0.5, 0.0, static_cast<double>(from - 1) - 1e-6);
        const double whole = std::floor(x);
        all[static_cast<std::size_t>(i)] = {static_cast<int>(whole), static_cast<int>((x - whole) * 256)};
    }
    return all;
}

void scale_plane(const Plane& from, int from_width, int from_height, Plane& to, int width, int height,
                 double scale) {
    const auto columns = taps(from_width, width, scale, (from_width - width * scale) / 2);
    const auto rows = taps(from_height, height, scale, (from_height - height * scale) / 2);
    to.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    auto* out = to.data();
    for (const auto& row : rows) {
        const auto* above = from.data() + static_cast<std::ptrdiff_t>(row.at) * from_width;
        const auto* below = above + from_width;
        for (const auto& column : columns) {
            const int top = above[column.at] * (256 - column.weight) + above[column.at + 1] * column.weight;
            const int bottom =
                below[column.at] * (256 - column.weight) + below[column.at + 1] * column.weight;
            *out++ =
                static_cast<std::uint8_t>((top * (256 - row.weight) + bottom * row.weight + 32768) >> 16);
        }
    }
}

/// Scales the centre of `drawn` to the film's size: `scale` pixels of it become one.
Picture seen(const Picture& drawn, double scale, FilmSize film) {
    Picture out;
    out.width = film.width;
    out.height = film.height;
    scale_plane(drawn.y, drawn.width, drawn.height, out.y, film.width, film.height, scale);
    scale_plane(drawn.u, drawn.width / 2, drawn.height / 2, out.u, film.width / 2, film.height / 2, scale);
    scale_plane(drawn.v, drawn.width / 2, drawn.height / 2, out.v, film.width / 2, film.height / 2, scale);
    return out;
}

void blend(Plane& into, const Plane& with, std::int64_t share, std::int64_t whole) {
    for (std::size_t i = 0; i < into.size(); ++i)
        into[i] = static_cast<std::uint8_t>((into[i] * (whole - share) + with[i] * share) / whole);
}

/// The style of a language's cards, which keep room for its subtitles and interpreters.
player::CardStyle style_of(const CardDeck& deck, const Wording& words) {
    return {deck.background, deck.foreground, deck.accent, !words.subtitles.empty(), signs_room(words)};
}

Picture draw(const player::TextEngine& engine, FilmSize drawn, const CardDeck& deck, const Card& card,
             const Wording& words, const std::string& locale) {
    const auto style = style_of(deck, words);
    const auto overlay =
        engine.card(words.named(card.heading), words.named(card.body), locale, style, !card.image.empty());
    if (card.image.empty()) return player::from_bgra(overlay.bgra.data(), overlay.width, overlay.height);
    auto picture = player::load_image(card.image, drawn.width, drawn.height, deck.background);
    player::blend(picture, overlay.bgra.data(), overlay.x, overlay.y, overlay.width, overlay.height);
    return picture;
}

}  // namespace

std::int64_t FilmClock::picture(player::Ratio pts) {
    const double at = static_cast<double>(pts.num) / static_cast<double>(pts.den);
    if (pictures_++ > 0) made_ = std::max<std::int64_t>(made_, std::llround(at * rate_));
    return made_;
}

std::chrono::milliseconds FilmClock::end(const std::string& path, player::Ratio until,
                                         std::int64_t corrupt) const {
    if (pictures_ == 0) throw Error(path + ": has no picture that decodes; export it again as H.264 in MP4");
    if (corrupt > 0)
        throw Error(path + ": " + std::to_string(corrupt) + " pieces of it do not decode; export it again");
    // At 50 pictures a second and more the last one may end before the frame that would show it.
    const double end = static_cast<double>(until.num) / static_cast<double>(until.den);
    return std::chrono::milliseconds(std::max<std::int64_t>(1, std::llround(end * film_rate)) * 1000 /
                                     film_rate);
}

std::int64_t film_video(const std::string& path, const TakePicture& take, const FilmShape& shape) {
    player::FrameSelection each;  // picture, or each field of it
    each.fields = shape.rate == FilmRate::hz50;
    auto limits = author_limits();
    limits.segmented = shape.segmented;
    player::Reader reader(path, player::Reader::Want::picture, shape.size.width, shape.size.height, each,
                          limits);
    FilmClock clock(shape.rate);
    std::optional<Picture> held;
    std::int64_t made = 0;
    const auto frames = [&](std::chrono::milliseconds length) {
        return length.count() * frames_a_second(shape.rate) / 1000;
    };
    const auto most = shape.length ? frames(*shape.length) : std::numeric_limits<std::int64_t>::max();
    while (auto frame = reader.next_picture()) {
        const auto until = std::min(most, clock.picture(frame->pts));
        for (; held && made < until; ++made) take(*held);
        held = std::move(frame->picture);
    }
    const auto pictures = clock.end(path, reader.pictures_end(), reader.corrupt());
    const auto end = shape.length ? most : frames(pictures);
    for (; made < end; ++made) take(*held);
    return end;
}

Picture card_picture(const CardDeck& deck, const Card& card, const Wording& words,
                     const std::string& locale) {
    const auto large = drawn_for({});
    const player::TextEngine engine(large.width, large.height);
    return seen(draw(engine, large, deck, card, words, locale), static_cast<double>(large.width) / film_width,
                {});
}

std::int64_t film_cards(const CardDeck& deck, const Wording& words, const std::string& locale,
                        const TakePicture& take, FilmSize size) {
    const auto large = drawn_for(size);
    const player::TextEngine engine(large.width, large.height);
    std::int64_t made = 0;
    std::optional<Picture> before;
    for (const auto& card : deck.cards) {
        const auto drawn = draw(engine, large, deck, card, words, locale);
        const auto frames = card.duration.count() * film_rate / 1000;
        const double widest = static_cast<double>(large.width) / size.width;
        Picture picture;
        for (std::int64_t i = 0; i < frames; ++i) {
            picture = seen(drawn, widest - zoom * static_cast<double>(i) / static_cast<double>(frames), size);
            if (before && i < change_frames) {
                blend(picture.y, before->y, change_frames - i, change_frames + 1);
                blend(picture.u, before->u, change_frames - i, change_frames + 1);
                blend(picture.v, before->v, change_frames - i, change_frames + 1);
            }
            take(picture);
        }
        before = std::move(picture);
        made += frames;
    }
    return made;
}

std::vector<quality::SegmentFinding> text_faults(const CardDeck& deck, const Wording& words,
                                                 const std::string& locale, FilmSize size) {
    const auto large = drawn_for(size);
    const player::TextEngine engine(large.width, large.height);
    const auto style = style_of(deck, words);
    std::vector<quality::SegmentFinding> faults;
    const auto add = [&](quality::Defect defect, const std::string& what) {
        faults.push_back({defect, "cards", what, true, {}, {}});
    };
    for (std::size_t i = 0; i < deck.cards.size(); ++i) {
        player::TextReport report;
        static_cast<void>(engine.card(words.named(deck.cards[i].heading), words.named(deck.cards[i].body),
                                      locale, style, false, &report));
        const auto what = locale + ": card " + std::to_string(i + 1) + ' ';
        if (report.outside)
            add(quality::Defect::too_long,
                what + "has more text than fits; shorten it or spread it over two cards");
        for (const auto point : report.missing) {
            char hex[16];
            std::snprintf(hex, sizeof hex, "U+%04X", static_cast<unsigned>(point));
            add(quality::Defect::no_glyph,
                what + "has the character " + hex + ", which no installed font draws");
        }
    }
    return faults;
}

}  // namespace riverlight::author
