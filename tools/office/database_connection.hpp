#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tools/office/database.hpp"

/// What a database does for the door (database.hpp): SQLite and PostgreSQL each implement it. Included by
/// database.cpp and the connections only.
namespace riverlight::office {

/// A prepared statement; it lives no longer than its connection. After its last row, or when it is not needed
/// any more, reset() it. Columns count from 0. Every call but reset() throws Error that says what the
/// database says.
class Statement {
  public:
    Statement() = default;
    virtual ~Statement() = default;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    Statement(Statement&&) = delete;
    Statement& operator=(Statement&&) = delete;

    /// `values` themselves need not outlive the call; `lifetime` is that of their texts and bytes.
    virtual void bind(const SqlValue* values, std::size_t count, ValueLifetime lifetime) = 0;
    /// The rows are more than fit into memory: until reset() they are read piece by piece. Within a
    /// transaction.
    virtual void read_in_pieces() = 0;
    /// To the next row; false: there is none.
    [[nodiscard]] virtual bool step() = 0;
    virtual void reset() noexcept = 0;
    /// How many rows it changed.
    [[nodiscard]] virtual int changed() const = 0;

    /// Until the next call of this object.
    [[nodiscard]] virtual std::string_view bytes(int column) const = 0;
    [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
    [[nodiscard]] virtual bool is_null(int column) const = 0;
};

/// Fills one table with rows, with less work for each than a statement. While it lives the connection does
/// nothing else. One that goes before finish() takes back the transaction with it. Every call throws Error.
class RowFiller {
  public:
    RowFiller() = default;
    virtual ~RowFiller() = default;
    RowFiller(const RowFiller&) = delete;
    RowFiller& operator=(const RowFiller&) = delete;
    RowFiller(RowFiller&&) = delete;
    RowFiller& operator=(RowFiller&&) = delete;

    /// A value for each column, in their order.
    virtual void add(const SqlValues& row) = 0;
    /// All rows are in the table then.
    virtual void finish() = 0;
};

/// A connection to one database. Every call throws Error that says what the database says.
class DatabaseConnection {
  public:
    DatabaseConnection() = default;
    virtual ~DatabaseConnection() = default;
    DatabaseConnection(const DatabaseConnection&) = delete;
    DatabaseConnection& operator=(const DatabaseConnection&) = delete;
    DatabaseConnection(DatabaseConnection&&) = delete;
    DatabaseConnection& operator=(DatabaseConnection&&) = delete;

    /// `sql`: with `?` or `?1` for values; it is copied where it is needed for longer.
    [[nodiscard]] virtual std::unique_ptr<Statement> prepare(std::string_view sql) = 0;
    /// Within a transaction.
    [[nodiscard]] virtual std::unique_ptr<RowFiller> fill(std::string_view table,
                                                          const std::vector<std::string>& columns) = 0;
    /// Runs statements without values.
    virtual void run_all(const std::string& statements) = 0;
    /// Begins a transaction that writes: until its end no other one does.
    virtual void begin_writing() = 0;
    /// Begins a transaction that reads what is committed at one moment.
    virtual void begin_reading() = 0;
    virtual void commit() = 0;
    /// Takes back the transaction, if there is one. One that the database has ended on its own, or that went
    /// with its connection, is over with this: until then nothing else is done.
    virtual void roll_back() noexcept = 0;
    [[nodiscard]] virtual bool is_in_transaction() const = 0;
    /// True if this connection has the lead among those that share the database; see Database.
    [[nodiscard]] virtual bool hold_lead() = 0;
    /// The id of the row that the last INSERT added; of SQLite alone, which has no better way.
    [[nodiscard]] virtual std::int64_t last_id() const = 0;
    /// What people do who read that the records cannot be reached.
    [[nodiscard]] virtual std::string_view advice() const = 0;
};

/// One file.
[[nodiscard]] std::unique_ptr<DatabaseConnection> connect_to_sqlite(const std::string& path,
                                                                    OpenFor open_for);
/// A database of a server: libpq's URI.
[[nodiscard]] std::unique_ptr<DatabaseConnection> connect_to_postgresql(const std::string& uri,
                                                                        OpenFor open_for);

}  // namespace riverlight::office
