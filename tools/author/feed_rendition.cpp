#include "tools/author/feed_rendition.hpp"

#include <algorithm>

#include "content/base/error.hpp"
#include "tools/author/make_media.hpp"
#include "tools/author/rendition.hpp"
#include "tools/author/sound.hpp"

namespace riverlight::author {

using content::Localisation;
using content::MediaFile;

bool FeedProfile::applies_to(const std::string& language, const Wording& words) const {
    return (locale.empty() || locale == language) && (sign.empty() || words.signs.contains(sign));
}

FeedProfile parse_feed_profile(const std::string& text, const SegmentSource& source) {
    const auto at = text.find('@');
    const auto name = text.substr(0, at);
    const auto plus = name.find('+');
    FeedProfile wanted{player::profile_named(name.substr(0, plus)),
                       plus == std::string::npos ? "" : name.substr(plus + 1),
                       at == std::string::npos ? "" : text.substr(at + 1)};
    const auto& all = source.locales;
    if (!wanted.locale.empty() && !all.contains(wanted.locale))
        throw ReadError(ReadFault::unresolved, Where(source.folder).in("locales." + wanted.locale, {}),
                        "has no language '" + wanted.locale + "', which profile '" + text + "' asks for");
    if (std::none_of(all.begin(), all.end(),
                     [&](const auto& l) { return wanted.applies_to(l.first, l.second); }))
        throw ReadError(
            ReadFault::unresolved,
            Where(source.folder)
                .in((wanted.locale.empty() ? "signs." : wanted.locale + ".signs.") + wanted.sign, {}),
            "has no sign-" + wanted.sign + ".mp4" +
                (wanted.locale.empty() ? "" : " for '" + wanted.locale + "'") + ", which profile '" + text +
                "' asks for");
    return wanted;
}

std::string make_feed_rendition(BuildFolder& folder, const FeedProfile& wanted, const std::string& locale,
                                const Localisation& made, const KnownFilm& film) {
    const auto& profile = wanted.profile;
    const auto& sign = wanted.sign;
    const auto& source = folder.source();
    const auto& words = source.locales.at(locale);
    RenditionSource from;
    const auto& sound = words.sound.empty() ? source.video : words.sound;
    if (!sign.empty()) from.sign = folder.path_of(made.signs.at(sign));
    const auto name = content::rendition_key(profile.name, sign);
    const auto key =
        rendition_key(name, locale, words,
                      (source.video.empty() ? made.picture : video_key(hash_of_file(source.video), film)) +
                          (sign.empty() ? sign : made.signs.at(sign)),
                      sound.empty() ? std::string{} : hash_of_file(sound), film.length);
    if (auto reused = folder.reuse(key); !reused.empty()) return reused;
    folder.report(locale + ": rendition for " + name);
    from.picture = source.video.empty() ? folder.path_of(made.picture) : source.video;
    from.subtitles = words.subtitles;
    from.locale = locale;
    from.strap = words.strap;
    from.crawl = words.crawl;
    from.hotline = words.hotline;
    from.duration = film.length;
    from.segmented = film.segmented;
    if (!sound.empty())
        from.samples = levelled(decode_sound(sound),
                                static_cast<std::size_t>(film.length.count()) * player::sample_rate / 1000);
    const auto path = folder.temporary("rendition-" + name + '-' + locale + ".mp4");
    const auto facts = make_rendition_of(from, profile, path.string());
    MediaFile file;
    file.ext = "mp4";
    file.kind = "rendition";
    file.codec = profile.coding.video == player::VideoCodec::h264 ? "h264" : "mpeg2video";
    file.width = profile.coding.coded_width;
    file.height = profile.coding.height;
    file.frame_rate = std::to_string(profile.coding.rate.num) + '/' + std::to_string(profile.coding.rate.den);
    file.profile = profile.name;
    file.parameters = facts.parameters;
    add_loudness(path.string(), file);
    return folder.add(key, path, std::move(file));
}

}  // namespace riverlight::author
