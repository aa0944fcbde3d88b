#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "content/segment/country.hpp"
#include "scheduler/calendar/calendar.hpp"

namespace riverlight::scheduler {

/// The locales of a segment in the order in which choose_locale tries them, cleared or not. Views the
/// segment, the place and `asked`.
[[nodiscard]] std::vector<std::string_view> locale_chain(const content::Manifest& segment,
                                                         const content::Place& place, std::string_view asked);

/// When the segment's revision may air in `locale`, inside `within`: local days, embargo and expiry of the
/// country's clearances; merged.
[[nodiscard]] std::vector<Span> cleared_spans(const content::Manifest& segment,
                                              const content::Country& country, std::string_view locale,
                                              const std::string& zone, const Span& within);

}  // namespace riverlight::scheduler
