#include "tools/author/sign.hpp"

#include <algorithm>
#include <cmath>

#include "player/source/inset.hpp"
#include "tools/author/author_limits.hpp"

namespace riverlight::author {
namespace {

using player::Reader;

/// The size in which an interpreter's video is stored.
std::pair<int, int> kept_size(const player::Picture& seen) {
    const double shrink = std::min(1.0, std::sqrt(double(largest_sign) / (double(seen.width) * seen.height)));
    const auto even = [&](int size) {
        return std::max(2, static_cast<int>(std::lround(size * shrink / 2)) * 2);
    };
    return {even(seen.width), even(seen.height)};
}

}  // namespace

double signs_room(const Wording& words) {
    player::Format screen;
    screen.width = film_width;
    screen.height = film_height;
    const int strap = film_height * 3 / 20;
    int columns = 0;
    for (const auto& [language, path] : words.signs) {
        try {
            const auto facts = Reader(path, Reader::Want::picture, 0, 0, {}, author_limits()).facts();
            columns =
                std::max(columns, player::reserved_columns(
                                      screen, player::inset_box(screen, facts.width, facts.height, strap)));
        } catch (const Error&) {
            continue;
        }
    }
    return double(columns) / film_width;
}

SignFacts watch_sign(const std::string& path) {
    Reader reader(path, Reader::Want::picture, 0, 0, {}, author_limits());
    FilmClock clock;
    SignFacts facts;
    while (const auto frame = reader.next_picture()) {
        static_cast<void>(clock.picture(frame->pts));
        facts.width = frame->picture.width;
        facts.height = frame->picture.height;
    }
    facts.length = clock.end(path, reader.pictures_end(), reader.corrupt());
    return facts;
}

std::int64_t film_sign(const std::string& path, std::int64_t frames,
                       const std::function<void(int, int)>& begin, const TakePicture& take) {
    const auto first = Reader(path, Reader::Want::picture, 0, 0, {}, author_limits()).next_picture();
    if (!first) throw Error(path + ": has no picture that decodes; export it again as H.264 in MP4");
    const auto [width, height] = kept_size(first->picture);
    begin(width, height);
    std::int64_t made = 0;
    const auto give = [&](const player::Picture& picture) {
        if (made < frames) take(picture);
        ++made;
    };
    film_video(path, give, {{width, height}});
    return std::min(made, frames);
}

}  // namespace riverlight::author
