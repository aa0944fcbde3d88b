#include "tools/office/database.hpp"

#include <utility>

#include "tools/office/database_connection.hpp"
#include "tools/office/kept_statements.hpp"
#include "tools/office/migrations.hpp"

namespace riverlight::office {
namespace {

std::unique_ptr<DatabaseConnection> opened(const RecordsAddress& address, OpenFor open_for) {
    try {
        return address.kind() == DatabaseKind::sqlite ? connect_to_sqlite(address.text(), open_for)
                                                      : connect_to_postgresql(address.text(), open_for);
    } catch (const Error& e) {
        throw Error(address.shown() + ": the office's records could not be opened (" + e.what() + ")");
    }
}

}  // namespace

/// Runs `work`; an error of the database becomes one that names it.
template <class Work>
auto Database::guarded(const Work& work) const -> decltype(work()) {
    try {
        return work();
    } catch (const Error& e) {
        throw Error(name + ": the office's records could not be read or written (" + e.what() + "); " +
                    std::string(connection_->advice()));
    }
}

Rows::Rows(Rows&& other) noexcept : db_(other.db_), statement_(std::exchange(other.statement_, nullptr)) {}

Rows::~Rows() {
    if (statement_) statement_->give_back();
}

bool Rows::next() {
    return db_.guarded([&] { return statement_->statement->step(); });
}

Filling::Filling(const Database& db, std::string_view table, const std::vector<std::string>& columns)
    : db_(db), rows_(db.guarded([&] { return db.connection_->fill(table, columns); })) {}

Filling::~Filling() = default;

void Filling::add(const SqlValues& row) {
    db_.guarded([&] { rows_->add(row); });
}

void Filling::finish() {
    db_.guarded([&] { rows_->finish(); });
}

std::string Rows::text(int column) const {
    return std::string(bytes(column));
}

std::int64_t Rows::integer(int column) const {
    return statement_->statement->integer(column);
}

bool Rows::is_null(int column) const {
    return statement_->statement->is_null(column);
}

std::string_view Rows::bytes(int column) const {
    return statement_->statement->bytes(column);
}

Database::Database(const RecordsAddress& address, OpenFor open_for)
    : name(address.shown()),
      kind_(address.kind()),
      connection_(opened(address, open_for)),
      kept_(std::make_unique<KeptStatements>(*connection_)) {
    if (open_for == OpenFor::writing) migrate(*this);
}

Database::~Database() = default;

int Database::run(std::string_view sql, const SqlValue* values, std::size_t count) {
    const auto rows = bound(sql, values, count, ValueLifetime::borrowed);
    auto& statement = *rows.statement_->statement;
    return guarded([&] {
        while (statement.step()) {
        }
        return statement.changed();
    });
}

Rows Database::bound(std::string_view sql, const SqlValue* values, std::size_t count,
                     ValueLifetime lifetime) const {
    return guarded([&] {
        Rows rows(*this, kept_->take(sql));
        rows.statement_->statement->bind(values, count, lifetime);
        return rows;
    });
}

int Database::run(std::string_view sql, std::initializer_list<SqlValue> values) {
    return run(sql, values.begin(), values.size());
}

int Database::run(std::string_view sql, const SqlValues& values) {
    return run(sql, values.data(), values.size());
}

std::int64_t Database::insert(std::string_view sql, std::initializer_list<SqlValue> values) {
    // SQLite would copy every page that an INSERT with RETURNING changes, to be able to take it back alone.
    if (kind_ == DatabaseKind::sqlite) {
        run(sql, values);
        return connection_->last_id();
    }
    return integer(std::string(sql) + " RETURNING id", values).value();
}

Rows Database::query(std::string_view sql, std::initializer_list<SqlValue> values) const {
    return bound(sql, values.begin(), values.size(), ValueLifetime::copied);
}

Rows Database::query(std::string_view sql, const SqlValues& values) const {
    return bound(sql, values.data(), values.size(), ValueLifetime::copied);
}

Rows Database::scan(std::string_view sql, std::initializer_list<SqlValue> values) const {
    auto rows = query(sql, values);
    rows.statement_->statement->read_in_pieces();
    return rows;
}

std::optional<std::string> Database::text(std::string_view sql,
                                          std::initializer_list<SqlValue> values) const {
    auto rows = bound(sql, values.begin(), values.size(), ValueLifetime::borrowed);
    if (!rows.next()) return std::nullopt;
    return rows.text(0);
}

std::optional<std::int64_t> Database::integer(std::string_view sql,
                                              std::initializer_list<SqlValue> values) const {
    auto rows = bound(sql, values.begin(), values.size(), ValueLifetime::borrowed);
    if (!rows.next()) return std::nullopt;
    return rows.integer(0);
}

Filling Database::fill(std::string_view table, const std::vector<std::string>& columns) {
    return {*this, table, columns};
}

void Database::run_all(std::string_view statements) {
    guarded([&] { connection_->run_all(std::string(statements)); });
}

bool Database::hold_lead() {
    return guarded([&] { return connection_->hold_lead(); });
}

bool Database::is_in_transaction() const {
    return connection_->is_in_transaction();
}

Transaction::Transaction(Database& db) : db_(db), is_part_(db.is_in_transaction()) {
    if (is_part_)
        db_.run("SAVEPOINT part");
    else
        db_.guarded([&] { db_.connection_->begin_writing(); });
}

Transaction::~Transaction() {
    if (!is_open_) return;
    if (!is_part_) {
        db_.connection_->roll_back();
        return;
    }
    if (!db_.is_in_transaction()) return;
    try {
        db_.run("ROLLBACK TO part");
        db_.run("RELEASE part");
    } catch (const Error&) {  // what failed before is reported; the records are as they were
    }
}

void Transaction::commit() {
    if (is_part_)
        db_.run("RELEASE part");
    else
        db_.guarded([&] { db_.connection_->commit(); });
    is_open_ = false;
}

OneMoment::OneMoment(const Database& db) : db_(db) {
    db_.guarded([&] { db_.connection_->begin_reading(); });
}

OneMoment::~OneMoment() {
    db_.connection_->roll_back();
}

}  // namespace riverlight::office
