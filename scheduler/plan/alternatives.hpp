#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/calendar/calendar.hpp"
#include "scheduler/campaign/schedule.hpp"

namespace riverlight::scheduler {

/// A filler that may air instead of a planned item whose media fail.
struct AlternativeFiller {
    std::string campaign, booking, segment;
    std::string locale;  ///< cleared for all of the time asked for
};

/// What to replace, where and when.
struct AlternativeQuery {
    std::string_view locale_asked;
    std::string_view failed_segment;  ///< never offered itself
    Span when;
    std::size_t first = 0;  ///< among equals, start with this one: callers vary it to spread the alternatives
    std::size_t most = 1;   ///< at most this many
};

/// The schedule's fillers that may be on at `place` for all of `query.when`: by audience, days, windows,
/// embargo, rating and clearance; highest priority first. Where the country separates rated segments from
/// children's, only segments that are neither. Separations and daily caps do not apply. Pure. Throws Error
/// for a zone that the tz database lacks.
[[nodiscard]] std::vector<AlternativeFiller> find_alternatives(const Schedule& schedule,
                                                               const content::Catalogue& catalogue,
                                                               const content::Place& place,
                                                               const AlternativeQuery& query);

}  // namespace riverlight::scheduler
