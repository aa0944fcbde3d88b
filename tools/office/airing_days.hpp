#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

#include "tools/office/airing_store.hpp"

/// Included by what lists airings only.
namespace riverlight::office {

class Database;

/// On which days there are airings that match, and how many: from the counts (airing_counts.hpp) or from the
/// end of an index, without a look at the airings themselves.
class AiringDays {
  public:
    explicit AiringDays(const Database& db) : db_(db) {}
    /// The next day with some, from `day` on, in the order in which pages read days; nothing: there is none.
    /// Of airings in doubt, or that claim more, and of places, the day may have some that match only in part.
    [[nodiscard]] std::optional<std::chrono::local_days> next(const AiringFilter& filter,
                                                              std::chrono::local_days day,
                                                              AiringOrder order) const;
    /// Of all days of the filter.
    [[nodiscard]] std::int64_t count(const AiringFilter& filter, std::int64_t at_most) const;

  private:
    const Database& db_;
};

}  // namespace riverlight::office
