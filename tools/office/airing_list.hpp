#pragma once
#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "tools/office/airing_store.hpp"

/// Included by the airings' store only.
namespace riverlight::office {

class Database;
struct WhereClause;

/// The pages of airings that match, in one order. Where something is chosen, days are read one after the
/// other, each from an index in which its rows stand in the order of pages; the days' rows are merged, since
/// days of different zones overlap. So a page reads hardly more rows than it shows, however many are stored.
/// A row whose day or time was damaged stands in the list of all airings alone.
class AiringList {
  public:
    AiringList(const Database& db, AiringFilter filter, AiringOrder order)
        : db_(db), filter_(std::move(filter)), order_(order) {}
    /// See AiringStore::list.
    [[nodiscard]] std::vector<AiringRow> rows(const std::optional<Cursor>& after, std::size_t count) const;

  private:
    [[nodiscard]] bool is_before(const Cursor& a, const Cursor& b) const;
    /// Rows lie behind `after` and before `before`.
    struct Bounds {
        std::optional<Cursor> after, before;
    };
    /// The first `count` rows, in order.
    [[nodiscard]] std::vector<AiringRow> rows_that(const AiringFilter& filter, WhereClause where,
                                                   const Bounds& bounds, std::size_t count) const;
    [[nodiscard]] std::vector<AiringFilter> parts_of(std::chrono::local_days day) const;
    /// Merges the day's rows into `rows`, of which the first `count` stay.
    void add_rows_of(std::chrono::local_days day, const std::optional<Cursor>& after, std::size_t count,
                     std::vector<AiringRow>& rows) const;
    [[nodiscard]] std::chrono::local_days first_day(const std::optional<Cursor>& after) const;
    [[nodiscard]] bool may_come_before(std::chrono::local_days day, const AiringRow& row) const;
    [[nodiscard]] bool is_asked_for(std::chrono::local_days day) const;

    const Database& db_;
    AiringFilter filter_;
    AiringOrder order_;
};

}  // namespace riverlight::office
