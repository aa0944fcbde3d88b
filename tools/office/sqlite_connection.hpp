#pragma once
#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tools/office/database.hpp"

/// SQLite as the office uses it. Included by database.cpp only.
namespace riverlight::office {

/// A connection to one file. Every call throws Error that says what SQLite says.
class SqliteConnection {
  public:
    SqliteConnection(const std::string& path, OpenFor open_for);
    [[nodiscard]] sqlite3* handle() const { return db_.get(); }
    void run_all(const std::string& statements);
    [[nodiscard]] bool is_in_transaction() const;

  private:
    struct Close {
        void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
    };
    std::unique_ptr<sqlite3, Close> db_;
};

/// A prepared statement; it lives no longer than its connection. After its last row, or when it is not needed
/// any more, reset() it.
class SqliteStatement {
  public:
    SqliteStatement(const SqliteConnection& connection, std::string_view sql);
    void bind(const SqlValue* values, std::size_t count, ValueLifetime lifetime);
    /// To the next row; false: there is none.
    [[nodiscard]] bool step();
    void reset() noexcept;
    [[nodiscard]] int changed() const;

    [[nodiscard]] std::string_view bytes(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] bool is_null(int column) const;

  private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace riverlight::office
