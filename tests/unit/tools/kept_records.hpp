#pragma once
#include <string>
#include <vector>

#include "tests/support/folder.hpp"
#include "tools/office/database.hpp"
#include "tools/office/record_tables.hpp"
#include "tools/office/store.hpp"

/// Records for tests of what keeps them as a whole.
namespace riverlight::office {

/// A row in each table: every type of column, a number beyond 32 bits, a text of several scripts, bytes that
/// are none, and NULL where it may stand. What it says makes no sense together.
inline void fill_all_tables(Database& db, int rows = 3) {
    const std::string bytes("\0\xff\x01", 3);
    Transaction all(db);
    for (const auto& table : tables_of(db)) {
        std::string columns, values;
        for (const auto& column : table.columns) {
            columns += (columns.empty() ? "\"" : ",\"") + column.name + '"';
            values += values.empty() ? "?" : ",?";
        }
        for (int i = 1; i <= rows; ++i) {
            std::vector<std::string> texts(table.columns.size());
            SqlValues row;
            for (std::size_t c = 0; c < table.columns.size(); ++c) {
                const auto& column = table.columns[c];
                texts[c] = column.name == "day" ? "2026-1" + std::to_string(i % 3) + "-03"
                                                : "ខ្មែរ \"'\n" + std::to_string(i);
                if (column.name == "off_ms" || table.name + column.name == "on_airat_us")
                    row.emplace_back(nullptr);
                else if (column.type == ColumnType::integer)
                    row.emplace_back((std::int64_t{1} << 40) + i);
                else if (column.type == ColumnType::bytes)
                    row.emplace_back(Bytes{bytes});
                else
                    row.emplace_back(std::string_view(texts[c]));
            }
            db.run("INSERT INTO \"" + table.name + "\"(" + columns + ") VALUES(" + values + ')', row);
        }
    }
    all.commit();
}

/// What each table of the office with this state folder holds.
inline std::vector<TableContent> content_in(const std::string& folder) {
    const Database db(RecordsAddress::in_folder(folder), OpenFor::reading);
    const OneMoment moment(db);
    return content_of_all(db);
}

}  // namespace riverlight::office
