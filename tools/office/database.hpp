#pragma once
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "content/base/error.hpp"
#include "tools/office/open_for.hpp"

/// The one door to the office's records. Above it nothing knows which database keeps them. Included by the
/// stores and the migrations only.
namespace riverlight::office {

/// Bytes that are not text. Refers to them.
struct Bytes {
    std::string_view value;
};
/// A value of a statement: NULL, a number, a text, bytes. It refers to texts and bytes: they live until the
/// call that it is passed to returns.
using SqlValue = std::variant<std::nullptr_t, std::int64_t, std::string_view, Bytes>;
using SqlValues = std::vector<SqlValue>;

/// NULL for what is absent.
[[nodiscard]] inline SqlValue or_null(const std::optional<std::int64_t>& number) {
    return number ? SqlValue(*number) : SqlValue(nullptr);
}

/// Whether a statement copies its texts and bytes, or they outlive its use.
enum class ValueLifetime { copied, borrowed };

class KeptStatements;
class SqliteConnection;
struct KeptStatement;

/// The rows that a statement finds, one after the other. While it lives, what it reads is not closed: it does
/// not outlive a page. Of its connection's thread. Columns count from 0; a column of another type is
/// converted, NULL to 0 or nothing.
class Rows {
  public:
    ~Rows();
    Rows(Rows&& other) noexcept;
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;
    Rows& operator=(Rows&&) = delete;

    /// Goes to the first row, or the next one; false: there is none. Throws Error.
    [[nodiscard]] bool next();
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] bool flag(int column) const { return integer(column) != 0; }
    [[nodiscard]] bool is_null(int column) const;
    /// Until the next call of this object.
    [[nodiscard]] std::string_view bytes(int column) const;

  private:
    friend class Database;
    Rows(const std::string& path, KeptStatement& statement) : path_(path), statement_(&statement) {}
    const std::string& path_;
    KeptStatement* statement_;  ///< null: moved from
};

/// One connection to office.db: SQLite with WAL and synchronous=FULL, so that a transaction that has ended is
/// on disk and a receipt never promises more than a power cut leaves. One thread at a time. A statement is
/// prepared once and kept: whoever asks passes its text and its values. Every call throws Error that names
/// the file if the records cannot be read or written.
class Database {
  public:
    /// To write, opens the file and brings it to the present format (migrations.hpp), or makes it; only its
    /// owner may read it. To read, the file must be there in the present format. Throws Error.
    explicit Database(std::string path, OpenFor open_for = OpenFor::writing);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    Database(Database&&) = delete;
    Database& operator=(Database&&) = delete;

    /// Runs one statement; the number of rows that it changed. `sql` has `?` or `?1` for values.
    int run(std::string_view sql, std::initializer_list<SqlValue> values = {});
    int run(std::string_view sql, const SqlValues& values);
    /// Runs one statement that returns rows.
    [[nodiscard]] Rows query(std::string_view sql, std::initializer_list<SqlValue> values = {}) const;
    [[nodiscard]] Rows query(std::string_view sql, const SqlValues& values) const;
    /// The first column of the first row; nothing if there is no row.
    [[nodiscard]] std::optional<std::string> text(std::string_view sql,
                                                  std::initializer_list<SqlValue> values = {}) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view sql,
                                                      std::initializer_list<SqlValue> values = {}) const;
    /// Runs statements without values, one after the other: what migrations change.
    void run_all(std::string_view statements);

    /// True within a transaction. A full disk or a failing one may end it on its own.
    [[nodiscard]] bool is_in_transaction() const;

    const std::string path;

  private:
    [[nodiscard]] Rows bound(std::string_view sql, const SqlValue* values, std::size_t count,
                             ValueLifetime lifetime) const;
    int run(std::string_view sql, const SqlValue* values, std::size_t count);

    std::unique_ptr<SqliteConnection> connection_;
    std::unique_ptr<KeptStatements> kept_;  ///< behind the connection: they end before it
};

/// All of what is written until commit(), or none of it. Within another transaction it is a part of that one,
/// which is taken back alone.
class Transaction {
  public:
    explicit Transaction(Database& db);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    Transaction(Transaction&&) = delete;
    Transaction& operator=(Transaction&&) = delete;
    void commit();

  private:
    Database& db_;
    bool is_part_;
    bool is_open_ = true;
};

}  // namespace riverlight::office
