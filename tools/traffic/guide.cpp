#include "tools/traffic/guide.hpp"

namespace riverlight::traffic {

const content::Manifest* segment_of(const Guide& guide, const scheduler::PlannedAiring& airing) {
    const auto found = guide.catalogue.segments.find(airing.segment);
    return found == guide.catalogue.segments.end() ? nullptr : &found->second;
}

content::Localisation words_of(const Guide& guide, const scheduler::PlannedAiring& airing) {
    content::Localisation words;
    if (const auto* segment = segment_of(guide, airing)) {
        if (const auto found = segment->locales.find(airing.locale); found != segment->locales.end())
            words = found->second;
    }
    if (words.title.empty()) words.title = airing.segment;
    return words;
}

}  // namespace riverlight::traffic
