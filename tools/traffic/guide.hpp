#pragma once
#include <string>
#include <vector>

#include "content/segment/country.hpp"
#include "scheduler/plan/plan.hpp"

/// Programme guides for a partner's viewers and traffic department: a plan with the titles that viewers see.
/// Each airing has the id that it will have in the as-run list. Pure.
namespace riverlight::traffic {

struct PlaceGuide {
    const content::Place& place;
    const content::Catalogue& catalogue;
    const std::vector<scheduler::Plan>& plans;  ///< one or more consecutive days of that place
};

/// XMLTV (DTD 0.5): one channel, and a programme for each airing. The title in the language that airs comes
/// first, then the segment's other titles; topics are categories, the campaign is a keyword, the airing id an
/// episode number of system `riverlight.airing`, our rating one of system `riverlight`. Times are local with
/// their offset, rounded down to seconds.
[[nodiscard]] std::string guide_xmltv(const PlaceGuide& guide);

/// iCalendar (RFC 5545): a VEVENT for each airing. Its id is the UID, so a later guide replaces an earlier
/// one.
[[nodiscard]] std::string guide_ics(const PlaceGuide& guide);

/// CSV (RFC 4180): a row for each airing, with all titles and the spot code that CCMS files use.
[[nodiscard]] std::string guide_csv(const PlaceGuide& guide);

/// The texts of an airing's segment in the language that airs; empty if the catalogue has none, except that
/// the title is then the segment's id.
[[nodiscard]] content::Localisation texts_of(const PlaceGuide& guide, const scheduler::PlannedAiring& airing);
/// The airing's segment; null if the catalogue does not have it.
[[nodiscard]] const content::Manifest* segment_of(const PlaceGuide& guide,
                                                  const scheduler::PlannedAiring& airing);

}  // namespace riverlight::traffic
