#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/office/airing_store.hpp"

/// Included by the airings' store only.
namespace riverlight::office {

class Database;

/// Finds airings by what people choose them by. The counts (airing_counts.hpp) say on which days there are
/// any, so that a page reads hardly more rows than it shows, however many are stored.
class AiringList {
  public:
    explicit AiringList(const Database& db) : db_(db) {}
    /// See AiringStore::list.
    [[nodiscard]] std::vector<AiringRow> rows(const AiringFilter& filter, const std::optional<Cursor>& after,
                                              std::size_t count, AiringOrder order) const;
    [[nodiscard]] std::int64_t count(const AiringFilter& filter, std::int64_t at_most) const;

  private:
    /// RFC 3339; empty: no limit.
    struct Span {
        std::string from, before;
    };
    [[nodiscard]] std::vector<AiringRow> rows_between(const Span& span, const AiringFilter& filter,
                                                      const std::optional<Cursor>& after, std::size_t count,
                                                      AiringOrder order) const;
    [[nodiscard]] std::vector<std::chrono::local_days> days_with(const AiringFilter& filter,
                                                                 AiringOrder order) const;

    const Database& db_;
};

}  // namespace riverlight::office
