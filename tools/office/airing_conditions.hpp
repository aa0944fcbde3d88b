#pragma once
#include <string>
#include <vector>

#include "tools/office/airing_store.hpp"
#include "tools/office/database.hpp"

/// What airings are chosen by, as SQL. Included by what lists them only.
namespace riverlight::office {

/// Conditions, with the values to bind in order.
struct WhereClause {
    std::string sql = " WHERE 1=1";
    std::vector<std::string> values{};

    /// Nothing is asked where `value` is empty.
    void add(const std::string& condition, const std::string& value);
    void add_if(bool wanted, const char* condition);
    /// Refers to the values.
    [[nodiscard]] SqlValues bound() const;
};

/// What rows of `airing` match, whatever their day.
[[nodiscard]] WhereClause airings_that(const AiringFilter& filter);
/// Which counts (airing_counts.hpp) are of such rows, whatever their day; those of a board are in a table of
/// their own. Their subject is not asked for.
[[nodiscard]] WhereClause counts_that(const AiringFilter& filter);
/// Which subjects are; nothing where all are.
[[nodiscard]] WhereClause subjects_that(const AiringFilter& filter);
[[nodiscard]] bool is_of_subjects(const AiringFilter& filter);

/// A status of which there are few: such rows have an index of their own.
[[nodiscard]] bool is_not_aired(const AiringFilter& filter);
/// Nothing is chosen; nothing but days is.
[[nodiscard]] bool is_of_all(const AiringFilter& filter);
[[nodiscard]] bool is_of_days_alone(const AiringFilter& filter);
/// The index that holds the fewest rows of a day beside those that match, in the order of pages.
/// Where nothing but days is chosen there is none: countries have them.
[[nodiscard]] std::string index_of(const AiringFilter& filter);
/// Has SQLite, which knows no numbers of rows, read that index. PostgreSQL counts, and chooses itself.
[[nodiscard]] std::string indexed_by(const Database& db, const std::string& index);

}  // namespace riverlight::office
