#pragma once
#include <string>

#include "tools/author/examine.hpp"

/// The results of an examination, for people and for programs.
namespace riverlight::author {

/// The stills that report_page() shows. Give them to examine(), so that media are decoded once.
[[nodiscard]] StillsWanted report_stills(const SegmentSource& source);

/// One page of HTML that needs nothing beside it: no script, pictures inside. It shows the verdict, findings,
/// media, thumbnails, loudness, and each language over the pictures as a screen shows it. It draws text,
/// which takes some seconds for many languages of cards.
[[nodiscard]] std::string report_page(const SegmentSource& source, const Examination& examined);

/// The same without pictures, as JSON of format 1: see README.md.
[[nodiscard]] std::string report_json(const SegmentSource& source, const Examination& examined);

}  // namespace riverlight::author
