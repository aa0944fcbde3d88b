#include "tools/office/record_tables.hpp"

#include <array>
#include <boost/endian/conversion.hpp>

namespace riverlight::office {
namespace {

/// A table and a column a row: name, column, type, place in the key from 1 (0: not in it).
constexpr auto columns_of_sqlite =
    "SELECT m.name, c.name, c.type, c.pk FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE "
    "m.type='table' AND m.name NOT LIKE 'sqlite%' AND substr(m.name, 1, 7)<>'office_' ORDER BY m.name, "
    "c.name";
constexpr auto columns_of_postgresql =
    "SELECT c.relname, a.attname, format_type(a.atttypid, NULL), "
    "COALESCE(array_position(i.indkey::int2[], a.attnum) + 1, 0) FROM pg_class c JOIN pg_attribute a ON "
    "a.attrelid=c.oid AND a.attnum>0 AND NOT a.attisdropped LEFT JOIN pg_index i ON i.indrelid=c.oid AND "
    "i.indisprimary WHERE c.relnamespace=quote_ident(current_schema())::regnamespace AND c.relkind IN "
    "('r', 'p') AND NOT c.relispartition AND substr(c.relname, 1, 7)<>'office_' ORDER BY c.relname COLLATE "
    "\"C\", "
    "a.attname COLLATE \"C\"";

ColumnType type_of(const std::string& type) {
    if (type == "INTEGER" || type == "bigint") return ColumnType::integer;
    if (type == "BLOB" || type == "bytea") return ColumnType::bytes;
    return ColumnType::text;
}

std::string quoted(const std::string& name) {
    return '"' + name + '"';
}

std::string select_all(const RecordTable& table) {
    std::string columns, key;
    for (const auto& column : table.columns) columns += (columns.empty() ? "" : ",") + quoted(column.name);
    for (const auto& column : table.key) key += (key.empty() ? " ORDER BY " : ",") + quoted(column);
    return "SELECT " + columns + " FROM " + quoted(table.name) + key;
}

void add_number(Sha256& hash, std::int64_t number) {
    std::array<char, sizeof number> bytes{};
    boost::endian::store_big_s64(reinterpret_cast<unsigned char*>(bytes.data()), number);
    hash.add({bytes.data(), bytes.size()});
}

}  // namespace

std::vector<RecordTable> tables_of(const Database& db) {
    std::vector<RecordTable> out;
    auto q = db.query(db.kind() == DatabaseKind::sqlite ? columns_of_sqlite : columns_of_postgresql);
    while (q.next()) {
        if (out.empty() || out.back().name != q.text(0)) out.push_back({q.text(0), {}, {}});
        auto& table = out.back();
        table.columns.push_back({q.text(1), type_of(q.text(2))});
        const auto at = static_cast<std::size_t>(q.integer(3));
        if (at > table.key.size()) table.key.resize(at);
        if (at > 0) table.key[at - 1] = q.text(1);
    }
    return out;
}

bool is_empty(const Database& db, const RecordTable& table) {
    return !db.integer("SELECT 1 FROM " + quoted(table.name) + " LIMIT 1");
}

RecordTableReader::RecordTableReader(const Database& db, const RecordTable& table)
    : table_(table),
      rows_(db.scan(select_all(table))),
      values_(table.columns.size(), nullptr),
      texts_(table.columns.size()) {}

bool RecordTableReader::next() {
    if (!rows_.next()) return false;
    ++count_;
    for (std::size_t i = 0; i < values_.size(); ++i) read(i);
    return true;
}

/// NULL is `n`, a number `i` and eight bytes, a text or bytes `b`, their length and they.
void RecordTableReader::read(std::size_t i) {
    const int column = static_cast<int>(i);
    if (rows_.is_null(column)) {
        values_[i] = nullptr;
        return hash_.add("n");
    }
    if (table_.columns[i].type == ColumnType::integer) {
        const auto number = rows_.integer(column);
        values_[i] = number;
        hash_.add("i");
        return add_number(hash_, number);
    }
    texts_[i] = rows_.bytes(column);
    if (table_.columns[i].type == ColumnType::text)
        values_[i] = std::string_view(texts_[i]);
    else
        values_[i] = Bytes{texts_[i]};
    hash_.add("b");
    add_number(hash_, static_cast<std::int64_t>(texts_[i].size()));
    hash_.add(texts_[i]);
}

TableContent RecordTableReader::content() {
    return {table_.name, count_, hash_.hex()};
}

TableContent content_of(const Database& db, const RecordTable& table) {
    RecordTableReader reader(db, table);
    while (reader.next()) {
    }
    return reader.content();
}

std::vector<TableContent> content_of_all(const Database& db) {
    const auto tables = tables_of(db);
    std::vector<TableContent> out;
    out.reserve(tables.size());
    for (const auto& table : tables) out.push_back(content_of(db, table));
    return out;
}

}  // namespace riverlight::office
