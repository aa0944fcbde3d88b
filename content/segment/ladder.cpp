#include "content/segment/ladder.hpp"

#include <algorithm>
#include <cstdlib>

namespace riverlight::content {
namespace {

/// How far a picture is from the preference, compared member by member; smaller is better.
struct Distance {
    bool other_codec, above;
    int lines;
    std::ptrdiff_t codec;
    int narrower;
    friend auto operator<=>(const Distance&, const Distance&) = default;
};

Distance distance(const MediaFile& file, const PicturePreference& preference) {
    const auto codec = std::find(preference.codecs.begin(), preference.codecs.end(), file.codec);
    return {codec == preference.codecs.end(), file.height > preference.height,
            std::abs(preference.height - file.height), codec - preference.codecs.begin(), -file.width};
}

}  // namespace

std::vector<std::string> picture_order(const Manifest& segment, const Localisation& localisation,
                                       const PicturePreference* preference) {
    std::vector<std::string> order{localisation.picture};
    order.insert(order.end(), localisation.ladder.begin(), localisation.ladder.end());
    if (!preference || localisation.ladder.empty()) return order;
    const auto from = [&](const std::string& sha256) {
        return distance(segment.files.at(sha256), *preference);
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](const auto& a, const auto& b) { return from(a) < from(b); });
    const auto nearest = from(order.front());
    const auto own = std::find(order.begin(), order.end(), localisation.picture);
    const auto second = nearest.other_codec || nearest.above ? order.begin() : order.begin() + 1;
    if (own >= second) std::rotate(second, own, own + 1);
    return order;
}

}  // namespace riverlight::content
