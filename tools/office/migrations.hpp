#pragma once

namespace riverlight::office {

class Database;

/// The format of the records that this office writes: `PRAGMA user_version` of a file, the row of
/// `office_format` in PostgreSQL.
inline constexpr int database_format = 9;

/// The format that the records have; 0: new, or from before formats had numbers.
[[nodiscard]] int format_of(const Database& db);

/// Brings the tables from the format that they have to `database_format`, one numbered step after the other,
/// and fills in what the new columns hold of the rows that are there. A step happens whole or not at all.
/// PostgreSQL has its tables since format 8. Throws Error that names the database for records that a newer
/// office wrote.
void migrate(Database& db);

}  // namespace riverlight::office
