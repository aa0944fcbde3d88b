#pragma once
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "content/segment/country.hpp"
#include "scheduler/calendar/calendar.hpp"

namespace riverlight::scheduler {

/// The locales of a segment in the order in which choose_locale tries them, whether cleared or not. The
/// result views the segment, the place and `asked`.
[[nodiscard]] std::vector<std::string_view> locale_chain(const content::Manifest& segment,
                                                         const content::Place& place, std::string_view asked);

/// A country's clearances by segment. Views them.
class ClearanceIndex {
  public:
    explicit ClearanceIndex(const content::Country& country);
    [[nodiscard]] const std::vector<const content::Clearance*>& of(const std::string& segment) const;

  private:
    std::unordered_map<std::string_view, std::vector<const content::Clearance*>> by_segment_;
    std::vector<const content::Clearance*> none_;
};

/// When the segment's revision may air in `locale`, inside `within`: the dates, embargo and expiry of those
/// of `clearances` that are for it. In order and disjoint.
[[nodiscard]] std::vector<Span> cleared_spans(const content::Manifest& segment,
                                              const std::vector<const content::Clearance*>& clearances,
                                              std::string_view locale, const std::string& zone,
                                              const Span& within);

/// The locale that airs at `place` for a viewer who asked for `asked`: the first of the asked-for language,
/// its macro-language, the fallbacks that the place names for it, the place's other languages by share, and
/// the segment's own fallback, that exists and is cleared for all of [from, until). Empty: none.
[[nodiscard]] std::string choose_locale(const content::Manifest& segment, const content::Country& country,
                                        const content::Place& place, std::string_view asked, Instant from,
                                        Instant until);

}  // namespace riverlight::scheduler
