#include "tools/office/sqlite_connection.hpp"

#include <type_traits>

#include "content/base/error.hpp"

namespace riverlight::office {
namespace {

constexpr int wait_for_lock_ms = 5000;  // the command line may have the same file open

[[noreturn]] void refuse(sqlite3* db) {
    throw Error(db ? sqlite3_errmsg(db) : "out of memory");
}

void check(sqlite3* db, int result) {
    if (result != SQLITE_OK) refuse(db);
}

}  // namespace

SqliteConnection::SqliteConnection(const std::string& path, OpenFor open_for) {
    // A connection is one thread's: the library need not lock it.
    const int mode = open_for == OpenFor::writing
                         ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE  // NOLINT(hicpp-signed-bitwise)
                         : SQLITE_OPEN_READONLY;
    sqlite3* db = nullptr;
    const int result = sqlite3_open_v2(path.c_str(), &db, mode | SQLITE_OPEN_NOMUTEX,
                                       nullptr);  // NOLINT(hicpp-signed-bitwise)
    db_.reset(db);
    check(db, result);
    sqlite3_busy_timeout(db, wait_for_lock_ms);
}

void SqliteConnection::run_all(const std::string& statements) {
    check(handle(), sqlite3_exec(handle(), statements.c_str(), nullptr, nullptr, nullptr));
}

bool SqliteConnection::is_in_transaction() const {
    return sqlite3_get_autocommit(handle()) == 0;
}

SqliteStatement::SqliteStatement(const SqliteConnection& connection, std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    const int result = sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                                          SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    statement_.reset(statement);
    check(connection.handle(), result);
}

void SqliteStatement::bind(const SqlValue* values, std::size_t count, ValueLifetime lifetime) {
    auto* const statement = statement_.get();
    const auto keep = lifetime == ValueLifetime::copied ? SQLITE_TRANSIENT : SQLITE_STATIC;
    for (std::size_t i = 0; i < count; ++i) {
        const int at = static_cast<int>(i) + 1;
        const auto bind_one = [&](const auto& value) {
            using Type = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<Type, std::nullptr_t>)
                return sqlite3_bind_null(statement, at);
            else if constexpr (std::is_same_v<Type, std::int64_t>)
                return sqlite3_bind_int64(statement, at, value);
            else if constexpr (std::is_same_v<Type, std::string_view>)
                return sqlite3_bind_text64(statement, at, value.empty() ? "" : value.data(), value.size(),
                                           keep, SQLITE_UTF8);
            else
                return sqlite3_bind_blob64(statement, at, value.value.empty() ? "" : value.value.data(),
                                           value.value.size(), keep);
        };
        check(sqlite3_db_handle(statement), std::visit(bind_one, values[i]));
    }
}

bool SqliteStatement::step() {
    const int result = sqlite3_step(statement_.get());
    if (result == SQLITE_ROW) return true;
    if (result != SQLITE_DONE) refuse(sqlite3_db_handle(statement_.get()));
    return false;
}

void SqliteStatement::reset() noexcept {
    sqlite3_reset(statement_.get());           // what failed was thrown
    sqlite3_clear_bindings(statement_.get());  // what was borrowed may go
}

int SqliteStatement::changed() const {
    return sqlite3_changes(sqlite3_db_handle(statement_.get()));
}

std::string_view SqliteStatement::bytes(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
    const int size = sqlite3_column_bytes(statement_.get(), column);
    return data ? std::string_view(data, static_cast<std::size_t>(size)) : std::string_view();
}

std::int64_t SqliteStatement::integer(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

bool SqliteStatement::is_null(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

}  // namespace riverlight::office
