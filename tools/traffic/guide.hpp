#pragma once
#include <string>
#include <vector>

#include "content/segment/country.hpp"
#include "scheduler/plan/plan.hpp"

/// What a partner's viewers and traffic department are told ahead: a plan with the words that viewers see,
/// under the airing ids that the as-run list will carry. Pure.
namespace riverlight::traffic {

struct Guide {
    const content::Place& place;
    const content::Catalogue& catalogue;
    const std::vector<scheduler::Plan>& plans;  ///< day after day, of that place
};

/// XMLTV (its DTD 0.5): a channel, a programme each airing; titles in the language that airs first, then in
/// the segment's others; topics as categories, the campaign as keyword, the airing id as episode number of
/// system `riverlight.airing`, our rating under system `riverlight`. Times are the place's with their offset,
/// whole seconds, rounded down.
[[nodiscard]] std::string guide_xmltv(const Guide& guide);

/// iCalendar (RFC 5545): a VEVENT each airing with its id as UID, so that a later guide replaces an earlier
/// one.
[[nodiscard]] std::string guide_ics(const Guide& guide);

/// CSV (RFC 4180): a row each airing, with all titles, and the spot code of fixed-column files.
[[nodiscard]] std::string guide_csv(const Guide& guide);

/// The words of an airing's segment in the language that airs; empty ones where the catalogue lacks it.
[[nodiscard]] content::Localisation words_of(const Guide& guide, const scheduler::PlannedAiring& airing);
/// Null: the catalogue lacks it.
[[nodiscard]] const content::Manifest* segment_of(const Guide& guide, const scheduler::PlannedAiring& airing);

}  // namespace riverlight::traffic
