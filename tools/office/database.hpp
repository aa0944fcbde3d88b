#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <initializer_list>
#include <map>
#include <optional>
#include <string>

#include "content/base/error.hpp"
#include "tools/office/open_for.hpp"

/// office.db: SQLite with WAL and synchronous=FULL, so that a transaction that has ended is on disk and a
/// receipt never promises more than a power cut leaves. Included by the stores' sources only.
namespace riverlight::office {

/// One connection. One thread at a time.
class Database {
  public:
    /// To write, opens the file and brings it to the present format (migrations.hpp), or makes it; only its
    /// owner may read it. To read, the file must be there in the present format. Throws Error.
    explicit Database(const std::string& path, OpenFor open_for = OpenFor::writing);

    /// Runs `work`; an exception of SQLite becomes an Error that names the file.
    template <class Work>
    auto guarded(const Work& work) const -> decltype(work()) {
        try {
            return work();
        } catch (const SQLite::Exception& e) {
            throw Error(path + ": the office's records could not be read or written (" + e.what() +
                        "); check that the disk is there and not full");
        }
    }
    /// Runs one statement with text values; the number of rows that it changed.
    int run(const char* sql, std::initializer_list<std::string> values);
    /// The first column of the first row; nothing if there is no row.
    [[nodiscard]] std::optional<std::string> text(const char* sql,
                                                  std::initializer_list<std::string> values) const;

    /// True within a transaction. A full disk or a failing one may end it on its own.
    [[nodiscard]] bool is_in_transaction() const;

    const std::string path;
    SQLite::Database db;

  private:
    SQLite::Statement& prepared(const char* sql) const;
    mutable std::map<std::string, SQLite::Statement, std::less<>> prepared_;  ///< those of run() and text()
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
