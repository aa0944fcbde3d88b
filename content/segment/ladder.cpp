#include "content/segment/ladder.hpp"

#include <algorithm>
#include <cstdlib>

namespace riverlight::content {
namespace {

/// How far a picture is from a wish: the smaller, the nearer.
struct Distance {
    bool other_codec, above;
    int lines;
    std::ptrdiff_t codec;
    int narrower;
    friend auto operator<=>(const Distance&, const Distance&) = default;
};

Distance distance(const MediaFile& file, const PictureWish& wish) {
    const auto codec = std::find(wish.codecs.begin(), wish.codecs.end(), file.codec);
    return {codec == wish.codecs.end(), file.height > wish.height, std::abs(wish.height - file.height),
            codec - wish.codecs.begin(), -file.width};
}

}  // namespace

std::vector<std::string> picture_order(const Manifest& segment, const Localisation& words,
                                       const PictureWish* wish) {
    std::vector<std::string> order{words.picture};
    order.insert(order.end(), words.ladder.begin(), words.ladder.end());
    if (!wish || words.ladder.empty()) return order;
    const auto from = [&](const std::string& sha256) { return distance(segment.files.at(sha256), *wish); };
    std::stable_sort(order.begin(), order.end(),
                     [&](const auto& a, const auto& b) { return from(a) < from(b); });
    const auto nearest = from(order.front());
    const auto own = std::find(order.begin(), order.end(), words.picture);
    const auto second = nearest.other_codec || nearest.above ? order.begin() : order.begin() + 1;
    if (own >= second) std::rotate(second, own, own + 1);
    return order;
}

}  // namespace riverlight::content
