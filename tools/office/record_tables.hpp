#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "content/base/crypto.hpp"
#include "tools/office/database.hpp"

/// The tables of the records as a whole, whatever they hold: for what copies, compares and checks all of
/// them.
namespace riverlight::office {

/// What both databases know of a column: BIGINT is INTEGER, BYTEA is BLOB.
enum class ColumnType { text, integer, bytes };

struct RecordColumn {
    std::string name;
    ColumnType type = ColumnType::text;
    bool operator==(const RecordColumn&) const = default;
};

/// A table; the parts of one that is partitioned are not tables of their own.
struct RecordTable {
    std::string name;
    std::vector<RecordColumn> columns;  ///< by name
    std::vector<std::string> key;       ///< of a row, in this order
};

/// All tables, by name, but for those that say what the others are: `office_format` (migrations.hpp) and the
/// others whose names begin with `office_`.
[[nodiscard]] std::vector<RecordTable> tables_of(const Database& db);
/// Whether it has no row.
[[nodiscard]] bool is_empty(const Database& db, const RecordTable& table);

/// What a table holds: two with the same rows have the same digest, whichever database they are in.
struct TableContent {
    std::string table;
    std::int64_t rows = 0;
    std::string digest;  ///< SHA-256 of all rows in the order of their keys, hex
    bool operator==(const TableContent&) const = default;
};

/// Reads a table row by row, in the order of its key, and counts and digests what it reads. Within a
/// OneMoment or Transaction. Throws Error.
class RecordTableReader {
  public:
    RecordTableReader(const Database& db, const RecordTable& table);
    [[nodiscard]] bool next();
    /// The values of the row, in the order of the table's columns. Until the next call of next().
    [[nodiscard]] const SqlValues& row() const { return values_; }
    /// After the last row.
    [[nodiscard]] TableContent content();

  private:
    void read(std::size_t column);

    const RecordTable& table_;
    Rows rows_;
    SqlValues values_;
    std::vector<std::string> texts_;  ///< what `values_` refers to
    Sha256 hash_;
    std::int64_t count_ = 0;
};

[[nodiscard]] TableContent content_of(const Database& db, const RecordTable& table);
[[nodiscard]] std::vector<TableContent> content_of_all(const Database& db);

}  // namespace riverlight::office
