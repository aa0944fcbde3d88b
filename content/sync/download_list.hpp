#pragma once
#include <map>
#include <string>

#include "content/store/layout.hpp"

/// Which media of a release a board needs at its place. No I/O.
namespace riverlight::content {

/// Upper-case code of the country whose role lists `place`: `former` if that country still lists it (a board
/// does not move because another country claims its place), else the only country that does. Throws Error if
/// no country or several countries list it.
[[nodiscard]] std::string find_country(const Catalogue& catalogue, const std::string& place,
                                       const std::string& former);

/// The media that may air at `place` (null: everywhere), by hash: those of its schedule's segments, in
/// locales that its country has ever cleared. Of each locale's pictures, the one for the place's screen, or
/// the one a feed encodes. For a feed also its renditions. Interpreters of sign languages, and renditions
/// with them, as the place asks. Throws Error for more than 100,000 files.
[[nodiscard]] std::map<std::string, MediaFile> list_downloads(const Facts& facts, const Place* place);

}  // namespace riverlight::content
