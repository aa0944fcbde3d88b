#pragma once
#include <string_view>

/// The files of schema/, part of the program. A file that was released is never edited: records were made by
/// it. Included by migrations.cpp only.
namespace riverlight::office::schema {

/// The tables of format 0, from before formats had numbers.
extern const std::string_view sqlite_0;
/// The tables of format 8, the first that PostgreSQL had.
extern const std::string_view postgresql_8;
/// What format 9 added.
extern const std::string_view sqlite_9, postgresql_9;

}  // namespace riverlight::office::schema
