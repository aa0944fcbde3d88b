#pragma once
#include <string>

namespace SQLite {
class Database;
}

namespace riverlight::office {

/// The format of office.db (`PRAGMA user_version`) that this office writes.
inline constexpr int database_format = 7;

/// Brings the file's tables from the format that it has to `database_format`, one numbered step after the
/// other, and fills in what the new columns hold of the rows that are there. A step happens whole or not at
/// all. Throws Error that names `path` for a file that a newer office wrote.
void migrate(SQLite::Database& db, const std::string& path);

}  // namespace riverlight::office
