#pragma once
#include <string>

#include "tools/author/examine.hpp"

/// What an examination found, for people and for programs.
namespace riverlight::author {

/// Stills that report_page() shows: to be given to examine() beforehand, so that nothing is decoded twice.
[[nodiscard]] StillsWanted report_stills(const SegmentSource& source);

/// One page of HTML that needs nothing beside it: no script, pictures inside, everything from the source
/// escaped. Verdict, findings, media, thumbnails, loudness, and each language over the pictures as a screen
/// shows it. Draws text: some seconds for many languages of cards.
[[nodiscard]] std::string report_page(const SegmentSource& source, const Examination& examined);

/// The same without pictures, format 1: see README.md.
[[nodiscard]] std::string report_json(const SegmentSource& source, const Examination& examined);

}  // namespace riverlight::author
