#include "tools/office/records_copy.hpp"

#include <algorithm>

#include "content/base/instant.hpp"
#include "content/base/plain_text.hpp"
#include "tools/office/airing_months.hpp"

namespace riverlight::office {
namespace {

/// The key of a row, for people: `id 5`.
std::string key_words(const RecordTable& table, const SqlValues& row) {
    std::string out;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const auto& name = table.columns[i].name;
        if (std::find(table.key.begin(), table.key.end(), name) == table.key.end()) continue;
        out += (out.empty() ? "" : ", ") + name + ' ';
        if (const auto* number = std::get_if<std::int64_t>(&row[i]))
            out += std::to_string(*number);
        else if (const auto* text = std::get_if<std::string_view>(&row[i]))
            out += plain_text(*text, 200);
    }
    return out;
}

/// PostgreSQL holds no text that is not UTF-8 or has a NUL in it; what cannot be copied as it is, is not.
void require_storable(const Database& from, const RecordTable& table, const SqlValues& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
        const auto* text = std::get_if<std::string_view>(&row[i]);
        if (!text || (text->find('\0') == std::string_view::npos && is_utf8(*text))) continue;
        throw Error(
            from.name + ": table " + table.name + ", " + key_words(table, row) + ": the column " +
            table.columns[i].name +
            " holds bytes that are no text, which PostgreSQL cannot hold; leave the records in SQLite, "
            "or see with 'riverlight-office check' what is wrong with that row");
    }
}

TableContent copy_table(const Database& from, Database& to, const RecordTable& table) {
    std::vector<std::string> columns;
    columns.reserve(table.columns.size());
    for (const auto& column : table.columns) columns.push_back(column.name);
    RecordTableReader reader(from, table);
    auto filling = to.fill(table.name, columns);
    while (reader.next()) {
        if (to.kind() == DatabaseKind::postgresql) require_storable(from, table, reader.row());
        filling.add(reader.row());
    }
    filling.finish();
    return reader.content();
}

/// Airings of PostgreSQL are partitioned by month, and each partition is there before its first row.
void make_months(const Database& from, Database& to) {
    AiringMonths months(to);
    auto q = from.query("SELECT DISTINCT substr(day, 1, 7) FROM airing");
    while (q.next()) {
        const auto day = date_from_iso(q.text(0) + "-01");
        if (!day)
            throw Error(from.name + ": an airing is filed under the month '" + plain_text(q.text(0), 20) +
                        "', which is none; see 'riverlight-office check'");
        months.make_room(*day);
    }
}

/// New rows get ids behind those that were copied.
void set_sequences(Database& to) {
    for (const auto& [sequence, table] : {std::pair{"'airing_id'", "airing"},
                                          {"pg_get_serial_sequence('alarm', 'id')", "alarm"},
                                          {"pg_get_serial_sequence('subject', 'id')", "subject"},
                                          {"pg_get_serial_sequence('failure', 'id')", "failure"}})
        static_cast<void>(to.integer("SELECT setval(" + std::string(sequence) +
                                     ", COALESCE(MAX(id), 1), COUNT(*)>0) FROM " + table));
}

/// Of a file, indexes are made once their tables are full: sorted, where row by row each page of them would
/// be written many times.
class IndexesLater {
  public:
    explicit IndexesLater(Database& to) : to_(to) {
        if (to.kind() != DatabaseKind::sqlite) return;
        std::vector<std::string> names;
        {
            auto q = to.query("SELECT name, sql FROM sqlite_schema WHERE type='index' AND sql IS NOT NULL");
            while (q.next()) {
                names.push_back(q.text(0));
                statements_.push_back(q.text(1));
            }
        }
        for (const auto& name : names) to.run_all("DROP INDEX \"" + name + '"');
    }
    void make() {
        for (const auto& statement : statements_) to_.run_all(statement);
    }

  private:
    Database& to_;
    std::vector<std::string> statements_;
};

}  // namespace

std::vector<TableContent> copy_records(const Database& from, Database& to) {
    const auto tables = tables_of(from);
    const auto in_to = tables_of(to);
    const auto same = [](const RecordTable& a, const RecordTable& b) {
        return a.name == b.name && a.columns == b.columns;
    };
    if (!std::equal(tables.begin(), tables.end(), in_to.begin(), in_to.end(), same))
        throw Error(to.name + ": has other tables than " + from.name + "; begin with an empty database");
    if (to.kind() == DatabaseKind::postgresql) make_months(from, to);
    IndexesLater indexes(to);
    std::vector<TableContent> out;
    out.reserve(tables.size());
    for (const auto& table : tables) out.push_back(copy_table(from, to, table));
    indexes.make();
    if (to.kind() == DatabaseKind::postgresql) set_sequences(to);
    return out;
}

void require_same(const Database& from, const std::vector<TableContent>& in_from, const Database& to,
                  const std::vector<TableContent>& in_to) {
    for (std::size_t i = 0; i < std::max(in_from.size(), in_to.size()); ++i) {
        if (i < in_from.size() && i < in_to.size() && in_from[i] == in_to[i]) continue;
        const auto& name = i < in_from.size() ? in_from[i].table : in_to[i].table;
        const auto rows = [&](const std::vector<TableContent>& in) {
            return i < in.size() ? std::to_string(in[i].rows) + " rows" : std::string("no such table");
        };
        throw Error("table " + name + " is not the same in " + from.name + " (" + rows(in_from) + ") and " +
                    to.name + " (" + rows(in_to) + ")");
    }
}

}  // namespace riverlight::office
