#pragma once
#include <chrono>
#include <string>

#include "content/segment/manifest.hpp"
#include "player/feed/profile.hpp"
#include "tools/author/build_folder.hpp"

namespace riverlight::author {

/// A parsed profile option: `720p25` for every language, `720p25@th` for one language, `720p25+tsq` with the
/// interpreter into that sign language, for the languages that have one.
struct FeedProfile {
    player::Profile profile;
    std::string sign;    ///< empty: none
    std::string locale;  ///< empty: every language
    /// True if the language gets a rendition of this profile.
    [[nodiscard]] bool applies_to(const std::string& language, const Wording& words) const;
};
/// Throws ReadError for an unknown profile, and for a language or interpreter that the source lacks.
[[nodiscard]] FeedProfile parse_feed_profile(const std::string& text, const SegmentSource& source);

/// Encodes one language's rendition, or reuses that of an earlier build. Returns the file's hash. The files
/// that `made` names must have been made.
[[nodiscard]] std::string make_feed_rendition(BuildFolder& folder, const FeedProfile& wanted,
                                              const std::string& locale, const content::Localisation& made,
                                              const KnownFilm& film);

}  // namespace riverlight::author
