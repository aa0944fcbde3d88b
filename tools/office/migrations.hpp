#pragma once

namespace riverlight::office {

class Database;

/// The format of office.db (`PRAGMA user_version`) that this office writes.
inline constexpr int database_format = 8;

/// The format that the file has; 0: new, or from before formats had numbers.
[[nodiscard]] int format_of(const Database& db);

/// Brings the file's tables from the format that it has to `database_format`, one numbered step after the
/// other, and fills in what the new columns hold of the rows that are there. A step happens whole or not at
/// all. Throws Error that names the file for one that a newer office wrote.
void migrate(Database& db);

}  // namespace riverlight::office
