#include <sqlite3.h>
#include <sys/stat.h>

#include <type_traits>

#include "content/base/error.hpp"
#include "tools/office/database_connection.hpp"

namespace riverlight::office {
namespace {

constexpr int wait_for_lock_ms = 5000;  // the command line may have the same file open

[[noreturn]] void refuse(sqlite3* db) {
    throw Error(db ? sqlite3_errmsg(db) : "out of memory");
}

void check(sqlite3* db, int result) {
    if (result != SQLITE_OK) refuse(db);
}

/// A new file is readable by its owner alone: it holds password hashes.
class OwnerOnly {
  public:
    OwnerOnly() : before_(::umask(0077)) {}
    ~OwnerOnly() { ::umask(before_); }
    OwnerOnly(const OwnerOnly&) = delete;
    OwnerOnly& operator=(const OwnerOnly&) = delete;
    OwnerOnly(OwnerOnly&&) = delete;
    OwnerOnly& operator=(OwnerOnly&&) = delete;

  private:
    mode_t before_;
};

class SqliteStatement final : public Statement {
  public:
    SqliteStatement(sqlite3* db, std::string_view sql) {
        sqlite3_stmt* statement = nullptr;
        const int result = sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()),
                                              SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
        statement_.reset(statement);
        check(db, result);
    }

    void bind(const SqlValue* values, std::size_t count, ValueLifetime lifetime) override {
        const auto keep = lifetime == ValueLifetime::copied ? SQLITE_TRANSIENT : SQLITE_STATIC;
        for (std::size_t i = 0; i < count; ++i)
            check(sqlite3_db_handle(statement_.get()), bind_one(static_cast<int>(i) + 1, values[i], keep));
    }

    void read_in_pieces() override {}  // it always does

    bool step() override {
        const int result = sqlite3_step(statement_.get());
        if (result == SQLITE_ROW) return true;
        if (result != SQLITE_DONE) refuse(sqlite3_db_handle(statement_.get()));
        return false;
    }

    void reset() noexcept override {
        sqlite3_reset(statement_.get());           // what failed was thrown
        sqlite3_clear_bindings(statement_.get());  // what was borrowed may go
    }

    [[nodiscard]] int changed() const override {
        return sqlite3_changes(sqlite3_db_handle(statement_.get()));
    }

    [[nodiscard]] std::string_view bytes(int column) const override {
        const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
        const int size = sqlite3_column_bytes(statement_.get(), column);
        return data ? std::string_view(data, static_cast<std::size_t>(size)) : std::string_view();
    }

    [[nodiscard]] std::int64_t integer(int column) const override {
        return sqlite3_column_int64(statement_.get(), column);
    }

    [[nodiscard]] bool is_null(int column) const override {
        return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
    }

  private:
    int bind_one(int at, const SqlValue& value, sqlite3_destructor_type keep) {
        auto* const statement = statement_.get();
        const auto bind = [&](const auto& of) {
            using Type = std::decay_t<decltype(of)>;
            if constexpr (std::is_same_v<Type, std::nullptr_t>)
                return sqlite3_bind_null(statement, at);
            else if constexpr (std::is_same_v<Type, std::int64_t>)
                return sqlite3_bind_int64(statement, at, of);
            else if constexpr (std::is_same_v<Type, std::string_view>)
                return sqlite3_bind_text64(statement, at, of.empty() ? "" : of.data(), of.size(), keep,
                                           SQLITE_UTF8);
            else
                return sqlite3_bind_blob64(statement, at, of.value.empty() ? "" : of.value.data(),
                                           of.value.size(), keep);
        };
        return std::visit(bind, value);
    }

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// `INSERT INTO "table"("column", …) VALUES(?, …)`
std::string insert_into(std::string_view table, const std::vector<std::string>& columns) {
    std::string names, values;
    for (const auto& column : columns) {
        names += (names.empty() ? "\"" : ",\"") + column + '"';
        values += values.empty() ? "?" : ",?";
    }
    return "INSERT INTO \"" + std::string(table) + "\"(" + names + ") VALUES(" + values + ')';
}

class SqliteFiller final : public RowFiller {
  public:
    SqliteFiller(sqlite3* db, std::string_view table, const std::vector<std::string>& columns)
        : insert_(db, insert_into(table, columns)) {}

    void add(const SqlValues& row) override {
        const auto done = [](SqliteStatement* of) { of->reset(); };
        const std::unique_ptr<SqliteStatement, decltype(done)> used(&insert_, done);
        used->bind(row.data(), row.size(), ValueLifetime::borrowed);
        while (used->step()) {
        }
    }
    void finish() override {}  // each row is in the table at once

  private:
    SqliteStatement insert_;
};

class SqliteConnection final : public DatabaseConnection {
  public:
    SqliteConnection(const std::string& path, OpenFor open_for) {
        const OwnerOnly owner_only;  // of the log beside it, too
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
        if (open_for == OpenFor::writing) run_all("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
    }

    std::unique_ptr<Statement> prepare(std::string_view sql) override {
        return std::make_unique<SqliteStatement>(db_.get(), sql);
    }

    std::unique_ptr<RowFiller> fill(std::string_view table,
                                    const std::vector<std::string>& columns) override {
        return std::make_unique<SqliteFiller>(db_.get(), table, columns);
    }

    void run_all(const std::string& statements) override {
        check(db_.get(), sqlite3_exec(db_.get(), statements.c_str(), nullptr, nullptr, nullptr));
    }

    // The lock is taken at the beginning: one that reads first and finds then that another process has
    // written could not wait for it any more.
    void begin_writing() override { run_kept(begin_writing_, "BEGIN IMMEDIATE"); }
    void commit() override { run_kept(commit_, "COMMIT"); }

    void begin_reading() override {
        run_all("BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1");  // the moment is that of the first look
    }

    void roll_back() noexcept override {
        if (is_in_transaction()) sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    }

    [[nodiscard]] bool is_in_transaction() const override { return sqlite3_get_autocommit(db_.get()) == 0; }

    /// A file has one office.
    [[nodiscard]] bool hold_lead() override { return true; }
    [[nodiscard]] std::int64_t last_id() const override { return sqlite3_last_insert_rowid(db_.get()); }

    [[nodiscard]] std::string_view advice() const override {
        return "check that the disk is there and not full";
    }

  private:
    void run_kept(std::unique_ptr<SqliteStatement>& kept, std::string_view sql) {
        if (!kept) kept = std::make_unique<SqliteStatement>(db_.get(), sql);
        const auto done = [&](SqliteStatement* of) { of->reset(); };
        const std::unique_ptr<SqliteStatement, decltype(done)> used(kept.get(), done);
        while (used->step()) {
        }
    }

    struct Close {
        void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
    };
    std::unique_ptr<sqlite3, Close> db_;
    std::unique_ptr<SqliteStatement> begin_writing_, commit_;  ///< behind it: they end before it
};

}  // namespace

std::unique_ptr<DatabaseConnection> connect_to_sqlite(const std::string& path, OpenFor open_for) {
    return std::make_unique<SqliteConnection>(path, open_for);
}

}  // namespace riverlight::office
