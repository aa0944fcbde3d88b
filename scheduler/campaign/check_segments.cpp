#include <algorithm>

#include "content/base/suggest.hpp"
#include "scheduler/campaign/audience.hpp"
#include "scheduler/campaign/check_parts.hpp"

namespace riverlight::scheduler {
namespace {

using content::Country;
using content::Manifest;
using content::Place;

std::string_view primary(std::string_view tag) {
    return tag.substr(0, tag.find('-'));
}

bool has_locale(const Manifest& segment, std::string_view language) {
    return std::any_of(segment.locales.begin(), segment.locales.end(),
                       [&](const auto& l) { return primary(l.first) == primary(language); });
}

/// True if a clearance of the segment's revision covers a locale of `language`; empty: of any language.
bool cleared_at_all(const Country& country, const Manifest& segment, std::string_view language) {
    return std::any_of(country.clearances.begin(), country.clearances.end(),
                       [&](const content::Clearance& c) {
                           return c.segment == segment.id && c.revision == segment.revision &&
                                  std::any_of(c.locales.begin(), c.locales.end(), [&](const std::string& l) {
                                      return segment.locales.contains(l) &&
                                             (language.empty() || primary(l) == primary(language));
                                  });
                       });
}

std::string joined(const std::set<std::string>& words) {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
    return out;
}

/// The languages in which a campaign airs at these places.
std::set<std::string> languages_of(const Campaign& campaign, const std::vector<const Place*>& places) {
    std::set<std::string> out;
    for (const auto* place : places) {
        for (const auto& share : languages_for(campaign.audience, *place)) out.insert(share.language);
    }
    return out;
}

void check_languages(Check& check, const Campaign& campaign, const Booking& booking, const Manifest& segment,
                     const Country& country, const std::vector<const Place*>& places) {
    std::set<std::string> missing, uncleared;
    for (const auto& language : languages_of(campaign, places)) {
        if (!has_locale(segment, language)) {
            missing.insert(language);
        } else if (!cleared_at_all(country, segment, language)) {
            uncleared.insert(language);
        }
    }
    const auto where = "booking " + booking.id + ": segment '" + segment.id + "' ";
    if (!missing.empty())
        check.warn(booking.line, where + "has no locale for " + joined(missing) + ", spoken at places in " +
                                     country.code +
                                     "; a fallback airs there: localise it, or narrow the audience");
    if (!uncleared.empty())
        check.warn(booking.line, where + "is not cleared in " + country.code + " in " + joined(uncleared) +
                                     "; a fallback airs there: ask its coordinator");
}

void check_in_country(Check& check, const Campaign& campaign, const Booking& booking, const Manifest& segment,
                      const Country& country, const std::vector<const Place*>& places) {
    if (!check.is_first(campaign.id + '\n' + segment.id + '\n' + country.code)) return;
    if (cleared_at_all(country, segment, {}))
        return check_languages(check, campaign, booking, segment, country, places);
    check.warn(booking.line, "booking " + booking.id + ": segment '" + segment.id + "' has no clearance in " +
                                 country.code + " for revision " + std::to_string(segment.revision) +
                                 ", so it will not air there; ask its coordinator, or narrow the audience");
}

}  // namespace

void check_segments(Check& check, const Campaign& campaign, const Booking& booking, const Reach& reach) {
    auto ids = booking.segments;
    ids.insert(ids.end(), booking.filler.begin(), booking.filler.end());
    for (const auto& id : ids) {
        const auto found = check.catalogue.segments.find(id);
        if (found == check.catalogue.segments.end()) {
            std::vector<std::string_view> known;
            for (const auto& [name, unused] : check.catalogue.segments) known.emplace_back(name);
            check.add(booking.line, true,
                      "booking " + booking.id + ": no segment '" + id +
                          "' is in this channel; build it, or take it out",
                      nearest_name(id, known));
            continue;
        }
        for (const auto& [code, places] : reach)
            check_in_country(check, campaign, booking, found->second, check.catalogue.countries.at(code),
                             places);
    }
}

}  // namespace riverlight::scheduler
