#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <initializer_list>
#include <optional>
#include <string>

#include "content/base/error.hpp"

/// office.db: SQLite with WAL and synchronous=FULL, so that a call that returns is on disk and a receipt
/// never promises more than a power cut leaves. Included by the stores' sources only.
namespace riverlight::office {

class Database {
  public:
    /// Opens the file and brings it to the present format (migrations.hpp), or makes it; only its owner may
    /// read it. Throws Error.
    explicit Database(const std::string& path);

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

    const std::string path;
    SQLite::Database db;
};

}  // namespace riverlight::office
