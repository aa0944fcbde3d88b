#include "tools/traffic/guide.hpp"

namespace riverlight::traffic {

const content::Manifest* segment_of(const PlaceGuide& guide, const scheduler::PlannedAiring& airing) {
    const auto found = guide.catalogue.segments.find(airing.segment);
    return found == guide.catalogue.segments.end() ? nullptr : &found->second;
}

content::Localisation texts_of(const PlaceGuide& guide, const scheduler::PlannedAiring& airing) {
    content::Localisation texts;
    if (const auto* segment = segment_of(guide, airing)) {
        if (const auto found = segment->locales.find(airing.locale); found != segment->locales.end())
            texts = found->second;
    }
    if (texts.title.empty()) texts.title = airing.segment;
    return texts;
}

}  // namespace riverlight::traffic
