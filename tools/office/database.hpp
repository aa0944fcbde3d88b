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
#include "tools/office/records_address.hpp"

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

class DatabaseConnection;
class Database;
class KeptStatements;
class RowFiller;
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
    Rows(const Database& db, KeptStatement& statement) : db_(db), statement_(&statement) {}
    const Database& db_;
    KeptStatement* statement_;  ///< null: moved from
};

/// Fills a table with many rows. While it lives its database does nothing else. Where it goes before
/// finish(), the transaction is to be taken back, too.
class Filling {
  public:
    ~Filling();
    Filling(const Filling&) = delete;
    Filling& operator=(const Filling&) = delete;
    Filling(Filling&&) = delete;
    Filling& operator=(Filling&&) = delete;

    /// A value for each column, in their order. Throws Error.
    void add(const SqlValues& row);
    /// All rows are in the table then. Throws Error.
    void finish();

  private:
    friend class Database;
    Filling(const Database& db, std::string_view table, const std::vector<std::string>& columns);
    const Database& db_;
    std::unique_ptr<RowFiller> rows_;
};

/// One connection to the office's records. A transaction that has ended is on disk, so that a receipt never
/// promises more than a power cut leaves: SQLite has WAL and synchronous=FULL, PostgreSQL
/// synchronous_commit=on. One thread at a time. A statement is prepared once and kept: whoever asks passes
/// its text and its values. Both databases read the same text; where one needs another, its kind() says
/// which. Every call throws Error that names the database if the records cannot be read or written.
class Database {
  public:
    /// To write, opens the records and brings them to the present format (migrations.hpp), or makes them;
    /// only its owner may read a file. To read, they must be there in the present format. Throws Error.
    explicit Database(const RecordsAddress& address, OpenFor open_for = OpenFor::writing);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    Database(Database&&) = delete;
    Database& operator=(Database&&) = delete;

    /// Runs one statement; the number of rows that it changed. `sql` has `?` or `?1` for values.
    int run(std::string_view sql, std::initializer_list<SqlValue> values = {});
    int run(std::string_view sql, const SqlValues& values);
    /// Runs one INSERT of one row into a table that numbers its rows by `id`, and returns its number.
    [[nodiscard]] std::int64_t insert(std::string_view sql, std::initializer_list<SqlValue> values);
    /// Runs one statement that returns rows.
    [[nodiscard]] Rows query(std::string_view sql, std::initializer_list<SqlValue> values = {}) const;
    [[nodiscard]] Rows query(std::string_view sql, const SqlValues& values) const;
    /// The same for more rows than fit into memory. Within a OneMoment or Transaction, as long as the rows.
    [[nodiscard]] Rows scan(std::string_view sql, std::initializer_list<SqlValue> values = {}) const;
    /// The first column of the first row; nothing if there is no row.
    [[nodiscard]] std::optional<std::string> text(std::string_view sql,
                                                  std::initializer_list<SqlValue> values = {}) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view sql,
                                                      std::initializer_list<SqlValue> values = {}) const;
    /// To add many rows to a table, within a transaction: COPY in PostgreSQL.
    [[nodiscard]] Filling fill(std::string_view table, const std::vector<std::string>& columns);
    /// Runs statements without values, one after the other: what migrations change.
    void run_all(std::string_view statements);

    /// True within a transaction. A full disk or a failing one, or a server that stops, may end it.
    [[nodiscard]] bool is_in_transaction() const;

    /// True if this connection has the lead among all that share the records (leadership.hpp); takes it where
    /// nobody has it. It is kept until the connection ends, or is lost.
    [[nodiscard]] bool hold_lead();

    [[nodiscard]] DatabaseKind kind() const { return kind_; }
    /// What errors call it: the file, or the server without a password.
    const std::string name;

  private:
    friend class Rows;
    friend class Filling;
    friend class Transaction;
    friend class OneMoment;
    [[nodiscard]] Rows bound(std::string_view sql, const SqlValue* values, std::size_t count,
                             ValueLifetime lifetime) const;
    int run(std::string_view sql, const SqlValue* values, std::size_t count);
    template <class Work>
    auto guarded(const Work& work) const -> decltype(work());

    DatabaseKind kind_;
    std::unique_ptr<DatabaseConnection> connection_;
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

/// While it lives, all that the connection reads is of one moment, beside which others write on.
class OneMoment {
  public:
    explicit OneMoment(const Database& db);
    ~OneMoment();
    OneMoment(const OneMoment&) = delete;
    OneMoment& operator=(const OneMoment&) = delete;
    OneMoment(OneMoment&&) = delete;
    OneMoment& operator=(OneMoment&&) = delete;

  private:
    const Database& db_;
};

}  // namespace riverlight::office
