#pragma once
#include <map>
#include <string>

#include "content/store/layout.hpp"

/// What of a release a board needs where it stands. Pure.
namespace riverlight::content {

/// Upper-case code of the country whose role says where `place` is: `former` if it still does (a board does
/// not move because another country names its place), else the only one. Throws Error where none or several
/// do.
[[nodiscard]] std::string country_of_place(const Catalogue& catalogue, const std::string& place,
                                           const std::string& former);

/// The media that may air at `place` (null: anywhere), by hash: of its schedule's segments, in locales that
/// its country ever clears; of each locale's pictures those that the place's screen is worth, or a feed
/// encodes. Where a feed stands, their renditions too; interpreters, and renditions with them, as the place
/// asks.
[[nodiscard]] std::map<std::string, MediaFile> wanted_media(const Facts& facts, const Place* place);

}  // namespace riverlight::content
