#include "content/sync/download_list.hpp"

#include <algorithm>
#include <set>

#include "content/base/json.hpp"

namespace riverlight::content {
namespace {

constexpr std::size_t max_media = 100'000;

bool ever_cleared(const Catalogue& catalogue, const Place& place, const Manifest& segment,
                  const std::string& locale) {
    const auto* country = catalogue.country_of(place);
    return country &&
           std::any_of(country->clearances.begin(), country->clearances.end(), [&](const Clearance& c) {
               return c.segment == segment.id && c.revision == segment.revision &&
                      std::find(c.locales.begin(), c.locales.end(), locale) != c.locales.end();
           });
}

/// All segments in the place's schedule. Reads only the lists of ids, since schedules belong to scheduler/.
std::set<std::string> segments_of(const Facts& facts, const Place& place) {
    std::set<std::string> out;
    const auto found = facts.schedules.find(place.schedule);
    if (found == facts.schedules.end()) return out;
    const auto what = "schedules/" + place.schedule + ".json";
    const auto schedule = parse_json(found->second, what, {.bytes = facts_cap});
    JsonFields fields(schedule, what);
    for (const auto& campaign : fields.array("campaign")) {
        JsonFields inside(campaign, what);
        for (const auto& booking : inside.array("booking")) {
            JsonFields named(booking, what);
            for (const auto* list : {"segments", "filler"})
                for (auto& id : named.texts_or_none(list)) out.insert(std::move(id));
        }
    }
    return out;
}

}  // namespace

std::string find_country(const Catalogue& catalogue, const std::string& place, const std::string& former) {
    std::string found, all;
    for (const auto& [code, country] : catalogue.countries) {
        if (!country.place(place)) continue;
        if (code == former) return code;
        found = code;
        all += (all.empty() ? "" : ", ") + code;
    }
    if (found.empty())
        throw ReadError(ReadFault::unresolved, Where().in("places." + place, {}),
                        "the channel has no place '" + place +
                            "'; correct [place] id, or have the country's coordinator add it");
    if (found != all)
        throw ReadError(ReadFault::duplicate, Where(all, "").in("places." + place, {}),
                        "place '" + place + "' is listed by several countries: " + all +
                            "; nothing is downloaded until only one lists it");
    return found;
}

std::map<std::string, MediaFile> list_downloads(const Facts& facts, const Place* place) {
    std::map<std::string, MediaFile> out;
    const auto segments = place ? segments_of(facts, *place) : std::set<std::string>{};
    for (const auto& [id, segment] : facts.catalogue.segments) {
        if (place && !segments.contains(id)) continue;
        for (const auto& [locale, words] : segment.locales) {
            if (place && !ever_cleared(facts.catalogue, *place, segment, locale)) continue;
            auto files = picture_order(
                segment, words, place && place->outlet == OutletKind::screen ? &place->picture : nullptr);
            if (place) files.resize(1);
            for (const auto& sha256 : {words.sound, words.subtitles})
                if (!sha256.empty()) files.push_back(sha256);
            for (const auto& sha256 : files) out.emplace(sha256, segment.files.at(sha256));
            const auto sign = place ? sign_at(*place, words) : std::string{};
            for (const auto& [language, sha256] : words.signs)
                if (!place || language == sign) out.emplace(sha256, segment.files.at(sha256));
            if (place && place->outlet == OutletKind::screen) continue;
            for (const auto& [key, sha256] : words.renditions) {
                const auto& file = segment.files.at(sha256);
                if (!place || key == rendition_key(file.profile, sign)) out.emplace(sha256, file);
            }
        }
    }
    if (out.size() > max_media)
        throw Error("the channel names more than " + std::to_string(max_media) + " media files");
    return out;
}

}  // namespace riverlight::content
